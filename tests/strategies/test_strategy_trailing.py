"""The buyer that bids by past prices."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import run
from market.past_prices import PastPrices
from strategies.buyers.trailing import Trailing
from tests.strategies import views


def bid(prices: PastPrices, market: str = "secondary", **parameters) -> int:
    """For block 13, which is worth 13,000 to all and 12,600 over its cost of 400, Gwei."""
    buyer = Trailing(**parameters)
    buyer.start(views.setup(draw="maturity"))
    plain = views.view((views.auction(1, market),), free_gwei=10**6)
    (placed,) = buyer.auction_bids(plain._replace(market=plain.market._replace(prices=prices)))
    return placed.price_gwei


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, 3250),
        ({"window": 3}, 4000),
        ({"statistic": "median"}, 2000),
        ({"statistic": "median", "window": 1, "factor": 1.5}, 12000),
        ({"window": 1, "factor": 2.0}, 12600),
    ],
)
def test_it_bids_a_multiple_of_the_last_prices_and_its_value_at_the_most(parameters, expected):
    assert bid(PastPrices(secondary=(1000, 1000, 3000, 8000)), **parameters) == expected


def test_each_market_has_its_own_prices_and_before_the_first_it_bids_its_value():
    prices = PastPrices(primary=(50,), secondary=(70,))
    assert [bid(prices, market) for market in ("primary", "secondary")] == [50, 70]
    assert bid(PastPrices(primary=(50,))) == 12600


def test_it_takes_no_ask_above_the_trend():
    buyer = Trailing()
    buyer.start(views.setup(draw="maturity"))
    plain = views.view()
    market = plain.market._replace(prices=PastPrices(secondary=(70, 90)))
    assert buyer.ask_worth(plain._replace(market=market), views.auction(1).series) == 80


def test_prices_follow_their_own_trend_in_a_run():
    """Two that bid half of the mean price: from the second sale on each price is half of the mean before it."""
    agents = [{"strategy": "trailing", "role": "buyer", "count": 2, "endowment_eth": 1e4}]
    agents[0]["parameters"] = {"factor": 0.5, "window": 4}
    setting = {"blocks": 12, "agents": agents, "reward": {"process": "constant", "value": 1.0}}
    setting["chain"] = {"draw": "maturity", "maturity": 2, "supply": 3}
    setting["cost"] = {"low": 0.1, "high": 0.5}
    setting["market"] = {"primary": "second_price", "pbs": "off"}
    trades = run(setting, signatures="off").trades
    by_slot = trades[trades.market == "primary"].groupby("slot").price_gwei.apply(list)
    prices = by_slot.iloc[0]
    assert len(by_slot) > 6
    for sold in by_slot.iloc[1:]:
        assert sold == [int(0.5 * np.mean(prices[-4:]))] * len(sold)
        prices = prices + sold
