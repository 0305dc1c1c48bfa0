"""`make bench`: the project's figures for speed and memory, each as a ratio where that is possible."""
