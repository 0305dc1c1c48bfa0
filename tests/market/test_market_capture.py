"""Captured shares of rewards, and tickets handed out at genesis."""

from __future__ import annotations

from collections import Counter
from math import exp

import numpy as np
import pytest

from experiments import run
from experiments.lab.verify import verify_run
from market.capture import CHUNK, CapturePath, Volatility
from market.hand_out import recipients

AGENTS = [
    {
        "strategy": "capture_bidder",
        "role": ["seller", "buyer"],
        "count": 3,
        "endowment_eth": [40, 90],
        "capture": [0.6, 0.9],
        "specialisation": [1.0, 0.5],
    }
]
CONFIG = {
    "chain": {"draw": "epoch", "supply": 20, "maturity": "none"},
    "reward": {"process": "exponential", "mean": 3.0},
    "cost": {"distribution": "capture"},
    "market": {"pbs": "off", "genesis": {"handed_out": 0.5, "price_eth": 2.0}},
    "agents": AGENTS,
}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    place = tmp_path_factory.mktemp("capture") / "run"
    return run(CONFIG, blocks=80, signatures="off", out=place), place


def test_a_share_is_usual_but_for_the_surprise_in_volatility():
    volatility = Volatility(0.2, np.random.default_rng(1))
    path = CapturePath(0.8, 1.5, volatility)
    assert path.at(-1) == (0.8, 0.8)
    surprise = volatility.at(0) - exp(0.02)
    assert path.gross(0, 10**9) == round(0.8e9 * (1 + 1.5 * surprise))
    assert volatility.at(CHUNK + 3) != volatility.at(CHUNK + 4)


def test_the_slot_before_the_last_can_be_asked_for_again():
    """The index of the next slot may be public before this one ends, also where a chunk of draws does."""
    inorder, ahead = (Volatility(0.2, np.random.default_rng(3)) for _ in range(2))
    slots = range(2 * CHUNK + 2)
    expected = [inorder.at(slot) for slot in slots]
    assert [(ahead.at(slot + 1), ahead.at(slot))[1] for slot in slots] == expected


def test_nobody_makes_less_than_nothing():
    path = CapturePath(0.9, 50.0, Volatility(0.5, np.random.default_rng(2)))
    assert min(path.gross(slot, 100) for slot in range(100)) == 0


def test_tickets_go_to_those_who_can_pay():
    assert Counter(recipients([10, 29, 5], 9, 10, np.random.default_rng(3))) == {0: 1, 1: 2}


@pytest.mark.parametrize(("funds", "count"), [(9, 0), (10, 1), (19, 1), (20, 2), (30, 3)])
def test_money_is_good_for_as_many_tickets_as_it_pays_to_the_last_gwei(funds, count):
    assert list(recipients([funds], 9, 10, np.random.default_rng(3))) == [0] * count


def test_every_holder_is_equally_likely():
    counts = Counter(recipients([10**6] * 4, 4000, 1, np.random.default_rng(4)))
    assert all(abs(count - 1000) <= 4 * (4000 * 0.25 * 0.75) ** 0.5 for count in counts.values())


def test_what_is_handed_out_is_no_revenue(played):
    result, _ = played
    genesis = result.payments[result.payments.reason == "genesis"]
    assert len(genesis) == 9
    assert set(genesis.amount_gwei) == {2 * 10**9}
    assert set(genesis.payee) == {"spent"}
    assert (result.transfers.reason == "genesis").sum() == 9
    assert (result.trades[result.trades.slot == -1].market == "primary").all()


def test_builders_are_paid_the_share_that_they_capture(played):
    result, _ = played
    built = result.blocks[result.blocks.builder.notna()]
    assert (built.cost_gwei == 0).all()
    paid = result.payments[result.payments.reason == "reward"].set_index("slot").amount_gwei
    assert (built.set_index("slot").net_gwei == paid).all()
    shares = (built.net_gwei / built.reward_gwei).groupby(built.builder.astype(str)).mean()
    assert shares.between(0.5, 1).all()
    assert (result.blocks.best_gwei >= result.blocks.net_gwei).all()


def test_the_auditor_draws_it_all_again(played):
    assert verify_run(played[1]).is_sound
