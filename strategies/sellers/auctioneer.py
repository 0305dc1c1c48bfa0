"""What the sellers have in common who sell each ticket by one auction, at a time of their choice."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from functools import partial
from typing import ClassVar

from chain.money import eth_to_gwei
from chain.ticket import NEVER, Series
from market.auctions import FORMATS, OWN
from market.intents import Intent, OpenAuction
from market.view import AuctionView, TicketView, View
from strategies.base import Seller
from strategies.bidding import bids
from strategies.parameters import between, one_of, rate
from strategies.valuation import sale_value

NO_SERIES = Series(True, NEVER)  # behind all others


class Auctioneer(Seller, ABC):
    """Bids in the primary market what a ticket will bring, and sells each ticket when `is_time` says so."""

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        format: str = "second_price",
        reserve_eth: float = 0.0,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
        start_eth: float = 10.0,
        tick_gwei: int = 1,
    ) -> None:
        """`format` of the auction; `reserve_eth` its lowest price, ETH; `discount_rate` per block; `capacity`, the
        most tickets to hold; `start_eth` and `tick_gwei`: start of a Dutch clock, step of a clock."""
        self.format = one_of("format", format, (*FORMATS, OWN))
        self.reserve = eth_to_gwei(between("reserve_eth", reserve_eth, 0))
        self.discount_rate = rate("discount_rate", discount_rate)
        self.capacity = int(between("capacity", capacity, 1))
        least = max(reserve_eth, 1e-9) if format == "dutch" else reserve_eth  # a clock from 0 gives it away
        self.start_price = eth_to_gwei(between("start_eth", start_eth, least))
        self.tick = int(between("tick_gwei", tick_gwei, 1, 1e18))

    @abstractmethod
    def is_time(self, view: View, ticket: TicketView) -> bool:
        """Whether to sell the ticket now."""

    def primary(self, view: View) -> Sequence[Intent]:
        """Bids what they will bring for the tickets that expire first, as many as there is room for."""
        lots = self.most_urgent(view.market.auctions)
        room = self.capacity - len(view.tickets)
        return bids(view, lots[: room if room > 0 else 0], partial(self.worth, view))

    def most_urgent(self, lots: Sequence[AuctionView]) -> list[AuctionView]:
        """The tickets that expire first come first, those of one expiry at random."""
        if len(lots) == 1:
            self.setup.rng.random()  # as where there are more: later draws are the same however many there are
            return list(lots)
        ranks = self.setup.rng.random(len(lots)).tolist()
        order = sorted(range(len(lots)), key=lambda i: (lots[i].series or NO_SERIES, ranks[i]))
        return [lots[index] for index in order]

    def worth(self, view: View, lot: AuctionView) -> float:
        """What a ticket will bring in a sale, Gwei."""
        series = lot.series
        return sale_value(view, self.setup, series, self.discount_rate) if series else 0.0

    def on_time(self, view: View) -> Iterable[TicketView]:
        """Among which tickets to look for those whose time it is. Who knows that most are to wait overrides this
        with fewer: one who holds thousands is not to look at each of them in every slot."""
        return view.tickets

    def offer(self, view: View) -> Sequence[Intent]:
        return [
            self.auction(ticket)
            for ticket in self.on_time(view)
            if not ticket.listed
            and self.setup.resale.allows(ticket.drawn_for is not None)
            and self.is_time(view, ticket)
        ]

    def auction(self, ticket: TicketView) -> OpenAuction:
        """The auction of one ticket, in this slot's session."""
        return OpenAuction(ticket.serial, self.format, self.reserve, 0, self.start_price, self.tick)

    def is_last_chance(self, view: View, ticket: TicketView) -> bool:
        """Whether the ticket proposes, or expires, with this very block."""
        return (ticket.last_block if ticket.drawn_for is None else ticket.drawn_for) <= view.slot
