"""What has happened, as Ethereum tells it: blocks, transactions and logs. Block n is that of slot n − 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from chain.eip712 import keccak
from chain.evm.abi import Log, word
from chain.rpc.transactions import Transaction


class Emitted(NamedTuple):
    """A log and who wrote it. `transaction` None: the protocol's own doing in this slot."""

    address: bytes
    log: Log
    transaction: bytes | None = None


class Mined(NamedTuple):
    """A transaction as it was carried out; `reason` says why it was refused, empty where it was not."""

    transaction: Transaction
    reason: str = ""


class LoggedEvent(NamedTuple):
    """A log in its place. `number` counts the logs of its block, `place` the block's transactions."""

    emitted: Emitted
    block: int
    number: int
    transaction: bytes
    place: int


@dataclass(slots=True)
class Block:
    """A block. Its last transaction, `system`, stands for what the protocol and the run's agents did."""

    number: int
    hash: bytes
    parent: bytes
    time: int
    randao: bytes
    mined: tuple[Mined, ...]
    system: bytes
    gas_price: int = 0  # wei
    entries: list[LoggedEvent] = field(default_factory=list)

    @property
    def hashes(self) -> list[bytes]:
        """The hashes of its transactions."""
        return [*(mined.transaction.hash for mined in self.mined), self.system]


class Draft(NamedTuple):
    """What a block is made of."""

    time: int
    randao: bytes
    mined: tuple[Mined, ...]
    emitted: Iterable[Emitted]


class History:
    """All blocks so far, the genesis first; they are put together when someone asks, so that a run that nobody
    looks at costs no more. `chain_id` goes into every hash; `gas_price`, wei, is that of all."""

    def __init__(self, chain_id: int, gas_price: int = 0) -> None:
        self.gas_price = gas_price
        self._seed = keccak(b"et-testbed" + word(chain_id))
        self._drafts: list[Draft] = []
        self._blocks: list[Block] = []
        self._places: dict[bytes, tuple[Block, int]] = {}
        self._by_hash: dict[bytes, Block] = {}

    @property
    def last(self) -> int:
        """The number of the last block."""
        return len(self._blocks) + len(self._drafts) - 1

    @property
    def head(self) -> Block:
        """The last block."""
        return self.blocks[-1]

    @property
    def blocks(self) -> list[Block]:
        """The blocks by their numbers."""
        self._catch_up()
        return self._blocks

    @property
    def places(self) -> dict[bytes, tuple[Block, int]]:
        """Where the transactions are: the block, and which one of it."""
        self._catch_up()
        return self._places

    @property
    def by_hash(self) -> dict[bytes, Block]:
        """The blocks by their hashes."""
        self._catch_up()
        return self._by_hash

    def add(self, time: int, randao: bytes, mined: Iterable[Mined], emitted: Iterable[Emitted]) -> None:
        """The next block; `time` in seconds, `emitted` in order, is read later, once."""
        self._drafts.append(Draft(time, randao, tuple(mined), emitted))

    def _catch_up(self) -> None:
        drafts = self._drafts
        self._drafts = []
        for draft in drafts:
            self._put_together(draft)

    def _put_together(self, draft: Draft) -> None:
        number = len(self._blocks)
        time, randao, done, _ = draft
        logs = list(draft.emitted)
        parent = b"\0" * 32
        if self._blocks:
            parent = self._blocks[-1].hash
        system = keccak(self._seed + b"system" + word(number))
        content = b"".join([*(each.transaction.hash for each in done), *map(digest, logs)])
        hash = keccak(self._seed + parent + word(number) + word(time) + randao + keccak(content))
        block = Block(number, hash, parent, time, randao, done, system, self.gas_price)
        places = {transaction: place for place, transaction in enumerate(block.hashes)}
        for index, each in enumerate(logs):
            transaction = each.transaction or system
            block.entries.append(LoggedEvent(each, number, index, transaction, places[transaction]))
        self._places |= {transaction: (block, place) for transaction, place in places.items()}
        self._by_hash[hash] = block
        self._blocks.append(block)


def digest(emitted: Emitted) -> bytes:
    """What a log adds to the hash of its block."""
    return keccak(emitted.address + b"".join(emitted.log.topics) + emitted.log.data)
