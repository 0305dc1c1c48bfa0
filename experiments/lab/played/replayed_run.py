"""Replay: a run made again from its own manifest, and compared with what it says came out."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from chain.held_folder import HeldFolder
from chain.home import expanded
from experiments.lab.assembly.box import FILES
from experiments.lab.assembly.isolation import losses_of
from experiments.lab.config.errors import InputError
from experiments.lab.config.market import Structure
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.played.expected_runs import (
    Faults,
    failed_places,
    faults_of_experiment,
    faults_of_structures,
    faults_of_sweep,
)
from experiments.lab.played.runs import begin, engine_of
from experiments.lab.played.structures_at_once import Progress
from experiments.lab.runs.differences import Difference, first_difference, shown
from experiments.lab.runs.digest import table_digest
from experiments.lab.runs.files import changed_files, files_of
from experiments.lab.runs.folder import (
    FORMAT,
    MANIFEST,
    SUMMARY,
    SWEEP,
    TABLES,
    read_manifest,
    run_folders,
    versions,
    way_on,
)
from experiments.lab.runs.kept_folder import Kept
from experiments.lab.runs.schema import EXTRA, SCHEMAS
from experiments.lab.terminal.notebook_bar import run_bar

MOST_PLACES = 3
"""In the user's own files, of what no seed governs, that are told."""


class Replayed(NamedTuple):
    """What came of one structure: the tables that are the same, and the first that is not, with its difference.
    Or a `fault` of the folder that the runs lie in: one that is gone, or what is said of them and is not so.

    `where` is None for a table that is only known by its digest. `writer` says which versions wrote the run, where
    they are not those of now. `changed` are the user's own files that are not what they were; `chance`, where a
    table differs, what in them no seed governs.
    """

    structure: Structure | None
    same: list[str]
    other: str | None
    where: Difference | None
    writer: str
    changed: list[str]
    fault: str | None = None
    chance: str = ""

    @property
    def is_same(self) -> bool:
        return self.other is None and self.fault is None

    def __str__(self) -> str:
        return f"{self.outcome}{self.writer}{self.about_files}{self.chance}"

    @property
    def outcome(self) -> str:
        """What came of the tables, or is wrong beside them."""
        if self.fault is not None:
            return self.fault
        if self.is_same:
            return f"the same {len(self.same)} tables"
        if self.where is None:
            return f"table {self.other!r} has another digest"
        row, column, stored, again = self.where
        place = f"table {self.other!r} differs in row {row}, column {column!r}"
        return f"{place}: it has {shown(stored)}, and now comes {shown(again)}"

    @property
    def about_files(self) -> str:
        """Which files were changed."""
        return told_changed(self.changed)

    def as_dict(self) -> dict[str, Any]:
        """The outcome as plain data, for JSON."""
        difference = None
        if self.where is not None:
            row, column, stored, again = self.where
            difference = {"row": row, "column": column, "stored": shown(stored), "again": shown(again)}
        writer = self.writer.removeprefix("; ") or None
        fault = {} if self.fault is None else {"fault": self.fault}
        return fault | {
            "same": self.is_same,
            "table": self.other,
            "difference": difference,
            "writer": writer,
            "changed_files": self.changed,
        }


@tells_arguments
def replay(
    path: Kept | Path | str, progress: Progress | None = None, *, keep_tables: bool = False
) -> dict[str, Replayed]:
    """Run again what lies in a folder, of a run, a sweep or an experiment, or in that of a result, and compare it
    table by table; by the runs' names. A run that is gone has an outcome too, and so has a file whose figures are
    not those of the runs. A notebook shows how far it is, unless `progress` is given. With `keep_tables` a run
    that kept none, and comes out the same, has its tables from then on.

    Raises `InputError` for a folder without a finished run, and where a file that the config names is not there.
    """
    top = path.path if isinstance(path, Kept) else expanded(path)
    outcomes = {
        name: replay_structure(structure, place, progress, keep_tables) for name, structure, place in runs_in(top)
    }
    faults = {name: Replayed(None, [], None, None, "", [], fault) for name, fault in faults_in(top)}
    return outcomes | faults


def faults_in(path: Path) -> Faults:
    """What is wrong with a folder beside what its runs come to. Raises `InputError`."""
    if not (path / MANIFEST).is_file():
        yield from faults_of_experiment(path)
        for place in runs_of_experiment(path):
            name = place.relative_to(path / "runs").as_posix()
            yield from ((f"{name}/{where}", fault) for where, fault in faults_in(place))
    elif read_manifest(path).get("kind") == SWEEP:
        yield from faults_of_sweep(path)
    elif (places := run_folders(path)) and path not in places.values():
        yield from faults_of_structures(path, places)


def runs_in(path: Path) -> Iterator[tuple[str, Structure, Path]]:
    """Every run of one structure in a folder: its name there, its structure, its own folder. A folder that is no
    run and has some in `runs` is an experiment's: these are meant."""
    places = [] if (path / MANIFEST).is_file() else runs_of_experiment(path)
    for place in places:
        name = place.relative_to(path / "runs").as_posix()
        yield from ((f"{name}/{run}", structure, folder) for run, structure, folder in runs_in(place))
    if not places:
        yield from runs_of(path)


def runs_of_experiment(path: Path) -> list[Path]:
    """The runs and sweeps of an experiment, without those that are a part of another."""
    found: list[Path] = []
    for manifest in sorted((path / "runs").rglob(MANIFEST), key=lambda file: (len(file.parts), file)):
        if not any(above in manifest.parents for above in found):
            found.append(manifest.parent)
    return sorted(found)


def runs_of(path: Path) -> Iterator[tuple[str, Structure, Path]]:
    """Those of a run, or of a sweep."""
    if read_manifest(path).get("kind") != SWEEP:
        yield from ((structure, structure, place) for structure, place in run_folders(path).items())
        return
    manifests = sorted(path.glob(f"runs/*/*/{MANIFEST}"))
    places = {manifest.parent.relative_to(path / "runs").as_posix(): manifest.parent for manifest in manifests}
    if not places:
        raise InputError(f"{path}: the sweep has kept no runs; sweep it again with --keep-tables")
    failed = failed_places(path)
    yield from ((name, read_manifest(run)["structure"], run) for name, run in places.items() if name not in failed)


def replay_structure(structure: Structure, path: Path, progress: Progress | None, keep_tables: bool) -> Replayed:
    """One structure, into a folder that is thrown away, but for the tables where they are wanted and missing."""
    about = checked(path)
    with HeldFolder() as place:
        again = place / "run"
        try:
            names = [account["name"] for account in about["accounts"]]
            losses = losses_of(path / TABLES, names)
            engine = engine_of(about, structure, path, again / TABLES, losses)
        except InputError as error:
            changed = [f"{name} is not what it was" for name in changed_since(path)]
            raise InputError("; ".join([str(error), *changed, *where_missing(path)])) from None
        blocks = about["blocks_done"]
        result = begin(engine, again, None, until(blocks, progress or run_bar(blocks)), None)
        if result.summary["blocks"] < about["blocks_done"]:
            raise KeyboardInterrupt
        changed = changed_since(path)
        found = compared(structure, about, path / TABLES, again / TABLES, changed)
        if keep_tables and found.is_same and not (path / TABLES).exists():
            shutil.move(again / TABLES, path / TABLES)
            if not (path / SUMMARY).exists():  # of golden runs, which are manifests alone
                shutil.move(again / SUMMARY, path / SUMMARY)
        return found


def told_changed(files: list[str]) -> str:
    """Which files were changed; nothing where none was."""
    return f"; changed since the run: {', '.join(files)}" if files else ""


def told_chance(run: Path) -> str:
    """Where in the user's own files of a run there is chance without a seed, or a clock."""
    from strategies.testing.unseeded import unseeded_in  # of use here alone

    found = unseeded_in(files_of(run))
    more = f"; and {len(found) - MOST_PLACES} more" if len(found) > MOST_PLACES else ""
    return "".join(f"; {line}" for line in found[:MOST_PLACES]) + more


def changed_since(run: Path) -> list[str]:
    """The user's own files of a run, or of the sweep that it is a part of, that are not what they were."""
    files = files_of(run)
    top = files.parent / MANIFEST
    if top.is_file():
        return changed_files(files, read_manifest(files.parent).get("files", {}))
    return []


def where_missing(run: Path) -> list[str]:
    """Which files that the config names did not come along, and where they belong: with the whole of which the run
    is a part."""
    files = files_of(run)
    tops = [place for place in (run, run.parent, *run.parents[2:3]) if (place / MANIFEST).is_file()]
    names = dict.fromkeys(name for top in tops for name in read_manifest(top).get("files", {}))
    missing = [name for name in names if not (files / name).is_file()]
    if not missing:
        return []
    belongs = files if files.is_dir() else tops[-1] / FILES
    return [f"{', '.join(missing)} of those that the config names belongs in {belongs}"]


def checked(path: Path) -> dict[str, Any]:
    """The manifest of a run that has something to compare. Raises `InputError`."""
    about = read_manifest(path)
    if about.get("format") != FORMAT:
        raise InputError(
            f"{path / MANIFEST}: has format {about.get('format')!r}{writer(about)}; this version reads {FORMAT}"
        )
    if "tables" not in about:
        raise InputError(f"{path}: the run was cut off; {way_on(path)}")
    return about


def until(blocks: int, progress: Progress | None) -> Callable[[str, int, int], bool]:
    """Stops where the run stopped, or when the user does."""
    return lambda name, done, trades: done < blocks and (progress is None or progress(name, done, trades))


def compared(
    structure: Structure, about: Mapping[str, Any], stored: Path, again: Path, changed: list[str]
) -> Replayed:
    """Table by table in the order of the schemas, up to the first that is not the same."""
    same: list[str] = []
    kept = stored.is_dir()  # a golden run, and a sweep without its tables, has the digests alone
    extra = [schema.name for schema in EXTRA if (again / f"{schema.name}.parquet").is_file()]
    for name in (*(schema.name for schema in SCHEMAS), *extra):
        file = stored / f"{name}.parquet"
        other = again / f"{name}.parquet"
        digest = table_digest(other)
        if digest != about["tables"].get(name) or (kept and stored_digest(file) != digest):
            where = None
            if kept:
                where = first_difference(file, other)
            return Replayed(
                structure, same, name, where, writer(about), changed, chance=told_chance(stored.parent)
            )
        same.append(name)
    return Replayed(structure, same, None, None, writer(about), changed)


def stored_digest(file: Path) -> str:
    """The digest of a table as it lies in the run's folder. Raises `InputError` where it is gone or damaged."""
    try:
        return table_digest(file)
    except FileNotFoundError:
        raise InputError(f"{file}: the table is missing; get the run's folder again, whole") from None
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"{file}: cannot be read: {error}; get the run's folder again, whole") from None


def writer(about: Mapping[str, Any]) -> str:
    """Which versions wrote a run, where they are other ones than those of now."""
    others = [
        f"{name} {version} (here {versions().get(name, 'none')})"
        for name, version in about.get("versions", {}).items()
        if versions().get(name) != version
    ]
    if others:
        return f"; it was written by {', '.join(others)}"
    return ""
