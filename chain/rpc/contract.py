"""A contract as the testbed plays it: an ABI in front of Python functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, Protocol

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError

from chain.evm.abi import Log, selector

Abi = Sequence[Mapping[str, Any]]


class Function(NamedTuple):
    """A function of an ABI."""

    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    is_view: bool


class Call(NamedTuple):
    """A call, decoded."""

    function: Function
    arguments: tuple[Any, ...]


class Code(Protocol):
    """What stands behind an ABI. Both raise `chain.errors.Refused`."""

    def view(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """What the view `name` returns."""

    def act(self, caller: bytes, name: str, arguments: tuple[Any, ...]) -> list[Log]:
        """Carry out a function for `caller`. Returns its logs, beside those of tickets that move."""


class Interface:
    """The functions of an ABI by their selectors; those named in `known` only."""

    def __init__(self, abi: Abi, known: frozenset[str]) -> None:
        functions = (entry for entry in abi if entry["type"] == "function" and entry["name"] in known)
        self._functions = dict(map(read_function, functions))

    def decode(self, data: bytes) -> Call | None:
        """The call that these bytes are; None where the contract has no such function or cannot read them."""
        function = self._functions.get(data[:4])
        if function is None:
            return None
        try:
            return Call(function, decode(function.inputs, data[4:]))
        except (DecodingError, UnicodeDecodeError):
            return None


def read_function(entry: Mapping[str, Any]) -> tuple[bytes, Function]:
    """A function and its selector, from its entry in an ABI."""
    name = str(entry["name"])
    inputs = split(entry["inputs"])
    is_view = entry["stateMutability"] in ("view", "pure")
    return selector(f"{name}({','.join(inputs)})"), Function(name, inputs, split(entry["outputs"]), is_view)


def split(arguments: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return tuple(argument["type"] for argument in arguments)


def encode_result(function: Function, result: Any) -> bytes:
    """What a view returns, as the ABI lays it out; a tuple where it has several results."""
    results = result
    if len(function.outputs) <= 1:
        results = [result]
    return encode(function.outputs, results)
