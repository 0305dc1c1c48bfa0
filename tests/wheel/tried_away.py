"""The wheel away from the checkout, on each Python that is here: `make wheel-test`, some minutes.

In the order of the file: what needs no extra is tried before any is installed.
"""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

from experiments.lab.config.starter import STARTERS
from tests.places import DOCS, ROOT
from tests.wheel.built import tracked_files

PACKAGES = ("chain", "market", "strategies", "experiments")
NOT_IN_A_WHEEL = "experiments/alias/"
MODEL = re.findall(r"```toml\n(\[model\].*?)```", (DOCS / "model.md").read_text(encoding="utf-8"), re.DOTALL)[0]
RELATIVE = re.compile(r"\]\((?!https?:|mailto:|#)[^)]*\)|\b(?:src|srcset|href)=\"(?!https?:|#)")
ROW = re.compile(r"^\| `([\w-]+)` \| ([\d.]+) \| ([\d.]+) \|", re.MULTILINE)
TOTAL = re.compile(r"([\d.]+) MB in (\d+) packages")
WITHOUT_EVM = ("3.13",)  # pyrevm has no wheel for it


def names_in(wheel: Path) -> set[str]:
    """The files of the packages in a wheel."""
    with ZipFile(wheel) as archive:
        return {name for name in archive.namelist() if name.startswith(tuple(f"{one}/" for one in PACKAGES))}


def description(wheel: Path) -> str:
    """What it says of the project."""
    with ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return archive.read(name).decode("utf-8").partition("\n\n")[2]


def test_a_wheel_has_what_git_has_of_the_packages(built):
    tracked = {name for name in tracked_files(*PACKAGES) if not name.startswith(NOT_IN_A_WHEEL)}
    assert names_in(built.wheel) == tracked


def test_the_wheel_made_of_the_sdist_is_that_of_the_checkout(built):
    assert built.wheel.name == built.direct_wheel.name
    assert built.wheel.read_bytes() == built.direct_wheel.read_bytes()


def test_the_sdist_has_what_git_has(built):
    with tarfile.open(built.sdist) as archive:
        names = {member.name.partition("/")[2] for member in archive if member.isfile()}
    assert names - {"PKG-INFO"} <= tracked_files()


def test_no_link_of_the_description_leads_nowhere(built):
    text = description(built.wheel)
    assert text.startswith("# et-testbed\n")
    assert RELATIVE.findall(text) == []


def test_links_are_absolute_where_the_project_names_a_public_place(built):
    code = (
        "from hatch_build import from_anywhere; print(from_anywhere("
        "'![a picture](docs/a.svg) [words](docs/b.md#c) [web](https://example.org)', 'https://example.org/code/'))"
    )
    done = subprocess.run([built.builder, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split(") ") == [
        "![a picture](https://example.org/code/raw/main/docs/a.svg",
        "[words](https://example.org/code/blob/main/docs/b.md#c",
        "[web](https://example.org)\n",
    ]


def test_pip_finds_nothing_amiss(away):
    assert "No broken requirements" in away.says("pip", "check")


def test_each_dependency_weighs_what_its_table_says(away):
    """docs/install.md has megabytes on 3.11; other versions of a package may be a third larger or smaller."""
    if away.version != "3.11":
        pytest.skip("sizes are told of Python 3.11")
    page = (DOCS / "install.md").read_text(encoding="utf-8")
    told = {name: [float(own), float(more)] for name, own, more in ROW.findall(page)}
    script = away.copied(ROOT / "tests" / "wheel" / "weights.py")
    found = json.loads(away.says("python", str(script), "et-testbed"))
    for name, (own, more, _) in found["each"].items():
        assert told[name] == pytest.approx([own, more], rel=0.33, abs=0.2), name
    assert [float(one) for one in TOTAL.findall(page)[0]] == pytest.approx(
        [found["total"], found["packages"]], rel=0.15
    )


def test_all_names_are_imported_from_the_wheel(away):
    names = ", ".join((*PACKAGES, "et_testbed"))
    code = f"import {names}; print(*{{module.__file__ for module in ({names})}}); from et_testbed import *"
    files = away.says("python", "-c", code).split()
    assert len(files) == 5
    assert all(file.startswith(str(away.environment)) for file in files)


def test_a_run_has_its_page_and_is_sound(away, run_folder):
    away.says("et-testbed", "report", run_folder)
    assert (away.folder / run_folder / "report.html").stat().st_size > 1_000_000
    assert "sound" in away.says("et-testbed", "verify", run_folder)
    assert "the same 10 tables" in away.says("et-testbed", "replay", run_folder)


def test_a_sweep_has_its_page(away):
    away.says("et-testbed", "init", "swept_config")
    away.says(
        "et-testbed",
        "sweep",
        "swept_config/config.toml",
        "--blocks",
        "5",
        "--set",
        "market.structure=et",
        "--seeds",
        "1..2",
        "--out",
        "swept",
    )
    away.says("et-testbed", "report", "swept")


def test_a_model_is_solved_and_played(away):
    (away.folder / "model.toml").write_text(MODEL)
    assert away.says("et-testbed", "solve", "model.toml")
    assert away.says("et-testbed", "simulate", "model.toml", "--tickets", "20")


def test_what_needs_an_extra_names_it(away):
    done = away.give("et-testbed", "experiments", "structures", "--blocks", "20")
    assert (done.returncode, done.stderr.splitlines()) == (
        2,
        ["error: the experiment structures draws and needs matplotlib: pip install 'et-testbed[figures]'"],
    )
    assert len(away.says("et-testbed", "experiments").splitlines()) > 40


def test_a_command_that_reads_the_checkout_would_be_ended(away):
    assert away.give("python", "-c", f"open({str(ROOT / 'README.md')!r})").returncode == 99


@pytest.mark.parametrize("kind", STARTERS)
def test_what_init_writes_is_tried_as_it_says(equipped, kind):
    told = equipped.says("et-testbed", "init", kind, "--kind", kind)
    tries = re.findall(r"^try: (\S+) (.*)$", told, re.MULTILINE)
    assert {command for command, _ in tries} == {"et-testbed", "pytest"}
    for command, words in tries:
        equipped.says(command, *words.split())
    for config in (equipped.folder / kind).glob("config.toml"):
        equipped.says("et-testbed", "check", str(config))


def test_an_experiment_draws(equipped):
    equipped.says("et-testbed", "experiments", "structures", "--blocks", "50", "--out", "structures")
    assert (equipped.folder / "structures" / "figures" / "structures.svg").is_file()


def test_the_contract_plays_along(equipped, built):
    done = equipped.give("pip", "install", "--quiet", "--only-binary", "pyrevm", f"{built.wheel}[evm]")
    if equipped.version in WITHOUT_EVM:
        assert done.returncode != 0, "pyrevm has a wheel now: tell docs/install.md"
        assert "No matching distribution found for pyrevm" in done.stderr
        pytest.skip(f"pyrevm has no wheel for Python {equipped.version}: tried without the extra evm")
    assert done.returncode == 0, done.stderr
    assert "twin" in equipped.says("et-testbed", "run", "--blocks", "5", "--twin", "--out", "twin")
