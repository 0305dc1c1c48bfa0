"""Whether intents are ones that a market would take."""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from chain.clock import Phase
from chain.errors import Refused
from chain.ticket import Series
from chain.wording import shown
from market.auctions import FORMATS, Terms
from market.fitting import ALLOWED, DECISIONS, is_one_of, names_of
from market.intents import (
    INTENTS,
    Ask,
    AuctionBid,
    Bid,
    Cancel,
    Claim,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
    SellBuilding,
)
from market.plain import plain
from market.price_remedy import too_dear, too_low
from market.time_in_force import TIFS
from market.view import AuctionView, TicketView
from strategies.agent import METHODS
from strategies.setup import Setup
from strategies.testing.scene import Asked

KINDS = frozenset(INTENTS)


class Illegal(Exception):
    """An intent that would be refused; the message says why."""

    intent: object = None


class Counter:
    """Goes through the intents of one answer, one after the other, as the market would."""

    def __init__(self, setup: Setup, asked: Asked) -> None:
        self._setup = setup
        self._phase = asked.phase
        self._view = asked.view
        self._free = asked.view.free_gwei
        self._room = inf if asked.view.room is None else asked.view.room
        self._standing = dict(asked.standing)
        self._lots = {lot.id: lot for lot in asked.view.auctions}
        self._orders = {order.id: order for order in asked.view.orders}
        self._tickets = {ticket.serial: ticket for ticket in asked.view.tickets}
        self._has_sold = False
        self._entry = {"secondary": setup.entry_gwei, "primary": asked.view.primary_entry_gwei}

    def take(self, answer: Iterable[Intent] | None) -> list[Intent]:
        """The intents, with plain numbers. Raises `Illegal` for the first that would be refused."""
        return [self._taken(intent) for intent in answer or ()]

    def _taken(self, intent: Intent) -> Intent:
        try:
            checked = self._checked(intent)
            self._carry_out(checked)
        except Illegal as illegal:
            illegal.intent = intent
            raise
        return checked

    def _checked(self, intent: Intent) -> Intent:
        self._check_kind(intent)
        try:
            return plain(intent)
        except Refused as refusal:
            raise Illegal("; ".join([f"{shown(intent)}: {refusal}", *self._about_sale(intent)])) from None

    def _about_sale(self, intent: Intent) -> list[str]:
        """What else is wrong with a sale whose terms are."""
        if not isinstance(intent, (Ask, OpenAuction)) or type(intent.ticket) is not int:
            return []
        try:
            self._check_sale(intent.ticket)
        except Illegal as illegal:
            return [str(illegal)]
        return []

    def _carry_out(self, intent: Intent) -> None:
        match intent:
            case AuctionBid():
                self._check_bid_in_auction(intent)
            case Bid():
                self._check_bid(intent)
            case Ask():
                self._check_ask(intent)
            case OpenAuction():
                self._check_auction(intent)
            case SellBuilding():
                self._check_building(intent)
            case Return():
                self._check_return(intent.ticket)
            case Cancel():
                self._cancel(intent)
            case Claim():
                self._check_claim(intent)
            case SellBlock():
                self._sell_block()

    def _check_kind(self, intent: Intent) -> None:
        allowed = DECISIONS if self._phase == Phase.SELL_BLOCK else ALLOWED[self._phase]
        if not is_one_of(intent, KINDS):
            raise Illegal(f"{shown(intent)} is no intent; return a list of {names_of(allowed)}")
        if type(intent) not in allowed:
            raise Illegal(
                f"{shown(intent)} has no place in {METHODS[self._phase]}; there may be {names_of(allowed)}"
            )

    def _check_ask(self, intent: Ask) -> None:
        self._check_sale(intent.ticket)
        self._check_until(intent)
        require(TIFS[intent.tif].takes or intent.price_gwei is not None, "post only without a price")

    def _check_until(self, intent: Ask | Bid) -> None:
        last, slot = intent.until, self._view.slot
        require(
            last is None or last >= slot,
            f"{shown(intent)}: it ends before the present slot, {slot}; until is a slot: view.slot + {last}",
        )

    def _check_auction(self, intent: OpenAuction) -> None:
        self._check_sale(intent.ticket)
        self._check_terms(intent)

    def _check_building(self, intent: SellBuilding) -> None:
        ticket = self._unlisted(intent.ticket)
        allowed = self._setup.resale.building
        require(allowed, "no sale of the building alone in this market; ask self.setup.resale.building")
        require(ticket.drawn_for is not None, f"ticket {ticket.serial} is not drawn, so it has no block to build")
        require(ticket.builder is None, f"the building of ticket {ticket.serial}'s block is sold")
        self._check_ends_in_time(intent, ticket)
        self._check_terms(intent)
        self._tickets[ticket.serial] = ticket._replace(listed=True)

    def _check_ends_in_time(self, intent: SellBuilding, ticket: TicketView) -> None:
        left = (ticket.drawn_for or 0) - self._view.slot
        require(intent.slots <= left, f"slots={intent.slots}: the sale must end by block {ticket.drawn_for}")

    def _check_return(self, serial: int) -> None:
        ticket = self._unlisted(serial)
        allowed = self._setup.haircut is not None
        require(allowed, "the protocol takes no ticket back in this market; ask self.setup.haircut is not None")
        require(ticket.drawn_for is None, f"ticket {serial} is drawn: the protocol takes back undrawn ones")
        del self._tickets[serial]

    def _check_terms(self, intent: OpenAuction | SellBuilding) -> None:
        require(intent.tick_gwei >= 1, "a clock moves by at least 1 Gwei")
        terms = Terms(intent.reserve_gwei, intent.start_gwei, intent.tick_gwei)
        fault = FORMATS[intent.format].fault(terms)
        require(fault is None, fault or "")

    def _sell_block(self) -> None:
        require(self._setup.can_sell_block, "market.pbs is off: a proposer builds its block itself")
        require(not self._has_sold, "the block is for sale already")
        self._has_sold = True

    def _check_bid_in_auction(self, intent: AuctionBid) -> None:
        lot = self._lots.get(intent.auction)
        if lot is None:
            raise Illegal(f"auction {intent.auction} is not open in this view; {self._which(intent.auction)}")
        require(lot.seller != self._view.account, f"a bid in its own auction {lot.id}")
        require(
            intent.price_gwei >= lot.reserve_gwei,
            f"{shown(intent)}: {too_low(intent.price_gwei, lot.reserve_gwei)}",
        )
        entry = self._entry.get(lot.market, 0)
        if lot.id in self._standing:
            self._pay(intent.price_gwei - self._standing[lot.id], intent)
        else:
            self._pay(intent.price_gwei + entry + lot.collateral_gwei, intent, beside_hint(lot, entry))
            self._enter(0 if lot.ticket is None else 1, intent)
        self._standing[lot.id] = intent.price_gwei

    def _which(self, named: int) -> str:
        """What helps with the number of no auction, which may be that of a ticket."""
        if any(lot.ticket is not None and lot.ticket.serial == named for lot in self._lots.values()):
            return f"{named} is the serial of the ticket for sale: give the auction's own number, auction.id"
        return "bid by the id of those in view.auctions, and keep none"

    def _check_bid(self, intent: Bid) -> None:
        self._check_series(intent.series)
        require(intent.series.block >= self._view.slot, f"{intent.series} is over")
        self._check_until(intent)
        price = intent.price_gwei
        if price is None:
            require(TIFS[intent.tif].takes, "post only without a price")
            price = self._view.quote(intent.series).limit("bid")
        stake = self._setup.collateral_gwei
        self._pay(price + stake, intent, f", {stake} of them collateral" if stake else "")
        self._enter(1, intent)

    def _check_sale(self, serial: int) -> None:
        ticket = self._unlisted(serial)
        self._check_series(ticket.series)
        require(ticket.builder is None, f"ticket {serial}: the building of its block is sold")
        self._tickets[serial] = ticket._replace(listed=True)

    def _unlisted(self, serial: int) -> TicketView:
        """A ticket of its own that is not for sale yet. Raises `Illegal`."""
        ticket = self._tickets.get(serial)
        if ticket is None:
            raise Illegal(f"ticket {serial} is not its own")
        require(not ticket.listed, f"ticket {serial} is listed already")
        return ticket

    def _check_series(self, series: Series) -> None:
        when = "after" if series.drawn else "before"
        require(
            self._setup.resale.allows(series.drawn),
            f"no resale {when} the draw in this market; ask self.setup.resale.allows({series.drawn})",
        )

    def _cancel(self, intent: Cancel) -> None:
        order = self._orders.pop(intent.order, None)
        if order is None:
            raise Illegal(f"order {intent.order} is not its own, or rests no more")
        if order.ticket is None:
            self._free += order.price_gwei + self._setup.collateral_gwei
            self._room += 1
        else:
            self._tickets[order.ticket] = self._tickets[order.ticket]._replace(listed=False)

    def _check_claim(self, intent: Claim) -> None:
        require(self._setup.facts.has_claims, "only under the draw rule claim are there claims")
        ticket = self._tickets.get(intent.ticket)
        if ticket is None or ticket.drawn_for is not None:
            raise Illegal(f"ticket {intent.ticket} is not its own, or is drawn")
        require(
            ticket.first_block <= intent.block <= ticket.last_block, f"block {intent.block} is not the ticket's"
        )
        first = self._view.slot + self._setup.lookahead * self._setup.round
        require(
            intent.block >= first,
            f"block {intent.block} is settled at slot {self._view.slot}; claim block {first} or a later one",
        )

    def _enter(self, tickets: int, intent: Intent) -> None:
        require(
            tickets <= self._room,
            f"{shown(intent)} is for more tickets than the owner's cap allows, {self._room:g} more: see view.room",
        )
        self._room -= tickets

    def _pay(self, gwei: int, intent: Intent, beside: str = "") -> None:
        keeps = "; bids(view, auctions, price, self.setup.entry_gwei) and Purse spend no more than there is"
        require(gwei <= self._free, f"{shown(intent)}: {too_dear(gwei, self._free)}{beside}{keeps}")
        self._free -= gwei


def beside_hint(lot: AuctionView, entry: int) -> str:
    """What a bid takes beside its price, Gwei; nothing, where that is nothing."""
    parts = [
        f"{gwei} of them {what}"
        for gwei, what in ((entry, "to enter (setup.entry_gwei)"), (lot.collateral_gwei, "collateral"))
        if gwei
    ]
    return f", {' and '.join(parts)}" if parts else ""


def require(condition: bool, message: str) -> None:
    """Raises `Illegal` unless the condition holds."""
    if not condition:
        raise Illegal(message)
