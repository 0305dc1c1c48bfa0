"""The order book, replayed: every order in order of arrival, and how each must have ended."""

from __future__ import annotations

from collections import Counter, defaultdict

from chain.ticket import NEVER, Series
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.fault import agree, misfit
from experiments.lab.verify.money_audit import Money
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import OrderRow
from experiments.lab.verify.title_audit import TitleAudit
from experiments.lab.verify.trade_audit import TradeAudit
from market.book import Book
from market.time_in_force import TIFS


class Books:
    """The books of all series, rebuilt with `market.book`.

    One thing is taken from the table, because it leaves no other trace: that a maker cancelled.
    """

    def __init__(self, premises: Premises, now: Now, titles: TitleAudit, money: Money, trades: TradeAudit) -> None:
        self._premises = premises
        self._now = now
        self._titles = titles
        self._money = money
        self._trades = trades
        self._books: dict[Series, Book] = {}
        self._resting: dict[int, OrderRow] = {}
        self._asks: dict[int, int] = {}  # the resting ask of each ticket
        self._ends: defaultdict[int, list[int]] = defaultdict(list)  # orders by their last slot
        self._cancelled: list[OrderRow] = []  # in this slot
        self.count = 0

    def place(self, row: OrderRow) -> None:
        """An order comes in: it is filled, rests or is killed."""
        agree(row, valid_from=self._now.slot)
        if row.last < self._now.slot:
            raise misfit(row, "valid_until", "a slot that is not past")
        if not self._premises.resale.allows(row.drawn):
            raise misfit(row, "drawn", not row.drawn, "no such sale in this market")
        deed = self._listed(row)
        book = self._books.setdefault(row.series, Book())
        self.count += 1
        if self._dies(row, book):
            return self._ended(row, "killed")
        maker, own = book.take(self._premises.number(row, "maker"), deed is None, row.price_gwei)
        for order in own:
            self._end(order, "self_trade")
        if maker is not None:
            self._fill(row, maker, deed)
        else:
            self._rest(row, deed, book)
        return None

    def cancel(self, row: OrderRow) -> None:
        """The maker took the order out. Raises `Fault` where it did not rest any more, or not yet."""
        if row.order not in self._resting:
            raise misfit(row, "outcome", "another end", "the order did not rest in the book when it was cancelled")
        self._books[row.series].remove(row.order)
        self._end(row.order, "cancelled")
        self._cancelled.append(row)

    def withdraw(self, deed: Deed) -> None:
        """The ticket was drawn or ends: its ask leaves the book."""
        order = self._asks.get(deed.serial)
        if order is not None:
            self._books[self._resting[order].series].remove(order)
            self._end(order, "withdrawn")

    def expire(self) -> None:
        """The orders end whose last slot this was."""
        self._cancelled.clear()
        for order in self._ends.pop(self._now.slot, ()):
            if order in self._resting:
                self._books[self._resting[order].series].remove(order)
                self._end(order, "expired")
        for series in [series for series, book in self._books.items() if not book]:
            del self._books[series]

    def close(self) -> Counter[str]:
        """What rests is open at the end of the run; the money behind it, by maker."""
        left: Counter[str] = Counter()
        for row in self._resting.values():
            agree(row, outcome="open", end_slot=None, end_ms=None)
            left[row.maker] += self._locked(row) if row.side == "bid" else 0
        return left

    def _listed(self, row: OrderRow) -> Deed | None:
        """The ticket that an ask lists; None for a bid, which names none."""
        if row.side == "bid":
            agree(row, ticket=None, transfer_nonce=0)
            self._titles.check_room(row, "maker")
            return None
        agree(row, side="ask")
        deed = self._titles.free(row, row.maker)
        if deed.builder is not None:
            raise misfit(row, "ticket", "a ticket that may be resold now", "the building of its block is sold")
        if deed.series != row.series:
            raise misfit(row, "series_block", deed.series.block, "the ticket's series")
        return deed

    def _dies(self, row: OrderRow, book: Book) -> bool:
        """Whether an order is killed: post-only and it would meet one, or not to rest and it fills none."""
        life = TIFS[row.tif]
        if not life.takes:
            return self._crosses(row, book)
        if life.rests:
            return False
        return book.counterpart(self._premises.number(row, "maker"), row.side == "bid", row.price_gwei) is None

    def _crosses(self, row: OrderRow, book: Book) -> bool:
        """Whether a post-only order would have been filled.

        What was cancelled in the same millisecond may have rested still when the order came in.
        """
        if book.crossed(row.side == "bid", row.price_gwei) is not None:
            return True
        return row.outcome == "killed" and any(self._met(row, other) for other in self._cancelled)

    def _met(self, row: OrderRow, other: OrderRow) -> bool:
        if other.end_ms != row.ms or other.order > row.order or other.series != row.series:
            return False
        bid, ask = (row, other) if row.side == "bid" else (other, row)
        return (bid.side, ask.side) == ("bid", "ask") and bid.price_gwei >= ask.price_gwei

    def _fill(self, row: OrderRow, maker: int, deed: Deed | None) -> None:
        resting = self._resting[maker]
        price = resting.price_gwei
        if deed is None:
            assert resting.ticket is not None
            deed, buyer = self._titles.live[resting.ticket], row.maker
            self._money.lock(buyer, price + self._premises.rules.collateral, deed.serial)
        else:
            buyer = resting.maker
        self._trades.in_book(deed, buyer, price, maker, row.order)
        self._money.settle("trade", buyer, deed.owner, price, deed.serial)
        self._money.release_collateral(deed)
        self._titles.transfer(deed, buyer, "trade")
        self._forget(maker)
        self._ended(resting, "filled")
        self._ended(row, "filled")

    def _rest(self, row: OrderRow, deed: Deed | None, book: Book) -> None:
        price = row.price_gwei
        if deed is None:
            self._money.lock(row.maker, self._locked(row))
            self._titles.wanted[row.maker] += 1
        else:
            deed.listing = f"order {row.order}"
            self._asks[deed.serial] = row.order
        book.rest(row.order, self._premises.number(row, "maker"), deed is None, price)
        self._resting[row.order] = row
        if row.last != NEVER:
            self._ends[row.last].append(row.order)

    def _end(self, order: int, outcome: str) -> None:
        """Return the escrow of an order that is out of the book."""
        row = self._forget(order)
        if row.ticket is None:
            self._money.release(row.maker, self._locked(row))
        else:
            self._titles.live[row.ticket].listing = None
        self._ended(row, outcome)

    def _forget(self, order: int) -> OrderRow:
        row = self._resting.pop(order)
        if row.ticket is None:
            self._titles.wanted[row.maker] -= 1
        else:
            del self._asks[row.ticket]
        return row

    def _locked(self, row: OrderRow) -> int:
        """What a resting bid has in escrow, Gwei."""
        return row.price_gwei + self._premises.rules.collateral

    def _ended(self, row: OrderRow, outcome: str) -> None:
        agree(row, outcome=outcome, end_slot=self._now.slot, end_ms=self._now.ms)
