"""Whatever a config says, it is played or refused in clear lines: no traceback, no hang, no gigabytes."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from chain.errors import AccountFull, RuleBroken
from experiments import run
from experiments.lab.config.config import Config
from experiments.lab.config.errors import MOST_FAULTS, InputError
from experiments.lab.config.loading import read_config
from tests.lab.config.wild import wild_config, wild_override, wild_text

SECONDS = 10
BYTES = 2**30
LONGEST_LINE = 1500
"""A line that lists all keys of a section, or all strategies, has up to about 700 letters beside the value."""

MOST_TICKETS = 2000
MOST_AGENTS = 200
"""Larger configs than these are read, not played: they are allowed to take longer."""


class TooLong(BaseException):
    """The time of a case is over."""


@pytest.mark.parametrize("part", range(2))
def test_a_config_is_played_or_refused(part, tmp_path):
    played = sum(is_played(Random(seed), tmp_path / str(seed)) for seed in range(part * 60, part * 60 + 60))
    assert played > 0


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_thousands_of_configs_are_played_or_refused(part, tmp_path):
    first = 1000 + part * 300
    played = sum(is_played(Random(seed), tmp_path / str(seed)) for seed in range(first, first + 300))
    assert played > 20


def test_a_file_is_played_or_refused(et_testbed, tmp_path):
    for seed in range(60):
        check_file(et_testbed, Random(seed), tmp_path)


@pytest.mark.slow
def test_a_thousand_files_are_played_or_refused(et_testbed, tmp_path):
    for seed in range(1000, 2500):
        check_file(et_testbed, Random(seed), tmp_path)


def test_an_override_is_played_or_refused(et_testbed, tmp_path):
    for seed in range(40):
        check_override(et_testbed, Random(seed), tmp_path)


@pytest.mark.slow
def test_a_thousand_overrides_are_played_or_refused(et_testbed, tmp_path):
    for seed in range(1000, 2000):
        check_override(et_testbed, Random(seed), tmp_path)


def is_played(random: Random, out: Path) -> bool:
    """Whether a config is played; else it is refused as it should be. Large ones are only read."""
    data = wild_config(random)
    with bounded(data):
        try:
            config = read_config(data)
            if is_large(config):
                return False
            run(config.model_copy(update={"blocks": min(config.blocks, 4)}), out=out, signatures="off")
        except AccountFull:
            return False
        except RuleBroken as error:  # as a run finds out of a function that is no rule
            assert_blames(str(error), config.chain.draw)
            return False
        except InputError as error:
            assert_clear(str(error).splitlines(), error.args)
            return False
    return True


def is_large(config: Config) -> bool:
    return config.chain.supply > MOST_TICKETS or sum(group.count for group in config.agents) > MOST_AGENTS


def assert_clear(lines: list[str], faults: Any) -> None:
    """A line a fault, none of them without end."""
    assert 0 < len(lines) == len(faults) <= MOST_FAULTS + 1
    assert all(0 < len(line) <= LONGEST_LINE for line in lines)


def assert_blames(line: str, rule: str) -> None:
    """One line that says whose fault it is."""
    assert_clear(line.splitlines(), [line])
    assert rule in line


def check_file(et_testbed: Any, random: Random, folder: Path) -> None:
    """A file is played to its end, or refused."""
    text = wild_text(random)
    (folder / "other.toml").write_text("blocks = 2\n")
    (folder / "wild.toml").write_bytes(text)
    with bounded(text):
        done = et_testbed("run", "wild.toml", "--quiet", "--blocks", "2", "--signatures", "off", cwd=folder)
    assert_ended(done)


def check_override(et_testbed: Any, random: Random, folder: Path) -> None:
    """An override is taken, or refused."""
    override = wild_override(random)
    small = ("--set", "chain.maturity=8", "--set", override, "--blocks", "2", "--signatures", "off", "--quiet")
    with bounded(override):
        done = et_testbed("run", *small, cwd=folder)
    assert_ended(done)


def assert_ended(done: Any) -> None:
    """Exit code 0 and silence, or 2 and a line a fault."""
    lines = [line for line in done.stderr.strip().splitlines() if not line.startswith("warning: ")]
    assert done.returncode in (0, 2), done.stderr[-2000:]
    assert (done.returncode == 0) == (not lines), done.stderr[-2000:]
    assert all(line.startswith("error: ") and len(line) <= LONGEST_LINE for line in lines), lines
    assert len(lines) <= MOST_FAULTS + 1


@contextmanager
def bounded(case: object) -> Iterator[None]:
    """Ends what takes longer than `SECONDS`, or `BYTES` more than there are, and says which case it was."""
    before = signal.signal(signal.SIGALRM, ring)
    limits = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (address_space() + BYTES, limits[1]))
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    except BaseException as error:
        error.add_note(f"the case: {str(case)[:2000]}")
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        resource.setrlimit(resource.RLIMIT_AS, limits)


def ring(*_: object) -> None:
    raise TooLong


def address_space() -> int:
    """The address space of this process, bytes."""
    pages = Path("/proc/self/statm").read_text().split()[0]
    return int(pages) * resource.getpagesize()
