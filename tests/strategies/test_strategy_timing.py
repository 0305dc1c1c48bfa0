"""When each seller sells, seen in the trades of a run."""

from __future__ import annotations

import pytest

from experiments import run

BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3}


def secondary(seller: dict, blocks: int = 80, **config):
    """The resales among one kind of seller and three buyers, warm-up left out."""
    result = run({"blocks": blocks, "agents": [{"role": "seller", **seller}, BUYERS], **config}, signatures="off")
    assert len(result.violations) == 0
    trades = result.trades[result.trades.market == "secondary"]
    return trades[trades.slot >= 40]


def test_at_once_sells_in_the_first_session():
    trades = secondary({"strategy": "at_once"})
    assert (trades.age == 0).all()
    assert len(trades) == 40


def test_at_maturity_sells_in_the_session_of_its_block():
    trades = secondary({"strategy": "at_maturity"})
    assert (trades.to_maturity == 0).all()
    assert set(trades.timing) == {"ex_post"}
    assert len(trades) == 40


@pytest.mark.parametrize("before", [0, 7, 32])
def test_at_block_sells_so_many_blocks_before_the_end(before):
    trades = secondary({"strategy": "at_block", "parameters": {"before": before}})
    assert (trades.to_maturity == before).all()
    assert len(trades) == 40


def test_threshold_sells_when_the_reward_is_high_or_at_the_last_chance():
    reward = {"process": "uniform", "low": 0.0, "high": 1.0}
    seller = {"strategy": "threshold", "parameters": {"threshold_eth": 0.9}}
    result = run({"blocks": 200, "agents": [{"role": "seller", **seller}, BUYERS], "reward": reward})
    rewards = result.blocks.reward_gwei
    sold = result.trades[result.trades.market == "secondary"]
    early = sold[sold.to_maturity > 0]
    assert len(early) > 20
    assert (rewards[early.slot].to_numpy() >= 900_000_000).all()


def test_keep_never_sells_and_builds_its_blocks():
    agents = [{"strategy": "keep", "role": "seller", "can_build": True}, BUYERS]
    result = run({"blocks": 40, "agents": agents, "market": {"pbs": "off"}})
    assert set(result.trades.market) == {"primary"}
    assert set(result.blocks.builder.dropna()) == {"keep-1"}


def test_undercut_goes_below_its_rival_but_not_below_its_floor():
    agents = [
        {"strategy": "undercut", "role": "seller", "count": 3, "parameters": {"capacity": 11, "premium": 0.2}},
        {"strategy": "shade", "role": "buyer", "count": 2, "parameters": {"factor": 0.0}},
    ]
    reward, supply = {"process": "constant", "value": 1.0}, {"draw": "lottery", "maturity": "none", "supply": 12}
    result = run({"blocks": 60, "agents": agents, "reward": reward, "chain": supply})
    asks = result.orders[result.orders.side == "ask"]
    assert (asks.outcome == "cancelled").sum() > 10
    prices = asks.groupby("slot").price_gwei.min()
    assert prices.iloc[-1] < prices.iloc[0]
    assert prices.min() >= 0.9 * prices.iloc[0] / 1.2 - 1e6


def test_the_speculator_buys_before_the_draw_and_sells_after_it():
    agents = [
        {"strategy": "at_once", "role": "seller", "parameters": {"reserve_eth": 0.0}},
        {"strategy": "speculator", "can_build": False, "parameters": {"margin": 0.0, "capacity": 40}},
        {"strategy": "shade", "role": "buyer", "count": 2, "parameters": {"factor": 0.5}},
    ]
    result = run({"blocks": 120, "agents": agents, "reward": {"process": "constant", "value": 0.1}})
    trades = result.trades[result.trades.market == "secondary"]
    bought = trades[trades.buyer == "speculator-2"]
    sold = trades[trades.seller == "speculator-2"]
    assert set(bought.timing) == {"ex_ante"}
    assert set(sold.timing) == {"ex_post"}
    assert len(sold) > 50


def test_the_market_maker_earns_its_spread_from_both_sides():
    agents = [
        {"strategy": "undercut", "role": "seller", "parameters": {"premium": 0.0, "floor": 0.5, "capacity": 20}},
        {"strategy": "market_maker", "can_build": False, "parameters": {"spread": 0.02, "series": 10}},
        {"strategy": "truthful", "role": "buyer", "count": 3},
    ]
    result = run({"blocks": 200, "agents": agents, "reward": {"process": "constant", "value": 0.1}})
    orders = result.orders[result.orders.maker == "market_maker-2"]
    assert set(orders.side) >= {"bid"}
    assert (orders.tif[orders.side == "bid"] == "post_only").all()
    assert len(result.violations) == 0
