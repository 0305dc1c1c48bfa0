"""What every sale comes to: who pays, and who gets what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from chain.errors import BadAmount, RuleBroken
from chain.ledger import check_amount
from chain.named_tuples import make
from chain.wording import shown
from market.auctions.terms import Award, Lot, Payment, Terms
from market.price_remedy import amount_remedy

Answered = TypeVar("Answered")


class Clearing(NamedTuple):
    """How the sale of one lot ends. `sale` is the payment that wins it, maybe for a bid on another lot; `paid` are
    the payments for the bids on it, by bidder."""

    sale: Payment | None
    paid: Mapping[int, Payment]

    @property
    def winners(self) -> set[int]:
        """Who wins this lot or another with a bid on this one."""
        return {bidder for bidder, payment in self.paid.items() if payment.wins is not None}

    def left(self, bidder: int, price: int) -> int:
        """What is left of a bid on it, Gwei."""
        payment = self.paid.get(bidder)
        return price if payment is None else price - payment.price


NOTHING = Clearing(None, {})
"""Nobody pays, nobody wins."""


def sold(bidder: int, price: int) -> list[Payment]:
    """A lot by itself is sold, and nobody else pays."""
    return [make(Payment, (0, bidder, price, 0))]


def placed(place: int, payments: Iterable[Payment]) -> list[Payment]:
    """What a lot by itself comes to, where it is one of several."""
    if place == 0:  # where it is already
        return list(payments)
    return [Payment(place, one.bidder, one.price, one.wins if one.wins is None else place) for one in payments]


def clearing_of(lot: Lot, payments: Iterable[Payment]) -> Clearing:
    """How the sale of one lot by itself ends. Raises what `check_payments` raises."""
    (clearing,) = clearings([lot], payments)
    return clearing


def is_sold_for_a_bid(lot: Lot, payment: Payment) -> bool:
    """Whether a payment wins the lot, by a bid on it that offered as much. Not where it is odd in any way."""
    if type(payment) is not Payment or payment.wins != 0 or payment.lot != 0 or type(payment.price) is not int:
        return False
    for bidder, offered in lot.offers:
        if bidder == payment.bidder:
            return 0 <= payment.price <= offered
    return False


def clearings(lots: Sequence[Lot], payments: Iterable[Payment]) -> list[Clearing]:
    """How each lot of a sale ends. Raises what `check_payments` raises."""
    payments = list(payments)
    if len(lots) == len(payments) == 1 and is_sold_for_a_bid(lots[0], payments[0]):
        return [sold_by_itself(payments[0])]
    check_payments(lots, payments)
    paid: list[dict[int, Payment]] = [{} for _ in lots]
    for payment in payments:
        paid[payment.lot][payment.bidder] = payment
    won = {payment.wins: payment for payment in payments}
    return [Clearing(won.get(place), paid[place]) for place in range(len(lots))]


def sold_by_itself(payment: Payment) -> Clearing:
    """How most sales end: one lot, that a payment for a bid on it wins."""
    return make(Clearing, (payment, {payment.bidder: payment}))


def check_payments(lots: Sequence[Lot], payments: Sequence[Payment]) -> None:
    """Raises `RuleBroken` unless each payment is of a bid, at most what it offered; no bid or lot comes twice."""
    offers: dict[int, dict[int, int]] = {}
    free = set(range(len(lots)))
    for payment in payments:
        if not isinstance(payment, Payment):
            told = f"{shown(payment)}, which is no Payment{award_remedy(payment)}"
            raise RuleBroken(f"the rule of the sale answered {told}")
        check_answered(payment.price, "payment")
        if payment.lot not in offers:
            offers[payment.lot] = offers_on(lots, payment.lot)
        if offers[payment.lot].pop(payment.bidder, -1) < payment.price:
            bid = offers_on(lots, payment.lot).get(payment.bidder)
            again = ", and has paid it" if bid is not None and bid >= payment.price else ""
            told = f"{what_was_bid(payment.bidder, bid)}{again}"
            raise RuleBroken(f"the rule's {payment} is covered by no bid{told}")
        if payment.wins is not None and payment.wins not in free:
            raise RuleBroken(f"the rule's {payment} wins a lot that is not there, or sold")
        free.discard(-1 if payment.wins is None else payment.wins)


def award_remedy(answered: object) -> str:
    """What is right in the place of an award, where that is what a format answered."""
    if isinstance(answered, Award) and len(answered) == len(Award._fields):
        return f"; that of one lot is {shown(sold(*answered)[0])}"
    return ""


def what_was_bid(bidder: object, bid: int | None) -> str:
    """What the bidder did bid of whom a rule wants more, Gwei."""
    return f": bidder {shown(bidder)} bid {'nothing' if bid is None else bid} on the lot"


def many(answer: Iterable[Answered]) -> list[Answered]:
    """All that a rule answers. Raises `RuleBroken` where that is one thing and no list."""
    if isinstance(answer, (Terms, Award, Payment)):
        raise RuleBroken(f"the rule answered {shown(answer)}, which is one {type(answer).__name__}; return a list")
    return list(answer)


def check_answered(gwei: object, what: str) -> None:
    """Raises `RuleBroken` unless an amount that a rule answered is whole Gwei."""
    try:
        check_amount(gwei, what)
    except BadAmount as fault:
        raise RuleBroken(f"{fault}{amount_remedy(gwei)}") from None


def offers_on(lots: Sequence[Lot], place: int) -> dict[int, int]:
    """What was bid on the lot at a place, by bidder; nothing, where there is no such lot."""
    if place in range(len(lots)):
        return dict(lots[place].offers)
    return {}
