"""One WebSocket and its subscriptions."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import count

from aiohttp import WSMsgType, web

from chain.rpc.dispatch import Dispatcher, Method
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.log_query import Query, check_goes_on, parse_query
from chain.rpc.values import parse_whole, shown
from experiments.lab.ethereum.long_requests import LongRequests
from experiments.lab.ethereum.news import Arrival, News
from experiments.lab.ethereum.outbox import Outbox
from experiments.lab.ethereum.session import Session

MOST_SUBSCRIPTIONS = 100  # of a connection
KINDS = "newHeads, logs and newPendingTransactions"


class Subscriber:
    """A client that is told what is new, in the order in which it happens."""

    def __init__(
        self,
        stream: web.WebSocketResponse,
        line: asyncio.Transport | None,
        session: Session,
        dispatcher: Dispatcher,
    ) -> None:
        self.stream = stream
        self.outbox = Outbox()
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
                        self._put(answer.decode())
                if self.outbox.is_closed:
                    break
        finally:
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
            self._put(notice(id, news.head()))
        for id, query in self._logs.items():
            self._put_all(id, news.logs(query))

    def tell_transaction(self, arrival: Arrival) -> None:
        """A transaction was taken in."""
        for id, whole in self._pending.items():
            self._put(notice(id, arrival.whole if whole else arrival.hash))

    def drop(self) -> None:
        """Let go of a client that does not read: it is not told, since it would not read that either."""
        self.outbox.close()
        if self._line is not None:
            self._line.abort()

    def _parse_logs(self, asked: object) -> Query:
        query = parse_query(asked, self._session.history)
        check_goes_on(query, self._session.history)
        return query

    def _put_all(self, id: str, results: Iterable[str]) -> None:
        for result in results:
            self._put(notice(id, result))

    def _put(self, text: str) -> None:
        if self.outbox.is_full:  # by what waited before: one long answer is no sign of a client that does not read
            self.drop()
        self.outbox.put(text)

    async def _write(self) -> None:
        while True:
            await self.stream.send_str(await self.outbox.take())


def notice(id: str, result: str) -> str:
    """What a subscription tells; `result` in JSON."""
    params = f'{{"subscription":"{id}","result":{result}}}'
    return f'{{"jsonrpc":"2.0","method":"eth_subscription","params":{params}}}'
