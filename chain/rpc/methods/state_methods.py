"""Balances, nonces and what contracts say, after the last blocks."""

# ruff: noqa: N802 - methods are named as the specification names them

from __future__ import annotations

from chain.rpc.asked_block import known_block
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.node import Node, NodeState
from chain.rpc.transactions import GAS_USED, TRANSFER_GAS
from chain.rpc.values import data, parse_address, parse_data, parse_quantity, shown

NOBODY = b"\0" * 20
WORD_BYTES = 32
PENDING = ("pending", {"blockNumber": "pending"})


class StateMethods:
    """The state, and calls on it."""

    def __init__(self, node: Node) -> None:
        self._node = node

    def eth_getBalance(self, address: object, block: object = "latest") -> str:
        who = parse_address(address)
        return hex(self._at(block).balance(who))

    def eth_getTransactionCount(self, address: object, block: object = "latest") -> str:
        who = parse_address(address)
        waiting = self._node.waiting_of(who) if block in PENDING else 0
        return hex(self._at(block).count(who) + waiting)

    def eth_getCode(self, address: object, block: object = "latest") -> str:
        known_block(block, self._node.history)
        if self._node.has_code(parse_address(address)):
            return "0xfe"
        return "0x"

    def eth_getStorageAt(self, address: object, place: object, block: object = "latest") -> str:
        known_block(block, self._node.history)
        parse_place(place)
        if self._node.has_code(parse_address(address)):
            raise RpcError("the contracts have no storage: the testbed plays them; ask their views by eth_call")
        return data(bytes(WORD_BYTES))

    def eth_call(self, call: object, block: object = "latest", overrides: object = None) -> str:
        return data(self._call(call, block, overrides))

    def eth_estimateGas(self, call: object, block: object = "latest", overrides: object = None) -> str:
        self._call(call, block, overrides)
        says_something = isinstance(call, dict) and parse_input(call)
        return hex(GAS_USED if says_something else TRANSFER_GAS)

    def _call(self, call: object, block: object, overrides: object) -> bytes:
        if overrides:
            raise BadParams("state overrides are not supported")
        if not isinstance(call, dict):
            raise BadParams(f"a call is an object, not {shown(call)}")
        if call.get("to") is None:
            raise BadParams("the testbed deploys no contracts: a call needs an address that it goes to")
        to = parse_address(call["to"], "to")
        caller = NOBODY
        if call.get("from") is not None:
            caller = parse_address(call["from"], "from")
        value = parse_quantity(first_given(call, ("value",), "0x0"), "value")
        return self._at(block).call(caller, to, parse_input(call), value)

    def _at(self, asked: object) -> NodeState:
        return self._node.state(known_block(asked, self._node.history).number)


def parse_input(call: dict[str, object]) -> bytes:
    """What a call says; `input` and `data` are the same. Raises `BadParams`."""
    given = [call[name] for name in ("input", "data") if call.get(name) is not None]
    if len(given) == 2 and given[0] != given[1]:
        raise BadParams("input and data differ: give one of them")
    return parse_data(given[0] if given else "0x", "data")


def parse_place(place: object) -> bytes:
    """A place of storage: up to 32 bytes, with or without leading zeros. Raises `BadParams`."""
    if isinstance(place, str) and place.startswith("0x") and len(place) % 2:
        place = "0x0" + place[2:]
    found = parse_data(place, "the place in storage")
    if len(found) > WORD_BYTES:
        raise BadParams(f"a place in storage has at most {WORD_BYTES} bytes, not {len(found)}")
    return found


def first_given(call: dict[str, object], names: tuple[str, ...], absent: str) -> object:
    """The first of these fields that is not null; `absent` where all are."""
    return next((call[name] for name in names if call.get(name) is not None), absent)
