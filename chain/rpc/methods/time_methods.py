"""Time, which passes by slots."""

# ruff: noqa: N802 - methods are named as anvil names them

from __future__ import annotations

from math import ceil

from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.node import Node
from chain.rpc.values import parse_number, shown

MOST_SLOTS = 1_000  # that one request may play


class TimeMethods:
    """Playing slots."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def evm_mine(self, options: object = None) -> str:
        self._mine(parse_slots(options))
        return "0x0"

    def evm_increaseTime(self, seconds: object) -> int:
        asked = parse_number(seconds, "seconds")
        slot = self._node.slot_seconds
        if not 0 <= asked <= MOST_SLOTS * slot:
            raise BadParams(f"at most {MOST_SLOTS} slots of {slot} s at a time; not {asked} s")
        self._mine(ceil(asked / slot))
        return asked

    def _mine(self, slots: int) -> None:
        """Play all of them or none. Raises `RpcError`."""
        if 0 < self._node.left < slots:
            raise RpcError(f"the run has {self._node.left} slots left, not {slots}")
        for _ in range(slots):
            self._node.mine()


def parse_slots(options: object) -> int:
    """How many slots `evm_mine` is to play, as anvil's option `blocks` says it. Raises `BadParams`."""
    if options is None or options == {}:
        return 1
    if not isinstance(options, dict) or options.keys() != {"blocks"}:
        raise BadParams(f'evm_mine takes nothing, or {{"blocks": n}}; not {shown(options)}')
    blocks = options["blocks"]
    slots = parse_number(blocks, "blocks")
    if not 1 <= slots <= MOST_SLOTS:
        raise BadParams(f"blocks is 1 … {MOST_SLOTS}, not {shown(blocks)}")
    return slots
