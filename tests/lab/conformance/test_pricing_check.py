"""`check_pricing` passes what the market can carry out and finds what it cannot."""

from __future__ import annotations

import random
from threading import Lock

import numpy as np
import pytest

from experiments import InputError, check
from experiments.lab.conformance.pricing_check import PricingFault, check_pricing
from experiments.lab.conformance.reserve_check import check_reserve
from market import Award, PricingRule, Terms, in_turns
from market.auctions.terms import Lot
from market.primary.posted import posted


@pytest.mark.parametrize("rule", [posted])
def test_the_rules_of_the_testbed_are_sound(rule):
    report = check_pricing(rule, sales=200, histories=2)
    assert not report.warnings
    assert 0 < report.sold <= report.wanted < report.lots
    assert str(report).startswith("sound over 2 random histories, 120 blocks and 200 random sales, ")


def first(lots, price=lambda offer: offer.price):
    return [Award(lot.offers[0].bidder, price(lot.offers[0])) if lot.offers else None for lot in lots]


def forgets(lots):
    first(lots)


def too_much(lots):
    return first(lots, lambda offer: offer.price + 1)


def halves(lots):
    return first(lots, lambda offer: offer.price / 2)


def stranger(lots):
    return [Award(99, 0) for _ in lots]


def few(lots):
    return first(lots)[1:]


def dice(lots):
    return random.choice([first(lots), [None] * len(lots)])


def greedy(lots: list[Lot]):
    lots[0].offers.clear()
    return [None for _ in lots]


def blind(lots):
    return [Award(*max(lot.offers, key=lambda offer: offer.price)) for lot in lots]


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (forgets, r"return a list with an Award or None for each lot: is a return missing\?"),
        (too_much, r"is covered by no bid: bidder \d+ bid \d+ on the lot"),
        (halves, "award is .*; it must be a whole number of Gwei"),
        (stranger, r"is covered by no bid: bidder \d+ bid nothing on the lot"),
        (few, "awards for"),
        (dice, "a function of the lots has no chance and no memory"),
        (greedy, "the rule changed the lots"),
        (blind, "a lot may have no offers"),
    ],
)
def test_a_broken_promise_is_found(rule, says):
    with pytest.raises(PricingFault, match=says) as fault:
        check_pricing(rule, sales=100)
    assert str(fault.value).startswith("sale ")


class Cheap(PricingRule):
    """Quotes its parameter in ETH as if it were Gwei."""

    def __init__(self, start_eth: float = 0.02) -> None:
        self.start_eth = start_eth

    def quote(self, view):
        return max(int(self.start_eth), view.reserve_gwei, 1)

    def clear(self, lots, view):  # noqa: ARG002
        return in_turns(lots)


@pytest.mark.parametrize(("start_eth", "is_told"), [(0.02, True), (5.0, True), (10**7, False)])
def test_a_price_in_eth_that_is_taken_for_gwei_is_warned_of(start_eth, is_told):
    report = check_pricing(Cheap, histories=4, slots=10, parameters={"start_eth": start_eth})
    assert any("take eth_to_gwei(start_eth) of ETH" in line for line in report.warnings) == is_told


@pytest.mark.parametrize(("reserve", "is_told"), [(1, True), (10**7, False)])
def test_so_is_a_reserve(reserve, is_told):
    warnings = check_reserve(lambda view: reserve, histories=5).warnings  # noqa: ARG005
    assert any("no reserve of the rule's own is above 1 Gwei: " in line for line in warnings) == is_told


def test_what_is_hardly_meant_is_warned_of():
    report = check_pricing(lambda lots: [None for _ in lots], sales=50, histories=1)
    assert "no lot was ever sold" in report.warnings[0]
    (warning,) = check_pricing(lambda lots: first(lots, lambda _: 0), sales=50, histories=0).warnings
    assert "less than their reserve" in warning


DICE = np.random.default_rng(3)
PRICE = {"gwei": 5}


class InTurns(PricingRule):
    """Sound as it stands."""

    def clear(self, lots, view):  # noqa: ARG002
        return in_turns(lots)


class Throws(PricingRule):
    def clear(self, lots, view):  # noqa: ARG002
        return in_turns(lots) if random.random() < 0.5 else []


class ThrowsItsOwn(PricingRule):
    def clear(self, lots, view):  # noqa: ARG002
        return in_turns(lots) if DICE.random() < 0.5 else []


class InAGlobal(InTurns):
    def close(self, view):
        PRICE["gwei"] += view.held + 1


class InItsClass(InTurns):
    past = []  # noqa: RUF012

    def close(self, view):
        self.past.append(view.slot)


class Pushes(InTurns):
    def close(self, view):
        view.sales.append(3)


class Sets(InTurns):
    def close(self, view):
        view.held = 3


class Clears(InTurns):
    def clear(self, lots, view):
        lots[0].offers[:] = []
        return super().clear(lots, view)


class Holds(InTurns):
    def __init__(self):
        self.lock = Lock()


class Loses(InTurns):
    def __init__(self):
        self.seen = 0

    def __getstate__(self):
        return {"seen": 0}

    def quote(self, view):
        return max(self.seen, view.reserve_gwei)

    def close(self, view):  # noqa: ARG002
        self.seen += 1


class QuotesHalves(InTurns):
    def quote(self, view):  # noqa: ARG002
        return 1.5


class PutsUpMore(InTurns):
    def terms(self, view):
        return [*super().terms(view), *super().terms(view), *super().terms(view)]


class StopsTheClock(InTurns):
    def terms(self, view):
        return [one._replace(tick=0) for one in super().terms(view)]


class LooksBack(InTurns):
    def close(self, view):
        assert view.sales[-1].slot <= view.slot


class OneForAll(InTurns):
    def terms(self, view):
        return Terms(view.reserve_gwei)


class NamesGwei(InTurns):
    def clear(self, lots, view):  # noqa: ARG002
        return [Award(bidder=1, price_gwei=1) for _ in lots]


class Forgets(InTurns):
    def clear(self, lots, view):
        super().clear(lots, view)


BROKEN = {
    Throws: "when the history was played again; take chance from view.chance alone",
    ThrowsItsOwn: "the rule keeps DICE, and no checkpoint holds that; a class derived from market.PricingRule",
    InAGlobal: "the rule keeps PRICE, and no checkpoint holds that; a class derived from market.PricingRule",
    InItsClass: r"the rule keeps InItsClass\.past",
    Pushes: "'tuple' object has no attribute 'append'; what it is shown cannot be changed: keep what it remembers",
    Sets: "what it is shown cannot be changed",
    Clears: "what it is shown cannot be changed",
    Holds: "slot 19: the rule does not pickle: TypeError: .*; keep plain data in self",
    Loses: "slot 20: .* when a copy went on after 20 slots, as a checkpoint has it; keep what it remembers",
    QuotesHalves: "the price that the pricing rule quotes is 1.5; it must be a whole number of Gwei",
    PutsUpMore: "the pricing rule puts up .* lots; it may sell .* tickets in this slot",
    StopsTheClock: r"it must have a reserve of at least market\.primary_reserve, 0 Gwei, and a tick of 1",
    LooksBack: "IndexError: .*, and view.sales is empty before the first sale",
    OneForAll: r"answered Terms\(reserve=.*, which is one Terms; return a list",
    NamesGwei: r"unexpected keyword argument 'price_gwei'; write Award\(bidder, price\)",
    Forgets: r"is a return missing\?",
}


@pytest.mark.parametrize(("rule", "says"), BROKEN.items(), ids=[rule.__name__ for rule in BROKEN])
def test_what_a_rule_with_a_view_does_not_keep_is_found_and_told_in_a_line(rule, says):
    with pytest.raises(PricingFault, match=says) as fault:
        check_pricing(rule, histories=2, slots=25)
    assert str(fault.value).startswith("history ")
    assert "\n" not in str(fault.value)


def by_chance(lots, view, share: int = 2):
    return in_turns(lots) if view.chance(share, lots[0].ticket) else []


def two_of_one(lots, view):
    one, other = view.chance(4, view.slot + 1), view.chance(8, view.slot + 1)
    return in_turns(lots) if one + other else []


def ever_the_same(lots, view):
    return in_turns(lots) if view.chance(4, 0) < 4 else []


def two_of_two(lots, view):
    one, other = view.chance(4, view.slot + 1), view.chance(8, view.slot + 1, "other")
    return in_turns(lots) if one + other else []


@pytest.mark.parametrize(
    ("rule", "says"),
    [(two_of_one, "for one key with two bounds"), (ever_the_same, "for the same key"), (two_of_two, None)],
)
def test_one_draw_that_is_taken_for_two_is_warned_of(rule, says):
    warnings = check_pricing(rule, histories=1, slots=25).warnings
    assert len(warnings) == (says is not None)
    assert all(says in warning for warning in warnings)


@pytest.mark.parametrize("rule", [InTurns, by_chance])
def test_a_rule_with_a_view_is_sound(rule):
    report = check_pricing(rule, histories=2, slots=25)
    assert not report.warnings
    assert 0 < report.sold < report.lots
    assert (report.sales, report.histories, report.blocks) == (0, 2, 50)


def test_check_takes_its_class_too():
    verdict = check(InTurns, histories=1)
    assert (verdict.passed, verdict.data["histories"]) == (True, 1)
    assert "no checkpoint holds that" in check(InAGlobal, histories=1).text


def test_its_parameters_are_checked():
    assert check_pricing(by_chance, histories=1, slots=5, parameters={"share": 1}).sold == 0
    with pytest.raises(InputError, match=r"parameters\.shar: no such parameter; did you mean 'share'"):
        check_pricing(by_chance, parameters={"shar": 1})
    with pytest.raises(InputError, match=r"parameters\.share: input should be a valid integer"):
        check_pricing(by_chance, parameters={"share": "x"})
    with pytest.raises(InputError, match="says nothing of clear; write it"):
        check_pricing(PricingRule)
