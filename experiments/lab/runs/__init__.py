"""A run, its folder, and what is read from it."""
