"""A strategy is heard alike in the run's own process and in one of its own: the same bids, the same refusals."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments import run
from experiments.lab.played.replayed_run import replay
from experiments.lab.verify import verify_run
from tests.lab.assembly.corners import ANSWERS, MOST, intents

CORNERS = f"{Path(__file__).with_name('corners.py')}:Corners"


def played(draw: str, pbs: str, mode: str, **more):
    agents = [
        {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 4}},
        {"strategy": "truthful", "role": ["buyer", "builder"]},
        {"strategy": CORNERS, "role": ["seller", "buyer", "builder"]},
    ]
    config = {
        "blocks": 24,
        "chain": {"maturity": 3, "draw": draw},
        "market": {"structure": "et", "pbs": pbs},
        "isolation": {"mode": mode},
        "agents": agents,
    }
    return run(config, signatures="off", **more)


@pytest.mark.slow
@pytest.mark.parametrize(("draw", "pbs"), [("claim", "sealed"), ("lottery", "slot_auction")])
def test_all_corners_are_heard_alike(tmp_path, draw, pbs):
    alone = played(draw, pbs, "process", out=tmp_path / "run")
    together = played(draw, pbs, "none")
    assert alone.violations.equals(together.violations)
    assert alone.summary["digest"] == together.summary["digest"]
    assert set(alone.violations.agent) == {"corners-3"}
    assert not {"strategy_exited", "strategy_timed_out", "too_many_refused"} & set(alone.violations.code)
    (outcome,) = replay(tmp_path / "run").values()
    assert outcome.is_same, outcome
    report = verify_run(tmp_path / "run")
    assert report.is_sound, report


def test_all_corners_are_gone_through():
    result = played("claim", "sealed", "none")
    codes = result.violations.code.value_counts()
    assert codes["strategy_raised"] > len(ANSWERS) // 2
    assert codes["wrong_intent"] + codes["bad_amount"] > len([*intents()]) // 2
    assert len([*intents()]) < 24 * 5 / 2 * MOST
