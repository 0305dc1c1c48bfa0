"""Where the Pythons of this machine are that the project is for."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
CAN_MAKE_ENVIRONMENTS = "import ensurepip, ssl, venv"


def interpreter(version: str) -> str | None:
    """The first one that can make an environment; None where there is none."""
    return next((place for place in places(version) if can_be_used(place)), None)


def places(version: str) -> Iterator[str]:
    """Where one may be: on the path, and among pyenv's."""
    if found := shutil.which(f"python{version}"):
        yield found
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python")))


def can_be_used(place: str) -> bool:
    """Whether it starts (a shim of pyenv may not), with what an environment needs."""
    return subprocess.run([place, "-c", CAN_MAKE_ENVIRONMENTS], capture_output=True).returncode == 0
