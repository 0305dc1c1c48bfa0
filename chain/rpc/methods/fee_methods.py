"""What gas costs: its price never changes, and nobody is paid a tip."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from itertools import pairwise
from typing import Any

from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.asked_block import known_block
from chain.rpc.error_codes import BadParams
from chain.rpc.history import Block
from chain.rpc.node import Node
from chain.rpc.values import parse_number, shown

MOST_FEES = 1_024  # blocks in a fee history; who asks for more gets these
MOST_PERCENTILES = 100


class FeeMethods:
    """Fees, of now and of blocks that were."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def eth_gasPrice(self) -> str:
        return hex(self._node.history.gas_price)

    def eth_baseFee(self) -> str:
        return hex(self._node.history.gas_price)

    def eth_maxPriorityFeePerGas(self) -> str:
        return "0x0"

    def eth_blobBaseFee(self) -> str:
        return "0x0"

    def eth_feeHistory(self, count: object, newest: object, percentiles: object = None) -> dict[str, Any]:
        wanted = parse_number(count, "blockCount")
        if wanted < 0:
            raise BadParams(f"blockCount is not below 0, as {shown(count)} is")
        asked = parse_percentiles(percentiles)
        if wanted == 0:
            return {"oldestBlock": "0x0", "gasUsedRatio": None}  # as geth has it
        last = known_block(newest, self._node.history).number
        first = max(0, last - min(wanted, MOST_FEES) + 1)
        blocks = self._node.history.blocks[first : last + 1]
        seen = len(blocks)
        fees: dict[str, Any] = {
            "oldestBlock": hex(first),
            "baseFeePerGas": [hex(self._node.history.gas_price)] * (seen + 1),
            "gasUsedRatio": [gas_used_ratio(block) for block in blocks],
            "baseFeePerBlobGas": ["0x0"] * (seen + 1),
            "blobGasUsedRatio": [0] * seen,
        }
        if asked:
            fees["reward"] = [["0x0"] * len(asked) for _ in blocks]
        return fees


def gas_used_ratio(block: Block) -> float:
    """The share of its limit that a block used."""
    return block.gas_used / GAS_LIMIT


def parse_percentiles(asked: object) -> list[float]:
    """Percentiles in 0 … 100 that rise. Raises `BadParams`."""
    if asked is None:
        return []
    if not isinstance(asked, list) or len(asked) > MOST_PERCENTILES:
        raise BadParams(f"percentiles is a list of at most {MOST_PERCENTILES}, not {shown(asked)}")
    for each in asked:
        if type(each) not in (int, float) or not 0 <= each <= 100:
            raise BadParams(f"a percentile is a number in 0 … 100, not {shown(each)}")
    for one, next_one in pairwise(asked):
        if next_one < one:
            raise BadParams(f"percentiles rise: {shown(next_one)} stands after {shown(one)}")
    return asked
