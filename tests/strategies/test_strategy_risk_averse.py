"""The risk-averse buyer against closed forms of its certainty equivalent."""

from __future__ import annotations

from math import exp, log

import numpy as np
import pytest

from chain.money import GWEI_PER_ETH
from chain.rewards import AR1, Constant, Exponential, Lognormal, MevBoost, RewardPath, Uniform
from chain.rewards.reward_signals import signals_of
from chain.rewards.round_signals import RoundSignals
from chain.ticket import Series
from market.own_outlooks import BlockOutlooks, Noise, RoundOutlooks
from strategies.buyers.risk_averse import RiskAverse
from strategies.testing.setups import plain_setup
from strategies.valuation import own_value
from tests.strategies import views

NEXT = Series(True, 1)


def view_of(law, cost: float):
    """At block 0, with one's own costs of blocks 0 … 3, ETH."""
    path = RewardPath(law, np.random.default_rng(1))
    path.advance()
    plain = views.view(costs_from=0, costs_gwei=(round(cost * GWEI_PER_ETH),) * 4)
    return plain._replace(market=plain.market._replace(slot=0, outlook=path.outlook()))


def buyer(aversion: float, discount_rate: float = 0.0, **rules) -> RiskAverse:
    made = RiskAverse(aversion, discount_rate)
    made.start(plain_setup(np.random.default_rng(1))._replace(**{"draw": "maturity", "maturity": 32, **rules}))
    return made


def equivalent(law, cost: float, aversion: float) -> float:
    """What it bids for block 1, ETH."""
    return buyer(aversion).value(view_of(law, cost), NEXT) / GWEI_PER_ETH


@pytest.mark.parametrize("aversion", [0.01, 1.0, 10.0, 30.0])
def test_of_an_even_surplus(aversion):
    """R uniform on [.2, 1], θ = .1: E e^(−aX) = (e^(−.1a) − e^(−.9a))/(.8a)."""
    exact = -log((exp(-0.1 * aversion) - exp(-0.9 * aversion)) / (0.8 * aversion)) / aversion
    assert equivalent(Uniform(0.2, 1.0), 0.1, aversion) == pytest.approx(exact, rel=3e-4)


@pytest.mark.parametrize("aversion", [0.01, 1.0, 10.0, 100.0])
def test_of_an_exponential_surplus_that_may_be_none(aversion):
    """R exponential with mean 1, θ = .5: nothing with chance 1 − q, q = e^(−.5); E e^(−aX) = 1 − q + q/(1 + a)."""
    q = exp(-0.5)
    exact = -log(1 - q + q / (1 + aversion)) / aversion
    assert equivalent(Exponential(1.0), 0.5, aversion) == pytest.approx(exact, rel=1e-6)


def test_what_is_certain_has_no_discount_however_averse_it_is():
    assert equivalent(Constant(1.0), 0.25, 1e6) == pytest.approx(0.75, rel=1e-9)
    assert equivalent(Constant(1.0), 1.25, 1.0) == 0


@pytest.mark.parametrize("law", [Lognormal(1.0, 1.0), AR1(1.0, 0.5, 0.5), MevBoost()])
def test_it_bids_less_the_more_averse_it_is_and_the_mean_where_it_is_not(law):
    bids = [equivalent(law, 0.02, aversion) for aversion in (0.0, 1e-6, 0.3, 3.0, 30.0)]
    assert bids == sorted(bids, reverse=True)
    assert bids[1] == pytest.approx(bids[0], rel=1e-4)
    assert bids[-1] < 0.9 * bids[0]


def test_of_a_ticket_for_one_of_several_blocks_and_of_one_in_a_lottery():
    """Certain rewards of 1 and costs known for two of four blocks; in the lottery one draw of two."""
    a = 2.0
    window = buyer(a, draw="randea", window=4, lookahead=0)
    view = view_of(Constant(1.0), 0.5)._replace(costs_gwei=(0, 500_000_000, 500_000_000))
    exact = -log((2 * exp(-a * 0.5) + 2) / 4) / a
    assert window.value(view, Series(False, 4)) / GWEI_PER_ETH == pytest.approx(exact, rel=1e-6)
    drawn = buyer(a, draw="lottery", supply=2, lookahead=0, cost=views.UniformCost(0, 0))
    exact = -log((exp(-a) + 1) / 2) / a
    assert drawn.value(view, Series(False, 1)) / GWEI_PER_ETH == pytest.approx(exact, rel=1e-6)


def test_discounting_comes_before_the_risk():
    law, view = Uniform(0.2, 1.0), view_of(Uniform(0.2, 1.0), 0.1)
    late = buyer(3.0, discount_rate=0.25).value(view, NEXT) / GWEI_PER_ETH
    assert late == pytest.approx(0.8 * equivalent(law, 0.1, 2.4), rel=1e-6)
    neutral = buyer(0.0, discount_rate=0.25)
    assert neutral.value(view, NEXT) == int(own_value(view, neutral.setup, NEXT, 0.25))


def path_to(block: int, law) -> RewardPath:
    path = RewardPath(law, np.random.default_rng(1))
    for _ in range(block + 1):
        path.advance()
    return path


def known(per: str, law, noise: float):
    """What one knows after block 3 who has signals of the round 4 … 7, or of each of its blocks, or none."""
    public, ahead = path_to(3, law).outlook(), path_to(-1, law)
    noises = {1: Noise(noise, np.random.default_rng(4))}
    if per == "round":
        return RoundOutlooks(RoundSignals(law, 4), ahead, 1, noises).outlook(1, public)
    return BlockOutlooks(signals_of(law), ahead, 4, noises).outlook(1, public) if per == "block" else public


def log_rewards(law, public, shocks):
    """Of blocks 4 … 7 at standard normal shocks, R in Gwei."""
    logs, last = np.empty_like(shocks), getattr(public, "x", 0.0)
    for place in range(shocks.shape[1]):
        mean, sd = public.law.ahead(last, 1) if isinstance(law, AR1) else (law.log_mean, law.sigma)
        logs[:, place] = last = mean + sd * shocks[:, place]
    return logs


@pytest.mark.parametrize("per", ["none", "round", "block"])
@pytest.mark.parametrize("law", [AR1(1.0, 0.9, 0.4), Lognormal(1.0, 0.9)], ids=lambda law: type(law).__name__)
def test_a_round_is_worth_the_equivalent_of_what_its_blocks_bring_together(law, per):
    """Against draws of log R, weighed by the signals, at a = 1 per ETH and θ = .2."""
    noise, own, public = 0.5, known(per, law, 0.5), path_to(3, law).outlook()
    logs = log_rewards(law, public, np.random.default_rng(2).standard_normal((200_000, 4)))
    seen = {"none": logs[:, :0], "block": logs, "round": np.log(np.exp(logs).sum(axis=1))[:, None]}[per]
    told = np.array([own.signal(4 + place) for place in range(seen.shape[1])])
    weight = np.exp(-(((told - seen) / noise) ** 2).sum(axis=1) / 2)
    pain = np.exp(-np.maximum(np.exp(logs) / GWEI_PER_ETH - 0.2, 0).sum(axis=1))
    exact = -log(pain @ weight / weight.sum())
    view = views.view(costs_from=4, costs_gwei=(200_000_000,) * 4, informed=None if per == "none" else own)
    view = view._replace(market=view.market._replace(slot=3, outlook=public))
    assert buyer(1.0, round=4).value(view, Series(True, 4)) / GWEI_PER_ETH == pytest.approx(exact, rel=0.01)
