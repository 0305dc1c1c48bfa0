"""A pricing rule: which tickets are put up, at what price, who gets them, and how a standing price moves."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from chain.near_names import tells_near
from market.auctions.terms import Lot, Payment, Terms

if TYPE_CHECKING:
    from chain.state import State
    from market.trades import Trades


@tells_near()
class Price(NamedTuple):
    """A standing price, and what it was before it last moved, Gwei."""

    now_gwei: int
    before_gwei: int


class Rule(ABC):
    """A rule with a lowest price `reserve`, Gwei, that sells at most `cap` tickets a slot (None: all there are).

    A slot's sale is `offer`, then `clear` if there were lots, then `close`. What a rule remembers is in plain
    attributes, so that it can be pickled, and follows from these calls alone, so that anyone can compute it again.
    """

    def __init__(self, reserve: int = 0, cap: int | None = None) -> None:
        self.reserve = reserve
        self.cap = cap

    def begin(self, state: State, trades: Trades) -> None:  # noqa: B027
        """The run in which it sells is put together. Rules of the testbed look at nothing of it."""

    @property
    def price(self) -> Price | None:
        """The price that everyone sees; None where there is none before bids are in."""
        return None

    def offer(self, held: int, unsold: int) -> list[Terms]:
        """The terms of this slot's lots, the first for the oldest of the `unsold` tickets that the protocol could
        sell. `held`: the live tickets of participants."""
        return self.terms(held, unsold if self.cap is None else min(unsold, self.cap))

    def terms(self, held: int, count: int) -> list[Terms]:  # noqa: ARG002
        """The terms of `count` lots."""
        return [Terms(self.reserve)] * count

    def refund(self, held: int, paid: int, haircut: float) -> int:  # noqa: ARG002
        """What the protocol pays for a ticket that is given back while participants hold `held`: what it was
        `paid` less the haircut, a share of it. Gwei."""
        return int(paid * (1 - haircut))

    @abstractmethod
    def clear(self, lots: Sequence[Lot]) -> list[Payment]:
        """Who pays what and wins which lot. No bid is below its lot's reserve."""

    def close(self, held: int) -> None:  # noqa: B027
        """The sale is over, and participants hold `held` tickets. Called in every slot, with lots or without."""
