"""What a run has written at its end, from its writer's hands: to read it again costs more than to write it."""

from __future__ import annotations

import pyarrow as pa

from chain.records import GroupHearer, Schema
from experiments.lab.runs.digest import WrittenDigest
from experiments.lab.runs.tallies import AtHand

SHORT = 2_000_000  # bytes: what is kept beside what a long run takes must not show


class WrittenTable:
    """One table, which hears of its row groups.

    `whole`: all of it, in one group at the most; None where it is not short.
    """

    def __init__(self, schema: Schema) -> None:
        self.name = schema.name
        self.whole: list[pa.Table] | None = []
        self.digest = WrittenDigest(schema.arrow())

    def hear(self, group: pa.Table) -> None:
        """The next row group."""
        self.digest.add_group(group)
        is_all = self.whole == [] and group.nbytes <= SHORT
        self.whole = [group] if is_all else None


class WrittenTables:
    """Listens to the records of a run as they are closed, one table after the other."""

    def __init__(self) -> None:
        self._at_hand: dict[str, list[pa.Table]] = {}
        self._digests: dict[str, str] = {}
        self._last: WrittenTable | None = None

    def listen(self, schema: Schema) -> GroupHearer:
        """The table of `schema` is written next, and the one before it is complete."""
        self._end_last()
        self._last = WrittenTable(schema)
        return self._last.hear

    def digests(self) -> dict[str, str]:
        """The digest of each table, hex, by name in alphabetical order; all are complete."""
        self._end_last()
        return dict(sorted(self._digests.items()))

    def at_hand(self) -> AtHand:
        """The tables that are short enough to be kept, by name; all are complete."""
        self._end_last()
        return self._at_hand

    def _end_last(self) -> None:
        if self._last is None:
            return
        self._digests[self._last.name] = self._last.digest.end()
        if self._last.whole is not None:
            self._at_hand[self._last.name] = self._last.whole
        self._last = None
