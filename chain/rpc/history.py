"""What has happened, as Ethereum tells it: blocks, transactions and logs. Block n is that of slot n − 1."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from chain.eip712 import keccak
from chain.evm.abi import Log, word
from chain.rpc.transactions import Transaction, gas_used


class Emitted(NamedTuple):
    """A log and who wrote it. `transaction` None: the protocol's own doing in this slot."""

    address: bytes
    log: Log
    transaction: bytes | None = None


class Mined(NamedTuple):
    """A transaction as it was carried out; `reason` says why it was refused, empty where it was not."""

    transaction: Transaction
    reason: str = ""


class OwnDoing(NamedTuple):
    """A transaction that nobody signed: it stands for what the protocol and the run's agents did before the next
    one of the block, or after the last. `nonce` counts those of the chain."""

    hash: bytes
    nonce: int


class LoggedEvent(NamedTuple):
    """A log in its place. `number` counts the logs of its block, `place` the block's transactions."""

    emitted: Emitted
    block: int
    number: int
    transaction: bytes
    place: int


@dataclass(slots=True)
class Block:
    """A block. Its last transaction is the protocol's own; before it logs and transactions run in one order."""

    number: int
    hash: bytes
    parent: bytes
    time: int
    randao: bytes
    transactions: tuple[Mined | OwnDoing, ...]
    gas_price: int  # wei
    chain_id: int
    entries: list[LoggedEvent] = field(default_factory=list)

    @property
    def hashes(self) -> list[bytes]:
        """The hashes of its transactions."""
        return [hash_of(each) for each in self.transactions]

    @property
    def gas_used(self) -> int:
        """By all of them together."""
        return sum(gas_used(each.transaction) for each in self.mined)

    @property
    def mined(self) -> list[Mined]:
        """Those that somebody signed."""
        return [each for each in self.transactions if isinstance(each, Mined)]


def hash_of(transaction: Mined | OwnDoing) -> bytes:
    """By which it is asked for."""
    if isinstance(transaction, OwnDoing):
        return transaction.hash
    return transaction.transaction.hash


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
        self.chain_id = chain_id
        self._seed = keccak(b"et-testbed" + word(chain_id))
        self._drafts: list[Draft] = []
        self._blocks: list[Block] = []
        self._places: dict[bytes, tuple[Block, int]] = {}
        self._by_hash: dict[bytes, Block] = {}
        self._doings = 0
        self._cuts: list[int] = []  # the last block that stayed, each time

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

    def cut(self, last: int) -> None:
        """Go back to where block `last` was the head; what is added from now on has other hashes than what is gone
        had, where it says something else."""
        for block in self.blocks[last + 1 :]:
            del self._by_hash[block.hash]
            for hash in block.hashes:
                del self._places[hash]
            self._doings -= len(block.transactions) - len(block.mined)
        del self._blocks[last + 1 :]
        self._cuts.append(last)

    @property
    def cuts(self) -> int:
        """How often it went back."""
        return len(self._cuts)

    def first_new(self, due: int, cuts: int) -> int:
        """Where to read on for who was at block `due` after so many cuts: those in its stead are new as well."""
        return min([due, *(last + 1 for last in self._cuts[cuts:])])

    def _catch_up(self) -> None:
        drafts = self._drafts
        self._drafts = []
        for draft in drafts:
            self._put_together(draft)

    def _put_together(self, draft: Draft) -> None:
        number = len(self._blocks)
        parent = self._blocks[-1].hash if self._blocks else b"\0" * 32
        logs = list(draft.emitted)
        done, places = self._ordered(draft.mined, logs)
        content = b"".join([*map(hash_of, done), *map(digest, logs)])
        hash = keccak(self._seed + parent + word(number) + word(draft.time) + draft.randao + keccak(content))
        block = Block(number, hash, parent, draft.time, draft.randao, done, self.gas_price, self.chain_id)
        for index, (each, place) in enumerate(zip(logs, places, strict=True)):
            block.entries.append(LoggedEvent(each, number, index, hash_of(done[place]), place))
        self._places |= {hash_of(transaction): (block, place) for place, transaction in enumerate(done)}
        self._by_hash[hash] = block
        self._blocks.append(block)

    def _ordered(
        self, mined: Iterable[Mined], logs: Iterable[Emitted]
    ) -> tuple[tuple[Mined | OwnDoing, ...], list[int]]:
        """The transactions of a block, the protocol's own doings between them, and the place of each log's."""
        rest = list(mined)
        done: list[Mined | OwnDoing] = []
        places = []
        for log in logs:
            if log.transaction is None and not (done and isinstance(done[-1], OwnDoing)):
                done.append(self._own_doing())
            while log.transaction is not None and not (done and hash_of(done[-1]) == log.transaction):
                done.append(rest.pop(0))
            places.append(len(done) - 1)
        done += rest
        if not done or isinstance(done[-1], Mined):
            done.append(self._own_doing())
        return tuple(done), places

    def _own_doing(self) -> OwnDoing:
        nonce = self._doings
        self._doings += 1
        return OwnDoing(keccak(self._seed + b"system" + word(nonce)), nonce)


def digest(emitted: Emitted) -> bytes:
    """What a log adds to the hash of its block."""
    return keccak(emitted.address + b"".join(emitted.log.topics) + emitted.log.data)
