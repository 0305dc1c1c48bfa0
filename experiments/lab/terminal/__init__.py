"""What every command shares: its options, its progress bar, how it ends."""
