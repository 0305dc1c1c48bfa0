"""The yardstick for an unsigned run: a loop that writes its rows, and knows them beforehand.

It makes the same rows of the same tables from values that are at hand, all but the endowments before genesis, and
writes them through the writer of a run, in the order of the run, and like a run lets the tables flush after each
slot. Table by table it would take less; but no program that plays slots comes to its rows in that order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chain.ledger import names_of
from chain.records import Names, Records, Schema
from experiments.lab.assembly.assembly import Engine, make_driver
from experiments.lab.assembly.rare_collections import rare_collections
from experiments.lab.bench.measure import Job
from experiments.lab.played.runs import run
from experiments.lab.runs.schema import SCHEMAS
from market.slot.driver import Driver
from market.slot.rounds import ROUNDS

NumberedRow = tuple[int, tuple[Any, ...]]
"""A row, after the number of its table among those of the run."""


class RowsInOrder:
    """Notes the rows of a run as they come: those of each slot, and last those of its end."""

    def __init__(self) -> None:
        self.slots: list[list[NumberedRow]] = [[]]
        self.names: Names = {}
        self.schemas: Sequence[Schema] = SCHEMAS

    def drive(self, engine: Engine) -> Driver:
        """The driver of an engine whose rows are noted instead of kept."""
        self.names = names_of(engine.state.accounts)
        if engine.state.rules.round > 1:
            self.schemas = (*SCHEMAS, ROUNDS)
        for number, schema in enumerate(self.schemas):
            engine.records.table(schema).append = partial(self._note, number)
        return make_driver(engine)

    def end_slot(self, structure: str, done: int, trades: int) -> bool:  # noqa: ARG002
        """What comes next belongs to another slot; the run goes on."""
        self.slots.append([])
        return True

    def _note(self, number: int, row: tuple[Any, ...]) -> None:
        self.slots[-1].append((number, row))


def bare_rows(config: Mapping[str, Any] | Path, **terms: Any) -> Job:
    """The loop that writes the rows of an unsigned run."""
    order = RowsInOrder()
    run(config, signatures="off", drive=order.drive, progress=order.end_slot, **terms)

    @rare_collections()  # as in a run
    def job() -> None:
        with TemporaryDirectory() as place:
            write_rows(order, Path(place))

    return job


def write_rows(order: RowsInOrder, place: Path) -> None:
    """The rows of all slots into the tables of a run in `place`."""
    records = Records(place, order.names)
    appends = [records.table(schema).append for schema in order.schemas]
    for slot in order.slots:
        for number, row in slot:
            appends[number]((*row,))  # made as it is written
        records.flush_full()
    records.close()
