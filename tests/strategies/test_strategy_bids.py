"""What each buyer bids, against the closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import run

CONSTANT = {"process": "constant", "value": 1.0}
COST = {"low": 0.1, "high": 0.5}


def play(buyers: list[dict], format: str = "second_price", blocks: int = 60, **config):
    """One seller who sells at maturity by `format`, and the buyers."""
    seller = {"strategy": "at_maturity", "role": "seller", "parameters": {"format": format}, "endowment_eth": 1e4}
    agents = [seller, *({"role": "buyer", "endowment_eth": 1e4, **buyer} for buyer in buyers)]
    return run({"blocks": blocks, "agents": agents, "reward": CONSTANT, "cost": COST, **config}, signatures="off")


def ticket_bids(result):
    """The bids in resales, with the cost of the bidder for the block (surplus = bid of a truthful bidder)."""
    sales = result.auctions[result.auctions.market == "secondary"]
    return result.bids[result.bids.auction.isin(sales.auction)]


def test_truthful_bids_reward_less_cost_and_the_winner_has_the_lowest_cost():
    result = play([{"strategy": "truthful", "count": 4}])
    blocks = result.blocks
    assert (blocks.net_gwei == blocks.best_gwei).all()
    best = ticket_bids(result).groupby("slot").price_gwei.max()
    assert best.equals(blocks.set_index("slot").best_gwei[best.index].rename("price_gwei"))
    assert result.summary["efficiency"] == 1.0


def test_truthful_discounts_a_forward_purchase():
    seller = {"strategy": "at_once", "role": "seller"}
    buyer = {"strategy": "truthful", "role": "buyer", "count": 2, "parameters": {"discount_rate": 0.01}}
    cost = {"low": 0.1, "high": 0.1}
    result = run({"blocks": 60, "agents": [seller, buyer], "reward": CONSTANT, "cost": cost})
    sold = result.trades[(result.trades.market == "secondary") & (result.trades.slot > 35)]
    assert (sold.to_maturity == 32).all()
    assert sold.price_gwei.to_numpy() == pytest.approx(0.9e9 / 1.01**32, abs=1.5)


def test_shade_bids_its_share():
    shaded = ticket_bids(play([{"strategy": "shade", "count": 3, "parameters": {"factor": 0.8}}]))
    truthful = ticket_bids(play([{"strategy": "truthful", "count": 3}]))
    assert len(shaded) == len(truthful) > 100
    assert shaded.price_gwei.to_numpy() == pytest.approx(0.8 * truthful.price_gwei.to_numpy(), abs=1)


@pytest.mark.parametrize("count", [2, 5])
@pytest.mark.parametrize("format", ["first_price", "dutch"])
def test_the_first_price_equilibrium_is_that_of_the_book(count, format):
    """v uniform on [.5, .9] and n bidders: b(v) = v − (v − .5)/n (Krishna 2010, example 2.1)."""
    shaded = ticket_bids(play([{"strategy": "first_price_equilibrium", "count": count}], format))
    values = ticket_bids(play([{"strategy": "truthful", "count": count}]))
    value = values.price_gwei.to_numpy() / 1e9
    expected = value - (value - 0.5) / count
    assert shaded.price_gwei.to_numpy() / 1e9 == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("format", ["second_price", "english"])
def test_in_other_formats_the_equilibrium_is_the_truth(format):
    equilibrium = ticket_bids(play([{"strategy": "first_price_equilibrium", "count": 3}], format))
    truthful = ticket_bids(play([{"strategy": "truthful", "count": 3}], format))
    assert equilibrium.price_gwei.tolist() == truthful.price_gwei.tolist()


def test_zero_intelligence_bids_uniformly_below_its_value():
    random = ticket_bids(play([{"strategy": "zero_intelligence", "count": 4}], blocks=500))
    value = ticket_bids(play([{"strategy": "truthful", "count": 4}], blocks=500))
    shares = random.price_gwei.to_numpy() / value.price_gwei.to_numpy()
    assert shares.max() <= 1
    z = (shares.mean() - 0.5) * np.sqrt(12 * len(shares))
    assert abs(z) <= 4


def test_nobody_bids_more_than_it_has():
    result = play([{"strategy": "truthful", "count": 3, "endowment_eth": 0.3}], blocks=1)
    assert ticket_bids(result).price_gwei.tolist() == [300_000_000] * 3
    assert len(result.violations) == 0


@pytest.mark.parametrize(
    ("format", "strategy"),
    [
        ("second_price", "truthful"),
        ("english", "truthful"),
        ("first_price", "first_price_equilibrium"),
        ("dutch", "first_price_equilibrium"),
    ],
)
def test_all_formats_bring_what_the_second_best_buyer_is_worth(format, strategy):
    """Revenue equivalence through the whole testbed: E v_(2) = R − (.1 + .4 · 2/(n + 1)), n = 4 (4 standard
    errors)."""
    result = play([{"strategy": strategy, "count": 4}], format, blocks=500)
    prices = result.trades[result.trades.market == "secondary"].price_gwei / 1e9
    expected = 1 - (0.1 + 0.4 * 2 / 5)
    assert abs(prices.mean() - expected) <= 4 * prices.std() / np.sqrt(len(prices))
    assert len(prices) == 500
