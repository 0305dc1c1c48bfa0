"""The protocol and the ticket contract on a real EVM, side by side."""

from experiments.lab.conformance.twin.disagreement import Disagreement

__all__ = ["Disagreement"]
