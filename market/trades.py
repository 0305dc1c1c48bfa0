"""Every sale of a right, in whichever market."""

from __future__ import annotations

from typing import NamedTuple

from chain.named_tuples import make
from chain.records import Records, Schema
from chain.state import State
from chain.ticket import NEVER, Title
from market.past_prices import PublicPrices

TRADES = Schema(
    "trades",
    "Every sale: of tickets by the protocol (primary), of tickets among participants (secondary), of the right to "
    "build a block just in time (block) or ahead of time (building).",
    [
        ("trade", "integer", "number of the sale, from 0"),
        ("slot", "integer", "slot in which it happened; −1 before block 0"),
        ("ms", "integer", "milliseconds into that slot"),
        ("market", "label", "primary, secondary, block or building"),
        ("venue", "label", "book, or the format of the auction"),
        ("timing", "label", "ex_ante (before the draw) or ex_post (after it)"),
        ("ticket", "integer", "serial of the ticket; missing for an endowed block"),
        ("block", "integer", "block that it was certain to propose at the time, if that was known"),
        ("age", "integer", "blocks since the ticket's first session: the model's own t"),
        ("to_maturity", "integer", "blocks left to the ticket's last block; missing without maturity"),
        ("seller", "account", "who sold"),
        ("buyer", "account", "who bought"),
        ("price_gwei", "gwei", "price, Gwei; primary prices are burned"),
        ("auction", "integer", "the auction, if it was one"),
        ("maker_order", "integer", "the resting order that was filled, in the book"),
        ("taker_order", "integer", "the incoming order that filled it, in the book"),
    ],
)


class SoldRight(NamedTuple):
    """What is sold, as the table's columns of these names have it."""

    timing: str
    ticket: int | None
    block: int | None
    age: int | None
    to_maturity: int | None


class Trades:
    """Writes the table of trades, and remembers the last prices."""

    def __init__(self, state: State, records: Records) -> None:
        self._state = state
        self._rows = records.table(TRADES)
        self.count = 0
        self.last_price: int | None = None  # of a secondary sale
        self.prices = PublicPrices()

    def ticket_sold(
        self,
        market: str,
        venue: str,
        title: Title,
        seller: int,
        buyer: int,
        price: int,
        ms: int,
        auction: int | None = None,
        orders: tuple[int | None, int | None] = (None, None),
    ) -> None:
        """Record the sale of a ticket, by its title as it is when the sale happens."""
        sold = sold_ticket(title, self._state.slot)
        self._write(market, venue, sold, seller, buyer, price, ms, auction, orders)
        if market == "secondary":
            self.last_price = price

    def block_sold(
        self, venue: str, ticket: int | None, seller: int, buyer: int, price: int, ms: int, auction: int
    ) -> None:
        """Record the sale of the right to build the present block."""
        sold = SoldRight("ex_post", ticket, self._state.slot, age=None, to_maturity=None)
        self._write("block", venue, sold, seller, buyer, price, ms, auction)

    def building_sold(
        self, venue: str, title: Title, block: int, buyer: int, price: int, ms: int, auction: int
    ) -> None:
        """Record the sale of the right to build a later block; the ticket stays where it is."""
        sold = SoldRight("ex_post", title.ticket.serial, block, age=None, to_maturity=None)
        self._write("building", venue, sold, title.owner, buyer, price, ms, auction)

    def _write(
        self,
        market: str,
        venue: str,
        sold: SoldRight,
        seller: int,
        buyer: int,
        price: int,
        ms: int,
        auction: int | None,
        orders: tuple[int | None, int | None] = (None, None),
    ) -> None:
        maker, taker = orders
        what = (self.count, self._state.slot, ms, market, venue, *sold)
        self._rows.append((*what, seller, buyer, price, auction, maker, taker))
        self.count += 1
        self.prices.add(market, price)


def sold_ticket(title: Title, slot: int) -> SoldRight:
    """A ticket that is sold in `slot`, by its title before the sale."""
    ticket = title.ticket
    matures = None
    left = None
    if ticket.last_block != NEVER:
        matures = ticket.last_block
        left = matures - slot
    timing = "ex_post"
    block = title.drawn_for
    if block is None:
        timing = "ex_ante"
        if ticket.first_block == matures:  # it can propose one block only
            block = matures
    age = slot - ticket.mint_block - 1  # its first session is in the slot after its mint
    return make(SoldRight, (timing, ticket.serial, block, age, left))
