"""Plays a random history on a pair: slots in their order, and within them whatever participants may try."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from random import Random
from typing import Any, NamedTuple

from chain.account import PROTOCOL
from chain.approvals import PERMIT, permit_values
from chain.evm.bytecode import Reader, read_contract
from chain.evm.ticket_contract import now
from chain.genesis_gift import HAND_OUT, HandOut, hand_out_values
from chain.protocol import PROPOSAL, Proposal, get_offered, get_right, proposal_values
from chain.ticket import LAST_SLOT, NEVER, Series, Title
from chain.transfer import TRANSFER, Transfer, transfer_values
from experiments.lab.conformance.twin.pair import NAMES, Pair
from experiments.lab.conformance.twin.random_choices import RandomChoices
from experiments.lab.conformance.twin.random_rules import random_rules
from market.auction import Auction
from market.auctions import ON_CHAIN
from market.messages import BID, LISTING, NO_LISTING, ORDER, SOLD, Listing, Order, SignedBid, bid_until
from market.resale_times import RESALE
from market.time_in_force import TIFS

ENDOWMENT = 10**16  # Gwei, at most: more than a double holds to the last digit
BURST = 20  # tries of participants between two steps of the protocol, at most


class OperationCount(NamedTuple):
    """How many operations agreed, and how many of these were not refused."""

    operations: int
    accepted: int


def play_all(seeds: Iterable[int], operations: int) -> Iterator[OperationCount]:
    """Play a history of so many operations, or a few more, for each seed. Raises `Disagreement`."""
    for seed in seeds:
        pair = play(seed, operations)
        yield OperationCount(pair.agreed, pair.accepted)


def play(seed: int, operations: int, read: Reader = read_contract) -> Pair:
    """A pair with rules drawn from `seed`, after so many operations or a few more.

    `read` finds the contracts by name, so that other code than what is shipped can be held against the protocol:

        changed = {name: read_contract(name) for name in CONTRACTS} | {TICKETS: Contract(abi, creation_code)}
        play(seed, 2_000, changed.__getitem__)

    Raises `Disagreement` with the first operation on which the two differ, one that takes more gas than a block
    has among these, and `Reverted` where such contracts cannot be deployed, or looked at.
    """
    rng = Random(seed)
    resale = RESALE[rng.choice(["both", "both", "both", "ex_ante", "ex_post"])]
    pair = Pair(random_rules(rng), resale, seed, read)
    player = Player(pair, rng)
    player.genesis()
    while pair.agreed < operations:
        player.slot()
    return pair


class Player(RandomChoices):
    """Half of what it tries is spoilt in one way or another."""

    def __init__(self, pair: Pair, rng: Random) -> None:
        super().__init__(pair, rng)
        self._permits: list[tuple[bytes, int, int, bytes]] = []  # that were tried
        self._tries: list[Callable[[], None]] = [
            self._transfer,
            self._transfer,
            self._transfer_from,
            self._transfer_from,
            self._approve,
            self._set_operator,
            self._permit,
            self._permit,
            self._settle,
            self._settle,
            self._settle,
            self._award,
            self._award,
            self._give_back,
            self._deposit,
            self._withdraw,
            self._pay,
        ]

    def genesis(self) -> None:
        """Endowments, the mint, the first sale and the first draws."""
        for account in range(1, len(NAMES) + 1):
            self._pair.deposit(account, self._rng.randint(ENDOWMENT // 100, ENDOWMENT))
        self._pair.genesis()
        for title in list(self._state.titles.live.values()):
            if self._rng.random() < 0.2 and title.owner == PROTOCOL:
                self._hand_out(title.ticket.serial)
        self._sell()
        self._pair.first_draws()

    def slot(self) -> None:
        """One slot, with tries of participants in between."""
        self._pair.open_slot()
        self._burst()
        self._close_block()
        self._burst()
        self._pair.close_slot()
        self._sell()

    def _burst(self) -> None:
        for _ in range(self._rng.randint(0, BURST)):
            self._rng.choice(self._tries)()

    # What the protocol does

    def _hand_out(self, serial: int) -> None:
        account = self._any_taker()
        hand_out = HandOut(account, serial, self._rng.choice([0, self._rng.randint(0, ENDOWMENT // 10_000)]))
        if self._spoil():
            ways = [self._any_taker, self._any_serial, self._price]
            hand_out = HandOut(*self._spoilt(hand_out[:3], ways))
        signature = self._sign(self._signer(account), HAND_OUT, hand_out_values(self._state, hand_out))
        self._pair.hand_out(hand_out._replace(signature=signature))

    def _sell(self) -> None:
        sell = None
        if self._state.rules.elastic:
            sell = self._pair.sell_new
        for title in get_offered(self._state):
            if sell is not None and self._rng.random() < 0.5:
                sell(self._amount(), partial(self._bid, self._anyone(), self._amount()))
            for _ in range(self._rng.randint(0, 3)):
                if sell is None and title.owner == PROTOCOL:
                    self._sell_one(title.ticket.serial)

    def _sell_one(self, serial: int) -> None:
        price = self._price()
        bidder = self._anyone()
        bid = price + self._rng.randint(0, price)
        if self._spoil():
            serial, price, bid = self._spoilt((serial, price, bid), [self._any_serial, self._amount, self._amount])
        title = self._state.titles.live.get(serial)
        if title is None or title.drawn_for is None:
            self._pair.sell(serial, price, partial(self._bid, bidder, bid))

    def _close_block(self) -> None:
        for _ in range(self._rng.randint(0, 2)):
            self._propose()
        right = get_right(self._state)
        if right is None and self._state.proposed == self._state.slot and self._rng.random() < 0.7:
            return
        self._pair.leave_empty()

    def _propose(self) -> None:
        right = get_right(self._state)
        proposer, ticket = (self._anyone(), self._any_serial()) if right is None else right
        title = self._state.titles.live.get(ticket or 0)
        terms = (self._state.slot, proposer, ticket or 0, 0 if title is None else title.nonce)
        signer = proposer
        if self._spoil():
            ways = [self._number, self._anyone, self._any_serial, self._number]
            terms = self._spoilt(terms, ways)
            signer = self._anyone()
        builder = self._rng.choice([None, self._anyone()])
        reward = 0 if builder is None else self._rng.randint(0, ENDOWMENT // 100)
        proposal = Proposal(*terms, builder, reward)
        signature = self._sign(signer, PROPOSAL, proposal_values(self._state, proposal))
        if self._rng.random() < 0.05:
            reward = self._rng.choice([0, reward + 1, 2 * reward])
        self._pair.propose(proposal._replace(signature=signature), reward)

    # What participants try

    def _transfer(self) -> None:
        title = self._any_title()
        terms = (title.owner or self._anyone(), self._any_taker(), title.ticket.serial, title.nonce)
        if self._spoil():
            terms = self._spoilt(terms, [self._anyone, self._anyone, self._any_serial, self._number])
        transfer = Transfer(*terms)
        signature = self._sign(self._signer(terms[0]), TRANSFER, transfer_values(self._state, transfer))
        self._pair.transfer(transfer._replace(signature=signature))

    def _transfer_from(self) -> None:
        title = self._any_title()
        giver = title.owner or self._anyone()
        serial = title.ticket.serial
        addresses = self._pair.addresses
        approved = self._pair.approvals.get_approved(title)
        caller = approved if any(approved) and self._rng.random() < 0.7 else addresses[giver]
        if self._spoil():
            ways = [self._any_address, self._anyone, self._any_serial]
            caller, giver, serial = self._spoilt((caller, giver, serial), ways)
        self._pair.transfer_from(caller, giver, self._any_taker(), serial)

    def _approve(self) -> None:
        title = self._any_title()
        caller = self._anyone() if self._spoil() else title.owner
        serial = title.ticket.serial if self._rng.random() < 0.8 else self._any_serial()
        self._pair.approve(self._pair.addresses[caller], self._any_address(), serial)

    def _set_operator(self) -> None:
        self._pair.set_operator(self._anyone(), self._any_address(), self._rng.random() < 0.3)

    def _permit(self) -> None:
        title = self._any_title()
        spender = self._any_address()
        time = now(self._state.slot)
        terms = (title.ticket.serial, title.nonce, time + self._rng.choice([0, 1, 10**6, 2**200]))
        if self._spoil():
            terms = self._spoilt(terms, [self._any_serial, self._number, lambda: time - self._rng.randint(0, 1)])
        serial, _, deadline = terms
        signature = self._sign(self._signer(title.owner), PERMIT, permit_values(spender, *terms))
        if self._permits and self._rng.random() < 0.15:
            spender, serial, deadline, signature = self._rng.choice(self._permits[-5:])
        self._permits.append((spender, serial, deadline, signature))
        self._pair.permit(self._any_address(), spender, serial, deadline, signature)

    def _settle(self) -> None:
        title = self._any_title()
        seller = title.owner or self._anyone()
        price = self._price()
        buyer = self._other_than(seller)
        low, high = sorted([price, self._price()])
        ask = self._order(seller, "ask", title, low)
        bid = self._order(buyer, "bid", title, high)
        if self._spoil():
            ask = self._spoil_order(ask)
        if self._rng.random() < 0.15:
            bid = self._spoil_order(bid)
        first, second = (ask, bid) if self._rng.random() < 0.5 else (bid, ask)
        second = second._replace(tif=self._rng.choice([name for name, life in TIFS.items() if life.takes]))
        self._pair.settle(self._sign_order(first), self._sign_order(second))

    def _order(self, maker: int, side: str, title: Title, price: int) -> Order:
        serial = None
        if side == "ask":
            serial = title.ticket.serial
        moves = 0
        if side == "ask":
            moves = title.nonce
        until = self._rng.choice([NEVER, self._state.slot, self._state.slot + 5])
        terms = (title.series, serial, moves, price, max(self._state.slot, 0), until)
        return Order(maker, side, "gtc", *terms, self._next_nonce(maker))

    def _spoil_order(self, order: Order) -> Order:
        slot = self._state.slot
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
        values = order.values(self._pair.addresses)
        return order._replace(signature=self._sign(self._signer(order.maker), ORDER, values))

    def _award(self) -> None:
        title = self._any_title()
        seller = title.owner or self._anyone()
        price = self._price()
        terms = (price, price + self._rng.randint(0, price), self._rng.randint(1, price + 1), self._state.slot)
        what: tuple[Any, ...] = ("ticket", self._rng.choice(ON_CHAIN), title.ticket.serial, title.nonce, None)
        if self._spoil():
            ways = [self._amount, self._amount, lambda: self._rng.choice([0, 2**63]), self._bad_deadline]
            terms = self._spoilt(terms, ways)
        if self._rng.random() < 0.1:
            what = self._spoil_sold(what)
        listing = Listing(*(seller, *what, *terms, self._next_nonce(seller)))
        signature = self._sign(self._signer(seller), LISTING, listing.values(self._pair.addresses))
        bidder = self._anyone() if self._rng.random() < 0.1 else self._other_than(seller)
        bid = self._amount() if self._rng.random() < 0.1 else price + self._rng.randint(0, price)
        self._pair.award(listing._replace(signature=signature), partial(self._bid, bidder, bid))

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
        return self._rng.choice([self._state.slot + 1, LAST_SLOT + 1])

    def _give_back(self) -> None:
        title = self._any_title()
        maker = title.owner or self._anyone()
        slot = max(self._state.slot, 0)
        terms = (title.series, title.ticket.serial, title.nonce, 0, slot, slot)
        order = Order(maker, "return", "gtc", *terms, self._next_nonce(maker))
        if self._spoil():
            order = self._spoil_order(order)
        if order.ticket is not None:
            self._pair.give_back(self._sign_order(order))

    def _deposit(self) -> None:
        amount = 2**63 + self._rng.randint(0, 5) if self._spoil() else self._rng.randint(0, ENDOWMENT // 10)
        self._pair.deposit(self._anyone(), amount)

    def _withdraw(self) -> None:
        account = self._anyone()
        self._pair.withdraw(account, self._money(account))

    def _pay(self) -> None:
        payer = self._anyone()
        self._pair.pay(payer, self._other_than(payer), self._money(payer))

    # Messages

    def _bid(self, bidder: int, price: int, auction: Auction | None) -> SignedBid:
        number = 0
        offered = NO_LISTING
        until = max(self._state.slot, 0)
        if auction is not None:
            number = auction.id
            offered = auction.offered
            until = bid_until(auction.market, auction.deadline)
        bid = SignedBid(bidder, number, offered, price, until, self._next_nonce(bidder))
        if self._rng.random() < 0.1:
            bid = bid._replace(nonce=self._old_nonce(bidder))
        if self._rng.random() < 0.05:
            bid = bid._replace(listing=self._rng.choice([NO_LISTING, b"\x01" * 32]))
        if self._rng.random() < 0.05:
            bid = bid._replace(
                valid_until=self._rng.choice([max(until - 1, 0), until + 1, LAST_SLOT, LAST_SLOT + 1])
            )
        return bid._replace(signature=self._sign(self._signer(bidder), BID, bid.values(self._pair.addresses)))
