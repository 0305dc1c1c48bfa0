"""Faults planted in the rules in Python: which of them do the tests of their package notice?

`python -m experiments.lab.conformance.rule_mutants chain/ledger.py market/auctions` goes through one file or
folder after the other. The faults are those of mutmut 3 (the extra `mutants`), which works in a copy of the
checkout and tries each on the tests that call what it is in, in a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, NamedTuple

import typer

import experiments
from experiments.lab.config.errors import InputError
from experiments.lab.processes import cores
from experiments.lab.terminal.ending import FAILED, fail, guarded

CHECKOUT = Path(experiments.__path__[0]).parent
PACKAGES = ("chain", "market", "strategies", "experiments")
BESIDE = ("docs", "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile")  # what tests read
SETTINGS = "pyproject.toml"
NOT_NOTICED = ("survived", "no tests")

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


class PlantedFault(NamedTuple):
    """A mutant as mutmut calls it, and what has become of it."""

    name: str
    status: str

    @property
    def is_noticed(self) -> bool:
        """Whether a test failed, or did not end."""
        return self.status not in NOT_NOTICED


@app.command()
def main(
    places: Annotated[list[str], typer.Argument(metavar="PLACE...", help="chain/ledger.py, market/auctions, …")],
    tests: Annotated[
        list[str] | None, typer.Option(metavar="PATH", help="with these; left out: all of the package")
    ] = None,
    jobs: Annotated[int | None, typer.Option(min=1, help="tried at a time; left out: one on each core")] = None,
    out: Annotated[Path | None, typer.Option("--json", help="where all of it is written")] = None,
) -> None:
    """Plant faults in rules in Python, one at a time, and see which of them their tests notice."""
    if find_spec("mutmut") is None:
        raise InputError("faults are planted by mutmut: pip install 'et-testbed[mutants]'")
    for path in (*places, *(tests or ())):
        if not (CHECKOUT / path).exists():
            raise InputError(f"{path}: there is no such file or folder in {CHECKOUT}")
    found: dict[str, Any] = {}
    for place in places:
        with TemporaryDirectory() as folder:
            copy = CopiedCheckout(Path(folder), place, tests or [f"tests/{Path(place).parts[0]}"])
            copy.plant(jobs or cores())
            found[place] = show(place, copy)
    if out is not None:
        out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


class CopiedCheckout:
    """A folder in which mutmut works on one file or folder of the project."""

    def __init__(self, folder: Path, place: str, tests: Sequence[str]) -> None:
        self._folder = folder
        for name in (*PACKAGES, "tests", *BESIDE):
            (folder / name).symlink_to(CHECKOUT / name)
        settings = (CHECKOUT / SETTINGS).read_text(encoding="utf-8")
        (folder / SETTINGS).write_text(settings + settings_of(place, tests), encoding="utf-8")

    def plant(self, jobs: int) -> None:
        """Plant all faults and try each; on a terminal mutmut shows how far it is."""
        self._mutmut("run", "--max-children", str(jobs), into=None if sys.stdout.isatty() else subprocess.PIPE)

    def faults(self) -> list[PlantedFault]:
        """What has become of each."""
        lines = self._mutmut("results", "--all", "true").splitlines()
        return [PlantedFault(*line.strip().split(": ")) for line in lines if ": " in line]

    def difference(self, fault: PlantedFault) -> str:
        """The lines that a fault changes."""
        lines = self._mutmut("show", fault.name).splitlines()
        return "\n".join(line for line in lines if line.startswith(("-", "+")) and line[:3] not in ("---", "+++"))

    def _mutmut(self, *arguments: str, into: int | None = subprocess.PIPE) -> str:
        environment = os.environ | {"PYTHONPATH": str(self._folder)}
        command = [sys.executable, "-m", "mutmut", *arguments]
        done = subprocess.run(command, cwd=self._folder, env=environment, stdout=into, text=True)
        if done.returncode:
            typer.echo(done.stdout or "")
            fail(f"mutmut {arguments[0]} has ended with {done.returncode}; what it says is above", FAILED)
        return done.stdout or ""


def settings_of(place: str, tests: Sequence[str]) -> str:
    """What mutmut is told in pyproject.toml."""
    only = place if place.endswith(".py") else f"{place.rstrip('/')}/*"
    settings = {
        "source_paths": PACKAGES,
        "only_mutate": [only],
        "also_copy": BESIDE,
        "pytest_add_cli_args_test_selection": tests,
    }
    return "\n[tool.mutmut]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in settings.items())


def show(place: str, copy: CopiedCheckout) -> dict[str, Any]:
    """Print those that nobody noticed, and how many there are; all of it as JSON has it."""
    faults = copy.faults()
    left = {fault.name: copy.difference(fault) for fault in faults if not fault.is_noticed}
    for fault in faults:
        if fault.name in left:
            typer.echo(f"{fault.status}: {fault.name}\n{left[fault.name]}")
    noticed = len(faults) - len(left)
    share = noticed / max(len(faults), 1)
    typer.echo(
        f"{place}: of {len(faults):,} faults {noticed:,} were noticed ({share:z.1%}), {len(left):,} were not"
    )
    return {"faults": len(faults), "noticed": noticed, "score": share, "not noticed": left}


if __name__ == "__main__":
    guarded(app)
