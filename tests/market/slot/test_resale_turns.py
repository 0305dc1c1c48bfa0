"""Resale in turn: who is asked when, what is for sale then, and with what money."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest

from chain.clock import Phase
from market.intents import AuctionBid, Intent, OpenAuction
from tests.market.slot.test_slot_driver import TIMES, Stage, primary_bids

LATENCIES = (5, 40, 20)
TURN = 2 * (max(LATENCIES) + 1)


def trades(lasting: int = 0) -> Any:
    """Sells a ticket whenever it is asked, and bids half of what it has in the first sale that it sees."""

    def answer(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.OFFER:
            free = [ticket.serial for ticket in view.tickets if not ticket.listed]
            return [OpenAuction(serial, reserve_gwei=1, slots=lasting) for serial in free[:1]]
        if phase == Phase.BID:
            rivals = (auction for auction in view.auctions if auction.seller != view.account)
            return [AuctionBid(auction.id, view.free_gwei // 2) for auction in rivals][:1]
        return primary_bids(phase, view)

    return answer


@pytest.fixture
def staged(make_market):
    def stage(**terms: Any) -> Stage:
        answers = dict.fromkeys((1, 2, 3), terms.pop("answer", trades()))
        terms.setdefault("latencies", LATENCIES)
        return Stage(make_market(), answers, takers=(1, 2, 3, 1), in_turn=True, **terms)

    return stage


def asked_in(stage: Stage, slot: int, phase: Phase) -> dict[int, list[int]]:
    """Who was asked, by the time."""
    found: dict[int, list[int]] = {}
    for at, ms, when, account in stage.asked:
        if (at, when) == (slot, phase):
            found.setdefault(ms, []).append(account)
    return found


def test_each_holder_has_a_turn_in_the_order_of_accounts(staged):
    stage = staged().play(3)
    everyone = [player.account for player in stage.driver._calls.order]
    for slot in range(3):
        assert asked_in(stage, slot, Phase.OFFER) == {place * TURN: [place + 1] for place in range(3)}
    bids = {place * TURN + TURN // 2: everyone for place in range(3)} | {TIMES.bid: everyone}
    assert asked_in(stage, 2, Phase.BID) == bids


@pytest.mark.parametrize("latencies", [LATENCIES, (0, 0, 0)])
def test_a_sale_closes_before_the_next_holder_is_asked(staged, latencies):
    market = staged(latencies=latencies).play(1).market
    turn = 2 * (max(latencies) + 1)
    sold = list(zip(market.column("trades", "market"), market.column("trades", "ms"), strict=True))
    assert [ms for kind, ms in sold if kind == "secondary"] == [turn - 1, 2 * turn - 1, 3 * turn - 1]


def test_everyone_bids_with_what_it_has_by_then(staged):
    purses: list[dict[int, int]] = [{}, {}, {}]
    inner = trades()

    def answer(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.BID and stage.driver._clock.ms < 3 * TURN:
            purses[stage.driver._clock.ms // TURN][view.account] = view.free_gwei
        return inner(phase, view)

    stage = staged(answer=answer)
    stage.play(1)
    names = ("market", "seller", "buyer", "price_gwei")
    rows = zip(*(stage.market.column("trades", name) for name in names), strict=True)
    sales = [row[1:] for row in rows if row[0] == "secondary"]
    assert len(sales) == 3
    for (before, after), (seller, buyer, price) in zip(pairwise(purses), sales[:2], strict=True):
        assert price > 0
        changes = {who: after[who] - before[who] for who in before}
        assert changes == {who: price * ((who == seller) - (who == buyer)) for who in before}


def test_in_a_turn_the_sales_of_that_holder_alone_are_seen(staged):
    seen: list[tuple[int, set[int]]] = []
    inner = trades(lasting=2)

    def answer(phase: Phase, view: Any) -> Sequence[Intent]:
        if phase == Phase.BID and view.slot == 0:
            seen.append((stage.driver._clock.ms, {auction.seller for auction in view.auctions}))
        return inner(phase, view)

    stage = staged(answer=answer)
    stage.play(1)
    turns = {ms: sellers for ms, sellers in seen if ms < TIMES.bid}
    assert turns == {place * TURN + TURN // 2: {place + 1} for place in range(3)}
    assert [sellers for ms, sellers in seen if ms == TIMES.bid] == [{1, 2, 3}] * 3


def test_a_sale_of_several_slots_closes_in_its_sellers_turn_of_the_last(staged):
    market = staged(answer=trades(lasting=1)).play(2).market
    rows = zip(*(market.column("trades", name) for name in ("market", "slot", "ms", "seller")), strict=True)
    closed = {seller: (slot, ms) for kind, slot, ms, seller in rows if kind == "secondary"}
    assert closed
    assert all(closed[who] == (1, who * TURN - 1) for who in closed)


def test_nobody_is_asked_to_bid_where_the_holder_sells_nothing(staged):
    stage = staged(answer=primary_bids).play(1)
    assert list(asked_in(stage, 0, Phase.BID)) == [TIMES.bid]
