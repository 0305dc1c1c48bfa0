"""One WebSocket and its subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from itertools import count

from aiohttp import WSMsgType, web

from chain.rpc.dispatch import Dispatcher, Method
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.log_query import Query, check_goes_on, parse_query
from chain.rpc.values import parse_whole, shown
from experiments.lab.ethereum.door import Door, drained
from experiments.lab.ethereum.frames import frame
from experiments.lab.ethereum.long_requests import LongRequests
from experiments.lab.ethereum.news import Arrival, News
from experiments.lab.ethereum.outbox import Outbox
from experiments.lab.ethereum.session import Session

MOST_SUBSCRIPTIONS = 100  # of a connection
MOST_WORDS = 10_000  # addresses and topics in them
KINDS = "newHeads, logs and newPendingTransactions"


class Subscriber:
    """A client that is told what is new, in the order in which it happens."""

    def __init__(
        self,
        stream: web.WebSocketResponse,
        line: asyncio.Transport,
        door: Door,
        session: Session,
        dispatcher: Dispatcher,
    ) -> None:
        self.stream = stream
        self.outbox = Outbox(partial(door.waits, line))
        self._line = line
        self._session = session
        self._ids = count(1)
        self._heads: set[str] = set()
        self._logs: dict[str, Query] = {}
        self._pending: dict[str, bool] = {}  # whether each wants transactions whole
        own: dict[str, Method] = {"eth_subscribe": self.subscribe, "eth_unsubscribe": self.unsubscribe}
        self._dispatcher = dispatcher.extended(own)

    async def serve(self, requests: LongRequests) -> None:
        """Answer until the connection closes."""
        writer = asyncio.create_task(self._write())
        try:
            async for message in self.stream:
                if message.type in (WSMsgType.TEXT, WSMsgType.BINARY):
                    answer = await requests.take(self._dispatcher.answering(message.data))
                    if answer is not None:
                        self._put(frame(answer))
                if self.outbox.is_closed or self._line.is_closing():
                    break
        finally:
            self.outbox.close()
            writer.cancel()
            await asyncio.gather(writer, return_exceptions=True)

    def subscribe(self, kind: object, asked: object = None) -> str:
        """`newHeads`, `logs` with a filter, `newPendingTransactions` (whole?). Raises `BadParams`, `RpcError`."""
        if len(self._heads) + len(self._logs) + len(self._pending) >= MOST_SUBSCRIPTIONS:
            raise RpcError(f"at most {MOST_SUBSCRIPTIONS} subscriptions")
        id = hex(next(self._ids))
        if kind == "newHeads":
            self._heads.add(id)
        elif kind == "logs":
            self._logs[id] = self._parse_logs({} if asked is None else asked)
        elif kind == "newPendingTransactions":
            self._pending[id] = asked is not None and parse_whole(asked)
        else:
            raise BadParams(f"subscriptions are {KINDS}, not {shown(kind)}")
        return id

    def unsubscribe(self, id: object) -> bool:
        """Whether there was such a subscription."""
        if not isinstance(id, str):
            raise BadParams(f"a subscription's id is a string, not {shown(id)}")
        known = id in self._heads or id in self._logs or id in self._pending
        self._heads.discard(id)
        self._logs.pop(id, None)
        self._pending.pop(id, None)
        return known

    def tell_block(self, news: News) -> None:
        """A block is new."""
        for id in self._heads:
            self._put(news.head(id))
        for id, query in self._logs.items():
            self._put_all(news.logs(id, query))

    def tell_transaction(self, arrival: Arrival) -> None:
        """A transaction was taken in."""
        for id, whole in self._pending.items():
            self._put(arrival.whole(id) if whole else arrival.hash(id))

    def drop(self) -> None:
        """Let go of a client that does not read: it is not told, since it would not read that either."""
        self.outbox.close()
        self._line.abort()

    def _parse_logs(self, asked: object) -> Query:
        query = parse_query(asked, self._session.history)
        check_goes_on(query, self._session.history)
        if sum(each.words for each in (*self._logs.values(), query)) > MOST_WORDS:
            raise RpcError(f"at most {MOST_WORDS} addresses and topics in the subscriptions of a socket")
        return query

    def _put_all(self, messages: Iterable[bytes]) -> None:
        for message in messages:
            self._put(message)

    def _put(self, message: bytes) -> None:
        if self.outbox.is_full:  # by what waited before: one long answer is no sign of a client that does not read
            self.drop()
        if not self._line.is_closing():
            self.outbox.put(message)

    async def _write(self) -> None:
        while not self._line.is_closing():
            self._line.write(await self.outbox.take())
            await drained(self._line)
