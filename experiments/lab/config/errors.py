"""What a user can set right: one clear line, exit code 2."""

from __future__ import annotations


class InputError(ValueError):
    """Bad input. The message is one line that names the value and the remedy."""
