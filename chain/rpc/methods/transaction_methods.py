"""Transactions: sent, waiting and done."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from typing import Any

from chain.rpc.as_json import show_receipt, show_transaction, show_waiting
from chain.rpc.node import Node
from chain.rpc.transactions import decode_transaction
from chain.rpc.values import data, parse_data


class TransactionMethods:
    """Transactions by their hashes."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def eth_sendRawTransaction(self, raw: object) -> str:
        transaction = decode_transaction(parse_data(raw, "transaction"), self._node.chain_id)
        if not self._is_known(transaction.hash):
            self._node.send(transaction)
        return data(transaction.hash)

    def eth_getTransactionReceipt(self, hash: object) -> dict[str, Any] | None:
        place = self._node.history.places.get(parse_data(hash, "hash", 32))
        if place is None:
            return None
        return show_receipt(*place, self._node.protocol, self._node.tickets)

    def eth_getTransactionByHash(self, hash: object) -> dict[str, Any] | None:
        return find_transaction(self._node, parse_data(hash, "hash", 32))

    def _is_known(self, hash: bytes) -> bool:
        """Whether it was sent before: that is no fault, since a client may not know that it arrived."""
        return hash in self._node.history.places or self._node.waiting(hash) is not None


def find_transaction(node: Node, hash: bytes) -> dict[str, Any] | None:
    """A transaction in its block or one that waits; None where there is neither."""
    place = node.history.places.get(hash)
    if place is not None:
        return show_transaction(*place, node.protocol, node.tickets)
    waiting = node.waiting(hash)
    if waiting is None:
        return None
    return show_waiting(waiting, node.history.gas_price)
