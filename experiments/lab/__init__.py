"""The machinery of experiments: configuration, runs, records, reports, the command line."""
