"""Bidders with private signals of a common value: Milgrom and Weber's bid, and the winner's curse without it."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import special

from chain.rewards import AR1, Constant, Exponential, Lognormal, MevBoost, RewardPath, Uniform
from chain.rewards.reward_signals import ahead_of, signals_of
from chain.rewards.round_signals import RoundSignals, round_of_alikes
from experiments import run
from market.own_outlooks import BlockOutlooks, Noise, RoundOutlooks
from market.view import TicketView
from strategies.buyers.common_value import CommonValue
from strategies.signalled_lot import lot_of_law, over
from strategies.theory.signalled_value import LognormalPrior, SignalledValue
from tests.strategies import views

TAU, SIGMA = 0.905, 0.6
LAW = Lognormal(0.1, TAU)


def view_of(law, cost: int = 0):
    """After block 10, with signals of the four blocks ahead."""
    path = RewardPath(law, np.random.default_rng(3))
    for _ in range(11):
        path.advance()
    ahead = RewardPath(ahead_of(law), np.random.default_rng(3))
    noises = {1: Noise(SIGMA, np.random.default_rng(4))}
    own = BlockOutlooks(signals_of(law), ahead, 4, noises).outlook(1, path.outlook())
    plain = views.view(free_gwei=10**15, costs_gwei=(cost,) * 5, informed=own)
    return plain._replace(market=plain.market._replace(outlook=path.outlook()))


def bid(view, bidders: int, format: str = "second_price", **parameters) -> int:
    """For block 13."""
    buyer = CommonValue(bidders, **parameters)
    buyer.start(views.setup(draw="maturity"))
    auction = views.auction(1)._replace(format=format)
    return buyer.price(view, auction, buyer.value(view, auction.series))


def test_two_bidders_bid_the_closed_form():
    """log b = (μ/τ² + 2s/σ²)/p + 1/(2p), p = 1/τ² + 2/σ²: MODEL section 9, P10."""
    view = view_of(LAW)
    p = 1 / TAU**2 + 2 / SIGMA**2
    log_bid = (LAW.log_mean / TAU**2 + 2 * view.outlook.signal(13) / SIGMA**2) / p + 1 / (2 * p)
    assert bid(view, 2) == pytest.approx(np.exp(log_bid), rel=1e-7)


@pytest.mark.parametrize("cost", [0, 30_000_000])
def test_five_bid_what_the_block_brings_given_that_the_best_other_ties(cost):
    """On draws of values: weights are the likelihoods of the tie and of three signals below."""
    view = view_of(LAW, cost)
    logs = LAW.log_mean + TAU * np.random.default_rng(1).standard_normal(400_000)
    z = (view.outlook.signal(13) - logs) / SIGMA
    weight = np.exp(-(z**2)) * special.ndtr(z) ** 3
    over = np.maximum(np.exp(logs) - cost, 0)
    mean = (weight * over).sum() / weight.sum()
    error = np.sqrt((weight**2 * (over - mean) ** 2).sum()) / weight.sum()
    assert abs(bid(view, 5) - mean) <= 4 * error


@pytest.mark.parametrize("law", [LAW, AR1(0.1, 0.6, 0.5), MevBoost(), Uniform(0.0, 1.0), Exponential(0.1)])
def test_where_one_pays_as_bid_one_bids_less_and_of_all_laws_there_is_a_bid(law):
    view = view_of(law, 10_000_000)
    bids = [bid(view, 4, format) for format in ("second_price", "first_price")]
    assert 0 < bids[1] < bids[0]
    late = bid(view, 4, discount_rate=0.25)
    assert late == pytest.approx(bids[0] * 0.8**3, abs=2)


def test_without_rivals_or_signals_or_doubt_it_bids_its_value():
    value = int(view_of(LAW).outlook.expected_surplus(13, 0))
    assert bid(view_of(LAW), 1) == value
    blind = view_of(LAW)._replace(informed=None)
    assert bid(blind, 5) == int(LAW.mean_gwei)
    assert bid(view_of(Constant(0.5)), 5) == 500_000_000


BUYERS, BLOCKS = 5, 900


def profits(strategy: str) -> np.ndarray:
    """Of all who bid together, from each block that was bought, in means of the reward."""
    group = {"strategy": strategy, "role": "buyer", "count": BUYERS, "endowment_eth": 1e4, "signal_sigma": SIGMA}
    result = run(
        {
            "blocks": BLOCKS,
            "chain": {"draw": "maturity", "maturity": 1, "supply": 2},
            "reward": {"process": "lognormal", "mean": 0.1, "sigma": TAU},
            "cost": {"low": 0.0, "high": 0.0},
            "market": {"structure": "et", "primary": "second_price", "resale": "never", "pbs": "off"},
            "agents": [group],
        },
        signatures="off",
    )
    sold = result.trades[(result.trades.market == "primary") & (result.trades.block < BLOCKS)]
    reward = result.blocks.set_index("slot").reward_gwei[sold.block].to_numpy()
    return (reward - sold.price_gwei.to_numpy()) / 1e8


def test_five_who_bid_what_they_expect_lose_and_five_in_equilibrium_keep_what_theory_says():
    """The winner's curse: the profit of one is −.032 of E V (MODEL section 9, P10), or .006."""
    naive, wise = profits("truthful"), profits("common_value")
    error = naive.std() / np.sqrt(naive.size)
    assert naive.mean() < -3 * error
    assert abs(naive.mean() + 5 * 0.032) <= 4 * error
    kept = 1 - SignalledValue(LognormalPrior(TAU), SIGMA, BUYERS).second_price
    assert abs(wise.mean() - kept) <= 4 * wise.std() / np.sqrt(wise.size)


def view_of_round(law, per: str, cost: int = 0):
    """After block 11, with signals of the round of four blocks that comes then."""
    path = RewardPath(law, np.random.default_rng(3))
    for _ in range(12):
        path.advance()
    ahead = RewardPath(ahead_of(law), np.random.default_rng(3))
    noises = {1: Noise(SIGMA, np.random.default_rng(4))}
    outlooks = RoundOutlooks(RoundSignals(law, 4), ahead, 1, noises)
    if per == "block":
        outlooks = BlockOutlooks(signals_of(law), ahead, 4, noises)
    own = outlooks.outlook(1, path.outlook())
    plain = views.view(free_gwei=10**15, costs_from=12, costs_gwei=(cost,) * 4, informed=own)
    return plain._replace(market=plain.market._replace(outlook=path.outlook()))


def bid_for_round(view, bidders: int, format: str = "second_price") -> int:
    buyer = CommonValue(bidders)
    buyer.start(views.setup(draw="maturity", round=4))
    ticket = TicketView(1, 12, 15, None, True)
    auction = views.auction(1)._replace(format=format, ticket=ticket, block=15)
    return buyer.price(view, auction, buyer.value(view, auction.series))


@pytest.mark.parametrize("law", [LAW, Exponential(0.1)])
@pytest.mark.parametrize("cost", [0, 30_000_000])
def test_with_a_signal_of_the_round_one_bids_what_it_brings_given_a_tie(law, cost):
    """On draws of rounds, three bidders: weights are the likelihoods of the tie and of one signal below."""
    view = view_of_round(law, "round", cost)
    rewards = law.sample(np.random.default_rng(1), 4 * 300_000).reshape(-1, 4)
    z = (view.outlook.signal(12) - np.log(rewards.sum(axis=1))) / SIGMA
    weight = np.exp(-(z**2)) * special.ndtr(z)
    over = np.maximum(rewards - cost, 0).sum(axis=1)
    mean = (weight * over).sum() / weight.sum()
    error = np.sqrt((weight**2 * (over - mean) ** 2).sum()) / weight.sum()
    assert abs(bid_for_round(view, 3) - mean) <= 4 * error + 1e-3 * mean


def test_the_price_of_a_round_of_ten_is_the_one_of_the_model():
    """B = 10, log sd .905, σ = .489, two bidders: price .88001 of E V, median of paid / top .7978 (MODEL 9)."""
    law = round_of_alikes(Lognormal(1.0, TAU), 10, 0)
    sale = lot_of_law(law, tuple(range(10)), (over(1.0, 0),) * 10, 0.489, 2).theory
    assert sale.second_price / 1e10 == pytest.approx(0.88001, abs=5e-5)
    assert sale.paid_over_top.median == pytest.approx(0.7978, abs=1e-4)


@pytest.mark.parametrize("per", ["round", "block"])
def test_for_a_round_one_bids_less_than_one_expects_where_the_curse_is_strong_and_less_still_as_bid(per):
    view = view_of_round(LAW, per)
    expected = view.outlook.expected_rewards(range(12, 16))
    second, first = (bid_for_round(view, 8, format) for format in ("second_price", "first_price"))
    assert 0 < first < second < expected


def shares_of_rounds(strategy: str, bidders: int, noise: float, primary: str = "second_price"):
    """Price and what is left of each of 400 rounds of ten blocks, shares of E V; one signal a round."""
    group = {"strategy": strategy, "role": "buyer", "count": bidders, "endowment_eth": 1e6, "signal_sigma": noise}
    config = {
        "blocks": 4000,
        "chain": {"draw": "maturity", "maturity": 0, "round": 10},
        "reward": {"process": "lognormal", "mean": 0.1, "sigma": TAU},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "primary": primary, "pbs": "off"},
        "agents": [group],
    }
    rounds = run(config, signatures="off").rounds
    price = rounds.price_gwei.to_numpy(float) / 1e9
    return price, rounds.reward_gwei.to_numpy(float) / 1e9 - price


@pytest.mark.slow
@pytest.mark.parametrize(("primary", "share"), [("second_price", 0.88001), ("first_price", 0.852609)])
def test_rounds_of_ten_go_for_what_the_model_says(primary, share):
    """Two bidders, σ = .489; at first price by Milgrom and Weber's own formula."""
    price, _ = shares_of_rounds("common_value", 2, 0.489, primary)
    assert abs(price.mean() - share) <= 4 * price.std() / np.sqrt(price.size)


@pytest.mark.slow
def test_eight_who_bid_what_they_expect_of_rounds_lose_by_them():
    """The winner's curse on V, a sum of ten: the equilibrium leaves something, what one expects less than that."""
    _, naive = shares_of_rounds("truthful", 8, 0.6)
    _, wise = shares_of_rounds("common_value", 8, 0.6)
    assert naive.mean() < -3 * naive.std() / np.sqrt(naive.size)
    assert wise.mean() > 3 * wise.std() / np.sqrt(wise.size)
