"""The folder of a run: what lies where in it, and the manifest that says how it came about.

    OUT/manifest.json   written before anything else; the digests are added at the end
    OUT/summary.json
    OUT/tables/*.parquet
    OUT/files/*         the user's own files that the config names
    OUT/journal.jsonl   of a live run: what came from outside

While it goes on, and after a crash, there are also OUT/tables/parts/*.parquet, what is recorded so far, and
OUT/checkpoint.pickle. With several market structures there is such a folder for each, OUT/STRUCTURE, and a
manifest, a summary and the files on top.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.metadata import version
from itertools import accumulate
from pathlib import Path
from typing import Any, get_args

import numpy as np
import pyarrow as pa

from chain.nesting import brackets_of
from chain.whole_file import PARTIAL, whole_file
from chain.wording import as_typed, shown
from experiments.lab.config.errors import InputError
from experiments.lab.config.market import Structure

MANIFEST = "manifest.json"
SUMMARY = "summary.json"
TABLES = "tables"
FORMAT = 1  # of the folder
MOST_NESTED = 100  # in JSON
DEEPER = dict(zip(b"[{]}", (1, 1, -1, -1), strict=True))
"""By how much what comes after a bracket is nested."""
SWEEP = "sweep"  # what the manifest of a sweep says that it is
RUNS = "runs.parquet"  # the table of a sweep
ROW = "row.json"  # the same of one of its runs, in its folder
NOT_KEPT = (
    "its tables were not kept, as of runs of an experiment and of --no-keep-tables; `et-testbed replay {} "
    "--keep-tables` plays it again and puts them there"
)
DEEPEST = 3  # runs of an experiment may have names like `lottery/8`


@contextmanager
def prepared(out: Path, force: bool) -> Iterator[None]:
    """An empty folder, locked while the context lasts.

    Raises `InputError` where there is something in it, unless it is a run to replace.
    """
    make_folder(out)
    with locked(out):
        if holds_something(out):
            if not (out / MANIFEST).is_file():
                raise InputError(f"{out}: the folder is not empty and holds no run; name another one with --out")
            if not force:
                raise InputError(
                    f"{out}: holds a run already; name another folder, replace it with --force, or go on with it "
                    "with --resume"
                )
            clear(out)
        yield


def make_folder(out: Path) -> None:
    """A folder, if it is not there yet. Raises `InputError` where it cannot be."""
    if out.exists() and not out.is_dir():
        raise InputError(f"{out}: there is a file of that name; name another folder with --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{out}: cannot be made: {error.strerror}") from None


def holds_something(out: Path) -> bool:
    """Whether a folder is not empty. What a process left that was killed over its manifest, the first file of all,
    is removed."""
    for file in out.glob(f"{MANIFEST}.*{PARTIAL}"):
        file.unlink()
    return any(out.iterdir())


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Nobody else writes to the folder while the context lasts; a process that dies leaves no lock behind.

    Raises `InputError` where another process does.
    """
    handle = os.open(folder, os.O_RDONLY)
    try:
        lock(handle, folder)
        yield
    finally:
        os.close(handle)


def lock(handle: int, folder: Path) -> None:
    """Raises `InputError` where the folder is locked already."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise InputError(
            f"{folder}: another process is writing to it; wait for its end, or name another folder"
        ) from None


def clear(folder: Path) -> None:
    """Remove everything in a folder."""
    for entry in folder.iterdir():
        remove(entry)


def remove(entry: Path) -> None:
    """Remove a file, a link, or a folder with all that lies in it."""
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def write_json(path: Path, data: Any) -> None:
    """Write a JSON file whole or not at all."""
    with whole_file(path) as file:
        file.write(json.dumps(data, indent=2, allow_nan=False).encode() + b"\n")


def parse_json(text: str) -> Any:
    """Raises `ValueError`, also for what is nested so deeply that Python's own reader may end the process: it
    trusts in the limit of recursion, which libraries raise."""
    depths = accumulate(map(DEEPER.__getitem__, brackets_of(text.encode())))
    if max(depths, default=0) > MOST_NESTED:
        raise ValueError(f"it is nested more than {MOST_NESTED} deep")
    return json.loads(text)


def read_json(path: Path) -> Any:
    """Raises `InputError` where there is no such file, or no JSON in it."""
    try:
        return parse_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path.parent}: no run lies there ({path.name} is missing)") from None
    except NotADirectoryError:
        raise InputError(f"{path.parent}: is a file, not the folder of a run; {way_in(path.parent)}") from None
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None


def way_in(file: Path) -> str:
    """What the user of a file in the place of a folder may have meant."""
    if file.suffix == ".toml":
        return f"`et-testbed run {as_typed(file)} --out FOLDER` makes one of a config"
    return f"name the folder that it lies in: {file.parent}"


def way_on(run: Path) -> str:
    """How a run is ended that was cut off, of one structure of several with the others, in a sweep with that."""
    if any(kind_of(above) == SWEEP for above in run.parents):
        return "give the command of its sweep again and it goes on"
    whole = run.parent if (run.parent / MANIFEST).is_file() else run
    return f"`et-testbed run --resume {as_typed(whole)}` goes on with it"


def read_manifest(run: Path) -> dict[str, Any]:
    """The manifest of a run. Raises `InputError`."""
    if not (run / MANIFEST).is_file() and (other := what_lies_in(run)) is not None:
        raise InputError(f"{run}: {other}")
    manifest = read_json(run / MANIFEST)
    if not isinstance(manifest, dict) or "config" not in manifest:
        raise InputError(f"{run / MANIFEST}: is not the manifest of a run")
    return manifest


def what_lies_in(folder: Path) -> str | None:
    """Of a folder without a manifest what there is of runs in it, or in which it is; None where there is none."""
    if folder.name in (TABLES, "files") and (folder.parent / MANIFEST).is_file():
        return f"it is a part of the run in {folder.parent}; name that"
    found = first_below(folder / "runs")
    if found is not None:
        sweep = f", with the sweep {found}" if kind_of(found) == SWEEP else ""
        return f"holds an experiment{sweep}; {one_of_them(found)}"
    found = first_below(folder)
    return None if found is None else f"no run lies there itself ({MANIFEST} is missing); {one_of_them(found)}"


def one_of_them(place: Path) -> str:
    """How to name the run in `place`, or the first of the sweep there."""
    run = first_below(place / "runs") if kind_of(place) == SWEEP else place
    if run is None:
        return "it has no runs"
    kept = any(place.is_dir() for place in (run / TABLES, *run.glob(f"*/{TABLES}")))
    return f"name one of its runs, like {run}" + ("" if kept else f"; {NOT_KEPT.format(as_typed(run))}")


def first_below(folder: Path) -> Path | None:
    """The first folder in this one, not very deep, that has a manifest."""
    for depth in range(1, DEEPEST + 1):
        places = sorted(folder.glob("*/" * depth + MANIFEST))
        if places:
            return places[0].parent
    return None


def kind_of(place: Path) -> object:
    """What a manifest says that its folder holds."""
    try:
        about = json.loads((place / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return about.get("kind") if isinstance(about, dict) else None


def read_run(run: Path) -> dict[str, Any]:
    """The manifest of what is a run and no sweep. Raises `InputError`."""
    manifest = read_manifest(run)
    if manifest.get("kind") == SWEEP:
        raise InputError(
            f"{run}: holds a sweep; {one_of_them(run)}; to go on with the sweep give its command again"
        )
    return manifest


def signatures_of(manifest: dict[str, Any], run: Path) -> str:
    """The kind of signatures of a run, as an engine is asked for it. Raises `InputError`."""
    given = manifest.get("signatures")
    kinds = {"ecdsa": "ecdsa", "unsigned": "off"}
    if not isinstance(given, str) or given not in kinds:
        raise InputError(f"{run / MANIFEST}: signatures is {shown(given)}, and must be ecdsa or unsigned")
    return kinds[given]


def check_structures(manifest: dict[str, Any], run: Path) -> None:
    """Raises `InputError` where a manifest names a market structure that there is not."""
    named = manifest.get("structures", [manifest.get("structure")])
    known = get_args(Structure)
    if not isinstance(named, list) or not named or any(name not in known for name in named):
        raise InputError(f"{run / MANIFEST}: its structure is {shown(named)}, and must be of {', '.join(known)}")


def check_alone(manifest: dict[str, Any], run: Path) -> None:
    """Raises `InputError` for a run of an earlier version in which someone took part, and left no journal."""
    count = manifest.get("transactions")
    if count and not manifest.get("live"):
        raise InputError(
            f"{run}: took {shown(count)} transactions from outside, and has no journal of them; its config and "
            "its seed alone do not make it again. Its tables can be read"
        )


def check_kept(folder: Path) -> None:
    """Raises `InputError` for the folder of one structure that was played to its end and has no tables."""
    if not (folder / TABLES).exists() and read_manifest(folder).get("finished"):
        raise InputError(f"{folder}: {NOT_KEPT.format(as_typed(folder))}")


def run_folders(run: Path) -> dict[Structure, Path]:
    """The folders of single structures in a run: itself, or one for each structure."""
    manifest = read_run(run)
    check_structures(manifest, run)
    structures = manifest.get("structures")
    if structures:
        return {name: run / name for name in structures}
    return {manifest["structure"]: run}


def check_taken_together(sweep: Path) -> None:
    """Raises `InputError` where a sweep has no table of its runs: one that was cut off, or manifests alone."""
    if (sweep / RUNS).is_file():
        return
    if has_manifests_alone(sweep):
        raise InputError(
            f"{sweep}: has the manifests of a sweep alone, as golden runs are; "
            f"`et-testbed replay {as_typed(sweep)}` holds what its runs come to against them"
        )
    raise InputError(f"{sweep}: the sweep was cut off; give the same command again and it goes on")


def has_manifests_alone(sweep: Path) -> bool:
    """Whether a sweep has manifests of runs that came to their end and nothing else of them, as golden runs."""
    places = [file.parent for file in sweep.glob(f"runs/*/*/{MANIFEST}")]
    return bool(places) and all(
        not (place / ROW).is_file() and "tables" in read_manifest(place) for place in places
    )


def warn_of_gone(run: Path, manifest: dict[str, Any]) -> None:
    """Warn where a finished run lacks one of its structures: what is shown is of the others alone."""
    names = manifest.get("structures", []) if manifest.get("finished") else []
    gone = [str(name) for name in names if not (run / str(name) / MANIFEST).is_file()]
    if gone and len(gone) < len(names):
        told = f"{run}: {' and '.join(gone)} is gone, and the run is shown without; get the folder again, whole"
        warnings.warn(told, stacklevel=4)


def versions() -> dict[str, str]:
    """What the run was made with."""
    return {
        "et-testbed": installed("et-testbed"),
        "numpy": np.__version__,
        "pyarrow": pa.__version__,
        "simpy": installed("simpy"),
        "coincurve": installed("coincurve"),
    }


@cache
def installed(package: str) -> str:
    """The version of a package, which takes a while to find."""
    return version(package)
