"""A reserve rule: the lowest price of a lot, from what everyone knows when it is put up."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Protocol

from market.reserves.reserve_view import PastLot, ReserveView


class ReserveRule(ABC):
    """A rule of the testbed, or of the user's own: `reserve` for the lots of a sale, then `close`. What it
    remembers lies in its attributes: they are in the checkpoint, and nothing else of it is."""

    @abstractmethod
    def reserve(self, view: ReserveView) -> int:
        """The lowest price of a lot, Gwei; the config's, where that is higher. Asked once a sale for lots of the
        same blocks."""

    def close(self, slot: int, lots: Sequence[PastLot]) -> None:  # noqa: B027
        """The sale of a slot is over: its lots that had bids."""

    @property
    def source(self) -> object:
        """Where its code is: its class, or the function that it is."""
        return type(self)


class ReservesLot(Protocol):
    """A rule that is a function: parameters of its own come after the view."""

    def __call__(self, view: ReserveView, /, **parameters: Any) -> int: ...


class ReserveFunction(ReserveRule):
    """The rule that a function is."""

    def __init__(self, function: ReservesLot, parameters: dict[str, Any]) -> None:
        self._function = function
        self._parameters = parameters

    def reserve(self, view: ReserveView) -> int:
        return self._function(view, **self._parameters)

    @property
    def source(self) -> object:
        return self._function
