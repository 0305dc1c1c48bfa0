"""Blocks, and what is in them."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from typing import Any

from chain.rpc.as_json import show_block, show_receipt, show_transaction
from chain.rpc.asked_block import block_if_any, numbered_if_any
from chain.rpc.history import Block
from chain.rpc.node import Node
from chain.rpc.values import parse_data, parse_quantity, parse_whole


class BlockMethods:
    """Blocks by number, tag or hash; null where there is none."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def eth_blockNumber(self) -> str:
        return hex(self._node.history.last)

    def eth_getBlockByNumber(self, tag: object, whole: object = False) -> dict[str, Any] | None:
        return self._show(self._numbered(tag), parse_whole(whole))

    def eth_getBlockByHash(self, hash: object, whole: object = False) -> dict[str, Any] | None:
        return self._show(self._hashed(hash), parse_whole(whole))

    def eth_getBlockTransactionCountByNumber(self, tag: object) -> str | None:
        return count_of(self._numbered(tag))

    def eth_getBlockTransactionCountByHash(self, hash: object) -> str | None:
        return count_of(self._hashed(hash))

    def eth_getUncleCountByBlockNumber(self, tag: object) -> str | None:
        return None if self._numbered(tag) is None else "0x0"

    def eth_getUncleCountByBlockHash(self, hash: object) -> str | None:
        return None if self._hashed(hash) is None else "0x0"

    def eth_getBlockReceipts(self, block: object) -> list[dict[str, Any]] | None:
        found = block_if_any(block, self._node.history)
        if found is None:
            return None
        places = range(len(found.transactions))
        return [show_receipt(found, place, self._node.protocol, self._node.tickets) for place in places]

    def eth_getTransactionByBlockNumberAndIndex(self, tag: object, index: object) -> dict[str, Any] | None:
        return self._transaction(self._numbered(tag), index)

    def eth_getTransactionByBlockHashAndIndex(self, hash: object, index: object) -> dict[str, Any] | None:
        return self._transaction(self._hashed(hash), index)

    def _numbered(self, tag: object) -> Block | None:
        return numbered_if_any(tag, self._node.history)

    def _hashed(self, hash: object) -> Block | None:
        return self._node.history.by_hash.get(parse_data(hash, "hash", 32))

    def _transaction(self, block: Block | None, index: object) -> dict[str, Any] | None:
        place = parse_quantity(index, "index")
        if block is None or place >= len(block.transactions):
            return None
        return show_transaction(block, place, self._node.protocol, self._node.tickets)

    def _show(self, block: Block | None, whole: bool) -> dict[str, Any] | None:
        if block is None:
            return None
        return show_block(block, self._node.protocol, self._node.tickets, whole)


def count_of(block: Block | None) -> str | None:
    """How many transactions it has."""
    return None if block is None else hex(len(block.transactions))
