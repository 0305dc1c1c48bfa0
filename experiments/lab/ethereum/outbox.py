"""What waits to be sent to a client, bounded in bytes."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

MOST_WAITING = 8_000_000  # bytes; a client that reads is far below
CROWDED = MOST_WAITING // 2
TOGETHER = 65_536  # bytes that go out at a time


class Outbox:
    """Messages in their order. `tell` is told how many bytes wait whenever that has changed."""

    def __init__(self, tell: Callable[[int], object]) -> None:
        self._tell = tell
        self._messages: deque[bytes] = deque()
        self._bytes = 0
        self._has_some = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether more waits than may."""
        return self._bytes > MOST_WAITING

    def put(self, message: bytes) -> None:
        """Let a message wait."""
        if self.is_closed:
            return
        self._messages.append(message)
        self._bytes += len(message)
        self._has_some.set()
        if self._bytes > CROWDED:
            self._has_room.clear()
        self._tell(self._bytes)

    async def take(self) -> bytes:
        """The next ones, as soon as there is one."""
        await self._has_some.wait()
        taken = self._next()
        self._bytes -= len(taken)
        if not self._messages:
            self._has_some.clear()
        if self._bytes <= CROWDED:
            self._has_room.set()
        self._tell(self._bytes)
        return taken

    def _next(self) -> bytes:
        taken, size = [], 0
        while self._messages and size < TOGETHER:
            taken.append(self._messages.popleft())
            size += len(taken[-1])
        return b"".join(taken)

    async def wait_for_room(self) -> None:
        """Until there is room."""
        await self._has_room.wait()

    @property
    def has_room(self) -> bool:
        """Whether more may come."""
        return self._has_room.is_set()

    def close(self) -> None:
        """Nothing waits any more, nor will."""
        self.is_closed = True
        self._messages.clear()
        self._has_some.clear()
        self._bytes = 0
        self._has_room.set()
        self._tell(0)
