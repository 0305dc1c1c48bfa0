"""What it means that the protocol and the contract do not agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chain.evm.abi import Tail

SHOWN = 400  # characters of a value


class Disagreement(Exception):
    """The protocol and the contract differ; the message names the operation and both values."""


class Operation(NamedTuple):
    """What was done on both sides: the how manieth it is, what, and the contract's arguments."""

    number: int
    name: str
    arguments: tuple[object, ...] = ()

    def __str__(self) -> str:
        return f"operation {self.number}, {self.name}{shown(self.arguments)}"


def compare(operation: Operation, what: str, protocol: object, contract: object) -> None:
    """Raises `Disagreement` unless both are equal."""
    if protocol != contract:
        ours, theirs = (shown(value)[:SHOWN] for value in (protocol, contract))
        raise Disagreement(f"{operation}: {what}: {ours} in the protocol, {theirs} in the contract")


def compare_all(
    operation: Operation, names: Sequence[str], protocol: Sequence[object], contract: Sequence[object]
) -> None:
    """Raises `Disagreement` for the first pair that is not equal."""
    for name, ours, theirs in zip(names, protocol, contract, strict=False):
        compare(operation, name, ours, theirs)
    compare(operation, "number of values", len(protocol), len(contract))


def shown(value: object) -> str:
    """A value for a message: bytes in hex, of a signature its first ones."""
    if isinstance(value, Tail):
        return f"0x{value[32:36].hex()}…"
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(shown, value))})"
    return str(value)
