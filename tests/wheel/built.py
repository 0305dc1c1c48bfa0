"""The distributions of the checkout: its sdist, the wheel made of that, and the wheel made without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.places import ROOT


class Built(NamedTuple):
    """Files; `wheel` is the one that was made of the sdist. `builder` is a Python that has hatchling."""

    sdist: Path
    wheel: Path
    direct_wheel: Path
    builder: Path


def build_all(place: Path) -> Built:
    """Build them below a folder, by tools that are installed for this alone."""
    builder = place / "builder" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", str(place / "builder")], check=True)
    subprocess.run([builder, "-m", "pip", "install", "--quiet", "build", "hatchling"], check=True)
    build(builder, "--outdir", str(place / "dist"))
    build(builder, "--outdir", str(place / "direct"), "--wheel")
    (sdist,) = (place / "dist").glob("*.tar.gz")
    (wheel,) = (place / "dist").glob("*.whl")
    (direct,) = (place / "direct").glob("*.whl")
    return Built(sdist, wheel, direct, builder)


def build(python: Path, *options: str) -> None:
    """Of the checkout: its sdist and from it a wheel, where the options do not say otherwise."""
    command = [python, "-m", "build", "--no-isolation", *options, ROOT]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def tracked_files(*packages: str) -> set[str]:
    """What git knows of some folders of the checkout."""
    done = subprocess.run(["git", "ls-files", *packages], capture_output=True, text=True, check=True, cwd=ROOT)
    return set(done.stdout.splitlines())
