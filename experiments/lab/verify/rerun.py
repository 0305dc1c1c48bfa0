"""The last check: the run carried out once more, by the engine, table against table.

It covers what leaves no second trace in the tables, such as the text of a refusal.
"""

from __future__ import annotations

from itertools import zip_longest
from pathlib import Path
from tempfile import TemporaryDirectory

from experiments.lab.assembly import assemble
from experiments.lab.config import Config
from experiments.lab.digest import table_digest
from experiments.lab.folder import TABLES, versions
from experiments.lab.runs import begin
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest
from experiments.lab.verify.rows import ROWS
from experiments.lab.verify.tables import Tables, described


def check_rerun(path: Path, about: Manifest, config: Config, folder: Path) -> int:
    """Raises `Fault` at the first row that another run does not give; `InputError` where it cannot be run again.

    Returns how many tables are the same.
    """
    with TemporaryDirectory(prefix="et-testbed-") as place:
        again = Path(place) / "run"
        signatures = {"ecdsa": "ecdsa", "unsigned": "off"}[about.signatures]
        engine = assemble(config, about.structure, again / TABLES, folder, signatures, strict=False)
        begin(engine, again, None, lambda _, done, __: done < about.blocks_done, None)
        for name in ROWS:
            if table_digest(again / TABLES / f"{name}.parquet") != about.tables[name]:
                raise first_difference(name, Tables(path / TABLES), Tables(again / TABLES), about)
    return len(ROWS)


def first_difference(name: str, stored: Tables, again: Tables, about: Manifest) -> Fault:
    """Where two tables part."""
    kind = ROWS[name]
    why = f"by running the config again, with strategies as they are now{other_versions(about)}"
    for row, other in zip_longest(stored.rows(kind), again.rows(kind)):
        if row is None or other is None:
            at = (row or other).at
            return Fault(name, at, None, row and described(row), other and described(other), why)
        for column, value in row._asdict().items():
            if getattr(other, column) != value:
                return Fault(name, row.at, column, value, getattr(other, column), why)
    return Fault(name, None, None, "another digest", about.tables[name], why)


def other_versions(about: Manifest) -> str:
    """What is installed in other versions than the run was made with."""
    others = [
        f"{name} {version}, here {versions().get(name)}"
        for name, version in about.versions.items()
        if versions().get(name) != version
    ]
    return f"; it was made with {', '.join(others)}" if others else ""
