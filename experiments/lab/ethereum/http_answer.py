"""An answer over HTTP."""

from __future__ import annotations

import asyncio

from aiohttp import web

from experiments.lab.ethereum.door import drained


class HttpAnswer(web.StreamResponse):
    """Leaves nothing once it is written: aiohttp keeps a response until the next request of its connection."""

    def __init__(self, body: bytes, line: asyncio.Transport) -> None:
        super().__init__(headers={"Content-Type": "application/json"})
        self.content_length = len(body)
        self._left = body
        self._line = line

    async def write_eof(self, data: bytes = b"") -> None:
        self._line.write(self._take())
        await drained(self._line)
        await super().write_eof(data)

    def _take(self) -> bytes:
        taken, self._left = self._left, b""
        return taken
