"""Every sale of a right, as books and auctions must have brought it about."""

from __future__ import annotations

from experiments.lab.verify.deed import Deed
from experiments.lab.verify.now import Now
from experiments.lab.verify.rows import TradeRow
from experiments.lab.verify.stored_tables import DerivedTable


class TradeAudit:
    """The table of trades, row by row."""

    def __init__(self, now: Now, tape: DerivedTable[TradeRow]) -> None:
        self._now = now
        self._tape = tape

    @property
    def count(self) -> int:
        """Trades so far."""
        return self._tape.count

    def in_book(self, deed: Deed, buyer: str, price: int, maker_order: int, taker_order: int) -> None:
        """A ticket changed hands in the book."""
        self._ticket("secondary", "book", deed, buyer, price, (None, maker_order, taker_order))

    def by_auction(self, market: str, format: str, deed: Deed, buyer: str, price: int, auction: int) -> None:
        """A ticket was sold by auction, by the protocol or by its holder."""
        self._ticket(market, format, deed, buyer, price, (auction, None, None))

    def of_block(self, format: str, ticket: int | None, seller: str, buyer: str, price: int, auction: int) -> None:
        """The building of the present block was sold."""
        slot, ms = self._now.slot, self._now.ms
        what = ("ex_post", ticket, slot, None, None)
        self._tape.expect(slot, ms, "block", format, *what, seller, buyer, price, auction, None, None)

    def of_building(self, format: str, deed: Deed, buyer: str, price: int, auction: int) -> None:
        """The building of a drawn ticket's block was sold ahead of time."""
        slot, ms = self._now.slot, self._now.ms
        what = ("ex_post", deed.serial, deed.drawn_for, None, None)
        self._tape.expect(slot, ms, "building", format, *what, deed.owner, buyer, price, auction, None, None)

    def close(self) -> None:
        """Raises `Fault` where there are more."""
        self._tape.end()

    def _ticket(
        self,
        market: str,
        venue: str,
        deed: Deed,
        buyer: str,
        price: int,
        how: tuple[int | None, int | None, int | None],
    ) -> None:
        slot, row = self._now.slot, deed.row
        timing = "ex_ante" if deed.drawn_for is None else "ex_post"
        certain = row.last_block if row.first_block == row.last_block else None
        block = certain if deed.drawn_for is None else deed.drawn_for
        left = None if row.last_block is None else row.last_block - slot
        what = (timing, deed.serial, block, slot - row.mint_block - 1, left)
        self._tape.expect(slot, self._now.ms, market, venue, *what, deed.owner, buyer, price, *how)
