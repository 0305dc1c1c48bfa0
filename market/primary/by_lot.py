"""Sales lot by lot, by a function."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chain.errors import RuleBroken
from chain.ledger import check_amount
from market.auctions.terms import Award, Terms
from market.primary.lots import Lot, Payment, Pricing
from market.primary.rule import Rule


class ByLot(Rule):
    """Each ticket is sold by itself: `pricing` answers with an award, or None, for each lot.

    `start` and `tick` are those of a Dutch clock, Gwei.
    """

    def __init__(
        self, pricing: Pricing, reserve: int = 0, cap: int | None = None, start: int = 0, tick: int = 1
    ) -> None:
        super().__init__(reserve, cap)
        self._pricing = pricing
        self._terms = Terms(reserve, start, tick)

    def terms(self, held: int, count: int) -> list[Terms]:  # noqa: ARG002
        return [self._terms] * count

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        """Raises `RuleBroken` for a function that awards what was not bid."""
        awards = list(self._pricing(lots))
        check_awards(lots, awards)
        return [
            Payment(index, award.bidder, award.price, index)
            for index, award in enumerate(awards)
            if award is not None
        ]


def check_awards(lots: Sequence[Lot], awards: Iterable[Award | None]) -> None:
    """Raises `RuleBroken` unless there is an award or None for each lot, each at most its bidder's offer."""
    awards = list(awards)
    if len(lots) != len(awards):
        raise RuleBroken(f"the pricing rule returned {len(awards)} awards for {len(lots)} lots")
    for lot, award in zip(lots, awards, strict=True):
        if award is None:
            continue
        if not isinstance(award, Award):
            raise RuleBroken(f"ticket {lot.ticket}: the pricing rule returned {award!r}, which is no Award")
        check_amount(award.price, "award")
        if not any(offer.bidder == award.bidder and offer.price >= award.price for offer in lot.offers):
            raise RuleBroken(f"ticket {lot.ticket}: the pricing rule's {award} is covered by no bid")
