"""`serve --out` that is killed, or whose slot breaks: nothing that was answered is lost."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager

import pytest
import requests

from experiments import TestbedProvider, load
from experiments.lab.played.replayed_run import replay
from experiments.lab.verify import verify_run

CONFIG = """
blocks = 400
seed = 3

[chain]
gas_price_gwei = 2

[[agents]]
strategy = "truthful"
role = "buyer"
count = 2
"""
TESTBED = [sys.executable, "-m", "experiments.lab.cli"]
BREAKING = """
sales = []


def pricing(lots):
    sales.append(lots)
    if len(sales) > 6:
        raise RuntimeError("the seventh sale")
    return [None] * len(lots)
"""


@contextmanager
def serving(config, pace, out):
    """A server, and its address."""
    options = ["--pace", pace, "--port", "0", "--accounts", "2", "--endowment", "200", "--out", str(out)]
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen([*TESTBED, "serve", str(config), *options], env=environment, **pipes) as process:
        try:
            told = next((line for line in process.stdout if line.startswith("http")), None)
            assert told is not None, process.stderr.read()
            yield process, told.split()[0]
        finally:
            process.kill()


@pytest.fixture
def config(tmp_path):
    place = tmp_path / "config.toml"
    place.write_text(CONFIG)
    return place


def take_part(own, anna, ben):
    """Purchases, a gift, an ask, a refusal and slots of all kinds; a transaction waits at the end."""
    serial = own.buy(anna)
    own.done(own.tickets.functions.transferFrom(anna.address, ben.address, serial), anna)
    own.send(own.market.functions.list(serial, 10**18), ben)
    own.send(own.market.functions.list(serial, 1), ben)
    for method, params in (("evm_mine", [{"blocks": 2}]), ("evm_increaseTime", [24])):
        own.web3.provider.make_request(method, params)
    own.send(own.market.functions.bidInSale(0, 10**19), anna)


def played_in_process(config, edge_of, play, out):
    """The same history, ended cleanly."""
    provider = TestbedProvider(config, accounts=2, endowment_eth=200.0, out=out)
    play(edge_of(provider))
    return provider.finish()


def test_one_that_is_killed_is_ended_as_if_it_had_ended_cleanly(config, edge_of, edge_at, tmp_path):
    out = tmp_path / "killed"
    anna, ben = TestbedProvider(config, accounts=2).accounts
    clean = played_in_process(config, edge_of, lambda own: take_part(own, anna, ben), tmp_path / "clean")
    with serving(config, "manual", out) as (process, url):
        take_part(edge_at(url), anna, ben)
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert json.loads((out / "manifest.json").read_text())["live"] is True
    ended = subprocess.run([*TESTBED, "run", "--resume", str(out)], capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    assert "a live run: playing its journal, and ending it after 6 blocks" in ended.stderr
    assert load(out).summary == clean.summary
    manifests = [json.loads((place / "manifest.json").read_text()) for place in (out, clean.path)]
    assert manifests[0] == manifests[1]
    assert (out / "journal.jsonl").read_bytes() == (clean.path / "journal.jsonl").read_bytes()
    assert all(outcome.is_same for outcome in replay(out).values())
    assert verify_run(out).is_sound


def test_one_that_is_killed_at_its_own_pace_has_all_blocks_that_were_told(config, edge_of, edge_at, tmp_path):
    out = tmp_path / "killed"
    with serving(config, "fast", out) as (process, url):
        own, told = edge_at(url), 0
        while told < 8:
            told = own.web3.eth.block_number
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
    subprocess.run([*TESTBED, "run", "--resume", str(out), "--quiet"], check=True)
    done = load(out).summary["blocks"]
    assert done >= told

    def play(own):
        own.web3.provider.make_request("evm_mine", [{"blocks": done}])

    assert load(out).summary == played_in_process(config, edge_of, play, tmp_path / "clean").summary
    assert verify_run(out).is_sound


def bid_on(own, account, most):
    """A bid and a slot, again and again; what was answered of them."""
    for done in range(most):
        try:
            own.send(own.market.functions.bidInSale(0, 10**19), account)
            own.mine()
        except requests.ConnectionError:
            return done
    return most


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(7))
def test_one_that_is_killed_at_a_random_moment_has_all_that_was_answered(seed, config, edge_of, edge_at, tmp_path):
    out = tmp_path / "killed"
    anna, _ = TestbedProvider(config, accounts=2).accounts
    with serving(config, "manual", out) as (process, url):
        threading.Timer(random.Random(seed).uniform(0.1, 2), process.kill).start()
        told = bid_on(edge_at(url), anna, 390)
        process.wait()
    subprocess.run([*TESTBED, "run", "--resume", str(out), "--quiet"], check=True)
    done = load(out).summary["blocks"]
    assert told <= done <= told + 1
    clean = played_in_process(config, edge_of, lambda own: bid_on(own, anna, done), tmp_path / "clean")
    assert load(out).summary == clean.summary
    assert (out / "manifest.json").read_bytes() == (clean.path / "manifest.json").read_bytes()
    journals = [(place / "journal.jsonl").read_text().splitlines() for place in (out, clean.path)]
    assert journals[0][: len(journals[1])] == journals[1]
    assert len(journals[0]) - len(journals[1]) <= 1  # a bid whose slot was not played
    assert verify_run(out).is_sound


@pytest.mark.parametrize("pace", ["fast", pytest.param("manual", marks=pytest.mark.slow)])
def test_a_slot_that_breaks_ends_the_server_and_is_said(pace, config, tmp_path):
    (tmp_path / "breaking.py").write_text(BREAKING)
    config.write_text(CONFIG + '\n[market]\nprimary = "breaking.py:pricing"\n')
    out = tmp_path / "broken"
    with serving(config, pace, out) as (process, url):
        if pace == "manual":
            asked = {"jsonrpc": "2.0", "id": 1, "method": "evm_mine", "params": [{"blocks": 20}]}
            assert requests.post(url, json=asked, timeout=60).json()["error"]["code"] == -32603
        _, errors = process.communicate(timeout=120)
    assert process.returncode == 1
    last = errors.splitlines()[-1]
    blamed = r"RuleBroken: the rule 'breaking\.py:pricing' raised breaking\.py:\d+ RuntimeError: the seventh sale"
    found = re.match(rf"error: slot (\d+): {blamed}; ", last)
    assert found, errors
    assert f"run --resume {out}" in last
    slots = [json.loads(line)["slot"] for line in (out / "journal.jsonl").read_text().splitlines()]
    assert slots == list(range(int(found[1])))
    assert len(load(out).blocks) >= len(slots)
    subprocess.run([*TESTBED, "run", "--resume", str(out), "--quiet"], check=True)
    assert load(out).summary["blocks"] == len(slots)
