"""When a ticket may be sold on: before its draw, after it, or both."""

from __future__ import annotations

from typing import NamedTuple

from chain.ticket import Title
from market.errors import ResaleClosed


class Resale(NamedTuple):
    """The sales that a market structure allows."""

    ex_ante: bool
    ex_post: bool

    def allows(self, drawn: bool) -> bool:
        """Whether a drawn, or an undrawn, ticket may be sold."""
        return self.ex_post if drawn else self.ex_ante

    def check(self, title: Title) -> None:
        """Raises `ResaleClosed` where the ticket may not be sold now."""
        drawn = title.drawn_for is not None
        if not self.allows(drawn):
            when = "after" if drawn else "before"
            raise ResaleClosed(f"ticket {title.ticket.serial}: no resale {when} the draw in this market")


RESALE = {
    "never": Resale(False, False),
    "ex_ante": Resale(True, False),
    "ex_post": Resale(False, True),
    "both": Resale(True, True),
}
