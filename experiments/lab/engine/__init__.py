"""How a slot runs: the driver, the open sale of a block, the table of blocks."""
