"""The last check: the run carried out once more, by the engine, table against table.

It covers what leaves no second trace in the tables, such as the text of a refusal.
"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

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


def check_rerun(path: Path, about: Manifest, config: Config, folder: Path) -> int:
    """Raises `Fault` at the first row that another run does not give; `InputError` where it cannot be run again.

    Returns how many tables are the same.
    """
    with TemporaryDirectory(prefix="et-testbed-") as place:
        again = Path(place) / "run"
        signatures = {"ecdsa": "ecdsa", "unsigned": "off"}[about.signatures]
        losses = losses_of(path / TABLES, [account.name for account in about.accounts])
        engine = assemble(config, about.structure, again / TABLES, folder, signatures, False, losses)
        begin(engine, again, None, lambda _, done, __: done < about.blocks_done, None)
        for name in about.tables:
            if table_digest(again / TABLES / f"{name}.parquet") != about.tables[name]:
                raise difference(name, path / TABLES, again / TABLES, about)
    return len(about.tables)


def difference(name: str, stored: Path, again: Path, about: Manifest) -> Fault:
    """Where two tables part."""
    why = f"by running the config again, with strategies as they are now{writer({'versions': about.versions})}"
    found = first_difference(stored / f"{name}.parquet", again / f"{name}.parquet")
    if found is None:
        return Fault(name, None, None, "another digest", about.tables[name], why)
    row, column, value, other = found
    return Fault(name, row, column, value, other, why)
