"""`et-testbed`: a larger command a file; `app` has the small ones and puts all of them together."""
