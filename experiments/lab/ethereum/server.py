"""JSON-RPC over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from itertools import count
from typing import Any, NoReturn
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from chain.rpc.as_json import show_block
from chain.rpc.dispatch import Dispatcher, Method, refusal
from chain.rpc.error_codes import BadParams, RpcError, Unparsable
from chain.rpc.log_query import Query, parse_query
from chain.rpc.values import shown
from experiments.lab.ethereum.session import Session

MOST_BYTES = 1_048_576  # in a request
MOST_CONNECTIONS = 256
MOST_SUBSCRIPTIONS = 100  # of a connection
PACES = ("realtime", "fast", "manual")
FAST_SECONDS = 0.05  # between two slots, so that requests get their turn


class Server:
    """Serves a run. `pace`: a slot every `slot_seconds`, as fast as it goes, or by `evm_mine` alone."""

    def __init__(self, session: Session, dispatcher: Dispatcher, pace: str = "manual") -> None:
        self._session = session
        self._dispatcher = dispatcher
        self._pause = {"realtime": session.slot_seconds, "fast": FAST_SECONDS, "manual": None}[pace]
        self._connections: set[asyncio.Transport] = set()
        self._sockets: set[Socket] = set()
        session.listeners.append(self._tell)
        session.mourners.append(end_soon)

    def app(self) -> web.Application:
        """The application, for aiohttp to run."""
        app = web.Application(client_max_size=MOST_BYTES, middlewares=[self._count])
        app.router.add_post("/", self._answer)
        app.router.add_get("/", self._open_socket)
        app.cleanup_ctx.append(self._play)
        return app

    @web.middleware
    async def _count(self, request: web.Request, handler: Any) -> web.StreamResponse:
        """No more than `MOST_CONNECTIONS` at a time, those that were there first; and no pages of other sites."""
        if not is_local(request.headers.get("Origin")):
            return in_json({"error": "pages of other sites may not ask"}, 403)
        if request.transport not in self._connections:
            self._connections = {line for line in self._connections if not line.is_closing()}
            if len(self._connections) >= MOST_CONNECTIONS:
                refused = in_json({"error": f"more than {MOST_CONNECTIONS} connections"}, 503)
                refused.force_close()
                return refused
            if request.transport is not None:
                self._connections.add(request.transport)
        response: web.StreamResponse = await handler(request)
        return response

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return in_json(refusal(None, too_large()), 413)
        except web.RequestPayloadError as error:
            return in_json(refusal(None, Unparsable(f"the body cannot be read: {error}")), 400)
        answer = self._dispatcher.answer_bytes(body)
        if answer:
            return web.Response(body=answer, content_type="application/json")
        return web.Response(status=204)

    async def _open_socket(self, request: web.Request) -> web.StreamResponse:
        stream = web.WebSocketResponse(max_msg_size=MOST_BYTES, heartbeat=30)
        if not stream.can_prepare(request):
            return web.Response(status=405, text="POST a JSON-RPC request, or open a WebSocket\n")
        await stream.prepare(request)
        socket = Socket(stream, self._session, self._dispatcher)
        self._sockets.add(socket)
        try:
            await socket.serve()
        finally:
            self._sockets.discard(socket)
        return stream

    def _tell(self) -> None:
        for socket in self._sockets:
            socket.tell()

    async def _play(self, _: web.Application) -> AsyncIterator[None]:
        """Plays slots beside the requests until the run or the server ends."""
        task = asyncio.create_task(self._play_slots())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for socket in list(self._sockets):
            await socket.stream.close()

    async def _play_slots(self) -> None:
        while self._pause is not None and not self._session.is_over:
            await asyncio.sleep(self._pause)
            with suppress(Exception):  # the session keeps it, and the server ends with it
                self._session.mine()


def end_soon() -> None:
    """End the server, once the present request has its answer."""
    asyncio.get_running_loop().call_soon(stop)


def stop() -> NoReturn:
    raise web.GracefulExit


def is_local(origin: str | None) -> bool:
    """Whether a request is no browser's, or that of a page on this machine."""
    return origin is None or urlsplit(origin).hostname in ("localhost", "127.0.0.1", "::1")


class Socket:
    """One WebSocket and its subscriptions."""

    def __init__(self, stream: web.WebSocketResponse, session: Session, dispatcher: Dispatcher) -> None:
        self.stream = stream
        self._session = session
        self._ids = count(1)
        self._heads: set[str] = set()
        self._logs: dict[str, Query] = {}
        self._out: asyncio.Queue[bytes] = asyncio.Queue(maxsize=10_000)
        own: dict[str, Method] = {"eth_subscribe": self.subscribe, "eth_unsubscribe": self.unsubscribe}
        self._dispatcher = dispatcher.extended(own)

    async def serve(self) -> None:
        """Answer until the connection closes."""
        writer = asyncio.create_task(self._write())
        try:
            async for message in self.stream:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    answer = self._dispatcher.answer_bytes(message.data)
                    if answer is not None:
                        await self._out.put(answer)
        finally:
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def subscribe(self, kind: object, asked: object = None) -> str:
        """`newHeads`, or `logs` with a filter. Raises `BadParams`, `RpcError`."""
        if len(self._heads) + len(self._logs) >= MOST_SUBSCRIPTIONS:
            raise RpcError(f"at most {MOST_SUBSCRIPTIONS} subscriptions")
        id = hex(next(self._ids))
        if kind == "newHeads":
            self._heads.add(id)
        elif kind == "logs":
            self._logs[id] = parse_query({} if asked is None else asked, self._session.history)
        else:
            raise BadParams(f"subscriptions are newHeads and logs, not {shown(kind)}")
        return id

    def unsubscribe(self, id: object) -> bool:
        """Whether there was such a subscription."""
        if not isinstance(id, str):
            raise BadParams(f"a subscription's id is a string, not {shown(id)}")
        known = id in self._heads or id in self._logs
        self._heads.discard(id)
        self._logs.pop(id, None)
        return known

    def tell(self) -> None:
        """What is new in the last block. A client that does not read is left behind."""
        session = self._session
        block = self._session.history.head
        head = show_block(block, session.protocol, session.tickets, whole=False)
        news = [(id, head) for id in self._heads]
        news += [(id, log) for id, query in self._logs.items() for log in query.find([block])]
        for id, result in news:
            if not self._out.full():
                notice = {"jsonrpc": "2.0", "method": "eth_subscription"}
                self._out.put_nowait(
                    json.dumps(notice | {"params": {"subscription": id, "result": result}}).encode()
                )

    async def _write(self) -> None:
        while True:
            await self.stream.send_str((await self._out.get()).decode())


def too_large() -> RpcError:
    return RpcError(f"a request has at most {MOST_BYTES} bytes")


def in_json(answer: object, status: int) -> web.Response:
    return web.json_response(answer, status=status)
