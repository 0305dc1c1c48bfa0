"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from chain.held_folder import is_held

PARTIAL = ".partial"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


@contextmanager
def whole_file(place: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the name `place` once it is complete and on the disk.

    Until then it has a name that nobody can foresee, which ends in `.partial`: no link is followed. Where writing
    fails, it is removed and `place` left as it was; an `OSError` names the file. In a folder that goes with its
    process nothing waits for the disk.
    """
    must_last = not is_held(place)
    partial = place.with_name(f"{place.name}.{secrets.token_hex(8)}{PARTIAL}")
    try:
        with os.fdopen(os.open(partial, NEW, 0o666), "wb") as file:
            yield file
            file.flush()
            if must_last:
                os.fsync(file.fileno())
        partial.rename(place)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.filename is None:
            raise with_place(error, place) from error
        raise
    if must_last:
        _sync_folder(place.parent)


def with_place(error: OSError, place: Path) -> OSError:
    """An error that names the file. Arrow's have no number, only words."""
    if error.errno is None:
        return OSError(f"{error}: {place}")
    return OSError(error.errno, error.strerror, str(place))


def remove_partials(folder: Path) -> None:
    """Remove what a process that was killed has left half written in a folder and below."""
    for file in folder.rglob(f"*{PARTIAL}"):
        file.unlink()


def _sync_folder(folder: Path) -> None:
    """A new name is safe from a loss of power only once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
