"""Every sale of a right, in whichever market."""

from __future__ import annotations

from chain.records import Records, Schema
from chain.state import State
from chain.ticket import NEVER, Title

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


class Trades:
    """Writes the table of trades, and remembers the last secondary price."""

    def __init__(self, state: State, records: Records) -> None:
        self._state = state
        self._rows = records.table(TRADES)
        self.count = 0
        self.last_price: int | None = None

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
        what = described(title, self._state.slot)
        self._write(ms, (market, venue), what, (seller, buyer, price), (auction, *orders))
        if market == "secondary":
            self.last_price = price

    def block_sold(
        self, venue: str, ticket: int | None, seller: int, buyer: int, price: int, ms: int, auction: int
    ) -> None:
        """Record the sale of the right to build the present block."""
        what = ("ex_post", ticket, self._state.slot, None, None)
        self._write(ms, ("block", venue), what, (seller, buyer, price), (auction, None, None))

    def building_sold(
        self, venue: str, title: Title, block: int, buyer: int, price: int, ms: int, auction: int
    ) -> None:
        """Record the sale of the right to build a later block; the ticket stays where it is."""
        what = ("ex_post", title.ticket.serial, block, None, None)
        self._write(ms, ("building", venue), what, (title.owner, buyer, price), (auction, None, None))

    def _write(self, ms: int, *parts: tuple[object, ...]) -> None:
        where, *rest = parts
        row = (self.count, self._state.slot, ms, *where)
        self._rows.append((*row, *(value for part in rest for value in part)))
        self.count += 1


def described(title: Title, slot: int) -> tuple[object, ...]:
    """What a sale of a ticket is about: its timing, serial and block, its age and how long it lives, in slots."""
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
    return timing, ticket.serial, block, slot - ticket.mint_block - 1, left
