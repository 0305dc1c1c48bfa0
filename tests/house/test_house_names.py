"""`chain`, `market`, `strategies` and `experiments` beside files of the user's own that are called the same."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.places import ALIAS, ROOT

TAKEN = {
    "chain": "chain.py",
    "market": "market.py",
    "strategies": "strategies.py",
    "experiments": "experiments/__init__.py",
}
COMMAND = "import sys\nfrom experiments.lab.cli.app import main\nsys.exit(main())\n"
"""What pip writes for the command."""


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """A folder of installed packages as a wheel makes it, with the command in a folder beside it."""
    site = tmp_path_factory.mktemp("installed") / "site"
    site.mkdir()
    for package in TAKEN:
        (site / package).symlink_to(ROOT / package)
    shutil.copytree(ALIAS / "et_testbed", site / "et_testbed", ignore=shutil.ignore_patterns("__pycache__"))
    (site / "bin").mkdir()
    (site / "bin" / "et-testbed").write_text(COMMAND)
    return site


def python(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """What Python answers that is started in `folder`."""
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environment, timeout=200)


def take(folder: Path, package: str) -> Path:
    """A file of the user's own, in the place of `package`."""
    file = folder / TAKEN[package]
    file.parent.mkdir(exist_ok=True)
    file.write_text("MINE = 1\n")
    return file


def shadows(file: Path, package: str) -> str:
    return (
        f"ImportError: {file} shadows et-testbed's {package!r} ({ROOT / package}): rename it, or use the command "
        "et-testbed"
    )


@pytest.mark.parametrize("taken", TAKEN)
@pytest.mark.parametrize("first", ["et_testbed", *TAKEN])
def test_a_file_that_shadows_a_package_is_named(site, tmp_path, taken, first):
    file = take(tmp_path, taken)
    done = python(site, tmp_path, "-c", f"import {first}")
    if first == taken:  # nothing of ours runs
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.stderr.splitlines()[-1] == shadows(file, taken)


@pytest.mark.parametrize("taken", ["chain", "market", "strategies"])
def test_an_experiment_names_the_file_that_shadows(site, tmp_path, taken):
    file = take(tmp_path, taken)
    done = python(site, tmp_path, "-m", "experiments.structures", "--blocks", "2")
    assert done.stderr.splitlines()[-1] == shadows(file, taken)


def test_a_script_that_is_called_like_a_package_is_named(site, tmp_path):
    script = tmp_path / "market.py"
    script.write_text("from et_testbed import run\n")
    done = python(site, tmp_path, script.name)
    assert done.stderr.splitlines()[-1] == shadows(script, "market")


def test_folders_without_code_are_in_nobodys_way(site, tmp_path):
    for package in TAKEN:
        (tmp_path / package).mkdir()
    done = python(site, tmp_path, "-c", "from et_testbed import InputError; print(InputError.__module__)")
    assert done.stdout.startswith("experiments."), done.stderr


@pytest.mark.slow  # an init, a run in processes of its own and a sweep
def test_the_command_is_unaffected(site, tmp_path):
    for package in TAKEN:
        take(tmp_path, package).write_text("raise SystemExit('this is not what the command should find')\n")
    command = str(site / "bin" / "et-testbed")
    begun = python(site, tmp_path, command, "init", "mine")
    assert begun.returncode == 0, begun.stderr
    few = ["mine/config.toml", "--set", "blocks=4"]
    alone = python(site, tmp_path, command, "run", *few, "--isolate", "process", "--strict", "--out", "alone")
    assert alone.returncode == 0, alone.stderr
    many = python(site, tmp_path, command, "sweep", *few, "--seeds", "1..2", "--jobs", "2", "--quiet")
    assert many.returncode == 0, many.stderr


@pytest.mark.slow  # builds a wheel and installs it: needs what builds it, from an index
def test_a_wheel_names_the_file_that_shadows(tmp_path):
    site, folder = tmp_path / "site", tmp_path / "own"
    folder.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(site), str(ROOT)]
    subprocess.run(pip, check=True, capture_output=True, timeout=500)
    sound = python(site, folder, "-c", "import et_testbed, chain; print(et_testbed.run, chain.__file__)")
    assert str(site / "chain") in sound.stdout, sound.stderr
    file = take(folder, "market")
    done = python(site, folder, "-c", "from et_testbed import run")
    named = f"ImportError: {file} shadows et-testbed's 'market' ({site / 'market'})"
    assert done.stderr.splitlines()[-1].startswith(named)
