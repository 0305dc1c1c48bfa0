"""Builders, one a file. A builder's name in a config is the name of its file."""
