"""Tickets of a round in plain terms: what the protocol and the order book must come to, by rules written anew.

Nothing of `chain.protocol`, `chain.titles` or `market.exchange` is used here. Amounts are Gwei.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from typing import NamedTuple

PROTOCOL = 0

Lot = Callable[[int, int], int]
"""A number below the first argument, by the beacon's word for a block, the second."""


class PaperTerms(NamedTuple):
    """Blocks of a round; N tickets, T rounds (None: they never expire), L rounds; whether they are drawn by lot;
    the refund of an expired ticket as a share; what stands behind a ticket, and what a missed block costs."""

    size: int
    supply: int
    life: int | None
    ahead: int
    by_lot: bool
    refund: float
    stake: int
    fee: int


class Paper:
    """A ticket on paper. `round`: that for which it is drawn, or None."""

    def __init__(self, serial: int, first: int, last: int | None) -> None:
        self.serial = serial
        self.first = first
        self.last = last
        self.owner = PROTOCOL
        self.moves = 0
        self.price = 0
        self.round: int | None = None
        self.missed = 0
        self.lost = 0
        self.builder: int | None = None
        self.ask: int | None = None


class PaperOrder(NamedTuple):
    """A resting order; `ticket` None: a bid. `goods`: whether of a drawn ticket, and its block."""

    maker: int
    goods: tuple[bool, int | None]
    price: int
    ticket: int | None


class PaperRounds:
    """One chain. It is told what happens, and knows what must have become of it."""

    def __init__(self, terms: PaperTerms, accounts: int, purse: int, lot: Lot) -> None:
        self.terms = terms
        self.lot = lot
        self.slot = -1
        self.is_settled = False  # the present block
        self.minted = 0
        self.tickets: dict[int, Paper] = {}
        self.drawn: dict[int, int | None] = {}  # by round
        self.void: set[int] = set()  # rounds
        self.free = defaultdict(int, dict.fromkeys(range(1, accounts + 1), purse))
        self.locked: defaultdict[int, int] = defaultdict(int)
        self.orders: dict[int, PaperOrder] = {}
        self.arrivals = 0
        self.ends: dict[int, str] = {}

    # The slot

    def mint(self) -> None:
        """As many as the supply has lost; at genesis all of it."""
        for _ in range(self.terms.supply - len(self.tickets) - len(self.void)):
            begins = (self.slot + 1) // self.terms.size  # the first round of which it can see a session
            self.tickets[self.minted] = self._paper(self.minted, begins)
            self.minted += 1

    def open(self) -> None:
        """A slot begins; in the first one of a round another round is drawn."""
        self.slot += 1
        self.is_settled = False
        if self.slot % self.terms.size == 0:
            self.draw(self.slot // self.terms.size + self.terms.ahead)

    def draw(self, number: int) -> None:
        """The ticket of a round."""
        first = number * self.terms.size
        urn = self.urn
        if self.terms.by_lot:
            serial = urn[self.lot(len(urn), first)] if urn else None
        else:
            serial = next((one for one in urn if self.tickets[one].first == first), None)
        self.drawn[number] = serial
        if serial is not None:
            self.tickets[serial].round = number
            self.unlist(self.tickets[serial])

    def leave_market(self) -> None:
        """The ticket of the present block is about to use it, and others to expire: they are for sale no more."""
        for ticket in [*self.expiring, *([] if self.present is None else [self.present])]:
            self.unlist(ticket)

    def settle(self, missed: bool, builder: int, reward: int) -> None:
        """The present block is proposed, or missed, or nobody's."""
        ticket = self.present
        self.is_settled = True
        if ticket is None:
            if self._is_last:
                self.void.discard(self._number)
            return
        if ticket.owner != PROTOCOL and missed:
            ticket.missed += 1
            self.locked[ticket.owner] -= self.terms.fee
            ticket.lost += self.terms.fee
        elif ticket.owner != PROTOCOL:
            self.free[builder] += reward
        ticket.builder = None
        if self._is_last:
            missed_all = ticket.missed == self.terms.size
            self.end(ticket, "unsold" if ticket.owner == PROTOCOL else "missed" if missed_all else "proposed")

    def close(self) -> None:
        """At the end of a round tickets expire and others are minted."""
        for ticket in self.expiring:
            if ticket.owner != PROTOCOL:
                self.free[ticket.owner] += int(ticket.price * self.terms.refund)
            self.end(ticket, "expired")
        if self._is_last:
            self.mint()

    def expire_orders(self) -> None:
        """What is for a block that is over."""
        for number in [one for one, order in self.orders.items() if order.goods[1] == self.slot]:
            self.withdraw(number)

    # What participants do

    def sell(self, serial: int, buyer: int, price: int) -> None:
        """The protocol sells a ticket."""
        ticket = self.tickets[serial]
        self.free[buyer] -= price + self.terms.stake
        self.locked[buyer] += self.terms.stake
        ticket.owner, ticket.price = buyer, price
        ticket.moves += 1

    def burn_void(self, serial: int) -> None:
        """Nobody bid what the protocol asked for a round."""
        ticket = self.tickets.pop(serial)
        self.void.add(ticket.first // self.terms.size)
        self.ends[serial] = "void"

    def give(self, serial: int, taker: int) -> None:
        """A ticket changes hands, and with it what stands behind it."""
        ticket = self.tickets[serial]
        self.release(ticket)
        self.free[taker] -= self.terms.stake
        self.locked[taker] += self.terms.stake
        ticket.owner, ticket.lost, ticket.ask = taker, 0, None
        ticket.moves += 1

    def give_back(self, serial: int, refund: int) -> None:
        """An undrawn ticket goes back to the protocol."""
        ticket = self.tickets[serial]
        self.free[ticket.owner] += refund
        self.end(ticket, "returned")

    def order(self, order: PaperOrder) -> None:
        """An order that does not meet one of its own maker's: it is filled or rests."""
        number, self.arrivals = self.arrivals, self.arrivals + 1
        best = self._best_against(order)
        if best is not None:
            self._fill(order, best)
            return
        self.orders[number] = order
        if order.ticket is None:
            self.free[order.maker] -= order.price + self.terms.stake
            self.locked[order.maker] += order.price + self.terms.stake
        else:
            self.tickets[order.ticket].ask = number

    def meets(self, order: PaperOrder) -> bool:
        """Whether another order is there to fill it."""
        return self._best_against(order) is not None

    def withdraw(self, number: int) -> None:
        """An order leaves the book unfilled."""
        order = self.orders.pop(number)
        if order.ticket is not None:
            self.tickets[order.ticket].ask = None
        else:
            self.free[order.maker] += order.price + self.terms.stake
            self.locked[order.maker] -= order.price + self.terms.stake

    # What follows

    @property
    def urn(self) -> list[int]:
        """The undrawn tickets."""
        return sorted(serial for serial, ticket in self.tickets.items() if ticket.round is None)

    @property
    def expiring(self) -> list[Paper]:
        """At the end of a round, the tickets that were in their last draw."""
        last = (self._number + 1 + self.terms.ahead) * self.terms.size - 1
        undrawn = [self.tickets[one] for one in self.urn] if self._is_last else []
        return [ticket for ticket in undrawn if ticket.last is not None and ticket.last <= last]

    @property
    def present(self) -> Paper | None:
        """The ticket of the present block."""
        serial = self.drawn.get(self._number)
        return None if serial is None else self.tickets[serial]

    def goods(self, ticket: Paper) -> tuple[bool, int | None]:
        """What the book trades it as: of a running round, what is left of it."""
        if ticket.round is None:
            return False, ticket.last
        return True, self.next_block(ticket)

    def next_block(self, ticket: Paper) -> int:
        """The next block that a drawn ticket proposes."""
        assert ticket.round is not None
        return max(ticket.round * self.terms.size, self.slot + self.is_settled)

    def quotes(self) -> dict[tuple[bool, int | None], tuple[int | None, int | None]]:
        """Best bid and ask of what has any."""
        found: dict[tuple[bool, int | None], tuple[int | None, int | None]] = {}
        for goods in {order.goods for order in self.orders.values()}:
            here = [order for order in self.orders.values() if order.goods == goods]
            bids = [order.price for order in here if order.ticket is None]
            asks = [order.price for order in here if order.ticket is not None]
            found[goods] = max(bids, default=None), min(asks, default=None)
        return found

    def end(self, ticket: Paper, how: str) -> None:
        """A ticket is burned."""
        self.release(ticket)
        self.ends[ticket.serial] = how
        del self.tickets[ticket.serial]

    def release(self, ticket: Paper) -> None:
        """What stands behind a ticket, and was not lost, comes back."""
        if ticket.owner != PROTOCOL:
            self.locked[ticket.owner] -= self.terms.stake - ticket.lost
            self.free[ticket.owner] += self.terms.stake - ticket.lost

    def unlist(self, ticket: Paper) -> None:
        """It leaves the market."""
        if ticket.ask is not None:
            self.withdraw(ticket.ask)

    @property
    def _number(self) -> int:
        return self.slot // self.terms.size

    @property
    def _is_last(self) -> bool:
        return self.slot % self.terms.size == self.terms.size - 1

    def _paper(self, serial: int, begins: int) -> Paper:
        size, life = self.terms.size, self.terms.life
        if not self.terms.by_lot:
            assert life is not None
            first = serial * size if self.slot < 0 else (begins + life) * size
            return Paper(serial, first, first + size - 1)
        first = 0 if self.slot < 0 else (begins + self.terms.ahead) * size
        return Paper(serial, first, None if life is None else first + life * size - 1)

    def _best_against(self, order: PaperOrder) -> int | None:
        is_bid = order.ticket is None
        others = [
            (one.price if is_bid else -one.price, number)
            for number, one in self.orders.items()
            if one.goods == order.goods and (one.ticket is None) != is_bid
        ]
        best = min(others, default=None)
        if best is None:
            return None
        price = self.orders[best[1]].price
        return best[1] if (price <= order.price if is_bid else price >= order.price) else None

    def _fill(self, order: PaperOrder, number: int) -> None:
        resting = self.orders[number]
        self.withdraw(number)
        buyer, ticket = (resting.maker, order.ticket) if resting.ticket is None else (order.maker, resting.ticket)
        assert ticket is not None
        self.free[buyer] -= resting.price
        self.free[self.tickets[ticket].owner] += resting.price
        self.give(ticket, buyer)
