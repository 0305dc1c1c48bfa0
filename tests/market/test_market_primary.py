"""The primary market: the protocol sells, what is paid is burned."""

from __future__ import annotations

import pytest

from chain.errors import RuleBroken
from chain.ledger import BURNED
from chain.protocol import process_genesis
from market.auctions import Award, Offer, Terms
from market.primary import PRICING, ByLot, Lot, Posted, posted


@pytest.fixture
def sale(make_market):
    """Lots 0, 1, 2 of tickets 0, 1, 2, reserve 10: bids 30, 20 and 40 on the first, 10 on the second, none on the
    third."""
    market = make_market(supply=3, maturity=2)
    for title in process_genesis(market.state):
        market.house.offer_lot(title, "second_price", Terms(10))
    for account, lot, price in ((1, 0, 30), (2, 0, 20), (3, 0, 40), (2, 1, 10)):
        market.house.enter(market.offer(account, lot, price), 0)
    return market


def owners(market) -> list[int]:
    return [title.owner for title in market.titles.live.values()]


def test_second_price_lot_by_lot(sale):
    sale.house.clear_lots(PRICING["second_price"](), 0)
    assert owners(sale) == [3, 2, 0]
    assert [sale.money(account) for account in (1, 2, 3)] == [(1000, 0), (990, 0), (970, 0)]
    assert sale.ledger.total(BURNED) == 40
    assert [title.price_gwei for title in sale.titles.live.values()] == [30, 10, 0]
    assert sale.column("auctions", "outcome") == ["sold", "sold", "unsold"]
    assert sale.column("bids", "outcome") == ["lost", "lost", "won", "won"]
    assert sale.column("trades", "market") == ["primary", "primary"]


def test_posted_prices_first_come_first_served(sale):
    sale.house.clear_lots(Posted(), 0)
    assert owners(sale) == [1, 2, 0]
    assert sale.ledger.total(BURNED) == 20
    assert posted([Lot(0, Terms(10), [Offer(1, 9), Offer(2, 11)])]) == [Award(2, 10)]


def test_a_rule_of_ones_own_sees_all_lots_and_may_answer_lazily(sale):
    def pay_as_bid_for_one_lot(lots):
        assert [(lot.ticket, len(lot.offers)) for lot in lots] == [(0, 3), (1, 1), (2, 0)]
        for lot in lots:
            yield Award(1, 30) if lot.ticket == 0 else None

    sale.house.clear_lots(ByLot(pay_as_bid_for_one_lot), 0)
    assert owners(sale) == [1, 0, 0]
    assert sale.ledger.total(BURNED) == 30


@pytest.mark.parametrize(
    ("error", "awards"),
    [
        (RuleBroken, [Award(3, 41), None, None]),  # more than was bid
        (RuleBroken, [None, Award(1, 10), None]),  # to who did not bid for this lot
        (RuleBroken, [None, None, Award(1, 0)]),
        (RuleBroken, [Award(3, 40), None]),
        (RuleBroken, [Award(3, 40), None, None, None]),
        (RuleBroken, []),
        (RuleBroken, [3, None, None]),
        (RuleBroken, [(3, 40), None, None]),
        (RuleBroken, [Award(3, -1), None, None]),
        (RuleBroken, [Award(3, 39.5), None, None]),
    ],
)
def test_a_rule_that_awards_what_was_not_bid(sale, error, awards):
    sale.refuses(error, sale.house.clear_lots, ByLot(lambda _: awards), 0)
    sale.house.clear_lots(PRICING["second_price"](), 0)
    assert owners(sale) == [3, 2, 0]


def test_what_is_not_sold_can_be_offered_again(sale):
    sale.house.clear_lots(PRICING["second_price"](), 0)
    lot = sale.house.offer_lot(sale.titles.live[2], "posted", Terms(5))
    sale.house.enter(sale.offer(1, lot, 6), 0)
    sale.house.clear_lots(Posted(), 0)
    assert owners(sale) == [3, 2, 1]
    assert sale.money(1) == (995, 0)


def test_without_lots_no_rule_is_asked(market):
    market.house.clear_lots(ByLot(lambda _: 1 / 0), 0)
