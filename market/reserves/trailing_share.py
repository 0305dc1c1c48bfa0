"""A reserve on what was bid, or paid, in the last blocks."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from statistics import fmean, median

from market.reserves.reserve_rule import ReserveRule
from market.reserves.reserve_view import PastLot, ReserveView


def prices(lots: Iterable[PastLot]) -> list[int]:
    """What was paid for those that were sold."""
    return [lot.price_gwei for lot in lots if lot.price_gwei is not None]


def top_bids(lots: Iterable[PastLot]) -> list[int]:
    """The highest bid for each."""
    return [max(lot.bids_gwei) for lot in lots]


def all_bids(lots: Iterable[PastLot]) -> list[int]:
    """Every bid."""
    return [bid for lot in lots for bid in lot.bids_gwei]


SERIES: Mapping[str, Callable[[Iterable[PastLot]], list[int]]] = {
    "price": prices,
    "top_bid": top_bids,
    "bid": all_bids,
}
STATISTICS: Mapping[str, Callable[[Sequence[int]], float]] = {"mean": fmean, "median": median, "max": max}


class TrailingShare(ReserveRule):
    """A share of a statistic of the sales of the last `window` slots; the config's reserve where there were none.

    `of` is one of `SERIES`, `statistic` one of `STATISTICS`. No bid is below the reserve that it was made under:
    a high reserve comes down as its sales leave the window.
    """

    def __init__(self, share: float, of: str = "price", statistic: str = "mean", window: int = 20) -> None:
        self.share = share
        self.of = of
        self.statistic = statistic
        self.window = window
        self._seen: deque[tuple[int, list[int]]] = deque()  # by slot

    def reserve(self, view: ReserveView) -> int:
        self._forget(view.slot)
        values = [value for _, seen in self._seen for value in seen]
        return round(self.share * STATISTICS[self.statistic](values)) if values else view.reserve_gwei

    def close(self, slot: int, lots: Sequence[PastLot]) -> None:
        if values := SERIES[self.of](lots):
            self._seen.append((slot, values))

    def _forget(self, slot: int) -> None:
        while self._seen and self._seen[0][0] < slot - self.window:
            self._seen.popleft()
