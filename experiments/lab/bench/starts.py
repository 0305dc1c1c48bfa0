"""How long a start takes: imports, help and a first block, against the libraries that they cannot do without."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from experiments.lab.bench.measure import Job, Line, rounds

LIBRARIES = "import numpy, pyarrow.parquet, pydantic, typer, rich"
COMMANDS = "import typer, rich"
COMMAND = "from experiments.lab.cli.app import main; main()"
COMPLETED = {"_ET_TESTBED_COMPLETE": "complete_bash", "COMP_WORDS": "et-testbed run --bl", "COMP_CWORD": "2"}
COMPLETION = f"import os, sys; sys.argv = ['et-testbed']; os.environ.update({COMPLETED}); {COMMAND}"
"""As bash asks for it."""


def bench_starts() -> Iterator[Line]:
    """Fresh processes, their compiled modules at hand."""
    with tempfile.TemporaryDirectory() as folder:
        block = ("run", "--blocks", "1", "--force", "--out", str(Path(folder) / "run"))
        jobs = {
            "chain, market and strategies: numpy and pyarrow": (
                python("import chain, market, strategies"),
                python("import numpy, pyarrow.parquet"),
                2.0,
            ),
            "et-testbed --help: typer and rich": (python(COMMAND, "--help"), python(COMMANDS), 2.5),
            "a word that bash completes: typer and rich": (python(COMPLETION), python(COMMANDS), 2.5),
            "et-testbed run --blocks 1: its libraries": (python(COMMAND, *block), python(LIBRARIES), 2.3),
            "et-testbed run --blocks 1 --quiet: its libraries": (
                python(COMMAND, *block, "--quiet"),
                python(LIBRARIES),
                2.3,
            ),
        }
        for name, (ours, bare, bar) in jobs.items():
            times, yardstick = rounds(ours, bare, clock=children)
            yield Line(name, f"{min(times):.2f} s", min(times) / min(yardstick), bar)


def python(code: str, *words: str) -> Job:
    """A fresh process that runs some code."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return partial(
        subprocess.run, [sys.executable, "-c", code, *words], env=environment, check=True, capture_output=True
    )


def children() -> float:
    """CPU seconds of the processes that this one has begun and seen end."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
