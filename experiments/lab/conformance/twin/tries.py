"""What participants try, half of it spoilt in one way or another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from chain.approvals import PERMIT, permit_values
from chain.money import WEI_PER_GWEI
from chain.ticket import LAST_SLOT, NEVER, Series, Title
from chain.transfer import TRANSFER, Transfer, transfer_values
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.protocol_steps import MakeBid
from experiments.lab.conformance.twin.random_choices import RandomChoices
from market.auction import Auction
from market.auctions import ON_CHAIN
from market.messages import (
    BID,
    LISTING,
    NO_LISTING,
    ORDER,
    SOLD,
    Listing,
    Order,
    SignedBid,
    bid_until,
    listing_hash,
)
from market.time_in_force import TIFS

ENDOWMENT = 10**16  # Gwei, at most: more than a double holds to the last digit
REMEMBERED = 30  # operations that may be played again

Try = Callable[[], object]


class Tries(RandomChoices):
    """Operations of participants, by the generator's will."""

    def __init__(self, pair: Pair, rng: Random) -> None:
        super().__init__(pair, rng)
        self._past: list[Try] = []  # that were tried

    def _do(self, operation: Callable[..., object], *arguments: object) -> None:
        """Try an operation, and remember it."""
        act = partial(operation, *arguments)
        self._past = [*self._past[1 - REMEMBERED :], act]
        act()

    def _transfer(self) -> None:
        title = self._any_title()
        terms = (self._holder(title), self._any_taker(), title.ticket.serial, title.nonce)
        if self._spoil():
            terms = self._spoilt(terms, [self._anyone, self._anyone, self._any_serial, self._number])
        transfer = Transfer(*terms)
        signature = self._sign(self._signer(terms[0]), TRANSFER, transfer_values(self._state, transfer))
        caller = self._any_caller() if self._rng.random() < 0.4 else None
        self._do(self.pair.transfer, transfer._replace(signature=signature), caller)

    def _transfer_from(self) -> None:
        title = self._any_title()
        giver = self._holder(title)
        serial = title.ticket.serial
        addresses = self.pair.addresses
        approved = self.pair.approvals.get_approved(title)
        caller = approved if any(approved) and self._rng.random() < 0.7 else addresses[giver]
        if self._spoil():
            ways = [self._any_caller, self._anyone, self._any_serial]
            caller, giver, serial = self._spoilt((caller, giver, serial), ways)
        self._do(self.pair.transfer_from, caller, giver, self._taker_by(caller), serial)

    def _approve(self) -> None:
        title = self._any_title()
        caller = self._anyone() if self._spoil() else title.owner
        serial = title.ticket.serial if self._rng.random() < 0.8 else self._any_serial()
        self._do(self.pair.approve, self.pair.addresses[caller], self._any_address(), serial)

    def _set_operator(self) -> None:
        self.pair.set_operator(self._any_holder(), self._any_address(), self._rng.random() < 0.3)

    def _permit(self) -> None:
        title = self._any_title()
        spender = self._any_address()
        time = self.pair.now
        terms = (title.ticket.serial, title.nonce, time + self._rng.choice([0, 1, 10**6, 2**200]))
        if self._spoil():
            terms = self._spoilt(
                terms, [self._any_serial, self._number, lambda: max(time - self._rng.randint(0, 1), 0)]
            )
        serial, _, deadline = terms
        signature = self._sign(self._signer(title.owner), PERMIT, permit_values(spender, *terms))
        self._do(self.pair.permit, self._any_caller(), spender, serial, deadline, signature)

    def _settle(self) -> None:
        title = self._any_title()
        seller = self._holder(title)
        price = self._price()
        buyer = self._any_account() if self._rng.random() < 0.1 else self._other_than(seller)
        low, high = sorted([price, self._price()])
        ask = self._order(seller, "ask", title, low)
        bid = self._order(buyer, "bid", title, high)
        if self._spoil():
            ask = self._spoil_order(ask)
        if self._rng.random() < 0.15:
            bid = self._spoil_order(bid)
        first, second = (ask, bid) if self._rng.random() < 0.5 else (bid, ask)
        second = second._replace(tif=self._rng.choice([name for name, life in TIFS.items() if life.takes]))
        self._do(self.pair.settle, self._sign_order(first), self._sign_order(second), self._any_caller())

    def _order(self, maker: int, side: str, title: Title, price: int) -> Order:
        serial = None
        if side == "ask":
            serial = title.ticket.serial
        moves = 0
        if side == "ask":
            moves = title.nonce
        until = self._rng.choice([NEVER, self._slot, self._slot + 5])
        terms = (title.series, serial, moves, price, self._slot, until)
        return Order(maker, side, "gtc", *terms, self._next_nonce(maker))

    def _spoil_order(self, order: Order) -> Order:
        slot = self._slot
        rng = self._rng
        changes: list[Callable[[], dict[str, object]]] = [
            lambda: {"maker": self._anyone()},
            lambda: {"tif": rng.choice(list(TIFS))},
            lambda: {"series": Series(rng.random() < 0.5, rng.choice([slot, slot + 2, LAST_SLOT + 1, NEVER]))},
            lambda: {"ticket": rng.choice([self._any_serial(), None])},
            lambda: {"transfer_nonce": self._number()},
            lambda: {"price": rng.choice([self._amount(), 2**63])},
            lambda: {"valid_from": slot + rng.randint(0, 2)},
            lambda: {"valid_until": max(slot - rng.randint(0, 1), 0)},
            lambda: {"valid_until": LAST_SLOT + 1},
            lambda: {"nonce": self._old_nonce(order.maker)},
            lambda: {"nonce": self._old_nonce(order.maker)},
            lambda: {"side": rng.choice(["claim", "return"])},
        ]
        return order._replace(**rng.choice(changes)())  # type: ignore[arg-type]

    def _sign_order(self, order: Order) -> Order:
        values = order.values(self.pair.addresses)
        return order._replace(signature=self._sign(self._signer(order.maker), ORDER, values))

    def _award(self) -> None:
        title = self._any_title()
        seller = self._holder(title)
        price = self._price()
        terms = (price, price + self._rng.randint(0, price), self._rng.randint(1, price + 1), self._slot)
        what: tuple[Any, ...] = ("ticket", self._rng.choice(ON_CHAIN), title.ticket.serial, title.nonce, None)
        if self._spoil():
            ways = [self._amount, self._amount, lambda: self._rng.choice([0, 2**63]), self._bad_deadline]
            terms = self._spoilt(terms, ways)
        if self._rng.random() < 0.1:
            what = self._spoil_sold(what)
        listing = Listing(*(seller, *what, *terms, self._next_nonce(seller)))
        signature = self._sign(self._signer(seller), LISTING, listing.values(self.pair.addresses))
        bidder = self._any_account() if self._rng.random() < 0.15 else self._other_than(seller)
        bid = self._amount() if self._rng.random() < 0.1 else price + self._rng.randint(0, price)
        signed = listing._replace(signature=signature)
        self._do(self._award_in, self._state.slot, signed, partial(self._bid_for, signed, bidder, bid))

    def _award_in(self, slot: int, listing: Listing, bid: MakeBid) -> None:
        """Also when it is played again; later on the market takes no such listing in, and the contract one that
        came in before."""
        if slot == self._state.slot:
            self.pair.award(listing, bid)

    def _spoil_sold(self, what: tuple[object, ...]) -> tuple[object, ...]:
        """What a listing sells: something else, in no format, another ticket, at another nonce, or a block."""
        ways: list[Callable[[], object]] = [
            lambda: self._rng.choice(SOLD[1:]),
            lambda: "posted",
            self._any_serial,
            self._number,
            self._number,
        ]
        return self._spoilt(what, ways)

    def _bad_deadline(self) -> int:
        return self._rng.choice([self._slot + 1, LAST_SLOT + 1])

    def _give_back(self) -> None:
        title = self._any_title()
        maker = self._holder(title)
        slot = self._slot
        terms = (title.series, title.ticket.serial, title.nonce, 0, slot, slot)
        order = Order(maker, "return", "gtc", *terms, self._next_nonce(maker))
        if self._spoil():
            order = self._spoil_order(order)
        if order.ticket is not None:
            self._do(self.pair.give_back, self._sign_order(order), self._any_caller())

    def _deposit(self) -> None:
        """For oneself or someone else; now and then a fraction of a Gwei, or more than there can be."""
        caller = self._any_caller()
        account = self._any_account() if self._spoil() else self._anyone()
        wei = self._rng.randint(0, ENDOWMENT // 10) * WEI_PER_GWEI
        if self._spoil():
            ways = [0, 1, WEI_PER_GWEI - 1, wei + 1, wei + WEI_PER_GWEI // 2, (2**63 + 1) * WEI_PER_GWEI]
            wei = self._rng.choice(ways)
        self.pair.deposit_wei(caller, account, wei)

    def _withdraw(self) -> None:
        account = self._any_holder() if self._spoil() else self._anyone()
        taker = self._any_account() if self._spoil() else account
        self.pair.withdraw(account, self._money(account), taker)

    def _pay(self) -> None:
        payer = self._any_holder() if self._spoil() else self._anyone()
        payee = self._any_account() if self._spoil() else self._other_than(payer)
        self.pair.pay(payer, payee, self._money(payer))

    # Messages

    def _bid_for(self, listing: Listing, bidder: int, price: int, auction: Auction | None) -> SignedBid:
        """For a listing, also where the market has not taken it in."""
        if auction is not None:
            return self._bid(bidder, price, auction)
        offered = listing_hash(listing, self.pair.addresses)
        return self._signed_bid(bidder, price, 0, offered, listing.deadline + 1)

    def _bid(self, bidder: int, price: int, auction: Auction | None) -> SignedBid:
        """For an auction; for a sale of the protocol where there is none."""
        if auction is None:
            return self._signed_bid(bidder, price, 0, NO_LISTING, self._slot)
        until = bid_until(auction.market, auction.deadline)
        return self._signed_bid(bidder, price, auction.id, auction.offered, until)

    def _signed_bid(self, bidder: int, price: int, number: int, offered: bytes, until: int) -> SignedBid:
        bid = SignedBid(bidder, number, offered, price, until, self._next_nonce(bidder))
        if self._rng.random() < 0.1:
            bid = bid._replace(nonce=self._old_nonce(bidder))
        if self._rng.random() < 0.05:
            bid = bid._replace(listing=self._rng.choice([NO_LISTING, b"\x01" * 32]))
        if self._rng.random() < 0.05:
            bid = bid._replace(
                valid_until=self._rng.choice([max(until - 1, 0), until + 1, LAST_SLOT, LAST_SLOT + 1])
            )
        return bid._replace(signature=self._sign(self._signer(bidder), BID, bid.values(self.pair.addresses)))
