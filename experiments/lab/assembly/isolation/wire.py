"""Messages between the run and a strategy's process: pickles, each after its length, over a pair of sockets.

The run trusts nothing that comes back: it unpickles intents and plain values, and no other class.
"""

from __future__ import annotations

import io
import os
import pickle
import struct
import time
from typing import Any

from chain.ticket import Series
from market import intents

HEADER = struct.Struct(">Q")
MOST_BYTES = 64 * 2**20
CHUNK = 2**16
OUT_OF_MEMORY = 97  # exit code
KNOWN = {
    (kind.__module__, kind.__qualname__): kind
    for kind in (*vars(intents).values(), Series)
    if isinstance(kind, type) and issubclass(kind, tuple)
}


class Ended(Exception):
    """The other side has closed its end."""


class TookTooLong(Exception):
    """No whole message came in time."""


class Garbled(Exception):
    """What came is no message."""


class Wire:
    """One end. `seconds` is the most that a message may take, None for any time; the socket itself has to wake up
    a reader after as long (SO_RCVTIMEO)."""

    def __init__(self, file: int, seconds: float | None = None) -> None:
        self._file = file
        self.seconds = seconds
        self._got = bytearray()

    def send(self, message: object) -> None:
        """Write one message. Raises `Ended`."""
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        left = memoryview(HEADER.pack(len(data)) + data)
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise Ended from error

    def receive(self) -> Any:
        """Wait for one message of the run. Raises `Ended`."""
        return pickle.loads(self._take())

    def receive_plain(self) -> Any:
        """One message of a strategy's process. Raises `Ended`, `TookTooLong`, `Garbled`."""
        data = self._take()
        try:
            return Plain(io.BytesIO(data)).load()
        except Exception as error:
            raise Garbled(f"{type(error).__name__}: {error}") from error

    def _take(self) -> bytes:
        """The next message, not yet unpickled."""
        deadline = None if self.seconds is None else time.monotonic() + self.seconds
        self._fill(HEADER.size, deadline)
        (length,) = HEADER.unpack_from(self._got)
        if length > MOST_BYTES:
            raise Garbled(f"a message of {length} bytes")
        self._fill(HEADER.size + length, deadline)
        data = bytes(self._got[HEADER.size : HEADER.size + length])
        del self._got[: HEADER.size + length]
        return data

    def _fill(self, count: int, deadline: float | None) -> None:
        """Read until so many bytes are there."""
        while len(self._got) < count:
            if deadline is not None and time.monotonic() > deadline:
                raise TookTooLong
            try:
                part = os.read(self._file, CHUNK)
            except BlockingIOError:
                raise TookTooLong from None
            except OSError as error:
                raise Ended from error
            if not part:
                raise Ended
            self._got += part


class Plain(pickle.Unpickler):
    """Reads intents, numbers, texts, lists and tuples."""

    def find_class(self, module: str, name: str) -> Any:
        try:
            return KNOWN[module, name]
        except KeyError:
            raise pickle.UnpicklingError(f"{module}.{name} is not an intent") from None
