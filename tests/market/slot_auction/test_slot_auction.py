"""The open auction of a slot: against closed forms, by hand, and one way of playing it against the other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from market.slot_auction import (
    Bids,
    BlockValues,
    Proposer,
    Proxy,
    Relay,
    RelayedBid,
    SignalLaw,
    Signals,
    SlotEntrant,
    hold,
    hold_to_each,
)
from market.slot_auction.events import cancelled
from market.slot_auction.proposer import SLOT_MS

NO_SIGNALS = Signals(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
AT_ONCE = Relay(delay_ms=0)


def array(*numbers):
    return np.array(numbers, np.int64)


def known(*steps):
    """Values that become known as (ms, Gwei) says."""
    ms, gwei = zip(*steps, strict=True)
    return BlockValues(array(*ms), array(*gwei), array(*gwei))


class Says:
    """Sends these bids, (ms, Gwei)."""

    responds = False

    def __init__(self, *bids):
        self.bids = Bids(array(*(ms for ms, _ in bids)), array(*(gwei for _, gwei in bids)))
        self.learned = []

    def schedule(self, post):
        self.post = post
        return self.bids

    def learn(self, _, won, profit):
        self.learned.append((won, profit))


class Ascends(Says):
    """Outbids by 1 Gwei up to its value."""

    responds = True

    def alarms(self, _):
        return (0,)

    def respond(self, _, value, best, leads):
        return None if leads else min(best + 1, value)


def entrants(*bidders, delay=0, value=100, funds=10**9):
    rng = np.random.default_rng(0)
    return [SlotEntrant(bidder, known((0, value)), delay, rng, funds) for bidder in bidders]


def play(who, *, relays=(AT_ONCE,), proposer=None, end=SLOT_MS, rows=None, seed=0, signals=NO_SIGNALS):
    proposer = proposer or Proposer()
    return hold(who, signals, end, relays, proposer, np.random.default_rng(seed), rows)


# Closed forms


@pytest.mark.parametrize("seed", range(20))
def test_ascending_bids_at_known_values_pay_the_second_highest_value(seed):
    values = np.random.default_rng(seed).choice(500, size=6, replace=False).tolist()
    rng = np.random.default_rng(0)
    who = [SlotEntrant(Ascends(), known((0, value)), 0, rng) for value in values]
    result = play(who, seed=seed)
    first, second = sorted(values, reverse=True)[:2]
    assert result.winner == values.index(first)
    assert second <= result.price <= second + 1  # the tick
    assert result.profit == first - result.price


def test_proxies_pay_the_second_limit_but_for_a_step():
    rng = np.random.default_rng(0)
    who = [SlotEntrant(Proxy(limit), known((0, 0)), 0, rng) for limit in (10_000, 7_000, 9_000)]
    result = play(who)
    assert result.winner == 0
    assert 9_000 <= result.price <= 9_000 + 100


@pytest.mark.parametrize("seed", range(5))
def test_one_builder_more_never_lowers_the_revenue(seed):
    values = np.random.default_rng(seed).integers(1, 400, 8).tolist()
    for kind in (Ascends, lambda: Says((0, 1))):
        rng = np.random.default_rng(0)
        prices = [
            play([SlotEntrant(kind(), known((0, v)), 0, rng) for v in values[:count]]).price
            for count in range(1, 9)
        ]
        assert all(more >= less - 1 for less, more in pairwise(prices))  # the tick


def test_nobody_bids_nothing_is_paid():
    result = play(entrants(Says(), Says()))
    assert (result.winner, result.paid, result.bids, result.efficiency) == (None, 0, 0, 0)


# By hand


def test_bids_count_that_arrive_by_the_end():
    relay = Relay(delay_ms=30)
    result = play(entrants(Says((0, 5), (11_960, 7), (11_961, 9)), delay=10), relays=(relay,))
    assert (result.price, result.won_ms, result.bids) == (7, 12_000, 2)


def test_the_last_bid_counts_with_cancellations_and_the_highest_without():
    who = entrants(Says((0, 50), (100, 8)), Says((50, 20)))
    assert play(who).price == 20
    kept = play(who, relays=(Relay(0, cancellations=False),))
    assert (kept.winner, kept.price) == (0, 50)


def test_a_bid_of_nothing_takes_the_last_one_back():
    assert play(entrants(Says((0, 50), (100, 0)))).winner is None
    assert play(entrants(Says((0, 50), (100, 0))), relays=(Relay(0, cancellations=False),)).price == 50


def test_the_earlier_of_two_equal_bids_wins():
    assert play(entrants(Says((7, 5)), Says((6, 5)))).winner == 1
    assert {play(entrants(Says((7, 5)), Says((7, 5))), seed=seed).winner for seed in range(20)} == {0, 1}


def test_bids_that_are_not_valid_leave_the_one_before_in_place():
    who = entrants(Says((0, 30), (10, 4), (20, 5_000)), funds=1_000)
    result = play(who, relays=(Relay(0, floor_gwei=10, cancellations=False),))
    assert (result.price, result.bids) == (30, 1)


def test_a_bid_below_the_floor_takes_the_last_one_back():
    who = entrants(Says((0, 4), (10, 30), (20, 4)))
    result = play(who, relays=(Relay(0, floor_gwei=10),))
    assert (result.winner, result.bids) == (None, 2)


def test_the_proposer_takes_the_best_of_its_relays():
    slow, early = Relay(50), Relay(0, header_ms=100)
    who = entrants(Says((0, 5), (11_940, 9)), Says((11_920, 8), (11_960, 20)))
    result = play(who, relays=(early, slow))
    assert (result.price, result.relay, result.winner, result.won_ms) == (9, 1, 0, 11_990)
    assert play(who, relays=(early,)).price == 5
    assert who[0].bidder.post.delay_ms == 0  # to the faster relay


def test_below_the_lowest_price_the_proposer_builds_itself():
    public = Signals(array(0, 500), array(40, 60), np.array([True, False]))
    who = entrants(Says((0, 30)))
    own = play(who, proposer=Proposer(own_build=1.0), signals=public)
    assert (own.winner, own.paid, own.own_gwei, own.total) == (None, 40, 40, 100)
    assert play(who, proposer=Proposer(own_build=0.5), signals=public).paid == 30
    assert play(who, proposer=Proposer(min_bid_gwei=31), signals=public).winner is None


def test_the_auction_ends_early_at_a_price_that_is_enough():
    result = play(entrants(Says((0, 5), (300, 20), (400, 90))), proposer=Proposer(stop_gwei=15))
    assert (result.price, result.end_ms) == (20, 300)


def test_a_late_proposer_may_miss_its_slot():
    proposer = Proposer(late_ms=2000, miss_at_ms=2000)
    assert proposer.miss_chance(14_000) == 0.5
    assert proposer.miss_chance(14_250) == pytest.approx(1 / (1 + np.exp(-1)))
    who = entrants(Says((0, 5)))
    results = [play(who, proposer=proposer, end=14_000, seed=seed) for seed in range(200)]
    missed = sum(result.missed for result in results)
    assert abs(missed - 100) < 4 * 200**0.5 / 2
    assert {result.paid for result in results if result.missed} == {0}
    assert {result.paid for result in results if not result.missed} == {5}


def test_the_end_is_normal_around_the_time_at_which_the_proposer_is_due():
    rng = np.random.default_rng(1)
    ends = [Proposer(late_ms=300, end_sd_ms=100).draw_end(rng) for _ in range(4000)]
    assert abs(np.mean(ends) - 12_300) < 4 * 100 / 4000**0.5
    assert np.std(ends) == pytest.approx(100, rel=0.05)
    assert Proposer(late_ms=300).draw_end(rng) == 12_300


def test_builders_learn_how_it_ended():
    who = entrants(Says((0, 30)), Says((0, 20)), value=70)
    play(who)
    assert [entrant.bidder.learned for entrant in who] == [[(True, 40)], [(False, 0)]]


def test_the_winner_has_what_it_could_still_send():
    values = known((0, 100), (11_990, 150), (11_991, 900))
    who = [SlotEntrant(Says((0, 60)), values, 10, np.random.default_rng(0))]
    assert play(who).value == 150


def test_rows_tell_every_bid():
    rows: list[RelayedBid] = []
    play(entrants(Says((0, 50), (100, 8)), Says((50, 20), (60, 20)), delay=10), rows=rows)
    assert rows == [
        RelayedBid(10, 0, 0, 50),
        RelayedBid(60, 0, 1, 20),
        RelayedBid(110, 0, 0, 8),
    ]
    assert cancelled(rows) == [True, False, False]


def test_an_auction_read_at_several_ends_is_that_of_each_end():
    """One auction read at several ends is what as many auctions are, each up to its own end."""
    ends = [80, 100, 140]
    who = entrants(Says((0, 5), (90, 70), (120, 8)), Ascends(), Ascends(), delay=10)
    relays = (Relay(3), Relay(15, cancellations=False))

    def seeded():
        return np.random.default_rng(4)

    each = hold_to_each(who, NO_SIGNALS, ends, relays, Proposer(), seeded())
    alone = [hold(who, NO_SIGNALS, end, relays, Proposer(), seeded()) for end in ends]
    assert each == alone
    assert len({result.price for result in each}) == 3


# The two ways of playing


@pytest.mark.parametrize("seed", range(40))
def test_reading_off_schedules_gives_what_their_events_give(seed):
    rng = np.random.default_rng(seed)
    who = []
    for _ in range(5):
        ms = np.sort(rng.integers(0, 200, 12))
        bidder = Says()
        bidder.bids = Bids(ms, rng.integers(0, 12, 12))
        who.append(SlotEntrant(bidder, known((0, 9)), int(rng.integers(0, 40)), rng, 10))
    relays = tuple(
        Relay(int(rng.integers(0, 40)), int(rng.integers(0, 4)), bool(rng.integers(2)), int(rng.integers(0, 20)))
        for _ in range(1 + seed % 3)
    )
    fast = play(who, relays=relays, end=150, seed=seed)
    played = play(who, relays=relays, end=150, seed=seed, rows=[])
    assert fast == played


# Signals


def test_signals_follow_their_law():
    law, rng = SignalLaw(), np.random.default_rng(5)
    drawn = [law.draw(rng, SLOT_MS) for _ in range(600)]
    for public, mean, mu, sigma in ((True, 98.4, -11.66306, 3.0545), (False, 48.0, -8.41975, 1.95231)):
        counts = [int((one.is_public == public).sum()) for one in drawn]
        assert abs(np.mean(counts) - mean) < 4 * (mean / 600) ** 0.5
        gwei = np.concatenate([one.gwei[one.is_public == public] for one in drawn])
        logs = np.log(np.maximum(gwei, 1) / 1e9)
        assert abs(np.median(logs) - mu) < 4 * 1.2533 * sigma / len(logs) ** 0.5
    assert all((np.diff(one.ms) >= 0).all() and one.ms.max() < SLOT_MS for one in drawn)


def test_everyone_sees_the_public_signals_and_a_share_of_the_others():
    law, rng = SignalLaw(access=(0.3, 0.3)), np.random.default_rng(6)
    seen, there = 0, 0
    for _ in range(100):
        signals = law.draw(rng, SLOT_MS)
        for values in signals.seen(rng, law.access, 4):
            assert values.public[-1] == signals.gwei[signals.is_public].sum()
            assert values.total[-1] <= signals.until(SLOT_MS)
            seen += len(values.ms) - int(signals.is_public.sum())
            there += int((~signals.is_public).sum())
    assert abs(seen / there - 0.3) < 4 * (0.21 / there) ** 0.5
    full = signals.seen(rng, (1.0, 1.0), 1)[0]
    assert full.total[-1] == signals.until(SLOT_MS)


def test_a_reward_becomes_known_with_the_signals():
    signals = Signals(array(5, 9, 20), array(1, 1, 2), np.array([True, False, True]))
    values = signals.scaled(1000)
    assert values.total.tolist() == [250, 500, 1000]
    assert values.public.tolist() == [250, 250, 750]
    assert values.less(300).total.tolist() == [0, 200, 700]
    assert (values.at(4), values.at(9), values.at(10**6)) == (0, 500, 1000)
    assert NO_SIGNALS.scaled(7).total.tolist() == [7]
