"""Calls and logs as the ABI of contracts lays them out.

As lean as it is for the many thousand calls a second that a differential test makes. Source: Solidity's contract
ABI specification, "Formal Specification of the Encoding".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from chain.eip712 import keccak

Word = int | bytes


class Tail(bytes):
    """An argument of the ABI whose length varies: where it is, is in the head, and this is in the tail."""

    @classmethod
    def of_bytes(cls, data: bytes) -> Tail:
        """`bytes` or `string`."""
        return cls(word(len(data)) + data + b"\0" * (-len(data) % 32))

    @classmethod
    def of_words(cls, words: Sequence[Word]) -> Tail:
        """An array of members of one word each."""
        return cls(word(len(words)) + b"".join(map(word, words)))


class Log(NamedTuple):
    """An event as the machine logs it."""

    topics: tuple[bytes, ...]
    data: bytes


def event(signature: str, *indexed: Word, data: bytes = b"") -> Log:
    """The log of an event: `Name(type,…)`, what is indexed of it, and the rest encoded."""
    return Log((keccak(signature.encode()), *map(word, indexed)), data)


def selector(signature: str) -> bytes:
    """The first four bytes of a call: `name(type,…)` hashed."""
    return keccak(signature.encode())[:4]


def word(value: Word) -> bytes:
    """A number, or an address or a bytes32, as one word of 32 bytes."""
    if isinstance(value, bytes):
        return value.rjust(32, b"\0")
    return int(value).to_bytes(32, "big")


def encode(arguments: Sequence[object]) -> bytes:
    """Arguments as the ABI lays them out: numbers, addresses, bytes32, structs of these as tuples, and `Tail`s."""
    flat = list(flatten(arguments))
    head = []
    tail = []
    end = 32 * len(flat)
    for argument in flat:
        if isinstance(argument, Tail):
            head.append(word(end))
            tail.append(argument)
            end += len(argument)
        else:
            head.append(word(argument))
    return b"".join([*head, *tail])


def flatten(arguments: Iterable[object]) -> Iterator[Word]:
    for argument in arguments:
        if isinstance(argument, tuple):
            yield from flatten(argument)
        else:
            yield argument  # type: ignore[misc]
