"""What a pricing rule of the primary market sees, and what it answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from chain.errors import RuleBroken
from chain.ledger import check_amount
from market.auctions.terms import Award, Offer, Terms


class Lot(NamedTuple):
    """One ticket for sale, and the sealed bids for it in order of arrival.

    `numbers` are those of the bids, which rise with arrival over all lots of a sale.
    """

    ticket: int
    terms: Terms
    offers: Sequence[Offer]
    numbers: Sequence[int] = ()


class Payment(NamedTuple):
    """What the bid of `bidder` on `lot` pays, Gwei, at most what it offered, and the lot that it wins, if any.

    Lots by their place in the sale. Where tickets are sold as units of one good a bid may win another lot than the
    one on which it was made; where all pay, it may pay and win nothing.
    """

    lot: int
    bidder: int
    price: int
    wins: int | None


Pricing = Callable[[Sequence[Lot]], Iterable[Award | None]]
"""A sale lot by lot: one award, or None, for each. A bidder never pays more than it offered for the lot."""


def check_payments(lots: Sequence[Lot], payments: Sequence[Payment]) -> None:
    """Raises `RuleBroken` unless each payment is of a bid, at most what it offered; no bid or lot comes twice."""
    offers = {(index, offer.bidder): offer.price for index, lot in enumerate(lots) for offer in lot.offers}
    free = set(range(len(lots)))
    for payment in payments:
        check_amount(payment.price, "payment")
        if offers.pop((payment.lot, payment.bidder), -1) < payment.price:
            raise RuleBroken(f"the pricing rule's {payment} is covered by no bid")
        if payment.wins is not None and payment.wins not in free:
            raise RuleBroken(f"the pricing rule's {payment} wins a lot that is not there, or sold")
        free.discard(-1 if payment.wins is None else payment.wins)
