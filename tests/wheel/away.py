"""An environment and a folder of its own, from which nothing of the checkout can be read."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from subprocess import CompletedProcess
from typing import NamedTuple

from tests.places import ROOT

# What every process imports as it begins: it ends one that opens a file of the checkout, for import or as data.
GUARD = f"""
import os, sys

def refuse(event, arguments):
    if event == "open" and str(arguments[0]).startswith({str(ROOT) + os.sep!r}):
        os.write(2, f"opens {{arguments[0]}}\\n".encode())
        os._exit(99)

sys.addaudithook(refuse)
"""


class Away(NamedTuple):
    """`version` as `3.11`; `folder` is where commands are given, `environment` where the wheel is installed."""

    version: str
    environment: Path
    folder: Path

    def give(self, command: str, *words: str) -> CompletedProcess[str]:
        """Give a command that the environment has: `et-testbed`, `pip`, `python`, `pytest`."""
        return subprocess.run(
            [str(self.environment / "bin" / command), *words],
            capture_output=True,
            text=True,
            cwd=self.folder,
            env=self.variables(),
        )

    def variables(self) -> dict[str, str]:
        """Those of this process without what leads to the checkout, and the versions that pip is held to in CI."""
        path = f"{self.environment / 'bin'}{os.pathsep}{os.environ['PATH']}"
        own = {"PATH": path, "ET_TESTBED_STATE": str(self.folder / "state")}
        if versions := os.environ.get("PIP_CONSTRAINT"):
            own["PIP_CONSTRAINT"] = str(self.copied(Path(versions)))
        ours = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "VIRTUAL_ENV")
        return {name: value for name, value in os.environ.items() if name not in ours} | own

    def says(self, command: str, *words: str) -> str:
        """What a command that ends well prints."""
        done = self.give(command, *words)
        assert done.returncode == 0, f"{command} {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def copied(self, file: Path) -> Path:
        """A file of the checkout, where it may be read."""
        return Path(shutil.copy(file, self.folder))


def installed(version: str, python: str, wheel: Path, place: Path) -> Away:
    """A wheel, and what it asks for, in a fresh environment."""
    away = Away(version, place / "environment", place / "folder")
    away.folder.mkdir()
    subprocess.run([python, "-m", "venv", str(away.environment)], check=True)
    (site,) = away.environment.glob("lib/python*/site-packages")
    (site / "guard.py").write_text(GUARD)
    (site / "guard.pth").write_text("import guard\n")
    away.says("python", "-m", "pip", "install", "--quiet", str(wheel))
    return away
