"""Reserve rules by hand: the path, the share of a forecast, the share of what was bid or paid."""

from __future__ import annotations

from itertools import pairwise

import pytest

from chain.randomness import Streams
from chain.rewards import AR1, RewardPath
from market.auctions import FORMATS, Lot, Offer, Terms, clearings
from market.primary import InFormat, Posted
from market.reserves import (
    Dates,
    ForecastShare,
    PastLot,
    ReservePath,
    ReserveRule,
    Reserves,
    ReserveView,
    TrailingShare,
    lifted,
)

LOTS = [PastLot(3, 0, 0, (10, 30, 20), 20), PastLot(3, 1, 0, (8,), None), PastLot(5, 2, 0, (40, 60), 40)]


def no_chance(most, key):
    raise AssertionError((most, key))


@pytest.fixture
def rewards():
    path = RewardPath(AR1(), Streams(1).generator("reward"))
    for _ in range(8):
        path.advance()
    return path


def seen(rewards, slot=7, first=9, last=9):
    return ReserveView(slot, first, last, 0, 5, rewards.outlook(), (), no_chance)


def test_a_path_holds_from_its_block_on(rewards):
    rule = ReservePath([(3, 100), (9, 7)])
    asked = {slot: rule.reserve(seen(rewards, slot)) for slot in (-1, 1, 2, 7, 8, 20)}
    assert asked == {-1: 5, 1: 5, 2: 100, 7: 100, 8: 7, 20: 7}


def test_a_share_of_the_forecast_is_of_the_tickets_own_blocks(rewards):
    outlook = rewards.outlook()
    near, far = (ForecastShare(0.5).reserve(seen(rewards, first=block, last=block)) for block in (8, 40))
    assert near == round(outlook.expected_reward(8) / 2)
    assert far == round(outlook.expected_reward(40) / 2)
    assert near != far
    window = ForecastShare(1.0).reserve(seen(rewards, first=8, last=11))
    assert window == round(sum(outlook.expected_reward(block) for block in range(8, 12)) / 4)


@pytest.mark.parametrize(
    ("of", "statistic", "expected"),
    [
        ("price", "mean", 30),
        ("price", "max", 40),
        ("top_bid", "median", 30),
        ("bid", "mean", 28),
        ("bid", "median", 25),
    ],
)
def test_a_share_of_what_was_bid_or_paid(rewards, of, statistic, expected):
    rule = TrailingShare(1.0, of, statistic, window=4)
    for slot in (3, 5):
        rule.close(slot, [lot for lot in LOTS if lot.slot == slot])
    assert rule.reserve(seen(rewards, slot=7)) == expected


def test_sales_leave_the_window_and_with_the_last_the_reserve(rewards):
    rule = TrailingShare(0.5, window=4)
    rule.close(3, LOTS[:2])
    rule.close(5, LOTS[2:])
    assert [rule.reserve(seen(rewards, slot)) for slot in (6, 7, 8, 9, 10)] == [15, 15, 20, 20, 5]


class Low(ReserveRule):
    def reserve(self, view):
        return view.first_block


def test_no_reserve_is_below_the_configs_and_a_posted_price_is_the_lowest(rewards):
    tickets = [Dates(block, block) for block in (9, 3, 12)]
    reserves = Reserves(Low(), 4, no_chance)
    terms = reserves.offer(InFormat(FORMATS["second_price"]), 0, tickets, 7, rewards.outlook())
    assert [one.reserve for one in terms] == [9, 4, 12]
    posted = Posted(cap=2)
    assert len(reserves.offer(posted, 0, tickets, 7, rewards.outlook())) == 2
    assert posted.price.now_gwei == 4


def test_a_clock_starts_at_its_reserve_at_least():
    assert lifted(Terms(0, 8, 1), 10) == Terms(10, 10, 1)
    assert lifted(Terms(0, 0, 1), 10) == Terms(10, 0, 1)


def test_past_lots_are_shown_to_the_rule_with_bids_and_prices(rewards):
    views = []

    class Looks(ReserveRule):
        def reserve(self, view):
            views.append(view)
            return 2

    reserves, pricing = Reserves(Looks(), 0, no_chance), InFormat(FORMATS["second_price"])
    for slot in (7, 8):
        terms = reserves.offer(pricing, 0, [Dates(9, 9)] * 2, slot, rewards.outlook())
        lots = [Lot(0, terms[0], [Offer(1, 5), Offer(2, 3)]), Lot(1, terms[1], [])]
        reserves.close(slot, zip(lots, clearings(lots, pricing.clear(lots)), strict=True))
    assert len(views) == 2, "lots of the same blocks are asked for once"
    assert views[1].lots == (PastLot(7, 0, 2, (5, 3), 3),)
    assert all(one.slot < other.slot for one, other in pairwise(views))
