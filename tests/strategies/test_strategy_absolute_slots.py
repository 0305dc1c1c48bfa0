"""Slots and blocks in intents are numbers, not how many of them ahead; and a clock that starts at 0 sells at 0."""

from __future__ import annotations

import pytest

from chain.clock import Phase
from market.intents import Ask, Bid, Claim, OpenAuction, SellBuilding
from strategies import Buyer, Seller
from strategies.sellers.at_once import AtOnce
from strategies.sellers.undercut import Undercut
from strategies.testing.inaction import has_return, inaction
from strategies.testing.legality import Counter, Illegal
from strategies.testing.played import play
from strategies.testing.scene import Scene
from strategies.valuation import own_value

VIEWS = 300


class Lister(Seller):
    """Lists what it may, for some slots by mistake."""

    slots = 4

    def offer(self, view):
        return [self.sale(ticket.serial, view) for ticket in view.tickets if self.is_free(ticket)]

    def is_free(self, ticket):
        return not ticket.listed and self.setup.resale.allows(ticket.drawn_for is not None)

    def sale(self, serial, _view):
        return Ask(serial, 10**7, until=self.slots)


class ForLong(Lister):
    slots = 32


class Forever(Lister):
    slots = 10**9


class EndsAhead(Lister):
    def sale(self, serial, view):
        return Ask(serial, 10**7, until=view.slot + self.slots)


class BidsForSlots(Buyer):
    def bid(self, view):
        return [Bid(quote.series, 0, until=4) for quote in view.market.quotes]


class GivesAway(Lister):
    def sale(self, serial, _view):
        return OpenAuction(serial, "dutch")


class GivesBuildingAway(Lister):
    def is_free(self, ticket):
        is_open = self.setup.resale.building and ticket.drawn_for is not None
        return is_open and not ticket.listed and ticket.builder is None

    def sale(self, serial, _view):
        return SellBuilding(serial, "dutch")


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Lister, "it ends before the present slot, 5; until is a slot: view.slot + 4"),
        (BidsForSlots, "it ends before the present slot, 5; until is a slot: view.slot + 4"),
        (GivesAway, "the Dutch clock starts at 0, and would sell at 0; name start_gwei, e.g. twice the own value"),
        (GivesBuildingAway, "the Dutch clock starts at 0, and would sell at 0; name start_gwei"),
    ],
)
def test_it_is_an_illegal_intent_with_the_remedy(kind, says):
    assert says in " ".join(fault.text for fault in play(kind, VIEWS).illegal)


def test_orders_that_all_end_in_one_slot_are_warned_of():
    (check,) = inaction(ForLong, play(ForLong, VIEWS))
    assert check.faults[0].endswith("it is the last slot, no number of slots; is view.slot + 32 meant?")


@pytest.mark.parametrize("kind", [EndsAhead, Forever, AtOnce, Undercut])
def test_who_names_slots_well_is_not(kind):
    found = play(kind, VIEWS)
    assert not found.illegal
    assert not list(found.untils.faults())


def test_a_block_that_is_settled_cannot_be_claimed():
    """The last draw of a block is a look-ahead before it."""
    scene, asked, ticket = next(
        (scene, asked, ticket)
        for scene in map(Scene, range(40))
        if scene.setup.facts.has_claims and scene.setup.lookahead and not scene.hand_out()
        for asked in scene.play()
        for ticket in asked.view.tickets
        if asked.phase == Phase.CLAIM and ticket.first_block < asked.view.slot and ticket.drawn_for is None
    )
    first = asked.view.slot + scene.setup.lookahead
    Counter(scene.setup, asked).take([Claim(ticket.serial, first)])
    with pytest.raises(Illegal, match=f"is settled at slot {asked.view.slot}; claim block {first} or a later"):
        Counter(scene.setup, asked).take([Claim(ticket.serial, first - 1)])


def test_some_asks_are_worth_taking_and_some_bids_are_low():
    seen = [
        (scene, asked.view, quote)
        for scene in map(Scene, range(10))
        for asked in scene.play()
        for quote in asked.view.market.quotes
    ]
    worth = [(quote.ask_gwei, own_value(view, scene.setup, quote.series, 0.0)) for scene, view, quote in seen]
    cheap = [ask for ask, value in worth if ask is not None and ask < 0.9 * value]
    assert len(cheap) > 15


class TakesOne(Buyer):
    """Answers with one bid, if at all, where a list is due."""

    def bid(self, view):
        cheap = [
            Bid(quote.series, quote.ask_gwei, "IOC")
            for quote in view.market.quotes
            if quote.ask_gwei and quote.ask_gwei < 0.9 * own_value(view, self.setup, quote.series, 0.0)
        ]
        return cheap[0] if cheap else None


class TakesNone(TakesOne):
    def bid(self, view):
        return super().bid(view) if view.slot < -5 else None


def test_who_buys_by_value_is_tried_with_asks_that_it_takes():
    assert "return a list of intents" in " ".join(fault.text for fault in play(TakesOne, 1000).raised)


def test_who_answers_none_and_has_a_return_is_told_what_it_saw():
    (check,) = inaction(TakesNone, play(TakesNone, 500))
    assert check.faults[0].startswith("held in all 2")
    assert " asks of " in check.faults[0]
    assert "return missing" not in check.faults[0]


@pytest.mark.parametrize(
    ("method", "has"),
    [
        (lambda _: None, False),
        (lambda one: one, True),
        (lambda one: one or None, True),
        (lambda one: one if one else None, True),
        (lambda _: (), True),
        (print, True),
    ],
)
def test_a_return_of_a_value_is_seen(method, has):
    assert has_return(method) == has
