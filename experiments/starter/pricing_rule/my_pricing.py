"""A pricing rule of one's own for the protocol's sale: the reserve follows what was paid before.

Each ticket goes to its highest bidder for the second-highest bid; no ticket is sold for less than a share of the
mean price of the last sales.
"""

from collections.abc import Sequence

from market import Award, Lot, PricingRule, SaleView, Terms


class Damped(PricingRule):
    """`share` is that share; `memory` so many sales make the mean. What is kept in `self` is in the checkpoint."""

    def __init__(self, share: float = 0.5, memory: int = 16) -> None:
        if not 0 <= share < 1 or memory < 1:
            raise ValueError(f"share is {share}, memory {memory}; take 0 ≤ share < 1 and a memory of at least 1")
        self.share = share
        self.memory = memory
        self.paid: list[int] = []

    def terms(self, view: SaleView) -> list[Terms]:
        """All tickets are put up, at the same reserve."""
        mean = sum(self.paid) / max(len(self.paid), 1)
        reserve = max(view.reserve_gwei, int(self.share * mean))
        return [Terms(reserve)] * (view.unsold if view.cap is None else min(view.unsold, view.cap))

    def clear(self, lots: Sequence[Lot], view: SaleView) -> list[Award | None]:  # noqa: ARG002
        """One award, or None, for each lot."""
        awards = [award(lot) for lot in lots]
        self.paid += [one.price for one in awards if one is not None]
        self.paid = self.paid[-self.memory :]
        return awards


def award(lot: Lot) -> Award | None:
    """The highest bid wins, the earlier of two; alone it pays the reserve."""
    if not lot.offers:
        return None
    first, *rest = sorted(lot.offers, key=lambda offer: -offer.price)
    return Award(first.bidder, rest[0].price if rest else lot.terms.reserve)
