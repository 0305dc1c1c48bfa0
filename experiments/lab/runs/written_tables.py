"""What a run has written at its end, from its writer's hands: to read it again costs more than to write it."""

from __future__ import annotations

import pyarrow as pa

from chain.records import PART_BYTES, GroupHearer, Schema
from experiments.lab.runs.digest import WrittenDigest


class WrittenTable:
    """One table, which hears of its row groups.

    `whole`: all of it, where it takes no more memory than a table may while it is written; else None.
    """

    def __init__(self, schema: Schema) -> None:
        stored = schema.arrow()
        self.name = schema.name
        self.whole: pa.Table | None = stored.empty_table()
        self.digest = WrittenDigest(stored)

    def hear(self, group: pa.Table) -> None:
        """The next row group."""
        self.digest.add_group(group)
        is_first = self.whole is not None and not self.whole.num_rows
        self.whole = group if is_first and group.nbytes <= PART_BYTES else None


class WrittenTables:
    """Listens to the records of a run as they are closed, one table after the other."""

    def __init__(self) -> None:
        self._at_hand: dict[str, pa.Table] = {}
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

    def at_hand(self) -> dict[str, pa.Table]:
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
