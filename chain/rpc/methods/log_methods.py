"""Logs, asked for and polled."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from functools import partial
from typing import Any

from chain.rpc.filters import BlockFilter, Filters, LogFilter, PendingFilter
from chain.rpc.log_query import check_not_over, find_now, parse_query
from chain.rpc.methods.transaction_methods import find_transaction
from chain.rpc.node import Node
from chain.rpc.values import data, parse_whole


class LogMethods:
    """Logs and filters."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._filters = Filters()

    def eth_getLogs(self, asked: object) -> list[dict[str, Any]]:
        return find_now(parse_query(asked, self._node.history), self._node.history)

    def eth_newFilter(self, asked: object) -> str:
        query = parse_query(asked, self._node.history)
        check_not_over(query, self._node.history)
        return self._filters.add(LogFilter(self._node.history, query))

    def eth_newBlockFilter(self) -> str:
        return self._filters.add(BlockFilter(self._node.history))

    def eth_newPendingTransactionFilter(self, whole: object = False) -> str:
        show = partial(find_transaction, self._node) if parse_whole(whole) else data
        return self._filters.add(PendingFilter(self._node.arrived, show))

    def eth_getFilterChanges(self, id: object) -> list[Any]:
        return self._filters.get(id).changes()

    def eth_getFilterLogs(self, id: object) -> list[Any]:
        return self._filters.get(id).logs()

    def eth_uninstallFilter(self, id: object) -> bool:
        return self._filters.remove(id)
