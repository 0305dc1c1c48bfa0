"""Signals on top of what is public: rewards that remember the last one, through ledger and auctions; and what a
hub that has signals bids. MODEL section 9, P9 and P10, given the public state."""

from __future__ import annotations

import numpy as np
import pytest

from chain.money import GWEI_PER_ETH
from chain.rewards import AR1, Lognormal
from experiments import run
from market.cost_laws import UniformCost
from market.view import TicketView
from strategies.sellers.hub import Hub
from strategies.theory.signalled_value import TwoBidders
from tests.strategies import views
from tests.strategies.test_strategy_common_value import SIGMA, view_of_round

PHI, SD = 0.386, 0.905
LEFT = SD * np.sqrt(1 - PHI**2)
"""The log standard deviation of what the last reward leaves open of the next one."""

COST = 40_000_000
INDEPENDENT, WITH_MEMORY = Lognormal(0.1, 0.905), AR1(0.1, 0.6, 0.5)


def played(blocks: int, *agents, **market):
    """Rounds of one block, each sold when the one before it has shown its reward; costs are 0."""
    return run(
        {
            "blocks": blocks,
            "seed": 5,
            "chain": {"draw": "maturity", "maturity": 0, "supply": 1},
            "reward": {"process": "ar1", "mean": 1.0, "phi": PHI, "sigma": float(LEFT)},
            "cost": {"low": 0.0, "high": 0.0},
            "market": {"structure": "et", "primary": "second_price", "pbs": "sealed", **market},
            "agents": list(agents),
        },
        signatures="off",
    )


def sales(result):
    """Of each block but the first: the forecast and the price, ETH, 0 where it was not sold; the reward."""
    reward = result.blocks.reward_gwei.to_numpy(float) / GWEI_PER_ETH
    log_mean = -(SD**2) / 2
    forecast = np.exp(log_mean + PHI * (np.log(reward[:-1]) - log_mean) + LEFT**2 / 2)
    sold = result.trades[(result.trades.market == "primary") & result.trades.slot.between(0, len(reward) - 2)]
    price = np.zeros(len(forecast))
    price[sold.slot.to_numpy(int)] = sold.price_gwei / GWEI_PER_ETH
    return forecast, price, reward[1:]


def within(values, expected: float) -> bool:
    """Whether their mean is within four standard errors of it."""
    return abs(np.mean(values) - expected) <= 4 * np.std(values) / np.sqrt(len(values))


@pytest.mark.slow
@pytest.mark.parametrize("strategy", ["common_value", "round_buyer"])
@pytest.mark.parametrize("noise", [0.6, 2.3])
def test_two_with_signals_beside_a_public_forecast_pay_what_p10_says_of_what_it_leaves_open(strategy, noise):
    parameters = {"resale_reserve": "never"} if strategy == "round_buyer" else {}
    group = {"strategy": strategy, "role": ["seller", "buyer"] if parameters else "buyer", "count": 2}
    result = played(2000, {**group, "endowment_eth": 1e6, "signal_sigma": noise, "parameters": parameters})
    forecast, price, reward = sales(result)
    theory = TwoBidders(float(LEFT), noise)
    assert within(price / forecast, theory.price)
    primary = result.auctions.auction[(result.auctions.market == "primary") & result.auctions.opened_slot.ge(0)]
    ahead = result.bids[result.bids.auction.isin(primary) & result.bids.slot.lt(1999)]
    top = ahead.groupby("slot").price_gwei.max() / GWEI_PER_ETH
    assert within(price / top.to_numpy(), theory.paid_over_top.mean)
    told = np.corrcoef(np.log(price), np.log(reward))[0, 1]
    assert told > np.corrcoef(np.log(price / forecast), np.log(reward))[0, 1]


@pytest.mark.slow
def test_a_reserve_on_a_forecast_against_a_hub_that_alone_knows_what_is_left_open():
    """P9 with φ = .386: c = .740467, revenue .353251, void .522935, efficiency .781521."""
    hub = {"strategy": "hub", "role": "seller", "endowment_eth": 1e6, "signal_sigma": 1e-6}
    out = {"strategy": "round_buyer", "role": "buyer", "count": 2, "parameters": {"entry": "never"}}
    result = played(3000, hub, out, reserve={"rule": "forecast", "share": 0.740467})
    _, price, reward = sales(result)
    assert within(price, 0.353251)
    assert within(price == 0, 0.522935)
    assert within(reward * (price > 0), 0.781521)


def drawn_rounds(law, count: int):
    """Rounds of four blocks after the reward of block 11 that the view has, Gwei."""
    rng = np.random.default_rng(1)
    if isinstance(law, Lognormal):
        return law.sample(rng, 4 * count).reshape(-1, 4)
    start = view_of_round(law, "round").market.outlook.reward_gwei
    mean, logs = np.log(0.1 * GWEI_PER_ETH) - 0.5**2 / (1 - 0.6**2) / 2, np.full(count, np.log(start))
    rewards = []
    for _ in range(4):
        logs = mean + 0.6 * (logs - mean) + 0.5 * rng.standard_normal(count)
        rewards.append(np.exp(logs))
    return np.stack(rewards, axis=1)


@pytest.mark.parametrize(
    ("law", "per"),
    [
        (INDEPENDENT, "round"),
        (INDEPENDENT, "block"),
        (WITH_MEMORY, "block"),
        pytest.param(WITH_MEMORY, "round", marks=pytest.mark.slow),
    ],
)
def test_a_hub_with_signals_bids_what_resale_brings_by_its_own_posterior(law, per):
    """On draws of rounds, weighed by the likelihood of its signals: Σ E[(R_k − θ_(2))^+ | signals], two buyers."""
    view = view_of_round(law, per)
    hub = Hub()
    hub.start(views.setup(draw="maturity", round=4, buyers=2, cost=UniformCost(0, COST)))
    lot = views.auction(1, "primary")._replace(ticket=TicketView(1, 12, 15, None, True), block=None)
    rewards = drawn_rounds(law, 200_000)
    seen = rewards.sum(axis=1, keepdims=True) if per == "round" else rewards
    signals = [view.outlook.signal(block) for block in range(12, 12 + seen.shape[1])]
    weight = np.exp(-(((signals - np.log(seen)) / SIGMA) ** 2).sum(axis=1) / 2)
    second = COST * np.sqrt(np.random.default_rng(2).random(rewards.shape))  # the higher of two uniform costs
    brought = np.maximum(rewards - second, 0).sum(axis=1)
    mean = (weight * brought).sum() / weight.sum()
    error = np.sqrt((weight**2 * (brought - mean) ** 2).sum()) / weight.sum()
    assert abs(hub.price(view, lot) - mean) <= 4 * error + 1e-3 * mean
    blind = hub.price(view._replace(informed=None), lot)
    assert abs(blind - brought.mean()) <= 4 * brought.std() / np.sqrt(brought.size) + 1e-3 * mean
    assert abs(blind - mean) > 20 * error
