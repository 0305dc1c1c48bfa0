"""A run, a sweep and a tournament that are killed at any moment end as if nothing had been."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import pytest

MARKET = """
seed = 3

[[agents]]
strategy = "at_once"
role = "seller"

[[agents]]
strategy = "truthful"
role = "buyer"
count = 2
"""
HISTORY = 4  # kills of one history at the most
SPAN = 1.5  # seconds of work within which a process is killed


class Command(NamedTuple):
    """A command without its folder; a run is gone on with by `--resume`, the others by the same command."""

    name: str
    options: tuple[str, ...]

    def line(self, config: Path, out: Path) -> list[str]:
        """What begins it, or goes on with it."""
        if self.name == "run" and (out / "manifest.json").exists():
            return ["run", "--resume", str(out), *OFTEN]
        return [self.name, str(config), "--out", str(out), *self.options]


OFTEN = ("--checkpoint-every", "0")
RUN = Command("run", ("--blocks", "900", "--set", "market.structure=et", *OFTEN))
SWEEP = Command("sweep", ("--grid", "agents.1.count=2,3", "--seeds", "1..5", "--blocks", "100"))
WORKERS = Command("sweep", (*SWEEP.options, "--jobs", "2"))
ENTRANTS = ("--entrants", "truthful,shade:0.8", "--seating", "one_against")
TOURNAMENT = Command("tournament", (*ENTRANTS, "--seeds", "1..3", "--blocks", "80"))


def stamp(out: Path) -> object:
    """Differs once something is done in a folder."""
    changed = out.stat().st_mtime_ns if out.exists() else None
    return changed, [(folder, files) for folder, _, files in os.walk(out)]


def is_killed(line: list[str], out: Path, moment: float | None) -> bool:
    """Whether a process was killed `moment` seconds after it had begun to write; otherwise it ended well."""
    before = stamp(out)
    command = [sys.executable, "-m", "experiments.lab.cli", *line, "--quiet"]
    told = out.with_suffix(".told")
    with told.open("w") as errors, subprocess.Popen(command, stdout=errors, stderr=errors) as process:
        while process.poll() is None and stamp(out) == before:
            time.sleep(0.005)
        try:
            process.wait(moment)
        except subprocess.TimeoutExpired:
            process.kill()
            return True
    assert process.returncode == 0, told.read_text()
    return False


def killed(command: Command, config: Path, out: Path, moments: list[float]) -> int:
    """How often a history was killed until it ended."""
    for kills, moment in enumerate(moments):
        if not is_killed(command.line(config, out), out, moment):
            return kills
    assert not is_killed(command.line(config, out), out, None)
    return len(moments)


def contents(out: Path) -> dict[str, bytes]:
    return {str(file.relative_to(out)): file.read_bytes() for file in out.rglob("*") if file.is_file()}


def check_same(out: Path, whole: dict[str, bytes]) -> None:
    """Every file, byte by byte, and none besides."""
    found = contents(out)
    assert set(found) == set(whole)
    assert [name for name in whole if found[name] != whole[name]] == []


@pytest.fixture
def config(tmp_path: Path) -> Path:
    place = tmp_path / "market.toml"
    place.write_text(MARKET)
    return place


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        pytest.param(RUN, 8, id="run", marks=pytest.mark.slow),
        pytest.param(SWEEP, 4, id="sweep", marks=pytest.mark.slow),
        pytest.param(WORKERS, 4, id="sweep of two workers", marks=pytest.mark.slow),
        pytest.param(TOURNAMENT, 7, id="tournament", marks=pytest.mark.slow),
    ],
)
def test_killed_at_random_moments_it_ends_with_the_same_bytes(config, tmp_path, command, wanted):
    assert not is_killed(command.line(config, tmp_path / "whole"), tmp_path / "whole", None)
    whole = contents(tmp_path / "whole")
    draws, span, kills = random.Random(11), SPAN, 0
    for history in range(2 * wanted):
        out = tmp_path / str(history)
        moments = [draws.uniform(0, span) for _ in range(min(HISTORY, wanted - kills))]
        done = killed(command, config, out, moments)
        check_same(out, whole)
        kills += done
        if kills == wanted:
            break
        span /= 1 if done else 2  # a machine so fast that it had ended
    assert kills == wanted


def test_workers_of_a_sweep_that_is_killed_end_too(config, tmp_path):
    """They would write on to a folder in which the same command goes on."""
    long = Command("sweep", ("--seeds", "1..2", "--jobs", "2", "--blocks", "100000", "--quiet"))
    command = [sys.executable, "-m", "experiments.lab.cli", *long.line(config, tmp_path / "out")]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        try:
            while not list(tmp_path.glob("out/runs/*/*/tables")):
                assert process.poll() is None
                time.sleep(0.05)
        finally:
            process.kill()
        process.communicate(timeout=120)  # until the last of those that could write to it has gone


@pytest.mark.parametrize("command", ["run", "sweep"])
def test_one_that_was_killed_over_its_manifest_begins_by_the_same_command(et_testbed, config, tmp_path, command):
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json.0123456789abcdef.partial").write_text("{")
    ended = et_testbed(command, str(config), "--blocks", "3", "--out", str(out), "--quiet")
    assert ended.returncode == 0, ended.stderr
    assert not list(out.glob("*.partial"))
