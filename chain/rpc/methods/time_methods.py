"""Time, which passes by slots, and what else a developer's chain is asked for."""

# ruff: noqa: N802 - methods are named as anvil names them

from __future__ import annotations

from math import ceil

from chain.rpc.dispatch import Steps
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.node import Node
from chain.rpc.values import parse_number, parse_quantity, shown

MOST_SLOTS = 1_000  # that one request may play


class TimeMethods:
    """Playing slots, and going back."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._due = 0  # slots that requests are still playing

    def evm_mine(self, options: object = None) -> Steps[str]:
        yield from self._mine(parse_slots(options))
        return "0x0"

    def evm_increaseTime(self, seconds: object) -> Steps[int]:
        asked = parse_number(seconds, "seconds")
        slot = self._node.slot_seconds
        if not 0 <= asked <= MOST_SLOTS * slot:
            raise BadParams(f"at most {MOST_SLOTS} slots of {slot} s at a time; not {asked} s")
        yield from self._mine(ceil(asked / slot))
        return asked

    def evm_setNextBlockTimestamp(self, seconds: object) -> str:
        self._node.set_time(parse_number(seconds, "seconds"))
        return "0x0"

    def evm_snapshot(self) -> str:
        return hex(self._node.snapshot())

    def evm_revert(self, id: object) -> bool:
        if self._due:
            raise RpcError("slots are being played: revert when they are done")
        return self._node.revert(parse_quantity(id, "snapshot"))

    def evm_getAutomine(self) -> bool:
        return False

    def hardhat_mine(self, blocks: object = "0x1", interval: object = "0x0") -> Steps[bool]:
        parse_number(interval, "interval")  # blocks come by slots, whatever it says
        yield from self._mine(parse_slots({"blocks": blocks}))
        return True

    def anvil_mine(self, blocks: object = "0x1", interval: object = "0x0") -> Steps[None]:
        yield from self.hardhat_mine(blocks, interval)

    def _mine(self, slots: int) -> Steps[None]:
        """Play all of them or none. Raises `RpcError`."""
        left = self._node.left - self._due
        if left < slots and self._node.left > 0:
            raise RpcError(f"the run has {left} slots left, not {slots}")
        self._due += slots
        rest = slots
        try:
            while rest:
                self._node.mine()
                self._due -= 1
                rest -= 1
                yield
        finally:
            self._due -= rest


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


ALIASES = {
    "anvil_increaseTime": "evm_increaseTime",
    "anvil_setNextBlockTimestamp": "evm_setNextBlockTimestamp",
    "anvil_snapshot": "evm_snapshot",
    "anvil_revert": "evm_revert",
    "anvil_getAutomine": "evm_getAutomine",
    "hardhat_getAutomine": "evm_getAutomine",
}
"""Other names of the same."""
