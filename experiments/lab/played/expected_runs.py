"""What a folder of several runs says there should be: runs that are gone, and figures that are not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from math import isnan, prod
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.lab.config.errors import InputError
from experiments.lab.runs.differences import shown
from experiments.lab.runs.folder import MANIFEST, ROW, RUNS, has_manifests_alone, read_json, read_manifest
from experiments.lab.runs.parting import first_parting
from experiments.lab.runs.way_on import TERMS

ANSWER = "answer.json"
EXPECTED = "expected.json"

Faults = Iterator[tuple[str, str]]
"""The name of a run or a file in the folder, and what is wrong with it."""
Rows = dict[str, dict[str, Any]]
"""The rows of a sweep's table by the folder of their run."""


def faults_of_structures(top: Path, structures: Mapping[Any, Path]) -> Faults:
    """Where the manifest on top of several structures does not say what theirs say."""
    about = read_manifest(top)
    for name, place in structures.items():
        below = read_manifest(place)
        shared = [key for key in TERMS if key in about and key in below]
        parting = first_parting(*({key: one[key] for key in shared} for one in (about, below)))
        if parting is not None:
            found, expected = shown(parting.found), shown(parting.expected)
            yield MANIFEST, f"{parting.key}: there is {found}, in {name}/{MANIFEST} there is {expected}"
            return


def faults_of_sweep(sweep: Path) -> Faults:
    """Runs that are gone, and figures of the sweep that are not those of its runs."""
    rows = {place: row for place, row in rows_of(sweep).items() if row["error"] is None}
    grid = read_manifest(sweep).get("grid", {})
    for place in rows or places_of_grid(sweep):
        if not (sweep / "runs" / place / MANIFEST).is_file():
            yield (
                place,
                f"the run is gone, though {RUNS if rows else MANIFEST} has it; get the folder again, whole",
            )
    for place, row in rows.items():
        if (sweep / "runs" / place / ROW).is_file():
            yield from ((f"{RUNS}, {place}", fault) for fault in other_figures(sweep / "runs" / place, row, grid))


def failed_places(sweep: Path) -> set[str]:
    """The runs that failed, of which there may be a part."""
    return {place for place, row in rows_of(sweep).items() if row["error"] is not None}


def rows_of(sweep: Path) -> Rows:
    """The table of a sweep; nothing where it has none. Raises `InputError`."""
    if not (sweep / RUNS).is_file():
        return {}
    try:
        rows = pq.read_table(sweep / RUNS).to_pylist()
        return {place_of(row["point"], row["seed"]): {"error": None, **row} for row in rows}
    except (OSError, pa.ArrowException, KeyError) as error:
        raise InputError(f"{sweep / RUNS}: cannot be read: {error}; get the sweep's folder again, whole") from None


def place_of(point: int, seed: int) -> str:
    """Where a run lies among those of its sweep."""
    return f"point={point}/seed={seed}"


def places_of_grid(sweep: Path) -> list[str]:
    """The runs of a sweep that is known by its manifests alone, as golden runs are; none of one that was cut off,
    where nobody knows which were played."""
    if not has_manifests_alone(sweep):
        return []
    about = read_manifest(sweep)
    try:
        points = range(prod(map(len, about["grid"].values())))
        return [place_of(point, seed) for point, seed in product(points, about["seeds"])]
    except (KeyError, TypeError, AttributeError):
        raise InputError(f"{sweep / MANIFEST}: is not the manifest of a sweep") from None


def other_figures(run: Path, row: Mapping[str, Any], grid: Mapping[str, Any]) -> Iterator[str]:
    """The first figure in the table of a sweep that is not the run's own. Raises `InputError`."""
    own = read_json(run / ROW)
    metrics = own.get("metrics", {}) if isinstance(own, dict) else {}
    figures = {name: value for name, value in metrics.items() if name in row and name not in grid}
    found = {name: None if row[name] is None or isnan(row[name]) else row[name] for name in figures}
    if (parting := first_parting(found, figures)) is not None:
        yield f"{parting.key}: there is {shown(parting.found)}, the run has {shown(parting.expected)}"


def faults_of_experiment(folder: Path) -> Faults:
    """An answer that cannot be read, and golden runs that are gone. Raises `InputError`."""
    for name, kind in ((ANSWER, dict), (EXPECTED, list)):
        if (folder / name).is_file() and not isinstance(parsed(folder / name), kind):
            yield name, "holds no JSON of its kind any more; get it again"
    cases = parsed(folder / EXPECTED) if (folder / EXPECTED).is_file() else []
    for case in cases if isinstance(cases, list) else ():
        for name in case.get("runs", ()) if isinstance(case, dict) else ():
            place = f"{case.get('name')}/{name}"
            if not (folder / "runs" / place / MANIFEST).is_file():
                yield place, f"the run is gone, though {EXPECTED} has it; get the folder again, whole"


def parsed(file: Path) -> Any:
    """What a JSON file says; None where it says nothing."""
    try:
        return read_json(file)
    except InputError:
        return None
