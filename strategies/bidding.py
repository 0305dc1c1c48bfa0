"""Bidding in several auctions at once with one purse."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from market.intents import AuctionBid
from market.view import AuctionView, View


def bids(view: View, auctions: Iterable[AuctionView], price: Callable[[AuctionView], float]) -> list[AuctionBid]:
    """A bid of `price` (Gwei) in each auction of another's where it reaches the reserve, as far as the money goes.

    The last bid that can be paid is cut to what is left.
    """
    purse = view.free_gwei
    placed: list[AuctionBid] = []
    for auction in auctions:
        if auction.series is None or auction.seller == view.account:
            continue
        offer = min(int(price(auction)), purse)
        if offer >= max(auction.reserve_gwei, 1):
            purse -= offer
            placed.append(AuctionBid(auction.id, offer))
    return placed
