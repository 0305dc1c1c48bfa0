"""A config: its keys, how a file becomes one, and how it is written out."""
