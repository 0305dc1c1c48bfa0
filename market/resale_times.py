"""When a ticket may be sold on: before its draw, after it, or both; and whether its block's building may alone."""

from __future__ import annotations

from typing import NamedTuple

from chain.near_names import tells_near
from chain.ticket import Title
from market.errors import AuctionClosed, ResaleClosed


@tells_near()
class Resale(NamedTuple):
    """The sales that a market structure allows. `building`: that of the building right alone, from the draw on."""

    ex_ante: bool
    ex_post: bool
    building: bool = False

    def allows(self, drawn: bool) -> bool:
        """Whether a drawn, or an undrawn, ticket may be sold."""
        if drawn:
            return self.ex_post
        return self.ex_ante

    def check(self, title: Title) -> None:
        """Raises `ResaleClosed` where the ticket may not be sold now."""
        drawn = title.drawn_for is not None
        if not self.allows(drawn):
            when = "before"
            if drawn:
                when = "after"
            raise ResaleClosed(f"ticket {title.ticket.serial}: no resale {when} the draw in this market")
        if title.builder is not None:
            raise ResaleClosed(f"ticket {title.ticket.serial}: the building of its block is sold")

    def check_building(self, title: Title) -> None:
        """Raises `ResaleClosed` where the building of the ticket's block may not be sold ahead of time."""
        if not self.building or title.drawn_for is None:
            raise ResaleClosed(f"ticket {title.ticket.serial}: no sale of the building right now in this market")
        if title.builder is not None:
            raise ResaleClosed(f"ticket {title.ticket.serial}: the building of its block is sold")


def check_left(title: Title, deadline: int) -> None:
    """Raises `AuctionClosed` where the ticket's round is running, and has gone on beyond the block of the slot in
    which its sale ends: what is left is less than what was for sale."""
    if title.used and title.drawn_for is not None and title.drawn_for > deadline:
        used = f"ticket {title.ticket.serial} has used block {title.drawn_for - 1} of its round"
        raise AuctionClosed(f"{used}; its sale ends in slot {title.drawn_for} or later, not in {deadline}")


RESALE = {
    "never": Resale(False, False),
    "ex_ante": Resale(True, False),
    "ex_post": Resale(False, True),
    "both": Resale(True, True),
}
