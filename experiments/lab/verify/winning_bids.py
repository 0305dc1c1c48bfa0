"""Who wins what under a pricing rule of one's own, where a bid may win another lot than the one it is on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from experiments.lab.verify.fault import misfit
from experiments.lab.verify.rows import AuctionRow, BidRow


class WinningBids:
    """The lots that each has won, and the bids with which it has."""

    def __init__(self) -> None:
        self._lots: defaultdict[str, list[AuctionRow]] = defaultdict(list)
        self._bids: defaultdict[str, list[tuple[int | None, BidRow]]] = defaultdict(list)

    def add(self, row: AuctionRow, bids: Iterable[BidRow]) -> None:
        """A lot and the bids on it."""
        if row.winner is not None and row.price_gwei is not None:
            self._lots[row.winner].append(row)
        for bid in bids:
            if bid.outcome == "won":
                self._bids[bid.bidder].append((row.ticket, bid))

    def check(self) -> None:
        """Raises `Fault` unless each lot is paid by a winning bid of its own, at most with what was bid."""
        for name in dict.fromkeys([*self._lots, *self._bids]):
            lots = sorted(self._lots[name], key=lambda row: row.price_gwei or 0)
            bids = sorted((bid for _, bid in self._bids[name]), key=lambda bid: bid.price_gwei)
            for bid in bids[len(lots) :]:
                raise misfit(bid, "outcome", "lost", f"{name} has won {len(lots)} lots")
            for row in lots[len(bids) :]:
                raise misfit(row, "winner", f"{len(bids)} lots won by {name}", "so many of its bids have won")
            for row, bid in zip(lots, bids, strict=True):
                if not 0 <= (row.price_gwei or 0) <= bid.price_gwei:
                    raise misfit(row, "price_gwei", "a price that the winner bid")

    def released(self) -> Iterator[tuple[str, dict[int | None, int], int]]:
        """By winner: at most how much comes back for each ticket that it bid on, and how much in all, Gwei."""
        for name, bids in self._bids.items():
            most = {ticket: bid.price_gwei for ticket, bid in bids}
            yield name, most, sum(most.values()) - sum(row.price_gwei or 0 for row in self._lots[name])
