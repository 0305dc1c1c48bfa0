"""The key by which a user's own checkpoints are known: a file that nobody else can read.

It lies in `ET_TESTBED_STATE`, or `XDG_STATE_HOME/et-testbed`, or `~/.local/state/et-testbed`.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

from chain.home import expanded

STATE = "ET_TESTBED_STATE"
"""The environment variable with the folder of the key, for runs that go on on another machine."""

KEY = "key"
LENGTH = 32  # bytes


def state_folder() -> Path:
    """Where the key lies."""
    if given := os.environ.get(STATE):
        return expanded(given)
    base = os.environ.get("XDG_STATE_HOME")
    return (expanded(base) if base else Path.home() / ".local" / "state") / "et-testbed"


def mark_of(data: bytes) -> str:
    """The HMAC-SHA256 of data under the user's key (hex), which is made where there is none. Raises `OSError`."""
    return hmac.digest(own_key(state_folder()), data, "sha256").hex()


def is_marked(data: bytes, mark: object) -> bool:
    """Whether the user of this key has marked the data. Raises `OSError`."""
    return isinstance(mark, str) and mark.isascii() and hmac.compare_digest(mark_of(data), mark)


def own_key(folder: Path) -> bytes:
    """The key in a folder. Raises `OSError`."""
    place = folder / KEY
    if not place.is_file():
        make_key(place)
    key = place.read_bytes()
    if len(key) != LENGTH or place.stat().st_mode & 0o077:
        raise PermissionError(f"{place} is no key that only its owner can read; remove it")
    return key


def make_key(place: Path) -> None:
    """Write a new key; another process may do so at the same time, and then its key stands."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f"{KEY}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        os.write(handle, secrets.token_bytes(LENGTH))
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(draft, place)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
