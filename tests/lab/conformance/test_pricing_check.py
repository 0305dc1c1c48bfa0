"""`check_pricing` passes what the market can carry out and finds what it cannot."""

from __future__ import annotations

import random

import pytest

from experiments.lab.conformance.pricing_check import PricingFault, check_pricing
from market import Award
from market.auctions.terms import Lot
from market.primary.posted import posted


@pytest.mark.parametrize("rule", [posted])
def test_the_rules_of_the_testbed_are_sound(rule):
    report = check_pricing(rule, sales=200)
    assert not report.warnings
    assert 0 < report.sold <= report.wanted < report.lots
    assert str(report).startswith("sound over 200 random sales, ")


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
        (too_much, "is covered by no bid"),
        (halves, r"award is .*; it must be a whole number of Gwei"),
        (stranger, "is covered by no bid"),
        (few, "awards for"),
        (dice, "a rule has no chance and no memory"),
        (greedy, "the rule changed the lots"),
        (blind, "a lot may have no offers"),
    ],
)
def test_a_broken_promise_is_found(rule, says):
    with pytest.raises(PricingFault, match=says) as fault:
        check_pricing(rule, sales=100)
    assert str(fault.value).startswith("sale ")


def test_what_is_hardly_meant_is_warned_of():
    assert "no lot was ever sold" in check_pricing(lambda lots: [None for _ in lots], sales=50).warnings[0]
    (warning,) = check_pricing(lambda lots: first(lots, lambda _: 0), sales=50).warnings
    assert "less than their reserve" in warning
