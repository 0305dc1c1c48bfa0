"""The reseller: Pai and Resnick's game, move by move."""

from __future__ import annotations

import pytest

from experiments import run
from experiments.resale import tickets

ETH = 10**9


@pytest.fixture(scope="module")
def result():
    return run(tickets(2), blocks=120, signatures="off")


def test_it_pays_the_value_of_holding_less_that_of_losing(result):
    paid = result.trades.query("market == 'primary'")["price_gwei"]
    assert paid.unique().tolist() == [round(0.5416666667 * ETH)]


def test_it_sells_with_the_reserve_of_its_own_value(result):
    auctions = result.auctions.query("market == 'secondary'").set_index("opened_slot")
    assert len(auctions) == 120
    built = result.blocks.set_index("slot")
    kept = auctions.index.difference(result.trades.query("market == 'secondary'")["slot"])
    assert 0 < len(kept) < 120
    for slot in kept:  # the proposer is still the seller, and its cost is in the blocks' table
        value = ETH - built.loc[slot, "cost_gwei"]
        assert auctions.loc[slot, "reserve_gwei"] == (ETH + value) // 2


def test_it_resells_only_to_who_values_it_above_the_reserve(result):
    sold = result.trades.query("market == 'secondary'").set_index("slot")["price_gwei"]
    built = result.blocks.set_index("slot")
    auctions = result.auctions.query("market == 'secondary'").set_index("opened_slot")
    for slot, price in sold.items():
        assert price == auctions.loc[slot, "reserve_gwei"]  # of two buyers, one bids
        assert ETH - built.loc[slot, "cost_gwei"] >= price


def test_no_move_is_refused(result):
    assert len(result.violations) == 0
