"""Where a report takes its facts from: the tables of one structure, and of all structures of a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from experiments.lab.config.errors import InputError
from experiments.lab.runs.expected_profits import less_luck
from experiments.lab.runs.folder import (
    MANIFEST,
    SUMMARY,
    TABLES,
    check_kept,
    read_manifest,
    run_folders,
    warn_of_gone,
    way_on,
)
from experiments.lab.runs.fortune import Fortune
from experiments.lab.runs.stored_summary import read_summary
from experiments.lab.runs.summary import summarise

Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


BATCH = 65_536  # rows


@dataclass(frozen=True, slots=True)
class Source:
    """One run of one structure. `fortune`: what was expected of it, where that is known."""

    structure: str
    folder: Path
    manifest: dict[str, Any]
    summary: dict[str, Any]
    fortune: Fortune | None = None

    def read(self, table: str, *columns: str) -> pa.Table:
        """Some columns of a table. Raises `InputError`."""
        return read_table(self.folder / TABLES / f"{table}.parquet", columns)

    def batches(self, table: str, *columns: str) -> Iterator[pa.Table]:
        """The same in parts, for a table that may not fit into memory."""
        with pq.ParquetFile(self.folder / TABLES / f"{table}.parquet") as file:
            for batch in file.iter_batches(BATCH, columns=list(columns)):
                yield pa.Table.from_batches([batch])

    @property
    def blocks(self) -> int:
        """The blocks that were run."""
        return int(self.summary["blocks"])

    @property
    def is_finished(self) -> bool:
        """Whether the run came to its end."""
        return bool(self.manifest.get("finished"))


def without_luck(source: Source) -> dict[str, float]:
    """The profit of each agent less its luck, ETH; nothing where that is not known."""
    if source.fortune is None or source.fortune.luck is None:
        return {}
    return less_luck(source.summary["profit_eth"], source.fortune.luck)


def read_sources(run: Path) -> list[Source]:
    """Every structure of a run that has tables, also of an unfinished run. Raises `InputError`."""
    places = run_folders(run).values()
    warn_of_gone(run, read_manifest(run))
    folders = [folder for folder in places if has_tables(folder)]
    if not folders:
        for place in filter(has_manifest, places):
            check_kept(place)
        raise InputError(f"{run}: the run was cut off before its tables were written; {way_on(run)}")
    return [read_source(folder) for folder in folders]


def has_tables(folder: Path) -> bool:
    """Whether a structure was run; of a run that was killed only partial files are left."""
    return has_manifest(folder) and (folder / TABLES / "blocks.parquet").is_file()


def has_manifest(folder: Path) -> bool:
    """Whether a structure's run was begun."""
    return (folder / MANIFEST).is_file()


def read_source(folder: Path) -> Source:
    """One structure. Raises `InputError`."""
    manifest = read_manifest(folder)
    return Source(manifest["structure"], folder, manifest, summary_of(folder, manifest))


def summary_of(folder: Path, manifest: dict[str, Any]) -> dict[str, Any]:
    """The summary; a run that ended by an error has none, and gets one from its tables."""
    if (folder / SUMMARY).is_file():
        return read_summary(folder, manifest)
    agents = [account["name"] for account in manifest["accounts"][1:]]
    try:
        return summarise(folder / TABLES, agents)
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{folder / TABLES}: cannot be read: {error}") from None


def read_table(file: Path, columns: tuple[str, ...]) -> pa.Table:
    """Some columns of a Parquet file. Raises `InputError`."""
    try:
        return pq.read_table(file, columns=list(columns)).unify_dictionaries()
    except (OSError, pa.ArrowInvalid) as error:
        raise InputError(f"{file}: cannot be read: {error}") from None


def having(table: pa.Table, **labels: str) -> pa.Table:
    """The rows that have all these labels."""
    for column, label in labels.items():
        table = table.filter(pc.equal(table.column(column).cast(pa.string()), label))
    return table


def integers(column: pa.ChunkedArray) -> Integers:
    """A column of whole numbers; what is missing counts 0."""
    return np.asarray(pc.fill_null(column, 0).to_numpy(), dtype=np.int64)


def eth(gwei: pa.ChunkedArray) -> Floats:
    """A column of Gwei, in ETH."""
    return integers(gwei) / 1e9


def coded(column: pa.ChunkedArray) -> tuple[Integers, list[str]]:
    """A column of names as places in a list of names; −1 where it is missing."""
    if not len(column):
        return np.zeros(0, np.int64), []
    whole = column.unify_dictionaries().combine_chunks()
    if isinstance(whole, pa.ChunkedArray):
        whole = whole.chunk(0)
    codes = pc.fill_null(whole.indices, -1).to_numpy(zero_copy_only=False)
    return codes.astype(np.int64), whole.dictionary.to_pylist()
