"""Who may connect: a bounded number, and nobody who says nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import Any

from aiohttp import web

MOST_CONNECTIONS = 256
MOST_STRANGERS = 64  # beyond those: they are told that there are too many
BACKLOG = 1_024  # that wait to be let in
PATIENCE = 10.0  # seconds for a first request


class Door:
    """Counts connections from their first moment on, asked for anything or not."""

    def __init__(self) -> None:
        self._strangers: dict[asyncio.BaseTransport, asyncio.TimerHandle] = {}  # the oldest first
        self._guests: set[asyncio.BaseTransport] = set()

    def opened(self, line: asyncio.Transport) -> None:
        """Somebody connects. Where there are too many, the one goes that has been silent longest."""
        if len(self._strangers) + len(self._guests) >= MOST_CONNECTIONS + MOST_STRANGERS:
            self._show_out(next(iter(self._strangers), line))
        if not line.is_closing():
            loop = asyncio.get_running_loop()
            self._strangers[line] = loop.call_later(PATIENCE, self._show_out, line)

    def closed(self, line: asyncio.BaseTransport) -> None:
        """Somebody is gone."""
        self._guests.discard(line)
        timer = self._strangers.pop(line, None)
        if timer is not None:
            timer.cancel()

    def heard(self, line: asyncio.BaseTransport | None) -> bool:
        """Somebody has asked for something. Whether there is room for it."""
        if line is None or line in self._guests:
            return True
        if len(self._guests) >= MOST_CONNECTIONS:
            return False
        self.closed(line)
        self._guests.add(line)
        return True

    def _show_out(self, line: asyncio.BaseTransport) -> None:
        self.closed(line)
        if isinstance(line, asyncio.Transport):
            line.abort()


class CountedLine(asyncio.Protocol):
    """A connection as the server has it, which the door has counted."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._line: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._door.opened(transport)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._line is not None:
            self._door.closed(self._line)
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._inner.resume_writing()


async def run(app: web.Application, door: Door, listener: socket, announce: Callable[[], object]) -> None:
    """Serve until the process is told to end."""
    runner = web.AppRunner(app, handle_signals=True, access_log=None, shutdown_timeout=1)
    await runner.setup()
    try:
        async with await open_at(runner, door, listener):
            announce()
            await asyncio.Event().wait()
    finally:
        await runner.cleanup()


async def open_at(runner: web.AppRunner, door: Door, listener: socket) -> asyncio.Server:
    """Listen for an application that is set up."""
    inner: Any = runner.server
    loop = asyncio.get_running_loop()
    return await loop.create_server(lambda: CountedLine(door, inner()), sock=listener, backlog=BACKLOG)


def run_until_told(app: web.Application, door: Door, listener: socket, announce: Callable[[], object]) -> None:
    """The same for who has no loop yet."""
    with suppress(web.GracefulExit, KeyboardInterrupt):
        asyncio.run(run(app, door, listener, announce))
