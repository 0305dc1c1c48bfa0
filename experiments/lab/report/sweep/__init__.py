"""The page about a sweep: what was swept, a figure for each metric, points, paired differences, failures."""
