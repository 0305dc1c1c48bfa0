"""What a beginner's exception is told with: how a method is written, what was None, the way to what was meant."""

from __future__ import annotations

import numpy as np
import pytest

from market.intents import Ask, AuctionBid, Cancel
from strategies import Buyer, Seller, bids
from strategies.testing import check_strategy
from strategies.testing.breach import lines_of
from strategies.testing.inaction import inaction
from strategies.testing.played import play


class StartsWithNothing(Buyer):
    def start(self):
        super().start(self)


class StartsWithAll(Buyer):
    def start(self, setup, view):  # noqa: ARG002
        super().start(setup)


class ForgetsSetup(Buyer):
    def start(self, setup):  # noqa: ARG002
        super().start()


class BidsWithNothing(Buyer):
    def bid():
        return []


class ProposesWithMore(Buyer):
    def propose(self, view, block):  # noqa: ARG002
        return []


class OffersWithNothing(Seller):
    def offer(self):
        return []


class Divides(Seller):
    def offer(self, view):  # noqa: ARG002
        return [AuctionBid(1, 10**9 / self.setup.maturity)]


class Compares(Seller):
    def offer(self, view):
        life = self.setup.maturity
        return [view.slot] if life < 3 else []


class Costs(Buyer):
    def bid(self, view):
        return [AuctionBid(lot.id, 5 - view.cost(view.slot) * lot.id) for lot in view.auctions]


class NamesCost(Buyer):
    def bid(self, view):
        if view.auctions:
            theta = view.cost(view.slot)
            if view.outlook.reward_gwei - theta > 0:
                return []
        return []


class Roomy(Buyer):
    def bid(self, view):
        return view.auctions[: view.room + 1] and []


class Early(Seller):
    def primary(self, view):
        return [AuctionBid(1, 2 * view.outlook.reward_gwei)]


class Ticketless(Buyer):
    def build(self, view):
        return [view.auctions[0].ticket.serial] if view.auctions else []


class NoneOfOwn(Buyer):
    def bid(self, view):
        return sum(self.last(view))

    def last(self, view):  # noqa: ARG002
        return None


class Draws(Buyer):
    def bid(self, view):  # noqa: ARG002
        return self.rng.random() and []


class AsksSlot(Buyer):
    def bid(self, view):  # noqa: ARG002
        return self.slot and []


class Brackets(Buyer):
    def bid(self, view):
        return [view.cost[view.slot]]


class Round(Buyer):
    def bid(self, view):
        return [view.costs_from(view.slot)]


class ByKey(Buyer):
    def bid(self, view):
        return np.mean(view.market.prices["secondary"])


class BySeries(Buyer):
    def bid(self, view):
        return [view.market.quotes[lot.series] for lot in view.auctions]


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (StartsWithNothing, "a method is written def start(self, setup) (in start"),
        (StartsWithAll, "a method is written def start(self, setup) (in start"),
        (ForgetsSetup, "it is called as super().start(setup) (in start"),
        (BidsWithNothing, "a method is written def bid(self, view)"),
        (ProposesWithMore, "a method is written def propose(self, view)"),
        (OffersWithNothing, "a method is written def offer(self, view)"),
        (Divides, "; self.setup.maturity is None where tickets never expire: ask"),
        (Compares, "; life (self.setup.maturity) is None where tickets never expire: ask"),
        (Costs, "; view.cost(view.slot) is None for a block that it cannot exploit"),
        (NamesCost, "; theta (view.cost(view.slot)) is None for a block that it cannot exploit"),
        (Roomy, "; view.room is None where there is no cap of an owner: "),
        (Early, "; view.outlook.reward_gwei is None before block 0: "),
        (Ticketless, "; view.auctions[0].ticket is None where a block is sold, not a ticket: ask"),
        (NoneOfOwn, "; something was None: help(strategies.View)"),
        (Draws, "; did you mean self.setup.rng?"),
        (AsksSlot, "; did you mean view.slot?"),
        (Brackets, "a method is called, by round brackets: view.cost(block)"),
        (Round, "a number is no method: leave the brackets out"),
        (ByKey, "PastPrices has names, no keys; write prices.secondary"),
        (BySeries, "of a series ask view.quote(series)"),
    ],
)
def test_the_remedy_is_that_of_the_fault(kind, says):
    lines = lines_of(play(kind, 200).raised)
    assert any(says in line for line in lines), lines


def test_the_setup_is_no_parameter_of_a_constructor():
    class Constructed(Buyer):
        def __init__(self, setup, share=0.9):  # noqa: ARG002
            self.setup = setup

    (construct,) = check_strategy(Constructed).checks
    assert "write def start(self, setup)" in construct.detail
    assert "--set" not in construct.detail


class Sells(Seller):
    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**7)

    def sell(self, _view):
        return []


class OnSession(Seller):
    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**7)

    def on_session(self, view):
        return view.orders


class Helps(Seller):
    def primary(self, view):
        return self.quote(view)

    def quote(self, view):
        return bids(view, view.auctions, lambda _: 10**7)

    def describe(self):
        return "helps"


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Sells, "sell: is never asked; did you mean offer?"),
        (OnSession, "on_session: is never asked; did you mean primary, offer, bid, claim, propose or build?"),
        (Helps, ""),
    ],
)
def test_a_method_that_nobody_asks_is_told_which_are(kind, says):
    warned = [line for check in inaction(kind, play(kind, 60)) for line in check.faults]
    assert [line.endswith(says) for line in warned] == [True] * bool(says)


class Ladder(Seller):
    """Has tickets in few views, since it bids little, and none where they never expire."""

    def primary(self, view):
        return bids(view, view.auctions, lambda _: 10**7)[:1] if self.setup.maturity else []

    def offer(self, view):
        own = [t for t in view.tickets if not t.listed and self.setup.resale.allows(t.drawn_for is not None)]
        return [Ask(t.serial, int(10**8 / self.setup.maturity)) for t in own]


def test_who_sells_is_asked_about_tickets_under_all_kinds_of_rules():
    (raised,) = (check for check in check_strategy(Ladder, views=100).checks if check.name == "raises nothing")
    assert "self.setup.maturity is None where tickets never expire" in raised.faults[0]
    assert "draw = lottery" in raised.faults[0]


class Cancels(Buyer):
    def bid(self, view):
        late = [Cancel(order) for order in view.orders if view.slot > 10**6]
        return late or bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)


def test_intents_that_never_came_up_are_told():
    (warned,) = inaction(Cancels, play(Cancels, 100))
    assert (warned.name, warned.is_warning) == ("intents", True)
    assert warned.faults[0].endswith("Cancel: in none of 100 views; --views 1000 shows more")


def test_a_class_of_no_module_is_checked_too():
    """As a page's block is executed, say."""
    places: dict = {"bids": bids, "Buyer": Buyer}
    body = "return bids(view, view.auctions, lambda _: 10**7, self.setup.entry_gwei)"
    exec(f"class Mine(Buyer):\n    def bid(self, view):\n        {body}", places)
    report = check_strategy(places["Mine"], views=50)
    assert [check.name for check in report.checks if not check.passed] == ["pickle"]
