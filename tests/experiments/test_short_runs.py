"""Experiments on few blocks: each says how many it needs, before it starts, and with as many has an answer."""

from __future__ import annotations

import json
import subprocess
import sys
import warnings
from math import isfinite

import pandas as pd
import pytest

from experiments import InputError
from experiments.lab.study.answer import Answer
from experiments.lab.study.experiment import Experiment, all_experiments
from experiments.lab.study.settings import Settings
from tests.places import ROOT

EXPERIMENTS = {one.name: one for one in all_experiments()}
SMALLER = {
    "bidding_war": {"delay": [1], "mixture": ["with bluff"]},
    "calibration": {"rounds": 2},
    "censorship": {"cases": 4},
    "design_space": {"pricing": ["eip1559"], "seeds": 2},
    "pricing_stability": {"rule": ["amm", "uniform_price"], "seeds": 2},
    "supply": {"supply": [1, 8]},
    "lottery_value": {"supply": [1, 2]},
}
"""Options that leave out what takes long."""


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_the_least_is_refused_below_and_accepted_at_it(name, monkeypatch):
    one = EXPERIMENTS[name]
    monkeypatch.setattr(one, "_answer", lambda *_, **__: Answer(pd.DataFrame(), {"said": 1.0}, {}))
    least = one.least_blocks()
    assert one.answer(Settings(blocks=least)).values == {"said": 1.0}
    assert one.answer(Settings(overrides=(f"blocks={least}",))).values
    assert one.answer(Settings()).values
    if least > 1:
        told = f"--blocks {least - 1}: {name} needs at least {least} .*set --blocks {least} or more"
        with pytest.raises(InputError, match=told):
            one.answer(Settings(blocks=least - 1))
        with pytest.raises(InputError, match=told):
            one.answer(Settings(overrides=(f" blocks = {least - 1}",)))


@pytest.mark.parametrize(("name", "blocks"), [("multi_slot", 60), ("censorship", 60), ("pricing_stability", 100)])
def test_nothing_is_run_that_would_say_nothing(name, blocks, monkeypatch):
    monkeypatch.setattr(Settings, "run", lambda *_: pytest.fail("a run has begun"))
    with pytest.raises(InputError, match=f"--blocks {blocks}: {name} needs at least"):
        EXPERIMENTS[name].answer(Settings(blocks=blocks))


def test_what_options_ask_for_counts():
    one = EXPERIMENTS["lottery_value"]
    assert one.least_blocks(supply=[4]) < one.least_blocks(supply=[4, 64]) < one.least_blocks()


def test_a_number_that_is_none_is_left_out_with_a_warning():
    found = Answer(pd.DataFrame(), {"there": 1.0, "never": float("nan"), "beyond": float("inf")}, {})
    one = Experiment("any.py", "What?", lambda _: found)
    with pytest.warns(UserWarning, match="left out, for the run says nothing of it: never, beyond"):
        assert one.answer(Settings()).values == {"there": 1.0}


def lengths():
    """Every experiment on few blocks, and on as few as it takes."""
    for name, one in EXPERIMENTS.items():
        least = one.least_blocks(**SMALLER.get(name, {}))
        for blocks in sorted({1, 2, 10, 60, 100, least}):
            yield pytest.param(name, blocks, id=f"{name}-{blocks}", marks=pytest.mark.slow)


@pytest.mark.parametrize(("name", "blocks"), list(lengths()))
def test_every_length_has_an_answer_or_is_refused(name, blocks):
    one, options = EXPERIMENTS[name], SMALLER.get(name, {})
    if blocks < one.least_blocks(**options):
        with pytest.raises(InputError, match=f"--blocks {blocks}: .* or more, or leave it out"):
            one.answer(Settings(blocks=blocks), **options)
        return
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        found = one.answer(Settings(blocks=blocks), **options)
    assert found.values
    assert all(map(isfinite, found.values.values()))
    assert len(found.table)
    assert found.figures


@pytest.mark.slow
def test_a_refusal_leaves_the_former_answer_where_it_is(tmp_path):
    out = tmp_path / "answer"
    command = [sys.executable, "-m", "experiments.multi_slot", "--out", str(out), "--force", "--quiet", "--blocks"]
    assert subprocess.run([*command, "80"], cwd=ROOT, timeout=200).returncode == 0
    before = json.loads((out / "answer.json").read_text())
    done = subprocess.run([*command, "60"], cwd=ROOT, capture_output=True, text=True, timeout=200)
    assert done.returncode == 2
    assert "--blocks 60: multi_slot needs at least 80" in done.stderr
    assert "Traceback" not in done.stderr
    assert json.loads((out / "answer.json").read_text()) == before
