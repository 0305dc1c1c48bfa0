"""What every command shares: `options`, its progress bar (`progress`), how it ends (`ending`)."""
