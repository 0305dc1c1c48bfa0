"""The last check: the run carried out once more, by the engine, table against table.

It covers what leaves no second trace in the tables, such as the text of a refusal. The strategies and rules that a
run brings are executed in another process; what it has written is all that is looked at here.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from chain.errors import BadAmount
from experiments.lab.config.errors import InputError
from experiments.lab.played.replayed_run import writer
from experiments.lab.runs.differences import first_difference
from experiments.lab.runs.digest import table_digest
from experiments.lab.runs.folder import MANIFEST, TABLES, read_manifest
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest
from market.errors import StrategyRaised, WrongIntent
from market.violations import VIOLATIONS

OWN_WORDS = {StrategyRaised.code, WrongIntent.code, BadAmount.code}
"""Refusals that show an exception or a value of the strategy's own."""

SECOND_RUN = "experiments.lab.verify.second_run"
DERIVED = ("beacon_seed", "accounts", "rules", "rules_id", "stated_draw")
"""What a manifest says that another run says too."""


class Again(NamedTuple):
    """How many tables another run has given alike, and in how many messages only a strategy's own words differ."""

    tables: int
    texts: int


def check_rerun(path: Path, about: Manifest) -> Again:
    """Raises `Fault` at the first row that another run does not give; `InputError` where there can be none."""
    with TemporaryDirectory(prefix="et-testbed-") as place:
        again = Path(place) / "run"
        play_elsewhere(path, again)
        try:
            return compare(path, again, about)
        except (OSError, pa.ArrowException) as error:
            raise InputError(f"its process wrote no tables to compare: {error}") from None


def differing_words(stored: Path, again: Path) -> int:
    """How many messages of violations differ, where nothing else does and a strategy has worded them; else 0."""
    one, other = (pq.read_table(tables / f"{VIOLATIONS.name}.parquet").to_pylist() for tables in (stored, again))
    pairs = [(row, same) for row, same in zip(one, other, strict=False) if row != same]
    if len(one) != len(other) or any(row | {"message": ""} != same | {"message": ""} for row, same in pairs):
        return 0
    return len(pairs) if all(row["code"] in OWN_WORDS for row, _ in pairs) else 0


def play_elsewhere(run: Path, again: Path) -> None:
    """Play the run in `run` into `again`, by a process that this one only waits for. Raises `InputError`."""
    obstacle = again.with_name("obstacle.txt")
    places = [place or os.getcwd() for place in sys.path]
    done = subprocess.run(
        [sys.executable, "-P", "-m", SECOND_RUN, *map(str, (run.resolve(), again, obstacle))],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    if obstacle.is_file():
        raise InputError(obstacle.read_text(encoding="utf-8"))
    if done.returncode != 0:
        raise InputError(f"its process ended with {done.returncode}")


def compare(path: Path, again: Path, about: Manifest) -> Again:
    """Raises `Fault` at the first thing in which two runs differ."""
    texts = 0
    for name in about.tables:
        if table_digest(again / TABLES / f"{name}.parquet") == about.tables[name]:
            continue
        texts = differing_words(path / TABLES, again / TABLES) if name == VIOLATIONS.name else 0
        if not texts:
            raise difference(name, path / TABLES, again / TABLES, about)
    compare_manifests(path, again)
    return Again(len(about.tables), texts)


def compare_manifests(path: Path, again: Path) -> None:
    """Raises `Fault` unless two runs say the same of who takes part. Earlier versions say less."""
    stored, other = read_manifest(path), read_manifest(again)
    for key in DERIVED:
        if key == "accounts" and not all("roles" in entry for entry in stored[key]):
            continue
        if stored.get(key) != other.get(key):
            raise Fault(MANIFEST, None, key, stored.get(key), other.get(key), "by running the config again")


def difference(name: str, stored: Path, again: Path, about: Manifest) -> Fault:
    """Where two tables part."""
    why = f"by running the config again, with strategies as they are now{writer({'versions': about.versions})}"
    found = first_difference(stored / f"{name}.parquet", again / f"{name}.parquet")
    if found is None:
        return Fault(name, None, None, "another digest", about.tables[name], why)
    row, column, value, other = found
    return Fault(name, row, column, value, other, why)
