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


class Arrival:
    """A transaction that was taken in, as subscriptions tell it."""

    def __init__(self, hash: bytes, node: Node) -> None:
        self.hash = json.dumps(data(hash))
        self._found = partial(find_transaction, node, hash)

    @cached_property
    def whole(self) -> str:
        """All of it."""
        return json.dumps(self._found(), separators=(",", ":"))


class News:
    """A block as subscriptions tell it."""

    def __init__(self, block: Block, protocol: bytes, contract: bytes) -> None:
        self._block = block
        self._parties = protocol, contract
        self._logs: dict[int, str] = {}

    def head(self) -> str:
        """The block, without what is in it."""
        return self._head

    def logs(self, query: Query) -> Iterator[str]:
        """Its logs that are asked for."""
        if not query.covers(self._block):
            return iter(())
        return (self._log(number) for number, entry in enumerate(self._block.entries) if query.matches(entry))

    @cached_property
    def _head(self) -> str:
        shown = show_block(self._block, *self._parties, whole=False)
        for body in ("transactions", "uncles", "withdrawals", "size"):
            del shown[body]
        return json.dumps(shown, separators=(",", ":"))

    def _log(self, number: int) -> str:
        if number not in self._logs:
            shown = show_log(self._block.entries[number], self._block)
            self._logs[number] = json.dumps(shown, separators=(",", ":"))
        return self._logs[number]
