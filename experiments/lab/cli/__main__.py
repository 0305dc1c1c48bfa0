"""`python -m experiments.lab.cli`."""

from experiments.lab.cli.app import main

main()
