"""An Ethereum virtual machine (revm, by pyrevm) with one contract on it at a time, spoken to in plain Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from pyrevm import EVM, BlockEnv, CfgEnv, Env

from chain.eip712 import keccak
from chain.money import WEI_PER_GWEI

PLENTY = 10**30  # wei, of every caller
GAS = 2**62

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


class Reverted(Exception):
    """The call was refused and changed nothing. Its text is the reason, empty where the contract gave none."""


class Machine:
    """A fresh machine of chain `chain_id`. `prevrandao` is the same in every block: 32 bytes."""

    def __init__(self, chain_id: int, prevrandao: bytes) -> None:
        self._prevrandao = prevrandao
        block = BlockEnv(number=0, timestamp=0, prevrandao=prevrandao, gas_limit=GAS)
        self._evm = EVM(env=Env(cfg=CfgEnv(chain_id=chain_id), block=block), gas_limit=GAS, spec_id="CANCUN")

    def deploy(self, code: bytes, deployer: bytes) -> bytes:
        """Run creation code, arguments at its end. Returns the contract's 20-byte address."""
        address: str = self._evm.deploy(checksum(deployer), code)
        return bytes.fromhex(address[2:])

    def open_block(self, number: int, timestamp: int) -> None:
        """The next block begins; `timestamp` in seconds."""
        self._evm.set_block_env(
            BlockEnv(number=number, timestamp=timestamp, prevrandao=self._prevrandao, gas_limit=GAS)
        )

    def give(self, address: bytes) -> None:
        """Give the address more ETH than it will ever need."""
        self._evm.set_balance(checksum(address), PLENTY)

    def balance(self, address: bytes) -> int:
        """What the address has, wei."""
        return self._evm.get_balance(checksum(address))

    def call(self, caller: bytes, to: bytes, data: bytes, value_gwei: int = 0) -> bytes:
        """Send a transaction. Returns what the contract returns. Raises `Reverted`."""
        try:
            return self._evm.message_call(
                checksum(caller), checksum(to), calldata=data, value=value_gwei * WEI_PER_GWEI
            )
        except RuntimeError as error:
            raise Reverted(reason(str(error))) from None

    def logs(self) -> list[Log]:
        """What the last call logged."""
        result = self._evm.result
        return [Log(tuple(topics), data) for topics, data in (log.data for log in result.logs)] if result else []


def checksum(address: bytes) -> str:
    return "0x" + address.hex()


def reason(error: str) -> str:
    """The reason of a revert, `Error(string)`; what else went wrong in the machine's own words."""
    found = re.search(r"output: 0x([0-9a-f]*)", error)
    output = bytes.fromhex(found[1]) if found else b""
    if output[:4] != keccak(b"Error(string)")[:4]:
        return "" if found else error
    length = int.from_bytes(output[36:68], "big")
    return output[68 : 68 + length].decode()


def selector(signature: str) -> bytes:
    """The first four bytes of a call: `name(type,…)` hashed."""
    return keccak(signature.encode())[:4]


def word(value: Word) -> bytes:
    """A number, or an address or a bytes32, as one word of 32 bytes."""
    return value.rjust(32, b"\0") if isinstance(value, bytes) else int(value).to_bytes(32, "big")


def encode(arguments: Sequence[object]) -> bytes:
    """Arguments as the ABI lays them out: numbers, addresses, bytes32, structs of these as tuples, and `Tail`s."""
    flat = list(flatten(arguments))
    head, tail, end = [], [], 32 * len(flat)
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
