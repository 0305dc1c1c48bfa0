"""What a strategy was shown in the views of a method, in a few numbers: for the words to one that never acted."""

from __future__ import annotations

from collections.abc import Iterable

from market.view import View


class ShownViews:
    """`asks`, Gwei, and how many bids, auctions, and views with tickets of its own there were."""

    def __init__(self) -> None:
        self.asks: list[int] = []
        self.bids = self.auctions = self.with_tickets = 0

    def count(self, view: View) -> None:
        """One more view."""
        quotes = view.market.quotes
        self.asks += [quote.ask_gwei for quote in quotes if quote.ask_gwei is not None]
        self.bids += sum(quote.bid_gwei is not None for quote in quotes)
        self.auctions += len(view.auctions)
        self.with_tickets += len(view.tickets) > 0


def seen_in_all(parts: Iterable[ShownViews]) -> ShownViews:
    """What there was in the views of several methods."""
    total = ShownViews()
    for part in parts:
        total.asks += part.asks
        total.bids += part.bids
        total.auctions += part.auctions
        total.with_tickets += part.with_tickets
    return total


def what_was_seen(seen: ShownViews) -> str:
    """In words."""
    prices = f" of {min(seen.asks):,} … {max(seen.asks):,} Gwei" if seen.asks else ""
    asks = f"{len(seen.asks):,} asks{prices}"
    return f"{asks}, {seen.bids:,} bids, {seen.auctions:,} auctions, {seen.with_tickets:,} views with own tickets"
