"""The last check: the run carried out once more, by the engine, table against table.

It covers what leaves no second trace in the tables, such as the text of a refusal.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyarrow.parquet as pq

from chain.errors import BadAmount
from experiments.lab.assembly.assembly import assemble
from experiments.lab.assembly.isolation import losses_of
from experiments.lab.config.config import Config
from experiments.lab.runs.differences import first_difference
from experiments.lab.runs.digest import table_digest
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.replayed_run import writer
from experiments.lab.runs.runs import begin
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest
from market.errors import StrategyRaised, WrongIntent
from market.violations import VIOLATIONS

OWN_WORDS = {StrategyRaised.code, WrongIntent.code, BadAmount.code}
"""Refusals that show an exception or a value of the strategy's own."""


class Again(NamedTuple):
    """How many tables another run has given alike, and in how many messages only a strategy's own words differ."""

    tables: int
    texts: int


def check_rerun(path: Path, about: Manifest, config: Config, folder: Path) -> Again:
    """Raises `Fault` at the first row that another run does not give; `InputError` where there can be none."""
    texts = 0
    with TemporaryDirectory(prefix="et-testbed-") as place:
        again = Path(place) / "run"
        signatures = {"ecdsa": "ecdsa", "unsigned": "off"}[about.signatures]
        losses = losses_of(path / TABLES, [account.name for account in about.accounts])
        engine = assemble(config, about.structure, again / TABLES, folder, signatures, False, losses)
        begin(engine, again, None, lambda _, done, __: done < about.blocks_done, None)
        for name in about.tables:
            if table_digest(again / TABLES / f"{name}.parquet") == about.tables[name]:
                continue
            texts = differing_words(path / TABLES, again / TABLES) if name == VIOLATIONS.name else 0
            if not texts:
                raise difference(name, path / TABLES, again / TABLES, about)
    return Again(len(about.tables), texts)


def differing_words(stored: Path, again: Path) -> int:
    """How many messages of violations differ, where nothing else does and a strategy has worded them; else 0."""
    one, other = (pq.read_table(tables / f"{VIOLATIONS.name}.parquet").to_pylist() for tables in (stored, again))
    pairs = [(row, same) for row, same in zip(one, other, strict=False) if row != same]
    if len(one) != len(other) or any(row | {"message": ""} != same | {"message": ""} for row, same in pairs):
        return 0
    return len(pairs) if all(row["code"] in OWN_WORDS for row, _ in pairs) else 0


def difference(name: str, stored: Path, again: Path, about: Manifest) -> Fault:
    """Where two tables part."""
    why = f"by running the config again, with strategies as they are now{writer({'versions': about.versions})}"
    found = first_difference(stored / f"{name}.parquet", again / f"{name}.parquet")
    if found is None:
        return Fault(name, None, None, "another digest", about.tables[name], why)
    row, column, value, other = found
    return Fault(name, row, column, value, other, why)
