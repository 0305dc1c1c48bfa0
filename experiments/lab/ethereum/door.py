"""Who may connect: a bounded number, and nobody who says nothing or reads nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from socket import socket
from typing import Any

from aiohttp import web

from experiments.lab.ethereum.complaints import COMPLAINTS

MOST_CONNECTIONS = 256  # that are being answered; a WebSocket is as long as it is open
MOST_SILENT = 64  # beyond those: they are told that there are too many
BACKLOG = 1_024  # that wait to be let in
PATIENCE = 10.0  # seconds for all of a first request
IDLE = 60.0  # seconds for an answer to be read, and for the next request
MOST_UNREAD = 100_000_000  # bytes that wait for all clients together, in lines and in outboxes
COUNTED_AGAIN = 100  # times while as much as that comes to wait


class Door:
    """Counts connections from their first moment on, asked for anything or not."""

    def __init__(self) -> None:
        self._silent: dict[asyncio.Transport, asyncio.TimerHandle] = {}  # for the longest first
        self._busy: set[asyncio.Transport] = set()
        self._outboxes: dict[asyncio.Transport, int] = {}
        self._grown = 0  # bytes by which outboxes have since all was counted

    def opened(self, line: asyncio.Transport) -> None:
        """Somebody connects. Where there are too many, the one goes that has been silent longest."""
        if len(self._silent) + len(self._busy) >= MOST_CONNECTIONS + MOST_SILENT:
            self._show_out(next(iter(self._silent), line))
        if not line.is_closing():
            self._listen(line, PATIENCE)

    def closed(self, line: asyncio.Transport) -> None:
        """Somebody is gone."""
        self._busy.discard(line)
        self._outboxes.pop(line, None)
        self._speaks(line)

    def heard(self, line: asyncio.Transport | None) -> bool:
        """Somebody has asked for something, to its last byte. Whether there is room for it."""
        if line is None or line in self._busy:
            return True
        if len(self._busy) >= MOST_CONNECTIONS:
            return False
        self._speaks(line)
        self._busy.add(line)
        return True

    def answered(self, line: asyncio.Transport | None) -> None:
        """Somebody has an answer, and may ask again."""
        if line is not None and line in self._busy:
            self._busy.remove(line)
            self._listen(line, IDLE)

    def waits(self, line: asyncio.Transport, size: int) -> None:
        """So many bytes wait for somebody before they can be written."""
        if line.is_closing():
            return
        self._grown += max(0, size - self._outboxes.get(line, 0))
        self._outboxes[line] = size
        if self._grown > MOST_UNREAD // COUNTED_AGAIN:
            self.crowded()

    def crowded(self) -> None:
        """Somebody does not read as fast as is written. Where too much waits, those go for whom most does."""
        self._grown = 0
        unread = {line: self._unread(line) for line in (*self._silent, *self._busy)}
        while sum(unread.values()) > MOST_UNREAD:
            worst = max(unread, key=lambda line: unread[line])
            del unread[worst]
            self._show_out(worst)

    def _unread(self, line: asyncio.Transport) -> int:
        return line.get_write_buffer_size() + self._outboxes.get(line, 0)

    def _speaks(self, line: asyncio.Transport) -> None:
        timer = self._silent.pop(line, None)
        if timer is not None:
            timer.cancel()

    def _listen(self, line: asyncio.Transport, seconds: float) -> None:
        self._silent[line] = asyncio.get_running_loop().call_later(seconds, self._show_out, line)

    def _show_out(self, line: asyncio.Transport) -> None:
        self.closed(line)
        line.abort()


class CountedLine(asyncio.Protocol):
    """A connection as the server has it, which the door has counted."""

    def __init__(self, door: Door, inner: asyncio.Protocol) -> None:
        self._door = door
        self._inner = inner
        self._line: asyncio.Transport | None = None
        self._may_write = asyncio.Event()
        self._may_write.set()

    async def wait_to_write(self) -> None:
        """Until what was written before has gone out, nearly."""
        await self._may_write.wait()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._line = transport
        self._door.opened(transport)
        self._inner.connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if self._line is not None:
            self._door.closed(self._line)
        self._may_write.set()
        self._inner.connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def pause_writing(self) -> None:
        self._may_write.clear()
        self._inner.pause_writing()
        self._door.crowded()

    def resume_writing(self) -> None:
        self._may_write.set()
        self._inner.resume_writing()


async def drained(line: asyncio.Transport) -> None:
    """Wait until a connection takes more."""
    protocol = line.get_protocol()
    if isinstance(protocol, CountedLine):
        await protocol.wait_to_write()


def runner_of(app: web.Application, **options: Any) -> web.AppRunner:
    """What sets an application up; `options` are aiohttp's."""
    return web.AppRunner(app, access_log=None, logger=COMPLAINTS, **options)


async def run(app: web.Application, door: Door, listener: socket, announce: Callable[[], object]) -> None:
    """Serve until the process is told to end."""
    runner = runner_of(app, handle_signals=True, shutdown_timeout=1)
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
