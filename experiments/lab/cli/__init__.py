"""The larger commands of `et-testbed`, a file each."""
