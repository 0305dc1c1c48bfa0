"""A pricing rule of one's own: what it may say, and what is taken of it where it says nothing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from market.auctions.terms import Award, Lot, Payment, Terms
from market.primary.sale_view import SaleView

Answer = Iterable[Award | Payment | None]
"""An award or None for each lot; or payments, each of a bid, whichever lot it wins."""


class PricingRule(ABC):
    """A rule of the user's own for the protocol's sale of a slot: `terms`, then `clear` if there were lots, then
    `close`. The arguments of its constructor are `market.primary_parameters` of the config, in the types that it
    states.

    What it remembers lies in its attributes: they are in the checkpoint, and nothing else of it is. `name` is what
    tables and participants call it; None: what the config calls it.
    """

    name: str | None = None

    def quote(self, view: SaleView) -> int | None:  # noqa: ARG002
        """The price that everyone sees, Gwei, asked for before the first sale and after each; None: there is none
        before bids are in."""
        return None

    def terms(self, view: SaleView) -> Sequence[Terms]:
        """The terms of this slot's lots, the first for the oldest ticket. As they stand here: as many as may be
        sold, at the price that it quotes, or at the config's reserve."""
        quoted = self.quote(view)
        reserve = view.reserve_gwei if quoted is None else quoted
        return [Terms(reserve)] * (view.unsold if view.cap is None else min(view.unsold, view.cap))

    @abstractmethod
    def clear(self, lots: Sequence[Lot], view: SaleView) -> Answer:
        """Who gets what and pays what. No bid is below its lot's reserve; a lot may have none."""

    def close(self, view: SaleView) -> None:  # noqa: B027
        """The sale of a slot is over, with lots or without."""

    @property
    def source(self) -> object:
        """Where its code is: its class, or the function that it is."""
        return type(self)


class PricesLots(Protocol):
    """A rule that is a function: parameters of its own come after the view."""

    def __call__(self, lots: Sequence[Lot], view: SaleView, /, **parameters: Any) -> Answer: ...


class OfFunction(PricingRule):
    """The rule that a function is."""

    def __init__(self, function: PricesLots, parameters: dict[str, Any]) -> None:
        self._function = function
        self._parameters = parameters

    def clear(self, lots: Sequence[Lot], view: SaleView) -> Answer:
        return self._function(lots, view, **self._parameters)

    @property
    def source(self) -> object:
        return self._function
