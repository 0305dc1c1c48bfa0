"""A temporary folder that is held by a process: it goes with its holder, however that one ends.

All of a process lie in one, on which the process has a lock; the kernel takes that back when the process ends, be
it killed. What nobody holds any more is removed when the next process makes its first folder. The number of a
process would not tell that: another one may have it since.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import weakref
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import gettempdir, mkdtemp
from types import TracebackType

PREFIX = "et-testbed-held-"


class HeldFolder:
    """A folder at `path`, until `remove()`, the end of a `with`, of this object or of the process."""

    def __init__(self) -> None:
        self._home = home()
        self.path = Path(mkdtemp(dir=self._home.path))
        self.remove = weakref.finalize(self, end, self.path, os.getpid())

    def __enter__(self) -> Path:
        return self.path

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.remove()


def is_held(place: Path) -> bool:
    """Whether a file lies in such a folder, and need not outlast a loss of power."""
    return any(part.startswith(PREFIX) for part in place.parts)


class HeldHome:
    """Where the folders of one process lie; it goes with the last of them."""

    def __init__(self) -> None:
        self.path, lock = make_locked()
        weakref.finalize(self, os.close, lock)
        weakref.finalize(self, end, self.path, os.getpid())


HOMES: weakref.WeakValueDictionary[int, HeldHome] = weakref.WeakValueDictionary()
"""By the number of their process: a process that was forked has one of its own."""


def home() -> HeldHome:
    """That of this process."""
    remove_deserted(gettempdir())
    found = HOMES.get(os.getpid())
    if found is None:
        found = HOMES[os.getpid()] = HeldHome()
    return found


def make_locked() -> tuple[Path, int]:
    """A new folder, and the descriptor that holds the lock on it.

    Another process may take it for deserted between its making and the lock: then one more is made.
    """
    while True:
        path = Path(mkdtemp(prefix=PREFIX))
        with suppress(FileNotFoundError):
            return path, locked(path)


def locked(path: Path) -> int:
    """The descriptor that holds the lock on a folder. Raises `FileNotFoundError` where it is gone by then."""
    lock = os.open(path, os.O_RDONLY)
    with suppress(OSError):  # where nothing can be locked, nothing is ever taken for deserted
        fcntl.flock(lock, fcntl.LOCK_EX)
    if not path.exists():
        os.close(lock)
        raise FileNotFoundError(path)
    return lock


def end(path: Path, holder: int) -> None:
    """Remove a folder; a process that was forked is not its holder."""
    if os.getpid() == holder:
        shutil.rmtree(path, ignore_errors=True)


@cache
def remove_deserted(place: str) -> None:
    """Remove what in `place` is the user's own and held by nobody; once a process."""
    for path in own_folders(place):
        with suppress(OSError):  # another process removes it, or nothing can be locked
            remove_unless_held(path)


def own_folders(place: str) -> Iterator[str]:
    """The folders in `place` that are called as these are; no links, and none of another user."""
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX) and is_own_folder(entry):
                yield entry.path


def is_own_folder(entry: os.DirEntry[str]) -> bool:
    """Whether it is a folder of this user, and still there."""
    try:
        return entry.is_dir(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_uid == os.getuid()
    except FileNotFoundError:
        return False


def remove_unless_held(path: str) -> None:
    """Raises `OSError` where a process holds it."""
    lock = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(path, ignore_errors=True)
    finally:
        os.close(lock)
