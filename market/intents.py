"""What a participant may want: the vocabulary between strategies and the market.

Prices are whole Gwei. Nothing is signed here; the participant's wallet signs what becomes of an intent.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from chain.ticket import Series

TimeInForce = Literal["gtc", "ioc", "fok", "post_only"]
"""The names of `market.time_in_force.TIFS`, for type checkers: good till cancelled (or its last slot); immediate
or cancel; fill or kill; post only. An order is for one ticket, so that the second and the third do the same."""

Format = str
"""The name of a format of auctions: one of `market.auctions.FORMATS`, or "own", the user's own of the run."""


class Hold(NamedTuple):
    """Do nothing. The same as no intent at all."""


class Ask(NamedTuple):
    """Offer a ticket in the order book for at least `price_gwei`.

    None is the best bid that the view shows when the strategy decides (`Quote.limit`): that is signed, for at
    once or not at all, and where the bid is gone when the order arrives it takes no lower one.

    `until` is the last slot at which the order stands, e.g. `view.slot + 4`, and no number of slots; None = as
    long as the ticket's series lasts.
    """

    ticket: int
    price_gwei: int | None
    tif: TimeInForce = "gtc"
    until: int | None = None


class Bid(NamedTuple):
    """Want any ticket of a series for at most `price_gwei`; None is the best ask that the view shows, for at once
    or not at all. `until` as in `Ask`."""

    series: Series
    price_gwei: int | None
    tif: TimeInForce = "gtc"
    until: int | None = None


class Cancel(NamedTuple):
    """Take an own resting order out of the book."""

    order: int


class OpenAuction(NamedTuple):
    """Sell a ticket by auction. It closes in the session `slots` slots from now (0 = in this one).

    `reserve_gwei` is the lowest price; the clock formats move by `tick_gwei`, the Dutch clock down from
    `start_gwei`, which it needs: one that starts at 0 is refused.
    """

    ticket: int
    format: Format = "second_price"
    reserve_gwei: int = 0
    slots: int = 0
    start_gwei: int = 0
    tick_gwei: int = 1


class SellBuilding(NamedTuple):
    """Sell the right to build the block of a drawn ticket by auction, ahead of time, and keep the ticket: one
    stays its proposer, and liable. Terms as in `OpenAuction`."""

    ticket: int
    format: Format = "second_price"
    reserve_gwei: int = 0
    slots: int = 0
    start_gwei: int = 0
    tick_gwei: int = 1


class AuctionBid(NamedTuple):
    """Bid in an open auction: for a ticket, primary or secondary, or for a block. A later bid replaces it.

    Sealed formats: the price offered. English clock: the price at which one drops out. Dutch clock: the price
    at which one stops the clock. Posted price: the most that one would pay.
    """

    auction: int
    price_gwei: int


class Claim(NamedTuple):
    """Choose the block that a ticket proposes (draw rule `claim`): its number, not how many blocks ahead."""

    ticket: int
    block: int


class Return(NamedTuple):
    """Give an undrawn ticket back to the protocol for what it pays, at least `least_gwei`."""

    ticket: int
    least_gwei: int = 0


class Build(NamedTuple):
    """Build the block whose right one holds oneself."""


class SellBlock(NamedTuple):
    """Sell the building right of one's block just in time; unsold, one builds it oneself if one can.

    Where it is sold, `rebate_gwei` go in equal parts to all who bid for it; until then they are in escrow. They
    are the `start` of the listing that is signed.
    """

    reserve_gwei: int = 0
    rebate_gwei: int = 0


Intent = Hold | Ask | Bid | Cancel | OpenAuction | SellBuilding | AuctionBid | Claim | Return | Build | SellBlock
INTENTS: tuple[type, ...] = (
    Hold,
    Ask,
    Bid,
    Cancel,
    OpenAuction,
    SellBuilding,
    AuctionBid,
    Claim,
    Return,
    Build,
    SellBlock,
)
