"""A strategy that cannot act, or hardly as it was meant, is warned of with the remedy, and by its own line."""

from __future__ import annotations

import inspect
from typing import ClassVar

import pytest

from strategies import Ask, AuctionBid, Bid, Buyer, Claim, OpenAuction, Return, SellBuilding, Seller, bids
from strategies.buyers.truthful import Truthful
from strategies.testing import check_strategy
from strategies.testing.breach import lines_of
from strategies.testing.inaction import inaction
from strategies.testing.leftovers import leftovers
from strategies.testing.played import Played, play, unwatched
from strategies.testing.shared_state import check_shared, shared_state

VIEWS = 300


class Plural(Buyer):
    def bids(self, _view):
        return []


class Idle(Buyer):
    pass


class HalfRight(Buyer):
    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**7)

    def Bid(self, _view):  # noqa: N802
        return []


class Helped(Buyer):
    def bid(self, view):
        return self.bids(view)

    def bids(self, view):
        return bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)


class Forgetful(Buyer):
    def bid(self, view):
        bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)


class Waits(Buyer):
    def bid(self, view):
        return bids(view, [lot for lot in view.auctions if lot.block == -5], lambda _: 10**7)


class BidsAndOffers(Buyer):
    def bid(self, _view):
        return []

    def offer(self, _view):
        return []


class SellsAsBuyer(Buyer):
    def offer(self, _view):
        return []


class BuysAndSells(Buyer, Seller):
    def offer(self, _view):
        return []


class InEth(Buyer):
    def bid(self, view):
        return bids(view, view.auctions, lambda _: 3, self.setup.entry_gwei)


class InWei(Buyer):
    def bid(self, view):
        return bids(view, view.auctions, lambda _: 10**17, self.setup.entry_gwei)[:1]


def line(kind, text: str) -> int:
    """The line of this file on which a class has some text."""
    lines, first = inspect.getsourcelines(kind)
    return first + next(number for number, line in enumerate(lines) if text in line)


NONE = "overrides none of primary, offer, bid, claim, propose, build"


@pytest.mark.parametrize(
    ("kind", "place", "says"),
    [
        (Plural, "def bids", f"bids: {NONE}; did you mean bid?"),
        (Idle, "", NONE),
        (HalfRight, "def Bid", "Bid: is never asked; did you mean bid?"),
        (Forgetful, "def bid", "bid: answered None all"),
        (BidsAndOffers, "def offer", "one that does both says so: write roles = frozenset({'buyer', 'seller'})"),
        (SellsAsBuyer, "def offer", "offer: is asked of sellers, and this plays buyer; derive from Seller"),
        (BuysAndSells, "def offer", "roles count: write roles = frozenset({'buyer', 'seller'}) in it"),
        (InEth, "", "for ETH write eth_to_gwei(3)"),
    ],
)
def test_what_is_overlooked_is_warned_of_once(kind, place, says):
    (check,) = inaction(kind, play(kind, VIEWS))
    (warning,) = check.faults
    assert says in warning
    assert str(check).startswith("warn ")
    if place:
        assert warning.startswith(f"test_strategy_inaction.py:{line(kind, place)} ")


def test_who_holds_is_warned_of_once_enough_was_shown():
    assert inaction(Waits, play(Waits, VIEWS)) == []
    (check,) = inaction(Waits, play(Waits, 500))
    assert check.faults[0].startswith("held in all 2")


@pytest.mark.parametrize("kind", [Truthful, Helped])
def test_who_acts_is_not_warned_of(kind):
    assert inaction(kind, play(kind, VIEWS)) == []


class NeverBuys(Seller):
    def primary(self, _view):
        return []

    def offer(self, view):
        return [Ask(ticket.serial, 10**7) for ticket in view.tickets]


def test_who_has_no_ticket_to_offer_is_told_so():
    (check,) = inaction(NeverBuys, play(NeverBuys, 500))
    assert check.faults[0].startswith("it had no ticket in any of ")


def test_prices_in_wei_are_warned_of():
    found = Played(InWei)
    found.prices += [10**17, 10**18, 1]
    assert "are they wei?" in inaction(InWei, found)[0].faults[0]
    found.prices += [10**8, 10**8]
    assert inaction(InWei, found) == []


class Counts(Buyer):
    def __init__(self):
        self.seen = 0
        self.margin = 0.1

    def bid(self, _view):
        self.seen += 1
        return []


class CountsAnew(Counts):
    def start(self, setup):
        super().start(setup)
        self.seen = 0


def test_state_that_start_does_not_set_is_named():
    assert list(leftovers(Counts, unwatched)) == ["seen"]
    assert leftovers(CountsAnew, unwatched) == {}
    report = check_strategy(Counts, views=30)
    assert report
    (again,) = (check for check in report.warnings if check.name == "start again")
    assert again.faults[0].endswith("not 0 in a new one; set it in start, not in __init__ or on the class")


SEEN: list[int] = []


class Shares(Buyer):
    prices: ClassVar = {}

    def bid(self, view):
        SEEN.append(view.slot)
        self.prices[view.slot] = 10**7
        return bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)


def test_what_all_agents_share_is_named_where_a_game_changes_it():
    before = shared_state(Shares)
    assert check_shared(before, shared_state(Shares)) == []
    play(Shares, 30)
    (check,) = check_shared(before, shared_state(Shares))
    assert [fault.split(" ")[0] for fault in check.faults] == ["Shares.prices", "SEEN"]
    assert check.is_warning


class FloatPrice(Buyer):
    def bid(self, view):
        return [
            AuctionBid(
                lot.id,
                0.1,
            )
            for lot in view.auctions
        ]


class ByHelper(Buyer):
    def bid(self, view):
        found = bids(view, view.auctions, lambda _: 10**7)
        return [bid._replace(price_gwei=None) for bid in found]


class Wrong(Buyer):
    def bid(self, view):
        return bids(view, view.auctions, lambda _: view.free)


class NoSetup(Buyer):
    def start(self, _setup):
        self.seen = 0

    def bid(self, view):
        return bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)


class NoView(Buyer):
    def bid(self):
        return []


class Bare(Buyer):
    def bid(self, _view):
        return AuctionBid(0, 5)


class OffersInEth(Seller):
    def offer(self, view):
        return [Ask(ticket.serial, 0.1) for ticket in view.tickets]


class TwiceWrong(Seller):
    def offer(self, view):
        return [OpenAuction(ticket.serial, "second-price", reserve_gwei=0.05) for ticket in view.tickets]


class OffersAgain(Seller):
    def offer(self, view):
        allowed = [ticket for ticket in view.tickets if self.setup.resale.allows(ticket.drawn_for is not None)]
        return [OpenAuction(ticket.serial, "english", reserve_gwei=0, slots=3) for ticket in allowed]


class SellsBuildings(Seller):
    def offer(self, view):
        return [SellBuilding(ticket.serial, "english") for ticket in view.tickets]


class SellsBuildingsForLong(Seller):
    def offer(self, view):
        drawn = [ticket for ticket in view.tickets if ticket.drawn_for is not None and not ticket.listed]
        allowed = [ticket for ticket in drawn if self.setup.resale.building and ticket.builder is None]
        return [SellBuilding(ticket.serial, "english", slots=9) for ticket in allowed]


class SellsSoldBuildings(Seller):
    def offer(self, view):
        drawn = [ticket for ticket in view.tickets if ticket.drawn_for is not None and not ticket.listed]
        return [SellBuilding(ticket.serial, "english") for ticket in drawn if self.setup.resale.building]


class ReturnsDrawn(Seller):
    def offer(self, view):
        return [Return(ticket.serial) for ticket in view.tickets if self.setup.haircut is not None]


class ReturnsAnything(Seller):
    def offer(self, _view):
        return [Return(10**9)]


class ForEver(Seller):
    def offer(self, view):
        return [Claim(ticket.serial, 2**64 - 1) for ticket in view.tickets]

    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**10)


class Overbids(Buyer):
    def bid(self, view):
        return [Bid(quote.series, view.free_gwei + 1) for quote in view.market.quotes]


class Misnames(Buyer):
    def bid(self, view):
        return [AuctionBid(auction=lot.id, price=5) for lot in view.auctions]


class Spends(Buyer):
    def bid(self, view):
        view.free_gwei -= 3


class Remembers(Buyer):
    def start(self, setup):
        super().start(setup)
        self.seen = []

    def bid(self, view):
        self.seen += [lot.id for lot in view.auctions]
        return [AuctionBid(id, 2**62) for id in self.seen[:1]]


class BidsOnTicket(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.ticket, 2**62) for lot in view.auctions]


class BidsOnSerial(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.ticket.serial, 2**62) for lot in view.auctions]


class TooDear(Buyer):
    def bid(self, view):
        return bids(view, view.auctions, lambda _: view.free_gwei)


class NothingInWei(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.id, 0.0) for lot in view.auctions]


@pytest.mark.parametrize(
    ("kind", "place", "says"),
    [
        (Misnames, "AuctionBid(", "argument 'price'; write AuctionBid(auction, price_gwei)"),
        (Spends, "free_gwei -=", "; a view is frozen: count in a variable of your own, or with a Purse"),
        (
            Remembers,
            "AuctionBid(",
            "is not open in this view; bid by the id of those in view.auctions, and keep none",
        ),
        (NothingInWei, "AuctionBid(", "prices are whole Gwei: take int(…) of what it is computed by"),
        (FloatPrice, "AuctionBid(", "prices are whole Gwei: eth_to_gwei(0.1) where that is ETH (in bid, draw = "),
        (ByHelper, "_replace", "price_gwei is None; it must be a whole number in 0 … 2^63 − 1; to hold, leave"),
        (Wrong, "view.free", "AttributeError: View has no 'free'; did you mean 'free_gwei'?"),
        (NoSetup, "self.setup.entry", "a start of your own begins with super().start(setup)"),
        (NoView, "def bid", "a method is written def bid(self, view)"),
        (OffersInEth, "Ask(", "prices are whole Gwei: eth_to_gwei(0.1) where that is ETH (in offer, draw = "),
        (TwiceWrong, "OpenAuction(", "third_price, all_pay, own; reserve_gwei is 0.05; it must be a whole number"),
        (OffersInEth, "Ask(", "where that is ETH; no resale after the draw in this market; ask self.setup.resale"),
        (OffersAgain, "OpenAuction(", "is listed already (in offer, draw = "),
        (SellsBuildings, "SellBuilding(", "in this market; ask self.setup.resale.building (in offer, draw = "),
        (SellsBuildingsForLong, "SellBuilding(", "slots=9: the sale must end by block "),
        (SellsSoldBuildings, "SellBuilding(", "'s block is sold (in offer, draw = "),
        (ReturnsDrawn, "Return(", "is drawn: the protocol takes back undrawn ones (in offer, draw = "),
        (ReturnsAnything, "Return(", "ticket 1000000000 is not its own (in offer, draw = "),
        (Bare, "def bid", "the answer is AuctionBid(auction=0, price_gwei=5); return a list of intents"),
        (ForEver, "Claim(", "block is never, as the last block of a ticket that does not expire"),
        (BidsOnTicket, "AuctionBid(", "take auction.id of the auction that is meant"),
        (
            BidsOnSerial,
            "AuctionBid(",
            "is the serial of the ticket for sale: give the auction's own number, auction.id",
        ),
        (TooDear, "bids(", "to enter (setup.entry_gwei)"),
        (Overbids, "Bid(", "and Purse spend no more than there is"),
    ],
)
def test_a_fault_is_told_with_its_line_and_the_remedy(kind, place, says):
    found = play(kind, VIEWS)
    lines = lines_of([*found.raised, *found.illegal])
    where = f"test_strategy_inaction.py:{line(kind, place)} "
    assert any(one.startswith(where) and says in one for one in lines), lines
    assert not any(str(2**64 - 1) in one for one in lines)


def test_faults_that_are_alike_are_one_line():
    found = play(FloatPrice, VIEWS)
    assert len(found.illegal) > 10
    (only,) = lines_of(found.illegal)
    assert only.endswith(f"; {len(found.illegal):,} times")


class WholeLot(Buyer):
    def bid(self, view):
        return [AuctionBid(lot, 10**7) for lot in view.auctions]


def test_faults_are_alike_whatever_the_values_in_them():
    (only,) = lines_of(play(WholeLot, VIEWS).illegal)
    assert "auction is AuctionView(id=" in only
    assert "not its number; take its id" in only
    assert len(only) < 350


def test_intents_are_as_ever_after_their_places_were_noted():
    play(FloatPrice, 20)
    assert AuctionBid.__new__.__name__ == "__new__"
    assert (
        AuctionBid(1, 2)._replace(price_gwei=3) == AuctionBid(auction=1, price_gwei=3) == AuctionBid._make([1, 3])
    )
