"""`et-testbed`: a command a file; `app` says where each of them is."""
