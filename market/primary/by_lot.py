"""Sales lot by lot: in a format, or by a function of the user's own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from chain.errors import RuleBroken
from market.auctions.clearing import check_answered, placed, what_was_bid
from market.auctions.format import AuctionFormat
from market.auctions.terms import Award, Lot, Payment, Terms
from market.primary.rule import Rule

Pricing = Callable[[Sequence[Lot]], Iterable[Award | None]]
"""A sale lot by lot: one award, or None, for each. A bidder never pays more than it offered for the lot."""


class InFormat(Rule):
    """Each ticket is sold by itself in an auction format. `start` and `tick` are those of a clock, Gwei."""

    def __init__(
        self, format: AuctionFormat, reserve: int = 0, cap: int | None = None, start: int = 0, tick: int = 1
    ) -> None:
        super().__init__(reserve, cap)
        self._format = format
        self._terms = Terms(reserve, start, tick)

    def terms(self, held: int, count: int) -> list[Terms]:  # noqa: ARG002
        return [self._terms] * count

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        return [payment for place, lot in enumerate(lots) for payment in placed(place, self._format.clear(lot))]


class ByLot(Rule):
    """Each ticket is sold by itself: `pricing` answers with an award, or None, for each lot."""

    def __init__(self, pricing: Pricing, reserve: int = 0, cap: int | None = None) -> None:
        super().__init__(reserve, cap)
        self._pricing = pricing

    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        """Raises `RuleBroken` for a function that awards what was not bid."""
        awards = list(self._pricing(sealed(lots)))
        check_awards(lots, awards)
        return [
            Payment(index, award.bidder, award.price, index)
            for index, award in enumerate(awards)
            if award is not None
        ]


def sealed(lots: Sequence[Lot]) -> tuple[Lot, ...]:
    """The same lots, in which nothing can be changed."""
    return tuple(lot._replace(offers=tuple(lot.offers), numbers=tuple(lot.numbers)) for lot in lots)


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
        check_answered(award.price, "award")
        bid = max((offer.price for offer in lot.offers if offer.bidder == award.bidder), default=None)
        if bid is None or bid < award.price:
            told = f"{award} is covered by no bid{what_was_bid(award.bidder, bid)}"
            raise RuleBroken(f"ticket {lot.ticket}: the pricing rule's {told}")
