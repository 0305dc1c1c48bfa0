"""JSON-RPC over HTTP and WebSocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import NoReturn

from aiohttp import web

from chain.rpc.dispatch import Dispatcher, refusal
from chain.rpc.error_codes import RpcError, Unparsable
from experiments.lab.ethereum.door import MOST_CONNECTIONS, Door
from experiments.lab.ethereum.http_answer import HttpAnswer
from experiments.lab.ethereum.long_requests import LongRequests
from experiments.lab.ethereum.news import Arrival, News
from experiments.lab.ethereum.origins import GUARDED, Origins, allowed, preflight
from experiments.lab.ethereum.session import Session
from experiments.lab.ethereum.subscriber import Subscriber

MOST_BYTES = 1_048_576  # in a request
PACES = ("realtime", "fast", "manual")
FAST_SECONDS = 0.05  # between two slots, so that requests get their turn
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Server:
    """Serves a run. `pace`: a slot every `slot_seconds`, as fast as it goes, or by `evm_mine` alone."""

    def __init__(
        self, session: Session, dispatcher: Dispatcher, pace: str = "manual", origins: Origins | None = None
    ) -> None:
        self.door = Door()
        self.origins = origins or Origins()
        self._session = session
        self._dispatcher = dispatcher
        self._for_pages = dispatcher.without(GUARDED, "a page needs the token that `et-testbed serve` prints")
        self._pause = {"realtime": session.slot_seconds, "fast": FAST_SECONDS, "manual": None}[pace]
        self._subscribers: set[Subscriber] = set()
        self._long = LongRequests(lambda: self._subscribers)
        session.keep_states()
        session.listeners.append(self._tell_block)
        session.arrivals.append(self._tell_transaction)
        session.mourners.append(end_soon)

    def app(self) -> web.Application:
        """The application, for aiohttp to run behind `door`."""
        app = web.Application(middlewares=[self._admit])
        app.router.add_post("/", self._answer)
        app.router.add_get("/", self._open_socket)
        app.router.add_options("/", self._say_what_may_be_asked)
        app.cleanup_ctx.append(self._play)
        return app

    @web.middleware
    async def _admit(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """No pages of other sites."""
        origin = request.headers.get("Origin")
        if not self.origins.may_ask(origin):
            return in_json({"error": "pages of other sites may not ask"}, 403)
        try:
            response = await handler(request)
        finally:
            self.door.answered(request.transport)
        if origin is not None and not response.prepared:
            response.headers.update(allowed(origin))
        return response

    async def _say_what_may_be_asked(self, request: web.Request) -> web.Response:
        return web.Response(status=204, headers=preflight(request.headers))

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            body = await body_of(request)
        except RpcError as error:
            return in_json(refusal(None, error), 413)
        except web.RequestPayloadError as error:
            return in_json(refusal(None, Unparsable(f"the body cannot be read: {error}")), 400)
        if not self.door.heard(request.transport):  # now that all of the request is there
            return turned_away()
        answer = await self._long.take(self._dispatcher_for(request).answering(body))
        line = request.transport
        if answer and line is not None:
            return HttpAnswer(answer, line)
        return web.Response(status=204)

    async def _open_socket(self, request: web.Request) -> web.StreamResponse:
        stream = web.WebSocketResponse(max_msg_size=MOST_BYTES, heartbeat=30, compress=False)
        line = request.transport
        if line is None or not stream.can_prepare(request):
            return web.Response(status=405, text="POST a JSON-RPC request, or open a WebSocket\n")
        if not self.door.heard(line):
            return turned_away()
        await stream.prepare(request)
        subscriber = Subscriber(stream, line, self.door, self._session, self._dispatcher_for(request))
        self._subscribers.add(subscriber)
        try:
            await subscriber.serve(self._long)
        finally:
            self._subscribers.discard(subscriber)
        return stream

    def _dispatcher_for(self, request: web.Request) -> Dispatcher:
        headers = request.headers
        token = request.query.get("token")
        if self.origins.is_guarded(headers.get("Origin"), headers.get("Authorization"), token):
            return self._for_pages
        return self._dispatcher

    def _tell_block(self) -> None:
        head = self._session.history.head  # put together now: who asks after many would hold others up
        if self._subscribers:
            news = News(head, self._session.protocol, self._session.tickets)
            for each in self._subscribers:
                each.tell_block(news)

    def _tell_transaction(self, hash: bytes) -> None:
        arrival = Arrival(hash, self._session)
        for each in self._subscribers:
            each.tell_transaction(arrival)

    async def _play(self, _: web.Application) -> AsyncIterator[None]:
        """Plays slots beside the requests until the run or the server ends."""
        task = asyncio.create_task(self._play_slots())
        yield
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for each in list(self._subscribers):
            await each.stream.close()

    async def _play_slots(self) -> None:
        while self._pause is not None and not self._session.is_over:
            await asyncio.sleep(self._pause)
            with suppress(Exception):  # the session keeps it, and the server ends with it
                self._session.mine()
            await self._long.give()


def end_soon() -> None:
    """End the server, once the present request has its answer."""
    asyncio.get_running_loop().call_soon(stop)


def stop() -> NoReturn:
    raise web.GracefulExit


async def body_of(request: web.Request) -> bytes:
    """All of it, and `request` keeps nothing of it: aiohttp has that until the next one of its connection. Raises
    `RpcError` where it is too long."""
    body = bytearray()
    async for part in request.content.iter_any():
        body += part
        if len(body) > MOST_BYTES:
            raise RpcError(f"a request has at most {MOST_BYTES} bytes")
    return bytes(body)


def turned_away() -> web.Response:
    refused = in_json({"error": f"more than {MOST_CONNECTIONS} connections"}, 503)
    refused.force_close()
    return refused


def in_json(answer: object, status: int) -> web.Response:
    return web.json_response(answer, status=status)
