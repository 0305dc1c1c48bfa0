"""Buyers, one a file. A buyer's name in a config is the name of its file."""
