"""What is new, in a block or waiting, in JSON: written once, however many are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property, partial

from chain.rpc.as_json import show_block, show_log
from chain.rpc.history import Block
from chain.rpc.log_query import Query
from chain.rpc.methods.transaction_methods import find_transaction
from chain.rpc.node import Node
from chain.rpc.values import data
from experiments.lab.ethereum.frames import frame


def notice(id: str, result: str) -> bytes:
    """The message by which a subscription tells of `result`, in JSON."""
    params = f'{{"subscription":"{id}","result":{result}}}'
    return frame(f'{{"jsonrpc":"2.0","method":"eth_subscription","params":{params}}}'.encode())


class Arrival:
    """A transaction that was taken in, as subscriptions tell it."""

    def __init__(self, hash: bytes, node: Node) -> None:
        self._hash = json.dumps(data(hash))
        self._found = partial(find_transaction, node, hash)

    def hash(self, id: str) -> bytes:
        """Its hash, for a subscription."""
        return notice(id, self._hash)

    def whole(self, id: str) -> bytes:
        """All of it."""
        return notice(id, self._shown)

    @cached_property
    def _shown(self) -> str:
        return json.dumps(self._found(), separators=(",", ":"))


class News:
    """A block as subscriptions tell it. Those of one id, on whichever socket, are told in the same bytes."""

    def __init__(self, block: Block, protocol: bytes, contract: bytes) -> None:
        self._block = block
        self._parties = protocol, contract
        self._heads: dict[str, bytes] = {}
        self._places: dict[Query, list[int]] = {}
        self._shown: dict[int, str] = {}
        self._logs: dict[tuple[str, int], bytes] = {}

    def head(self, id: str) -> bytes:
        """The block, without what is in it, for a subscription."""
        if id not in self._heads:
            self._heads[id] = notice(id, self._head)
        return self._heads[id]

    def logs(self, id: str, query: Query) -> Iterator[bytes]:
        """Its logs that are asked for."""
        if query not in self._places:
            self._places[query] = self._find(query)
        return (self._log(id, number) for number in self._places[query])

    @cached_property
    def _head(self) -> str:
        shown = show_block(self._block, *self._parties, whole=False)
        for body in ("transactions", "uncles", "withdrawals", "size"):
            del shown[body]
        return json.dumps(shown, separators=(",", ":"))

    def _find(self, query: Query) -> list[int]:
        if not query.covers(self._block):
            return []
        return [number for number, entry in enumerate(self._block.entries) if query.matches(entry)]

    def _log(self, id: str, number: int) -> bytes:
        if (id, number) not in self._logs:
            self._logs[id, number] = notice(id, self._show(number))
        return self._logs[id, number]

    def _show(self, number: int) -> str:
        if number not in self._shown:
            shown = show_log(self._block.entries[number], self._block)
            self._shown[number] = json.dumps(shown, separators=(",", ":"))
        return self._shown[number]
