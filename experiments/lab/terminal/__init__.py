"""What every command shares: `options`, its bar (`progress`, in a cell `notebook_bar`), how it ends (`ending`)."""
