"""Whatever a strategy returns, the desk takes it in or writes it down; it never stops a run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.clock import Phase
from chain.ticket import NEVER, Series
from market.fitting import ALLOWED
from market.intents import INTENTS, Ask, AuctionBid, Bid, Build, Cancel, Claim, Hold, OpenAuction, SellBlock
from market.shown_limit import with_limits

EXPIRY_3 = Series(False, 3)
numbers = st.one_of(st.integers(0, 5), st.integers(), st.sampled_from([2**63 - 1, 2**63, NEVER, 2**64, -1]))
words = st.sampled_from(
    ["gtc", "ioc", "fok", "post_only", "second_price", "english", "dutch", "posted", "claim", ""]
)
odd = st.sampled_from(
    [
        None,
        True,
        1.5,
        float("nan"),
        float("inf"),
        b"x",
        [1],
        (1, 2),
        {},
        np.int64(3),
        np.float64(3),
        np.arange(3),
        {1},
    ]
)
series = st.one_of(st.builds(Series, st.booleans(), numbers), st.builds(Series, odd, odd), st.just((False, 3)))
anything = st.one_of(numbers, words, odd, series)
likely = {"ticket": st.integers(0, 4), "series": series, "format": words, "tif": words, "auction": st.just(0)}
intents = st.sampled_from(INTENTS).flatmap(
    lambda kind: st.builds(kind, *(st.one_of(likely.get(name, numbers), anything) for name in kind._fields))
)


@given(
    st.lists(st.tuples(st.integers(1, 3), st.sampled_from([*ALLOWED]), st.one_of(intents, anything)), max_size=12)
)
@settings(max_examples=200)
def test_nothing_that_a_strategy_returns_stops_a_run(make_market, wanted):
    market = make_market(draw="claim", signed=False).begin()
    market.house.open_sale(market.listing(1, 3, deadline=9), 0)
    for account, phase, intent in wanted:
        view = market.viewer.view(account, market.viewer.market(phase))
        market.desk.receive(market.participant(account), phase, with_limits([intent], phase, view), 0)
    market.exchange.expire(0)
    market.house.clear_sales(0)
    market.exchange.close()
    market.house.close()
    assert sum(sum(market.money(account)) for account in (1, 2, 3)) == 3000
    for table in market.records._tables.values():
        count = len(table._rows)
        assert not count or table._take().num_rows == count


def receive(market, account: int, *wanted, phase: Phase = Phase.BID) -> list[str]:
    """The codes of what was refused."""
    before = len(market.column("violations", "code"))
    market.desk.receive(market.participant(account), phase, wanted, 7)
    return market.column("violations", "code")[before:]


def test_intents_become_signed_messages(market):
    assert receive(market, 1, Ask(3, 50), Hold()) == []
    assert receive(market, 2, Bid(EXPIRY_3, 40, until=1)) == []
    assert receive(market, 1, OpenAuction(0, "dutch", 5, 0, 100, 10)) == []
    assert receive(market, 3, AuctionBid(0, 95)) == []
    assert receive(market, 1, Cancel(0)) == []
    market.house.clear_sales(8)
    market.exchange.close()
    assert {len(signature) for signature in market.column("orders", "signature")} == {65}
    assert {len(signature) for signature in market.column("bids", "signature")} == {65}
    assert market.column("trades", "price_gwei") == [90]
    assert market.titles.live[0].owner == 3


def test_numbers_of_numpy_are_numbers(market):
    assert receive(market, 1, Ask(np.int64(3), np.uint8(50))) == []
    assert market.exchange.own_orders(1)[0].price_gwei == 50
    assert type(market.exchange.own_orders(1)[0].price_gwei) is int
    assert receive(market, 1, Ask(3, np.float64(50)), Cancel(np.float64(0))) == ["bad_amount", "wrong_intent"]


@pytest.mark.parametrize(
    ("phase", "wrong"),
    [
        (Phase.BID, [Build(), SellBlock()]),
        (Phase.CLAIM, [Ask(3, 1), AuctionBid(0, 1)]),
        (Phase.BUILD, [Ask(3, 1), Claim(3, 3), Build()]),
        (Phase.PRIMARY, [Bid(EXPIRY_3, 1), OpenAuction(3)]),
    ],
)
def test_every_phase_has_its_intents(market, phase, wrong):
    assert receive(market, 1, *wrong, "buy!", None, phase=phase) == ["wrong_intent"] * (len(wrong) + 2)


def test_a_claim_is_signed_used_up_and_recorded_once_it_is_good(make_market):
    market = make_market(draw="claim").begin()
    assert receive(market, 2, Claim(0, 2)) == ["not_owner"]
    assert receive(market, 1, Claim(0, 99)) == ["claim_refused"]
    assert receive(market, 1, Claim(0, 2)) == []
    assert market.state.claims == {2: {0: 1}}
    assert market.column("orders", "outcome") == ["claimed"]
    assert market.column("orders", "valid_from") == [2]


def test_the_refused_leave_the_others_be(market):
    refused = receive(market, 1, Ask(3, 50), Ask(3, 60), Ask(1, 1), Ask(9, 1), Cancel(5), AuctionBid(7, 1))
    assert refused == ["ticket_listed", "not_owner", "unknown_ticket", "unknown_order", "auction_closed"]
    assert market.column("violations", "agent") == [1] * 5
    assert market.exchange.own_orders(1)[0].price_gwei == 50
