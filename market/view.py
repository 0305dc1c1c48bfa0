"""What a participant sees: frozen, and nothing that belongs to someone else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from chain.clock import Phase
from chain.ledger import MAX_GWEI
from chain.near_names import tells_near
from chain.rewards import Outlook
from chain.ticket import DRAWN, NEVER, Series, building_right, series_of
from market.capture import Capture
from market.like_tuple import LikeTuple
from market.past_prices import PastPrices
from market.primary.rule import Price


@tells_near()
class TicketView(NamedTuple):
    """A ticket: when it may propose, the block that it is to propose next where it is drawn, whether it is listed,
    and who bought the building of that block, if anyone."""

    serial: int
    first_block: int
    last_block: int
    drawn_for: int | None
    listed: bool
    builder: int | None = None

    @property
    def block(self) -> int | None:
        """The block that it is certain to propose, if that is known."""
        if self.drawn_for is not None:
            return self.drawn_for
        if self.first_block == self.last_block:
            return self.first_block
        return None

    @property
    def series(self) -> Series:
        """The book in which it is traded."""
        return series_of(self.last_block, self.drawn_for)


class TicketBatch(NamedTuple):
    """Some tickets of one holder. `due` is the least of their `due_block`s: none of them is due before it."""

    due: int
    tickets: tuple[TicketView, ...]

    @classmethod
    def of(cls, tickets: Iterable[TicketView]) -> TicketBatch:
        """These tickets as a batch."""
        held = tuple(tickets)
        due = [ticket.last_block if ticket.drawn_for is None else DRAWN for ticket in held]
        return cls(min(due, default=NEVER), held)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OwnTickets(LikeTuple[TicketView]):
    """All tickets of one holder, the oldest in its hands first: a sequence that is equal to a tuple of the same.

    It is kept in batches, so that it costs little to make anew where a few of many have changed.
    """

    batches: tuple[TicketBatch, ...]
    size: int

    @classmethod
    def of(cls, tickets: Sequence[TicketView]) -> OwnTickets:
        """These tickets, in whatever sequence they are."""
        if isinstance(tickets, cls):
            return tickets
        return cls((TicketBatch.of(tickets),), len(tickets))

    def due(self, block: int) -> list[TicketView]:
        """Those that are drawn, and of the others those whose last block is `block` or an earlier one."""
        near = (batch.tickets for batch in self.batches if batch.due <= block)
        return [ticket for ticket in chain.from_iterable(near) if due_block(ticket) <= block]

    def __len__(self) -> int:
        return self.size

    def __iter__(self) -> Iterator[TicketView]:
        return chain.from_iterable([batch.tickets for batch in self.batches])


def due_block(ticket: TicketView) -> int:
    """The last block that an undrawn ticket may propose; −1 for a drawn one."""
    return ticket.last_block if ticket.drawn_for is None else DRAWN


OF_ONE_BLOCK = frozenset({"block", "building"})
"""The markets in which the building of one block is sold."""


@tells_near("id", "ticket", "block", "reserve_gwei", "deadline", ticket=TicketView)
class AuctionView(NamedTuple):
    """An open auction. `ticket` is None for an endowed block. Prices in Gwei, `deadline` a slot. Of a block,
    `start_gwei` is what its seller gives back, in equal parts, to those who bid."""

    id: int
    market: str  # primary, secondary, building or block
    format: str
    seller: int
    ticket: TicketView | None
    block: int | None  # the block that is for sale, where that is known
    reserve_gwei: int
    start_gwei: int
    tick_gwei: int
    deadline: int
    collateral_gwei: int = 0  # what a bid locks beside its price

    @property
    def series(self) -> Series | None:
        """What is for sale, as a series: the ticket's, or that of the block whose building is sold."""
        ticket = self.ticket
        if ticket is not None and self.market not in OF_ONE_BLOCK:
            return series_of(ticket.last_block, ticket.drawn_for)
        if self.block is None:
            return None
        return building_right(self.block)


@tells_near()
class Quote(NamedTuple):
    """Best bid and ask of one series, Gwei; None where that side is empty."""

    series: Series
    bid_gwei: int | None
    ask_gwei: int | None

    def limit(self, side: str) -> int:
        """What an order of this side without a price signs as the worst that it takes, Gwei: the best price of the
        other side; where there is none, one that nobody pays."""
        if side == "bid":
            return self.ask_gwei or 0
        if self.bid_gwei is None:
            return MAX_GWEI
        return self.bid_gwei


@tells_near()
class OrderView(NamedTuple):
    """An own resting order."""

    id: int
    side: str
    series: Series
    ticket: int | None
    price_gwei: int
    until: int


@tells_near("quotes", "prices", "last_price_gwei", "price", outlook=Outlook, prices=PastPrices)
class Market(NamedTuple):
    """What everyone sees at a phase of a slot. `outlook` knows the rewards up to this block, and their law.

    `last_price_gwei` is that of the last secondary sale, None before the first one. `price` is that at which the
    protocol sells, None where its pricing rule posts none; while it sells, the next ticket's. `urn` is the
    number of undrawn live tickets. `volatility` is the index of the outlook's block, in runs with shares of
    rewards; None before block 0. `prices` are those of the last sales in each market.
    """

    slot: int
    phase: Phase
    outlook: Outlook
    auctions: tuple[AuctionView, ...]
    quotes: tuple[Quote, ...]
    last_price_gwei: int | None
    price: Price | None = None
    urn: int = 0
    volatility: float | None = None
    prices: PastPrices = PastPrices()


@tells_near(
    *(
        "slot",
        "outlook",
        "auctions",
        "tickets",
        "orders",
        "free_gwei",
        "cost",
        "quote",
        "market",
        "expected_worth",
    ),
    **{"outlook": Outlook, "market": Market, "market.prices": PastPrices},
)
class View(NamedTuple):
    """What one participant sees. Money in Gwei.

    `costs_gwei` are its own costs θ of blocks `costs_from`, +1, …; empty, where it cannot exploit a block.
    `room` is how many more tickets it may hold or bid for under the owner's cap; None, where there is none.
    `capture` is the share of rewards that it makes, in runs with such shares. `informed` is what it knows of
    rewards beside the public, where it has signals of them. `primary_entry_gwei` is what it sinks for each ticket
    of the protocol's that it bids for.
    """

    market: Market
    account: int
    free_gwei: int
    escrowed_gwei: int
    tickets: Sequence[TicketView]
    orders: tuple[OrderView, ...]
    costs_from: int
    costs_gwei: Sequence[int]
    room: int | None = None
    capture: Capture | None = None
    informed: Outlook | None = None
    primary_entry_gwei: int = 0

    @property
    def slot(self) -> int:
        """The present slot; −1 before block 0."""
        return self.market.slot

    @property
    def outlook(self) -> Outlook:
        """What it knows about rewards: by its own signals too, where it has any; else what is public."""
        return self.informed or self.market.outlook

    @property
    def auctions(self) -> tuple[AuctionView, ...]:
        """The auctions in which one can bid now."""
        return self.market.auctions

    def due(self, block: int) -> list[TicketView]:
        """The own tickets that are drawn, and of the others those whose last block is `block` or an earlier one:
        what a seller of many need look at, who waits for the end."""
        return OwnTickets.of(self.tickets).due(block)

    def expected_worth(self, blocks: Iterable[int]) -> float:
        """What these blocks, the present one or later ones, are expected to bring it, Gwei: the sum of
        E[(R − θ)^+] over those that it can exploit. A round is worth that to who holds it to its end."""
        if type(blocks) is range and (known := self.costs_of(blocks)):
            return self.outlook.total_surplus(blocks.start, known)
        surplus, worth = self.outlook.expected_surplus, 0.0
        for block in blocks:
            cost = self.cost(block)
            if cost is not None:
                worth += surplus(block, cost)
        return worth

    def costs_of(self, blocks: range) -> Sequence[int]:
        """The own costs of blocks in a row, Gwei; empty, unless all are known and there are few."""
        start = blocks.start - self.costs_from
        if start < 0 or blocks.step != 1 or type(self.costs_gwei) is not tuple:
            return ()
        known = self.costs_gwei[start : start + len(blocks)]
        return known if len(known) == len(blocks) else ()

    def quote(self, series: Series) -> Quote:
        """Best bid and ask of a series."""
        return next((quote for quote in self.market.quotes if quote.series == series), Quote(series, None, None))

    def cost(self, block: int) -> int | None:
        """The own cost θ of exploiting `block`, Gwei; None where one cannot, or does not know it yet."""
        index, costs = block - self.costs_from, self.costs_gwei
        if 0 <= index < len(costs):
            return costs[index]
        return None
