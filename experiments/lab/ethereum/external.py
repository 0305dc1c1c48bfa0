"""Seats that nobody plays but who sends transactions."""

from __future__ import annotations

from typing import ClassVar

from strategies.base import Strategy


class External(Strategy):
    """An account with money and no plans of its own: it acts by the transactions that it signs."""

    roles: ClassVar[frozenset[str]] = frozenset({"buyer"})


STRATEGY = f"{__name__}:{External.__name__}"
