"""Files of text, there whole or not at all: pages and pictures."""

from __future__ import annotations

from pathlib import Path

from chain.whole_file import whole_file
from experiments.lab.config.errors import InputError


def write(text: str, place: Path) -> None:
    """Write a file whole or not at all. Raises `InputError`."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with whole_file(place) as file:
            file.write(text.encode())
    except OSError as error:
        raise InputError(f"{place}: cannot be written: {error.strerror}") from None
