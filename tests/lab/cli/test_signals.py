"""A batch system or a closed terminal ends a command as Ctrl-C does."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from experiments import load
from experiments.lab.terminal.interruptible import Interruptible
from tests.heeded_signals import heeded

MARKET = "[[agents]]\nstrategy = 'at_once'\nrole = 'seller'\n[[agents]]\nstrategy = 'truthful'\ncount = 2\n"
KINDS = [signal.SIGTERM, signal.SIGHUP]


@contextmanager
def begun(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command, which is over when the test is."""
    command = [sys.executable, "-m", "experiments.lab.cli", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str], started: Path, kind: signal.Signals) -> str:
    """What it says when it is sent a signal once the file `started` is there."""
    while not started.exists():
        assert process.poll() is None, process.stderr and process.stderr.read()
        time.sleep(0.05)
    process.send_signal(kind)
    _, told = process.communicate()
    return told


@pytest.mark.parametrize("kind", KINDS)
def test_a_run_is_finished_where_it_stands(tmp_path, kind):
    out = tmp_path / "run"
    with begun("run", "--blocks", "1000000", "--set", "market.structure=et", "--out", str(out), "--quiet",
               "--checkpoint-every", "0") as process:  # fmt: skip
        told = stopped(process, out / "checkpoint.pickle", kind)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "interrupted: what was recorded until then is there"
    assert 0 < len(load(out).blocks) < 1_000_000
    assert "digest" in json.loads((out / "manifest.json").read_text())


@pytest.mark.parametrize("command", [("sweep",), ("tournament", "--entrants", "truthful,shade:0.8")])
def test_a_sweep_and_a_tournament_keep_what_they_have(tmp_path, command):
    (tmp_path / "market.toml").write_text(MARKET)
    name, *more = command
    with begun(name, str(tmp_path / "market.toml"), *more, "--seeds", "1..1000", "--blocks", "200",
               "--out", str(tmp_path / "out"), "--backend", "sequential", "--quiet") as process:  # fmt: skip
        told = stopped(process, tmp_path / "out" / "manifest.json", signal.SIGTERM)
    assert process.returncode == 130
    assert told.splitlines()[-1] == "interrupted: give the same command again and it goes on"


def test_what_is_ignored_stays_ignored():
    """`nohup` ignores SIGHUP."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with Interruptible() as interrupt:
            os.kill(os.getpid(), signal.SIGHUP)
            assert not interrupt.stopped
            os.kill(os.getpid(), signal.SIGTERM)
            assert interrupt.stopped
            with pytest.raises(KeyboardInterrupt):
                os.kill(os.getpid(), signal.SIGTERM)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


@pytest.mark.parametrize("kind", [signal.SIGHUP, signal.SIGINT])
def test_a_process_that_a_test_starts_heeds_what_is_ignored_here(kind):
    """As under `nohup`, or in a shell's background."""
    before = signal.signal(kind, signal.SIG_IGN)
    try:
        with heeded():
            os.kill(os.getpid(), kind)
            sleeper = subprocess.Popen(["sleep", "1000"])
            sleeper.send_signal(kind)
            assert sleeper.wait() == -kind
        assert signal.getsignal(kind) is signal.SIG_IGN
    finally:
        signal.signal(kind, before)
