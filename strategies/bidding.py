"""Bidding in several auctions at once with one purse."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from chain.ticket import NEVER, Series
from chain.wording import shown
from market.intents import AuctionBid
from market.view import AuctionView, View
from strategies.setup import Setup

TICKETS = frozenset({"primary", "secondary"})
"""The markets in which tickets are sold."""
make: Callable[..., AuctionBid] = tuple.__new__
"""Makes a bid in half the time; a check has one of its own here, which takes note of where."""


def bids(
    view: View,
    auctions: Iterable[AuctionView],
    price: Callable[[AuctionView], float],
    entry_gwei: int = 0,
) -> list[AuctionBid]:
    """A bid of `price` (Gwei) in each auction of another's where it reaches the reserve, as far as the money and,
    for tickets, the room under the owner's cap go.

    The last bid that can be paid is cut to what is left, less the `entry_gwei` that each resale costs, and what
    the view says that each ticket of the protocol's does.
    """
    if not callable(price):
        raise TypeError(f"bids: price is {shown(price)}; it takes a function of an auction: lambda auction: …")
    account, purse, room = view.account, view.free_gwei, view.room
    placed: list[AuctionBid] = []
    for auction in auctions:
        if purse < 1:
            break
        number, market, _, seller, ticket, block, reserve, _, _, _, beside = auction
        if seller == account or (ticket is None and block is None):
            continue
        if market in TICKETS:
            if room is not None and len(placed) >= room:
                continue
            beside += entry_gwei if market == "secondary" else view.primary_entry_gwei
        offer, most = int(price(auction)), purse - beside
        if offer > most:
            offer = most
        if offer > 0 and offer >= reserve:
            purse -= offer + beside
            placed.append(make(AuctionBid, (number, offer)))
    return placed


def next_expiries(view: View, setup: Setup, count: int) -> list[Series]:
    """The next `count` expiries from half of a ticket's life on; the only one where tickets do not expire."""
    if setup.maturity is None:
        return [Series(False, NEVER)]
    size = setup.round
    first = (view.slot + 1) // size + setup.lookahead + setup.maturity // 2
    return [Series(False, (first + index + 1) * size - 1) for index in range(count)]
