"""Bids that come in together: they do what they would do one by one."""

from __future__ import annotations

from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chain.clock import Phase
from market.errors import BadTerms, BidTooLow
from market.intents import AuctionBid, Bid, Cancel, Hold
from market.violations import MOST_REFUSED
from tests.market.test_market_desk import EXPIRY_3

TABLES = ("payments", "bids", "violations", "orders")
prices = st.sampled_from([0, 4, 5, 40, 300, 999, 1000, 10**6, 2**63, -1, 1.5])
bids = st.builds(AuctionBid, st.integers(0, 3), prices)
others = st.sampled_from([Hold(), Cancel(0), Bid(EXPIRY_3, 30), tuple.__new__(AuctionBid, (1,)), None])
answers = st.lists(st.tuples(st.integers(1, 3), st.lists(bids | others, max_size=5)), max_size=8)


def two_auctions(make_market, **terms):
    """Account 1 sells ticket 3 and account 2 sells ticket 1, at 5 Gwei or more."""
    market = make_market(signed=False, entry=7, **terms).begin()
    for account, ticket in ((1, 3), (2, 1)):
        market.house.open_sale(market.listing(account, ticket, reserve=5, deadline=9), 0)
    return market


def rows(market) -> list[list[object]]:
    market.house.close()
    return [market.records._tables[name]._rows for name in TABLES]


@given(answers)
def test_bids_that_come_in_together_do_what_they_do_one_by_one(make_market, answers):
    together, apart = (two_auctions(make_market, owner_cap=3) for _ in range(2))
    together.desk.receive_all(Phase.BID, [(together.participant(who), wanted) for who, wanted in answers], 7)
    for account, wanted in answers:
        carry_out = partial(apart.desk.carry_out, apart.participant(account), Phase.BID, ms=7)
        for intent in wanted:
            apart.violations.try_all([intent], carry_out, 7, Phase.BID, account)
    assert together.place.turns.done == apart.place.turns.done
    assert rows(together) == rows(apart)


def test_a_phase_without_bids_takes_none(make_market):
    market = two_auctions(make_market)
    market.desk.receive_all(Phase.CLAIM, [(market.participant(3), [AuctionBid(0, 50)])], 7)
    assert market.column("violations", "code") == ["wrong_intent"]
    assert not market.house.open[0].bids


def test_of_too_many_bids_the_rest_is_dropped(make_market):
    """What is refused counts by answer, not over all that come in together."""
    market = two_auctions(make_market)
    low = [AuctionBid(0, 1)]
    answers = [(market.participant(3), low * (MOST_REFUSED + 5)), (market.participant(2), low * MOST_REFUSED)]
    market.desk.receive_all(Phase.BID, answers, 7)
    codes = market.column("violations", "code")
    assert codes == ["bid_too_low"] * MOST_REFUSED + ["too_many_refused"] + ["bid_too_low"] * MOST_REFUSED


def test_in_a_strict_run_nothing_comes_in_after_the_first_that_is_refused(make_market):
    market = two_auctions(make_market)
    market.violations._strict = True
    with pytest.raises(BidTooLow):
        market.desk.receive_all(
            Phase.BID, [(market.participant(3), [AuctionBid(0, 50), AuctionBid(1, 1), AuctionBid(1, 60)])], 7
        )
    assert [list(auction.bids) for auction in market.house.open.values()] == [[3], []]


def test_a_bid_is_for_one_listing_where_nobody_signs_too(make_market):
    market = two_auctions(make_market)
    here, there = market.house.open[0], market.house.open[1]
    bid = market.offer(3, here, 50, listing=there.offered)
    with pytest.raises(BadTerms, match="for another listing than that of auction 0"):
        market.house.enter(bid, 0)
    market.house.enter(market.offer(3, here, 50), 0)
