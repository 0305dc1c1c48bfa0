"""Files that are there whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from chain.held_folder import is_held

PARTIAL = ".partial"
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW


Opener = Callable[[Path], BinaryIO]


@contextmanager
def whole_file(place: Path) -> Iterator[BinaryIO]:
    """A file to write to, which takes the name `place` once it is complete and on the disk; see `whole_files`."""
    with whole_files() as opened:
        yield opened(place)


@contextmanager
def whole_files() -> Iterator[Opener]:
    """Opens files to write to, which take their names together once all are complete and on the disk: that waits
    for the disk about once, where each by itself would wait twice.

    Until then they have names that nobody can foresee, which end in `.partial`: no link is followed. Where writing
    fails, they are removed and what has their names left as it was; an `OSError` names the file. In a folder that
    goes with its process nothing waits for the disk.
    """
    files: list[PartialFile] = []

    def opened(place: Path) -> BinaryIO:
        files.append(PartialFile(place))
        return files[-1].file

    try:
        yield opened
        for file in files:
            file.complete()
        for file in files:
            file.partial.rename(file.place)
    except BaseException as error:
        for file in files:
            file.drop()
        if isinstance(error, OSError) and error.filename is None and files:
            raise with_place(error, files[-1].place) from error
        raise
    for folder in {file.place.parent: None for file in files if file.must_last}:
        _sync_folder(folder)


class PartialFile:
    """A file that is to be called `place`."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.must_last = not is_held(place)
        self.partial = place.with_name(f"{place.name}.{secrets.token_hex(8)}{PARTIAL}")
        self.file = os.fdopen(os.open(self.partial, NEW, 0o666), "wb")

    def complete(self) -> None:
        """All of it is on the disk. Raises `OSError`, which names it."""
        try:
            with self.file as file:
                file.flush()
                if self.must_last:
                    os.fsync(file.fileno())
        except OSError as error:
            raise with_place(error, self.place) from error

    def drop(self) -> None:
        """It is removed."""
        with suppress(OSError):  # what waits to be written cannot be
            self.file.close()
        self.partial.unlink(missing_ok=True)


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
