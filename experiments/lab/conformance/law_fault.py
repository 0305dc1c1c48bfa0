"""What a law of the user's own is refused for."""

from __future__ import annotations


class LawFault(Exception):
    """A law does not keep what a run needs."""
