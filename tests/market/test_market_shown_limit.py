"""Orders without a price: signed at the limit that the view showed, wherever the quote is when they arrive."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from chain.clock import Clock, Phase
from chain.ledger import MAX_GWEI
from chain.ticket import NEVER, Series
from market.intents import Ask, Bid, Cancel
from market.shown_limit import with_limits
from market.slot.roll_call import RollCall
from market.view import Quote

EXPIRY_3 = Series(False, 3)


class Answers:
    """A participant that answers the same to whatever it sees."""

    phases = frozenset({Phase.BID})
    slot_bidder = None
    proposes_as_usual = False

    def __init__(self, market, account: int, latency_ms: int, *intents) -> None:
        self.account = account
        self.latency_ms = latency_ms
        self.wallet = market.wallets[account]
        self.intents = list(intents)

    def decide(self, phase, view):  # noqa: ARG002
        return self.intents


def session(market, *answers) -> None:
    """All are asked on one view, and heard after their latencies."""
    clock = Clock(1000)
    calls = RollCall(
        market=market.place,
        participants={who.account: who for who in answers},
        clock=clock,
        rng=np.random.default_rng(0),
    )
    calls.ask(answers, Phase.BID, calls.trade(Phase.BID))
    clock.run_slot()


def last_order(market) -> tuple[str, int, str]:
    return tuple(market.column("orders", name)[-1] for name in ("outcome", "price_gwei", "tif"))


def test_a_late_bid_pays_no_more_than_the_ask_that_it_was_shown(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    dearer = Answers(market, 1, 10, Cancel(0), Ask(3, 90))
    session(market, dearer, Answers(market, 2, 40, Bid(EXPIRY_3, None)))
    assert last_order(market) == ("killed", 50, "ioc")
    assert market.titles.live[3].owner == 1
    assert market.money(2) == (1000, 0)


def test_a_late_ask_takes_no_less_than_the_bid_that_it_was_shown(market):
    market.exchange.place(market.bid(2, EXPIRY_3, 50), 0)
    lower = Answers(market, 2, 10, Cancel(0), Bid(EXPIRY_3, 20))
    session(market, lower, Answers(market, 1, 40, Ask(3, None)))
    assert last_order(market) == ("killed", 50, "ioc")
    assert market.titles.live[3].owner == 1


def test_a_late_order_takes_what_has_become_better_and_signs_what_it_was_shown(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    cheaper = Answers(market, 1, 10, Cancel(0), Ask(3, 30))
    session(market, cheaper, Answers(market, 2, 40, Bid(EXPIRY_3, None)))
    assert market.titles.live[3].owner == 2
    assert market.money(2) == (970, 0)
    prices = dict(zip(market.column("orders", "side"), market.column("orders", "price_gwei"), strict=True))
    assert prices["bid"] == 50


def test_the_second_of_two_does_not_take_the_next_price(make_market):
    market = make_market("lottery", 9, None).begin()
    undrawn = [
        serial for serial, title in market.titles.live.items() if title.owner == 1 and title.drawn_for is None
    ]
    for serial, price in zip(undrawn, (50, 70), strict=False):
        market.exchange.place(market.ask(1, serial, price), 0)
    session(market, *(Answers(market, who, 10 * who, Bid(Series(False, NEVER), None)) for who in (2, 3)))
    assert [market.titles.live[serial].owner for serial in undrawn[:2]] == [2, 1]
    assert last_order(market) == ("killed", 50, "ioc")


def test_what_is_not_shown_is_not_taken(market):
    """Neither side has a quote when they decide; both have one when they arrive."""
    quotes = Answers(market, 1, 10, Ask(3, 50))
    session(market, quotes, Answers(market, 2, 40, Bid(EXPIRY_3, None)))
    assert last_order(market) == ("killed", 0, "ioc")
    assert Quote(EXPIRY_3, None, None).limit("ask") == MAX_GWEI


def test_a_limit_that_cannot_be_paid_is_refused(market):
    market.exchange.place(market.ask(1, 3, 1001), 0)
    session(market, Answers(market, 2, 0, Bid(EXPIRY_3, None)))
    assert market.column("violations", "code") == ["insufficient_funds"]
    assert market.money(2) == (1000, 0)


@pytest.mark.parametrize(
    ("intent", "limited"),
    [
        (Bid(EXPIRY_3, None), Bid(EXPIRY_3, 50, "ioc", 0)),
        (Bid(EXPIRY_3, None, "fok", 9), Bid(EXPIRY_3, 50, "fok", 0)),
        (Ask(np.int64(3), None, "ioc"), Ask(3, 40, "ioc", 0)),
        (Ask(1, None), Ask(1, MAX_GWEI, "ioc", 0)),  # of someone else
        (Bid(EXPIRY_3, 7, "gtc"), Bid(EXPIRY_3, 7, "gtc")),
        (Bid(EXPIRY_3, None, "post_only"), Bid(EXPIRY_3, None, "post_only")),
        (Bid("s", None), Bid("s", None)),
        (Ask("x", None, "whenever"), Ask("x", None, "whenever")),
        (Cancel(None), Cancel(None)),
        (None, None),
    ],
)
def test_an_order_without_a_price_becomes_a_limit_and_nothing_else_changes(market, intent, limited):
    seen = market.viewer.market(Phase.BID)._replace(quotes=(Quote(EXPIRY_3, 40, 50),))
    assert with_limits([intent], Phase.BID, market.viewer.view(1, seen)) == [limited]


def test_what_comes_to_the_desk_without_a_price_is_refused(market):
    for tif, told in (("gtc", "name a price"), ("post_only", "cannot be post-only")):
        who = SimpleNamespace(account=2, wallet=market.wallets[2])
        market.desk.receive(who, Phase.BID, [Bid(Series(False, NEVER), None, tif)], 0)
        assert market.column("violations", "code")[-1] == "bad_terms"
        assert told in market.column("violations", "message")[-1]


def test_of_an_answer_the_orders_without_a_price_alone_are_given_one(market):
    market.exchange.place(market.ask(1, 3, 50), 0)
    view = market.viewer.view(2, market.viewer.market(Phase.BID))
    named, other = Bid(EXPIRY_3, 7), Cancel(0)
    assert with_limits([named, other], Phase.BID, view) == [named, other]
    limited = with_limits([named, Bid(EXPIRY_3, None), other], Phase.BID, view)
    assert limited == [named, Bid(EXPIRY_3, 50, "ioc", view.slot), other]
