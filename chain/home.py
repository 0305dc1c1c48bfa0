"""`~` in a path: a home."""

from __future__ import annotations

from pathlib import Path


def expanded(path: Path | str) -> Path:
    """A path in which `~` or `~name` at the beginning is that user's home; the name of no user stays as it is."""
    try:
        return Path(path).expanduser()
    except RuntimeError:
        return Path(path)
