"""Logs, asked for and polled."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from typing import Any

from chain.rpc.filters import BlockFilter, Filters, LogFilter, PendingFilter
from chain.rpc.log_query import find_now, parse_query
from chain.rpc.node import Node


class LogMethods:
    """Logs and filters."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._filters = Filters()

    def eth_getLogs(self, asked: object) -> list[dict[str, Any]]:
        return find_now(parse_query(asked, self._node.history), self._node.history)

    def eth_newFilter(self, asked: object) -> str:
        query = parse_query(asked, self._node.history)
        return self._filters.add(LogFilter(self._node.history, query))

    def eth_newBlockFilter(self) -> str:
        return self._filters.add(BlockFilter(self._node.history))

    def eth_newPendingTransactionFilter(self) -> str:
        return self._filters.add(PendingFilter(self._node.arrived))

    def eth_getFilterChanges(self, id: object) -> list[Any]:
        return self._filters.get(id).changes()

    def eth_getFilterLogs(self, id: object) -> list[Any]:
        return self._filters.get(id).logs()

    def eth_uninstallFilter(self, id: object) -> bool:
        return self._filters.remove(id)
