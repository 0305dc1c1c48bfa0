"""Messages between the run and a strategy's process, each after its length, over a pair of sockets.

The run says pickles, which it has made itself. What comes back is data and nothing else: JSON, or bytes that the
run keeps and never looks into.
"""

from __future__ import annotations

import json
import os
import pickle
import struct
import time
from typing import Any

from chain.errors import Refused
from chain.nesting import brackets_of
from market.fitting import Unfit
from market.intents import Intent
from market.plain import as_data, from_data

HEADER = struct.Struct(">Q")
MOST_BYTES = 64 * 2**20
CHUNK = 2**16
JSON, BYTES = b"j", b"b"
OUT_OF_MEMORY = "out of memory"
"""The kind of the last message of a process that has no memory left."""
DEEPEST = 4  # the message, its intents, one of them, a series in it


def framed(data: bytes) -> bytes:
    """A message after its length."""
    return HEADER.pack(len(data)) + data


def in_json(kind: str, value: object) -> bytes:
    """A message of plain data."""
    return JSON + json.dumps([kind, value]).encode()


LAST_WORD = framed(in_json(OUT_OF_MEMORY, None))


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

    def tell(self, message: object) -> None:
        """Write one message of the run. Raises `Ended`."""
        self._send(pickle.dumps(message, pickle.HIGHEST_PROTOCOL))

    def told(self) -> Any:
        """Wait for one message of the run. Raises `Ended`."""
        return pickle.loads(self._take(MOST_BYTES * 64))

    def answer(self, kind: str, value: object = None) -> None:
        """Write one message of a strategy's process, of plain data. Raises `Ended`."""
        self._send(in_json(kind, value))

    def run_out(self) -> None:
        """Say that there is no memory left, which takes none."""
        os.write(self._file, LAST_WORD)

    def answer_bytes(self, value: bytes) -> None:
        """Write one message of a strategy's process that the run is to keep. Raises `Ended`."""
        self._send(BYTES + value)

    def answered(self, most_bytes: int = MOST_BYTES) -> tuple[str, Any]:
        """One message of a strategy's process: its kind and its value, plain data. Raises `Ended`, `TookTooLong`,
        `Garbled`."""
        data = self._take(most_bytes)
        if data[:1] == BYTES:
            return "bytes", data[1:]
        check_depth(data)
        try:
            kind, value = json.loads(data[1:])
        except (ValueError, TypeError) as error:
            raise Garbled(str(error)) from error
        if data[:1] != JSON or not isinstance(kind, str):
            raise Garbled("a message of no kind")
        return kind, value

    def _send(self, data: bytes) -> None:
        left = memoryview(framed(data))
        try:
            while left:
                left = left[os.write(self._file, left) :]
        except OSError as error:
            raise Ended from error

    def _take(self, most_bytes: int) -> bytes:
        """The next message, unread."""
        deadline = None if self.seconds is None else time.monotonic() + self.seconds
        self._fill(HEADER.size, deadline)
        (length,) = HEADER.unpack_from(self._got)
        if length > most_bytes:
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


def check_depth(data: bytes) -> None:
    """Raises `Garbled` for lists within lists beyond `DEEPEST`, which could take more of the reader's stack than
    there is, and for objects."""
    brackets = brackets_of(data)
    for _ in range(DEEPEST):
        brackets = brackets.replace(b"[]", b"")
    if brackets:
        raise Garbled("it is too deep")


def written(intent: Intent | Unfit) -> list[Any]:
    """An intent, or what stands in its place, as a process says it."""
    return ["", *intent] if isinstance(intent, Unfit) else as_data(intent)


def read(data: object) -> Intent | Unfit:
    """What `written` has written. Raises `Garbled`."""
    if isinstance(data, list) and len(data) == 3 and data[0] == "":
        return Unfit(*map(str, data[1:]))
    try:
        return from_data(data)
    except (ValueError, Refused) as error:
        raise Garbled(str(error)) from error
