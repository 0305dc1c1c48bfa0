"""The exchange: a limit order book for each ticket series, with escrow and settlement.

A bid's money and an ask's ticket are in escrow from entry on, so a fill always settles. Trades happen at the
resting order's price.
"""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from chain.cap import check_room
from chain.collateral import return_collateral
from chain.errors import InsufficientFunds, NotOwner
from chain.ledger import check_amount
from chain.records import Records, Schema
from chain.state import State
from chain.ticket import NEVER, Series, Title
from chain.wording import alternatives
from market.book import ASK, BID, Book
from market.errors import BadTerms, UnknownOrder
from market.gate import Gate
from market.messages import Order
from market.order_times import check_times
from market.price_remedy import too_dear
from market.resale_times import Resale
from market.time_in_force import TIFS
from market.trades import Trades
from market.view import OrderView, Quote

ORDERS = Schema(
    "orders",
    "Every order that entered the book, every claim of a block and every return of a ticket, in the order in "
    "which they ended.",
    [
        ("order", "integer", "number of the order, from 0 in order of arrival"),
        ("slot", "integer", "slot of arrival"),
        ("ms", "integer", "milliseconds into that slot"),
        ("maker", "account", "who signed it"),
        ("side", "label", "bid, ask, claim or return"),
        ("tif", "label", alternatives(TIFS)),
        ("drawn", "flag", "whether its series is one drawn ticket"),
        (
            "series_block",
            "integer",
            "block of the series: last block, or block drawn for; missing = no maturity",
        ),
        ("ticket", "integer", "serial of the ticket of an ask, a claim or a return"),
        ("transfer_nonce", "integer", "that ticket's transfer nonce"),
        ("price_gwei", "gwei", "limit, Gwei: the worst price its maker takes; of a return: the least"),
        ("valid_from", "integer", "first slot of validity; of a claim: the block"),
        ("valid_until", "integer", "last slot of validity; missing = no end"),
        ("nonce", "integer", "the maker's nonce"),
        ("signature", "signature", "EIP-712 signature; missing in an unsigned run"),
        (
            "outcome",
            "label",
            "filled, cancelled, self_trade, expired, withdrawn, killed, claimed, returned or open",
        ),
        ("end_slot", "integer", "slot in which it ended; missing = open at the end of the run"),
        ("end_ms", "integer", "milliseconds into that slot"),
    ],
)


class TimedOrder(NamedTuple):
    """An order with the time of its arrival."""

    order: Order
    slot: int
    ms: int


class RestWatch:
    """Told of every order that comes to rest; this one tells nobody."""

    def rested(self, id: int, order: Order) -> None:
        """An order rests."""


class Exchange:
    """All books of a run. `watch` is told of orders that come to rest."""

    def __init__(self, *, state: State, gate: Gate, resale: Resale, trades: Trades, records: Records) -> None:
        self._state = state
        self._gate = gate
        self._resale = resale
        self._trades = trades
        self._rows = records.table(ORDERS)
        self._count = 0
        self._collateral = state.rules.collateral
        self._books: dict[Series, Book] = {}
        self.watch = RestWatch()
        self._live: dict[int, TimedOrder] = {}
        self.resting: list[dict[int, OrderView]] = [{} for _ in state.accounts]
        """The resting orders of each account by their numbers, the oldest first."""
        self._asks: dict[int, int] = {}  # the resting ask of each listed ticket
        self._ends: defaultdict[int, list[int]] = defaultdict(list)  # orders by their last slot

    def place(self, order: Order, ms: int) -> int:
        """Take in a signed order: it is filled, rests or is killed. Returns its number.

        Raises `BadTerms`, `BadAmount`, `OrderExpired`, `NonceUsed`, `BadSignature`, `InsufficientFunds`,
        `CapExceeded`, and for an ask all that `Titles.free` and `Resale.check` raise. A refused order changes
        nothing.
        """
        self._check_terms(order)
        title = None
        if order.side == "ask":
            title = self._check_ask(order)
        self._gate.check(order.maker, order)
        if title is None:
            self._check_bid(order)
        self._gate.use(order.maker, order)
        id = self._count
        self._count += 1
        self._match(id, TimedOrder(order, self._state.slot, ms), title)
        return id

    def cancel(self, account: int, id: int, ms: int) -> None:
        """Take an own resting order out. Raises `UnknownOrder`, `NotOwner`."""
        entry = self._live.get(id)
        if entry is None:
            raise UnknownOrder(f"no order {id!r} rests in the book")
        if entry.order.maker != account:
            raise NotOwner(f"order {id} belongs to account {entry.order.maker}, not to {account}")
        self._book(entry.order.series).remove(id)
        self._end(id, "cancelled", ms)

    def record(self, order: Order, outcome: str, ms: int) -> None:
        """Write down a claim or a return that the protocol took in."""
        self._write(self._count, TimedOrder(order, self._state.slot, ms), outcome, ms)
        self._count += 1

    def withdraw(self, title: Title, ms: int) -> None:
        """The ticket was drawn or burned: its listing in the book ends."""
        id = self._asks.get(title.ticket.serial)
        if id is not None:
            self._book(self._live[id].order.series).remove(id)
            self._end(id, "withdrawn", ms)

    def expire(self, ms: int) -> None:
        """End the orders whose last slot this was."""
        for id in self._ends.pop(self._state.slot, ()):
            entry = self._live.get(id)
            if entry is not None:
                self._book(entry.order.series).remove(id)
                self._end(id, "expired", ms)
        self._drop_empty_books()

    def close(self) -> None:
        """Write down the orders that are still open when the run ends; their escrow stays where it is."""
        for id, entry in self._live.items():
            self._write(id, entry, "open", None)

    def quotes(self) -> tuple[Quote, ...]:
        """Best bid and ask of every series with a resting order."""
        if not self._books:
            return ()
        return tuple(Quote(series, book.best(BID), book.best(ASK)) for series, book in self._books.items() if book)

    def own_orders(self, account: int) -> tuple[OrderView, ...]:
        """An account's resting orders, oldest first."""
        return tuple(self.resting[account].values())

    def _book(self, series: Series) -> Book:
        return self._books.setdefault(series, Book())

    def _drop_empty_books(self) -> None:
        for series in [series for series, book in self._books.items() if not book]:
            del self._books[series]

    def _check_terms(self, order: Order) -> None:
        if order.side not in ("bid", "ask") or order.tif not in TIFS:
            raise BadTerms(f"an order is a bid or an ask, {', '.join(TIFS)}; not {order.side!r}, {order.tif!r}")
        check_amount(order.price, "price")
        if order.side == "bid" and order.ticket is not None:
            raise BadTerms(f"a bid takes any ticket of its series; this one names ticket {order.ticket!r}")
        check_times(order, self._state.slot)

    def _check_ask(self, order: Order) -> Title:
        if order.ticket is None:
            raise BadTerms("an ask names its ticket")
        title = self._state.titles.free(order.ticket, order.maker, order.transfer_nonce)
        if title.series != order.series:
            raise BadTerms(f"ticket {order.ticket} is in series {title.series}, not {order.series}")
        self._resale.check(title)
        return title

    def _check_bid(self, order: Order) -> None:
        if not self._resale.allows(order.series.drawn):
            raise BadTerms(f"series {order.series} is not traded in this market")
        free = self._state.ledger.free(order.maker)
        needed = order.price + self._collateral
        if needed > free:
            raise InsufficientFunds(too_dear(needed, free))
        check_room(self._state, order.maker)

    def _match(self, id: int, entry: TimedOrder, title: Title | None) -> None:
        order = entry.order
        book = self._book(entry.order.series)
        side = title is None
        limit = order.price
        if dies(order, book):  # known before anything is done: an order that is killed changes nothing else
            self._write(id, entry, "killed", entry.ms)
            return
        maker, own = book.take(order.maker, side, limit)
        for other in own:
            self._end(other, "self_trade", entry.ms)
        if maker is not None:
            self._fill(id, entry, maker, title)
        else:
            self._rest(id, entry, book, title)

    def _rest(self, id: int, entry: TimedOrder, book: Book, title: Title | None) -> None:
        order = entry.order
        if title is None:
            self._state.ledger.lock(order.maker, order.price + self._collateral)
            self._state.wanted[order.maker] += 1
        else:
            self._state.titles.list(title, id)
            self._asks[title.ticket.serial] = id
        book.rest(id, order.maker, title is None, order.price)
        self._live[id] = entry
        self.watch.rested(id, order)
        last = min(order.valid_until, order.series.block)
        self.resting[order.maker][id] = OrderView(id, order.side, order.series, order.ticket, order.price, last)
        if last != NEVER:
            self._ends[last].append(id)

    def _fill(self, id: int, entry: TimedOrder, maker: int, title: Title | None) -> None:
        """The maker order `maker` is out of the book already."""
        taker, resting = entry.order, self._live[maker].order
        price = resting.price
        if title is None:
            assert resting.ticket is not None
            title = self._state.titles.live[resting.ticket]
            self._state.ledger.lock(taker.maker, price + self._collateral, resting.ticket)
            seller, buyer = resting.maker, taker.maker
        else:
            seller, buyer = taker.maker, resting.maker
        serial = title.ticket.serial
        self._trades.ticket_sold("secondary", "book", title, seller, buyer, price, entry.ms, orders=(maker, id))
        self._state.ledger.settle("trade", buyer, seller, price, serial)
        self._forget(maker)
        return_collateral(self._state, title)
        self._state.titles.transfer(title, buyer, "trade")
        self._write(maker, self._live.pop(maker), "filled", entry.ms)
        self._write(id, entry, "filled", entry.ms)

    def _end(self, id: int, outcome: str, ms: int) -> None:
        """Return the escrow of an order that is out of the book."""
        order = self._live[id].order
        if order.ticket is None:
            self._state.ledger.release(order.maker, order.price + self._collateral)
        else:
            self._state.titles.list(self._state.titles.live[order.ticket], None)
        self._forget(id)
        self._write(id, self._live.pop(id), outcome, ms)

    def _forget(self, id: int) -> None:
        order = self._live[id].order
        del self.resting[order.maker][id]
        if order.ticket is None:
            self._state.wanted[order.maker] -= 1
        else:
            del self._asks[order.ticket]

    def _write(self, id: int, entry: TimedOrder, outcome: str, end_ms: int | None) -> None:
        """Write an order that ended now; `end_ms` None: it is open at the end of the run.

        There are many: the row is in the order of `ORDERS`, without its names."""
        order = entry.order
        self._rows.append(
            (
                id,
                entry.slot,
                entry.ms,
                order.maker,
                order.side,
                order.tif,
                order.series.drawn,
                None if order.series.block == NEVER else order.series.block,
                order.ticket,
                order.transfer_nonce,
                order.price,
                order.valid_from,
                None if order.valid_until == NEVER else order.valid_until,
                order.nonce,
                order.signature or None,
                outcome,
                None if end_ms is None else self._state.slot,
                end_ms,
            )
        )


def dies(order: Order, book: Book) -> bool:
    """Whether an incoming order is killed: post-only and it would meet one, or not to rest and it fills none."""
    side = order.side == "bid"
    life = TIFS[order.tif]
    if not life.takes:
        return book.crossed(side, order.price) is not None
    if not life.rests:
        return book.counterpart(order.maker, side, order.price) is None
    return False
