"""What waits to be sent to a client, bounded in bytes."""

from __future__ import annotations

import asyncio
from collections import deque

MOST_WAITING = 8_000_000  # bytes; a client that reads is far below
CROWDED = MOST_WAITING // 2


class Outbox:
    """Texts in their order."""

    def __init__(self) -> None:
        self._texts: deque[str] = deque()
        self._bytes = 0
        self._has_some = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self.is_closed = False

    @property
    def is_full(self) -> bool:
        """Whether more waits than may."""
        return self._bytes > MOST_WAITING

    def put(self, text: str) -> None:
        """Let a text wait; of JSON, so that its letters are its bytes."""
        if self.is_closed:
            return
        self._texts.append(text)
        self._bytes += len(text)
        self._has_some.set()
        if self._bytes > CROWDED:
            self._has_room.clear()

    async def take(self) -> str:
        """The next one, as soon as there is one."""
        await self._has_some.wait()
        text = self._texts.popleft()
        self._bytes -= len(text)
        if not self._texts:
            self._has_some.clear()
        if self._bytes <= CROWDED:
            self._has_room.set()
        return text

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
        self._texts.clear()
        self._has_some.clear()
        self._bytes = 0
        self._has_room.set()
