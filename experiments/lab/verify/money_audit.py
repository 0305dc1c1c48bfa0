"""Every payment, replayed from nothing and matched with what it was for."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import lru_cache
from operator import eq, itemgetter
from typing import NamedTuple

from chain.ledger import BURNED, ENDOWMENTS, POTS_OF_THE_WORLD, REFUNDS, REWARDS, SPENT
from experiments.lab.verify.deed import Deed
from experiments.lab.verify.fault import Fault, agree, misfit
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import PaymentRow
from experiments.lab.verify.stored_tables import Feed, described

SOURCES = frozenset(POTS_OF_THE_WORLD[pot] for pot in (ENDOWMENTS, REWARDS, REFUNDS))


class DuePayment(NamedTuple):
    """A payment that there must be, by its columns."""

    reason: str
    payer: str
    payee: str
    amount_gwei: int
    ticket: int | None = None


DueColumns = tuple[str, str, str, int, int | None]
"""The same, as the columns that they are: what is made for every payment of a run is to be cheap."""

due_of = itemgetter(slice(PaymentRow._fields.index("reason"), None))


class BelievedPayment(NamedTuple):
    """A payment of at most so much that there may be, by whose bid it is, of what it has in escrow."""

    name: str
    most: DuePayment
    locked: int


class BelievedReturn:
    """What comes back of the winning bids of one bidder: at most so much for each ticket, and so much in all."""

    def __init__(self, name: str, most: dict[int | None, int], total: int) -> None:
        self.name = name
        self.most = most
        self.total = total

    def takes(self, payment: DuePayment) -> bool:
        """Whether a payment is a part of it; then it is one no more."""
        if payment != DuePayment("release", escrow(self.name), self.name, payment.amount_gwei, payment.ticket):
            return False
        if not 0 < payment.amount_gwei <= self.most.get(payment.ticket, 0):
            return False
        del self.most[payment.ticket]
        self.total -= payment.amount_gwei
        return True


def burning(buyer: str, gwei: int, ticket: int | None) -> DuePayment:
    """The protocol is paid out of escrow, and burns it."""
    return DuePayment("primary", escrow(buyer), POTS_OF_THE_WORLD[BURNED], gwei, ticket)


@lru_cache(maxsize=4096)
def escrow(name: str) -> str:
    """The pot of what stands behind an account's open bids."""
    return f"{name}/escrow"


class Money:
    """What the events of a slot must have paid, against what the table says; and what is in every pot. In Gwei.

    Within a slot payments may come in any order that leaves no pot below 0.
    """

    def __init__(self, premises: Premises, now: Now, payments: Feed[PaymentRow]) -> None:
        self._premises = premises
        self._now = now
        self._feed = payments
        self._due: defaultdict[DueColumns, int] = defaultdict(int)
        self._believed: list[BelievedPayment] = []
        self._returns: list[BelievedReturn] = []
        self._pots: defaultdict[str, int] = defaultdict(int)
        self.count = 0

    def endow(self, name: str, gwei: int) -> None:
        """What an account starts with."""
        self._expect("endow", POTS_OF_THE_WORLD[ENDOWMENTS], name, gwei)

    def lock(self, name: str, gwei: int, ticket: int | None = None) -> None:
        """A bid goes into escrow."""
        self._expect("lock", name, escrow(name), gwei, ticket)

    def release(self, name: str, gwei: int, ticket: int | None = None) -> None:
        """A bid, or what is left of it, comes out of escrow."""
        self._expect("release", escrow(name), name, gwei, ticket)

    def settle(self, reason: str, buyer: str, seller: str, gwei: int, ticket: int | None) -> None:
        """A seller is paid out of escrow."""
        self._expect(reason, escrow(buyer), seller, gwei, ticket)

    def expect(self, payment: DuePayment) -> None:
        """There must be this payment."""
        self._due[payment] += 1

    def may_pay(self, name: str, most: DuePayment, locked: int) -> None:
        """A payment out of escrow of at most so much, before the rest of `locked` comes back: it is believed."""
        self.release_if_any(name, locked, most.ticket)
        self._believed.append(BelievedPayment(name, most, locked))

    def may_release(self, name: str, most: dict[int | None, int], total: int) -> None:
        """What is left of several bids comes out of escrow: so much in all, for each ticket at most so much."""
        self._returns.append(BelievedReturn(name, dict(most), total))

    def release_if_any(self, name: str, gwei: int, ticket: int | None) -> None:
        """What is left of a bid comes out of escrow, if something is."""
        if gwei:
            self.release(name, gwei, ticket)

    def reward(self, name: str, gwei: int, ticket: int | None) -> None:
        """A builder earns the reward of its block."""
        self._expect("reward", POTS_OF_THE_WORLD[REWARDS], name, gwei, ticket)

    def spend(self, reason: str, name: str, gwei: int, ticket: int | None) -> None:
        """An account bears a cost."""
        self._expect(reason, name, POTS_OF_THE_WORLD[SPENT], gwei, ticket)

    def refund(self, name: str, gwei: int, ticket: int | None) -> None:
        """A part of a burned price comes back."""
        self._expect("refund", POTS_OF_THE_WORLD[REFUNDS], name, gwei, ticket)

    def forfeit_fee(self, deed: Deed) -> None:
        """The holder of the ticket has missed a slot."""
        if fee := self._premises.rules.missed_fee:
            self._expect("missed", escrow(deed.owner), POTS_OF_THE_WORLD[BURNED], fee, deed.serial)
            deed.forfeited += fee

    def release_collateral(self, deed: Deed) -> None:
        """The ticket leaves its holder, whose collateral is returned but for the fees of missed slots."""
        rest = self._premises.rules.collateral - deed.forfeited
        if rest and deed.owner != self._premises.protocol:
            self.release(deed.owner, rest, deed.serial)

    def close_slot(self) -> None:
        """Raises `Fault` unless the slot's payments are exactly those that its events call for."""
        slot = self._now.slot
        rows = list(self._feed.of(slot))
        matches = self._match_all(rows)
        for row in rows:
            if row.payment != row.at or row.slot != slot:
                agree(row, payment=row.at, slot=slot)
            if not matches:
                self._match(row)
            self._move(row)
        missing = next((payment for payment, count in self._due.items() if count), None)
        if missing is not None:
            place = ("payments", None, None, f"no such payment in slot {self._now.slot}")
            raise Fault(*place, ", ".join(map(str, missing)))
        for back in self._returns:
            if back.total:
                expected = f"{back.total} Gwei more released to {back.name}"
                raise Fault("payments", None, None, f"no such payment in slot {self._now.slot}", expected)
        self._due.clear()
        self._believed.clear()
        self._returns.clear()

    def close(self, staked: Counter[str]) -> None:
        """Raises `Fault` unless what is left in escrow stands behind bids that are open still, and tickets."""
        self._feed.end()
        for pot, gwei in self._pots.items():
            if pot.endswith("/escrow") and gwei != staked[pot.removesuffix("/escrow")]:
                there = staked[pot.removesuffix("/escrow")]
                left = f"{gwei} Gwei in {pot} at the end"
                raise Fault("payments", None, None, left, f"{there} Gwei of open bids and collateral")

    def gone_into(self, sink: int) -> int:
        """What went into a sink, or came out of a source, so far, Gwei."""
        return abs(self._pots[POTS_OF_THE_WORLD[sink]])

    def _expect(self, reason: str, payer: str, payee: str, gwei: int, ticket: int | None = None) -> None:
        self._due[reason, payer, payee, gwei, ticket] += 1

    def _match_all(self, rows: list[PaymentRow]) -> bool:
        """Whether the rows are what is due, nothing more and nothing less; then nothing is due any more."""
        if self._believed or self._returns or Counter(map(due_of, rows)) != self._due:
            return False
        self._due.clear()
        return True

    def _match(self, row: PaymentRow) -> None:
        payment = DuePayment(*due_of(row))
        if self._due[payment] > 0:
            self._due[payment] -= 1
            return
        if self._believe(payment) or any(back.takes(payment) for back in self._returns):
            return
        open_ones = (DuePayment(*due) for due, count in self._due.items() if count)
        near = max(open_ones, key=lambda due: sum(map(eq, due, payment)), default=None)
        if near is None:
            raise Fault("payments", row.at, None, described(row), "no such payment")
        column = next(name for name in DuePayment._fields if getattr(row, name) != getattr(near, name))
        raise misfit(row, column, getattr(near, column), "by the rows of other tables that it belongs to")

    def _believe(self, payment: DuePayment) -> bool:
        """Whether it is one that there may be: then so much less comes back."""
        for place, (name, most, locked) in enumerate(self._believed):
            if payment._replace(amount_gwei=most.amount_gwei) == most and payment.amount_gwei <= most.amount_gwei:
                del self._believed[place]
                back = DuePayment("release", escrow(name), name, locked, most.ticket)
                self._due[back] -= locked > 0
                self.release_if_any(name, locked - payment.amount_gwei, most.ticket)
                return True
        return False

    def _move(self, row: PaymentRow) -> None:
        gwei, pots = row.amount_gwei, self._pots
        if gwei < 0:
            raise misfit(row, "amount_gwei", "0 or more")
        pots[row.payer] -= gwei
        pots[row.payee] += gwei
        self.count += 1
        if pots[row.payer] < 0 and row.payer not in SOURCES:
            left = self._pots[row.payer] + row.amount_gwei
            raise misfit(row, "amount_gwei", f"at most {left}", f"{row.payer} has no more")
