"""The journal of a live run: what came from outside, in OUT/journal.jsonl, from which the run is made again.

One JSON object a line, in the order in which it happened:

    {"slot": 3, "kind": "transaction", "raw": "0x02…"}   taken in before slot 3
    {"slot": 3, "kind": "time", "seconds": 1700000000}   when slot 3's block is to be; those after it follow
    {"slot": 3, "kind": "snapshot"}                      made before slot 3: the first one is 1, the next one 2
    {"slot": 9, "kind": "revert", "to": 1}               before slot 9 the run was put back to snapshot 1
    {"slot": 3, "kind": "slot"}                          slot 3 was played, by the pace or by an `evm_*` call

A line is with the operating system before its transaction or its block is answered: a process that is killed loses
none. Tables need no such care, since they follow from the config, the seed and the journal.
"""

from __future__ import annotations

import json
import os
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from chain.rpc.dispatch import parse
from chain.rpc.error_codes import RpcError
from chain.rpc.transactions import Transaction, decode_transaction
from chain.rpc.values import parse_data
from chain.wording import shown
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.block_times import BlockTimes
from experiments.lab.assembly.transaction_driver import TransactionDriver
from experiments.lab.assembly.waiting_transactions import take_in
from experiments.lab.config.errors import InputError

JOURNAL = "journal.jsonl"
TRANSACTION, SLOT, TIME, SNAPSHOT, REVERT = "transaction", "slot", "time", "snapshot", "revert"
KEYS = {
    TRANSACTION: {"slot", "kind", "raw"},
    TIME: {"slot", "kind", "seconds"},
    SNAPSHOT: {"slot", "kind"},
    REVERT: {"slot", "kind", "to"},
    SLOT: {"slot", "kind"},
}
WAY_OUT = "get the run's folder again, whole, or replace the run with --force"


class JournalWriter:
    """Writes the journal of a run, in an empty folder. A method that raises `OSError` has written nothing."""

    def __init__(self, run: Path) -> None:
        self._file = (run / JOURNAL).open("xb", buffering=0)
        self._end = 0

    def transaction(self, slot: int, raw: bytes) -> None:
        """A transaction was taken in, to be carried out in this slot."""
        self._write({"slot": slot, "kind": TRANSACTION, "raw": "0x" + raw.hex()})

    def time(self, slot: int, seconds: int) -> None:
        """This slot's block is to be at this time."""
        self._write({"slot": slot, "kind": TIME, "seconds": seconds})

    def slot(self, slot: int) -> None:
        """A slot was played."""
        self._write({"slot": slot, "kind": SLOT})

    def snapshot(self, slot: int) -> None:
        """A snapshot was made."""
        self._write({"slot": slot, "kind": SNAPSHOT})

    def revert(self, slot: int, to: int) -> None:
        """The run was put back to a snapshot."""
        self._write({"slot": slot, "kind": REVERT, "to": to})

    def close(self) -> None:
        """Nothing more is written."""
        self._file.close()

    def _write(self, entry: dict[str, Any]) -> None:
        line = json.dumps(entry).encode() + b"\n"
        try:
            rest = memoryview(line)
            while rest:
                rest = rest[self._file.write(rest) :]
        except OSError:  # a full disk, say: no half line stays
            self._file.truncate(self._end)
            self._file.seek(self._end)
            raise
        self._end += len(line)


class LiveJournal(NamedTuple):
    """What a journal says: the slots that were played, the transactions that came before each, and the times that
    were set for their blocks."""

    blocks: int
    transactions: dict[int, list[Transaction]]
    times: dict[int, int]

    def drive(self, engine: Engine) -> JournalDriver:
        """A driver to which it all happens again."""
        return JournalDriver(engine, self)


class JournalDriver(TransactionDriver):
    """Takes its transactions and times from a journal."""

    def __init__(self, engine: Engine, journal: LiveJournal) -> None:
        super().__init__(engine)
        self._journal = journal

    def run_slot(self) -> None:
        slot = self.blocks_done
        self.waiting += self._journal.transactions.get(slot, [])
        if slot in self._journal.times:
            self.times.move(slot + 1, self._journal.times[slot])
        super().run_slot()
        self.mined = []


def follow_journal(engine: Engine, about: dict[str, Any], run: Path) -> None:
    """Let a live run be driven by its journal, up to where that ends.

    Raises `InputError`, also where the journal has other blocks than the manifest.
    """
    journal = read_journal(run, engine)
    done = about.get("blocks_done", journal.blocks)
    if done != journal.blocks:
        raise InputError(f"{run / JOURNAL}: has {journal.blocks} blocks, the manifest {shown(done)}; {WAY_OUT}")
    engine.is_live = True
    engine.ends_at = journal.blocks
    engine.drive = journal.drive


def drop_cut_off(run: Path) -> str | None:
    """Drop a last line that was cut off in the writing. Returns what it said; None where all lines are whole."""
    place = run / JOURNAL
    content = read_bytes(place)
    whole = content.rfind(b"\n") + 1
    if whole == len(content):
        return None
    os.truncate(place, whole)
    return shown(content[whole:].decode(errors="replace"))


def read_journal(run: Path, engine: Engine) -> LiveJournal:
    """The journal of a run. Raises `InputError`, with the number of a line that is damaged."""
    reader = JournalReader(engine)
    for number, entry in entries_of(run):
        try:
            reader.take(entry)
        except (ValueError, RpcError) as fault:
            raise damaged(run, number, fault) from None
    return reader.journal


def has_transactions(run: Path) -> bool:
    """Whether anyone took part from outside in a run that was live. Raises `InputError`."""
    return any(entry["kind"] == TRANSACTION for _, entry in entries_of(run))


def entries_of(run: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The entries of a run's journal with the numbers of their lines. Raises `InputError`."""
    for number, line in enumerate(read_bytes(run / JOURNAL).splitlines(keepends=True), 1):
        try:
            yield number, parse_line(line)
        except (ValueError, RpcError) as fault:
            raise damaged(run, number, fault) from None


def damaged(run: Path, number: int, fault: Exception) -> InputError:
    """What is said of a line."""
    return InputError(f"{run / JOURNAL}: line {number} is damaged: {fault}; {WAY_OUT}")


class JournalReader:
    """Takes in the entries of a journal, each of which has to follow from those before it."""

    def __init__(self, engine: Engine) -> None:
        self._blocks = engine.config.blocks
        self._chain = engine.config.chain.chain_id
        self._numbers = {account.address: account.number for account in engine.state.accounts}
        self._done: Counter[bytes] = Counter()  # transactions of slots that were played, by sender
        self._times = BlockTimes(engine.config.chain.genesis_time, engine.config.chain.slot_seconds)
        self._snapshots: dict[int, bytes] = {}
        self._made = 0
        self.journal = LiveJournal(0, defaultdict(list), {})

    def take(self, entry: dict[str, Any]) -> None:
        """Raises `ValueError` for an entry out of its place, `RpcError` for a transaction that no run takes in."""
        slot = self.journal.blocks
        if type(entry["slot"]) is not int or entry["slot"] != slot:
            raise ValueError(f"slot is {shown(entry['slot'])}, and {slot} is the next")
        if slot >= self._blocks and entry["kind"] not in (SNAPSHOT, REVERT):
            raise ValueError(f"the config has {self._blocks} blocks")
        takers = {
            SLOT: self._take_slot,
            TIME: self._take_time,
            SNAPSHOT: self._take_snapshot,
            REVERT: self._take_revert,
            TRANSACTION: self._take_transaction,
        }
        takers[entry["kind"]](slot, entry)

    def _take_snapshot(self, _: int, __: dict[str, Any]) -> None:
        self._made += 1
        self._snapshots[self._made] = pickle.dumps((self._done, self._times, self.journal))

    def _take_revert(self, _: int, entry: dict[str, Any]) -> None:
        to = entry["to"]
        if type(to) is not int or to not in self._snapshots:
            raise ValueError(f"there is no snapshot {shown(to)}")
        self._done, self._times, self.journal = pickle.loads(self._snapshots[to])
        self._snapshots = {id: kept for id, kept in self._snapshots.items() if id < to}

    def _take_slot(self, slot: int, _: dict[str, Any]) -> None:
        self._done.update(each.sender for each in self.journal.transactions[slot])
        self._times.advance(slot + 1)
        self.journal = self.journal._replace(blocks=slot + 1)

    def _take_time(self, slot: int, entry: dict[str, Any]) -> None:
        if type(entry["seconds"]) is not int:
            raise ValueError(f"seconds is {shown(entry['seconds'])}, no whole number")
        self._times.move(slot + 1, entry["seconds"])
        self.journal.times[slot] = entry["seconds"]

    def _take_transaction(self, slot: int, entry: dict[str, Any]) -> None:
        transaction = decode_transaction(parse_data(entry["raw"], "raw"), self._chain)
        waiting = self.journal.transactions[slot]
        take_in(waiting, transaction, self._numbers, self._done[transaction.sender])


def parse_line(line: bytes) -> dict[str, Any]:
    """An entry with the keys of its kind. Raises `ValueError`, `RpcError`."""
    if not line.endswith(b"\n"):
        raise ValueError("it is cut off")
    entry = parse(line)
    kind = entry.get("kind") if isinstance(entry, dict) else None
    if not isinstance(kind, str) or KEYS.get(kind) != entry.keys():
        raise ValueError(f"{shown(entry)} is no entry")
    return dict(entry)


def read_bytes(place: Path) -> bytes:
    """The content of a journal. Raises `InputError`."""
    try:
        return place.read_bytes()
    except OSError as error:
        raise InputError(f"{place}: cannot be read: {error.strerror}; {WAY_OUT}") from None
