"""Sellers, one a file. A seller's name in a config is the name of its file."""
