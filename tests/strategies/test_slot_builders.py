"""Builders in the open auction of a slot: what makes each of them itself, and what holds for all."""

from __future__ import annotations

import random

import numpy as np
import pytest

from market.slot_auction import Bids, BlockValues, Post, Proposer, Relay, SignalLaw, Signals, SlotEntrant, hold
from market.slot_auction.proposer import SLOT_MS
from strategies.builders.adaptive import Adaptive
from strategies.builders.bluff import Bluff
from strategies.builders.last_minute import LastMinute
from strategies.builders.latency_aware import LatencyAware
from strategies.builders.learner import SHARES, Learner
from strategies.builders.naive import Naive
from strategies.builders.stealth import Stealth
from strategies.finding import own_strategies
from strategies.slot_bidding import SlotBuilder
from strategies.testing.open_auctions import check_open_auctions

OWN = {name: kind for name, kind in own_strategies("builder").items() if issubclass(kind, SlotBuilder)}
NO_SIGNALS = Signals(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.bool_))
ETH = 10**9


def array(*numbers):
    return np.array(numbers, np.int64)


VALUES = BlockValues(array(0, 4000, 11_985, 11_999), array(10, 30, 30, 50), array(20, 80, 100, 160))


def rng():
    return np.random.default_rng(3)


def post(values=VALUES, delay=20, end=SLOT_MS):
    return Post(values, delay, end, rng())


def exact(kind, **parameters):
    return kind(margin_eth=5e-9, margin_sd_eth=0, **parameters)


def sent(builder, **kwargs):
    bids = builder.schedule(post(**kwargs))
    return list(zip(bids.ms.tolist(), bids.gwei.tolist(), strict=True))


def game(bidders, seed=0, relay=None, delay=10, proposer=None, law=None):
    generator = np.random.default_rng(seed)
    law, proposer = law or SignalLaw(), proposer or Proposer()
    end = proposer.draw_end(generator)
    signals = law.draw(generator, end)
    seen = signals.seen(generator, law.access, len(bidders))
    who = [SlotEntrant(b, values, delay, rng()) for b, values in zip(bidders, seen, strict=True)]
    return hold(who, signals, end, (relay or Relay(),), proposer, generator)


def test_there_are_seven():
    assert set(OWN) == {"naive", "adaptive", "last_minute", "stealth", "bluff", "latency_aware", "learner"}


def test_naive_bids_its_value_less_the_margin_at_every_signal():
    assert sent(exact(Naive)) == [(0, 15), (4000, 75), (11_985, 95), (11_999, 155)]
    assert sent(Naive(margin_eth=80e-9, margin_sd_eth=0)) == [(11_985, 20), (11_999, 80)]


def test_margins_are_those_of_the_paper_where_they_are_asked_for():
    generator, builder = rng(), Naive(margin_eth=0.00659)
    margins = [-builder.margin(generator).off(0) / ETH for _ in range(2000)]
    assert abs(np.mean(margins) - 0.00659) < 4 * 0.0001 / 2000**0.5
    assert np.std(margins) == pytest.approx(0.0001, rel=0.1)


@pytest.mark.parametrize("kind", [Naive, LastMinute, Stealth, Bluff, Adaptive, LatencyAware])
def test_a_builder_keeps_the_same_share_of_every_value(kind):
    """A fortieth of the value, a fortieth of the bid: a fixed sum would take all of the smaller one."""
    margin = kind().margin(rng())
    assert margin.off(ETH) == 98 * ETH // 100
    assert margin.off(ETH // 40) == 98 * ETH // 4000
    values = np.array([0, 40, 10**6, ETH])
    assert margin.off_each(values).tolist() == [margin.off(int(value)) for value in values]
    assert kind(margin=0.1).margin(rng()).off(ETH) == 9 * ETH // 10


def test_a_sum_and_a_share_are_not_given_both():
    with pytest.raises(ValueError, match=r"margin is 0\.02 and margin_eth is 0\.00659; give one of them"):
        Naive(margin_eth=0.00659, margin=0.02)


def test_last_minute_is_silent_until_an_answer_would_come_too_late():
    assert sent(exact(LastMinute)) == [(11_980, 75), (11_985, 95), (11_999, 155)]
    assert sent(exact(LastMinute, epsilon_ms=8000)) == [(3980, 15), (4000, 75), (11_985, 95), (11_999, 155)]
    assert sent(exact(LastMinute), end=11_000)[0] == (10_980, 75)


def test_stealth_shows_the_public_value_alone_until_then():
    assert sent(exact(Stealth)) == [(0, 5), (4000, 25), (11_980, 75), (11_985, 95), (11_999, 155)]


def test_bluff_takes_its_bid_back_at_the_last_moment():
    assert sent(exact(Bluff))[:2] == [(0, ETH // 5), (11_980, 75)]


def test_a_bluff_is_paid_where_it_cannot_be_taken_back():
    bidders = [Bluff(), Naive(), Naive()]
    kept = game(bidders, relay=Relay(cancellations=False))
    assert (kept.winner, kept.price) == (0, ETH // 5)
    assert kept.profit == kept.value - kept.price
    assert game(bidders).price != ETH // 5


def test_adaptive_outbids_by_a_tick_up_to_its_limit():
    builder = exact(Adaptive, tick_gwei=10)
    builder.schedule(post())
    assert builder.respond(0, 100, 40, False) == 50
    assert builder.respond(0, 100, 90, False) == 95
    assert builder.respond(0, 100, 200, False) == 95
    assert builder.respond(0, 100, 50, True) is None
    assert builder.respond(0, 5, 0, False) is None


def test_adaptive_builders_end_at_the_second_limit():
    values = [BlockValues(array(0), array(v), array(v)) for v in (300, 500, 400)]
    who = [SlotEntrant(exact(Adaptive, tick_gwei=1), v, 0, rng()) for v in values]
    result = hold(who, NO_SIGNALS, SLOT_MS, (Relay(0),), Proposer(), rng())
    assert result.winner == 1
    assert 395 <= result.price <= 396


def test_latency_aware_is_adaptive_without_delay_and_bids_ahead_with_one():
    aware, plain = exact(LatencyAware, tick_gwei=10), exact(Adaptive, tick_gwei=10)
    for delay, more in ((0, 0), (500, 30)):
        for builder in (aware, plain):
            builder.schedule(post(delay=delay))
        assert aware.respond(200, 10**6, 60, False) == 70 + more  # 60 in the last second, half of it to come
        assert plain.respond(200, 10**6, 60, False) == 70
    assert aware.respond(1100, 10**6, 60, False) == 100
    assert aware.respond(1300, 10**6, 60, False) == 70  # no rise within the last second


def test_latency_aware_wins_from_the_adaptive_ones_at_long_delays():
    bidders = [LatencyAware(), *(Adaptive() for _ in range(5))]
    wins = sum(game(bidders, seed, Relay(100)).winner == 0 for seed in range(60))
    assert wins > 60 / 6 + 4 * (60 / 6 * 5 / 6) ** 0.5  # where it is like the others: within 4 sd


def test_the_learner_finds_the_share_that_pays():
    """Against a standing bid of 75 for what is worth 100, a fifth is the most that can be kept and win."""
    values = BlockValues(array(0), array(100 * ETH), array(100 * ETH))
    learner = Learner(explore=0.2)
    rival = Naive(margin_eth=25, margin_sd_eth=0)
    generator = rng()
    for _ in range(200):
        who = [SlotEntrant(bidder, values, 0, generator) for bidder in (learner, rival)]
        hold(who, NO_SIGNALS, SLOT_MS, (Relay(0),), Proposer(), generator)
    assert learner.favourite == 0.2
    assert learner.favourite in SHARES


# For all


@pytest.mark.parametrize("name", OWN)
def test_no_bid_uses_what_is_not_known_yet(name):
    """A schedule up to any moment is the same whatever comes later."""
    generator = np.random.default_rng(11)
    law = SignalLaw()
    for _ in range(10):
        (values,) = law.draw(generator, SLOT_MS).seen(generator, (0.9, 0.9), 1)
        whole = OWN[name]().schedule(post(values))
        cut = int(generator.integers(SLOT_MS))
        known = int(values.ms.searchsorted(cut, "right"))
        other = BlockValues(*(np.concatenate([part[:known], part[known:] + 10**8]) for part in values))
        other = other._replace(ms=values.ms)
        again = OWN[name]().schedule(post(other))
        first, second = (Bids(bids.ms[bids.ms <= cut], bids.gwei[bids.ms <= cut]) for bids in (whole, again))
        assert first.ms.tolist() == second.ms.tolist()
        assert first.gwei.tolist() == second.gwei.tolist()
        assert (np.diff(whole.ms) >= 0).all()
        assert (whole.gwei >= 0).all()


@pytest.mark.parametrize("name", [name for name in OWN if name != "bluff"])
@pytest.mark.parametrize("cancellations", [True, False])
def test_the_winner_never_pays_above_its_value(name, cancellations):
    relay = Relay(30, cancellations=cancellations)
    proposer = Proposer(end_sd_ms=100)
    for seed in range(8):
        others = [OWN[other]() for other in OWN if other not in ("bluff", name)]
        result = game([OWN[name](), OWN[name](), *others], seed, relay, proposer=proposer)
        assert result.winner is None or 0 < result.price <= result.value <= result.total


def test_revenue_rises_with_the_number_of_builders():
    counts = (1, 2, 4, 8)
    means = [np.mean([game([Naive() for _ in range(n)], seed).price for seed in range(150)]) for n in counts]
    assert means == sorted(means)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Naive(margin_eth=-1), "margin_eth is -1"),
        (lambda: Naive(margin=2), "margin is 2"),
        (lambda: Adaptive(tick_gwei=0), "tick_gwei is 0"),
        (lambda: LastMinute(epsilon_ms=-1), "epsilon_ms is -1"),
        (lambda: Bluff(bluff_eth=-1), "bluff_eth is -1"),
        (lambda: LatencyAware(memory_ms=0), "memory_ms is 0"),
        (lambda: Learner(explore=2), "explore is 2"),
    ],
)
def test_parameters_that_make_no_sense_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    ("method", "wrong"),
    [
        ("def respond(self, ms, value, best, leads):\n        return -1", "open auctions"),
        ("def respond(self, ms, value, best, leads):\n        raise KeyError(ms)", "open auctions"),
        (
            "def respond(self, ms, value, best, leads):\n        return random.randrange(10**8)",
            "open auctions, replay",
        ),
        (
            "def schedule(self, post):\n        return Bids(np.array([0]), post.values.total[-1:])",
            "open auctions, no foresight",
        ),
        (
            "def schedule(self, post):\n        return Bids(np.array([5, 1]), np.array([1, 2]))",
            "open auctions",
        ),
    ],
)
def test_the_contract_finds_what_a_builder_does_wrong_in_open_auctions(method, wrong):
    scope = {}
    text = f"class Odd(SlotBuilder):\n    responds = True\n\n    {method}\n"
    exec(text, {"SlotBuilder": SlotBuilder, "Bids": Bids, "np": np, "random": random, "__name__": "odd"}, scope)
    lines = {name: passed for name, passed, _ in check_open_auctions(scope["Odd"])}
    assert not lines[wrong]


@pytest.mark.parametrize("name", OWN)
def test_the_contract_holds_for_the_projects_own(name):
    assert all(passed for _, passed, _ in check_open_auctions(OWN[name]))
