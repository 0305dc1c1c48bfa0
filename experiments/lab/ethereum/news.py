"""What is new in a block, in JSON: written once, however many are told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property

from chain.rpc.as_json import show_block, show_log
from chain.rpc.history import Block
from chain.rpc.log_query import Query


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
