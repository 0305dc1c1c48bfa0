"""Sweeps, experiments and tournaments tell what goes wrong with the user's own strategies; strict stops there."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

from chain.errors import Refused
from experiments import Answer, Experiment, InputError, Settings
from experiments.lab.runs.own_failures import FailedRun, OwnFailure, failure_lines
from experiments.lab.sweep import sweep
from experiments.lab.tournament import tournament

MINE = """
from strategies import AuctionBid, Buyer


class Mine(Buyer):
    def __init__(self, price: float = 1):
        self._price = price

    def bid(self, view):
        return [AuctionBid(auction.id, self._price / (self._price != 7)) for auction in view.auctions]
"""
CONFIG = {
    "blocks": 5,
    "chain": {"supply": 4, "maturity": 3},
    "agents": [
        {"strategy": "at_once", "role": "seller", "count": 2},
        {"strategy": "mine.py:Mine", "role": "buyer", "count": 2},
    ],
}
PRICE = {"agents.1.parameters.price": [0.5, 7]}
RAISED = "mine.py:10 ZeroDivisionError"


def answer_of_cases(settings):
    """Two runs, each of which may have a process of its own."""
    settings.each(lambda own, name: own.run(name, CONFIG).finished, ["one", "two"])
    return Answer(pd.DataFrame({"x": [1]}), {"x": 1.0})


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mine.py").write_text(MINE)
    return tmp_path


def told_by(play):
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always")
        play()
    return [str(one.message) for one in found]


def test_a_sweep_warns_once_of_each_kind_and_of_who_never_acted(folder):
    def play():
        return sweep(CONFIG, PRICE, [1, 2], folder=folder, out=folder / "kept")

    told = told_by(play)
    assert len(told) == 3
    assert told[0].startswith(("bad_amount", RAISED))
    (raised,) = (line for line in told if line.startswith(RAISED))
    assert (
        "by mine-3 and 1 other (mine.py:Mine) in 2 of 4 runs, first in agents.1.parameters.price=7, seed=1"
        in raised
    )
    assert told[2].startswith("mine.py:Mine never acted in 4 of 4 runs: mine-3 and 1 other were asked ")
    assert told_by(play) == told  # read from the folder


def test_strict_ends_a_sweep_at_its_first_violation_and_names_the_run(folder):
    with pytest.raises(Refused) as stopped:
        sweep(CONFIG, PRICE, [4], folder=folder, strict=True)
    assert stopped.value.__notes__[-1] == "agents.1.parameters.price=0.5, seed=4"


def test_strict_does_not_go_on_over_runs_with_violations(folder):
    told_by(
        lambda: sweep(
            CONFIG, {}, [1], folder=folder, out=folder / "kept", overrides=["agents.1.parameters.price=7"]
        )
    )
    with pytest.raises(InputError, match="--force"):
        sweep(
            CONFIG,
            {},
            [1],
            folder=folder,
            out=folder / "kept",
            overrides=["agents.1.parameters.price=7"],
            strict=True,
        )


def test_an_experiment_is_strict_in_its_sweeps_and_warns_in_its_runs(folder):
    def answer(settings):
        settings.run("one", CONFIG)
        settings.run("two", CONFIG)
        return Answer(pd.DataFrame({"x": [1]}), {"x": 1.0})

    def swept(settings):
        settings.sweep("all", CONFIG, PRICE, [1])

    asked = Experiment(str(folder / "asks.py"), "Why?", answer)
    told = told_by(lambda: asked.answer(Settings(overrides=("agents.1.parameters.price=7",))))
    assert len(told) == 2
    assert "first in run one, block 0 (bid)" in told[0]
    cases = Experiment(str(folder / "asks.py"), "Why?", answer_of_cases)
    assert len(told_by(lambda: cases.answer(Settings(jobs=2, overrides=("agents.1.parameters.price=7",))))) == 2
    with pytest.raises(Refused):
        Experiment(str(folder / "asks.py"), "Why?", swept).answer(Settings(strict=True))


def test_a_tournament_warns_and_is_strict(folder):
    def play(**terms):
        return tournament(
            CONFIG | {"agents": [CONFIG["agents"][0], {"strategy": "truthful", "role": "buyer", "count": 2}]},
            f"truthful,{folder / 'mine.py'}:Mine:price=7",
            [1],
            **terms,
        )

    assert any("ZeroDivisionError" in line for line in told_by(play))
    with pytest.raises(Refused):
        play(strict=True)


def test_who_acts_in_a_run_that_is_alike_is_not_said_to_be_idle():
    idle = OwnFailure("mine.py:Mine", "never acted", "", ["mine-3"], 0, 9)
    runs = [FailedRun("seed=1", 0, [idle]), FailedRun("seed=2", 0, [])]
    assert failure_lines(runs) == {}
    (line,) = failure_lines([*runs, FailedRun("seed=1", 1, [idle])]).values()
    assert (
        line
        == "mine.py:Mine never acted in 1 of 3 runs, first in seed=1: mine-3 was asked 9 times, and no intent came"
    )
