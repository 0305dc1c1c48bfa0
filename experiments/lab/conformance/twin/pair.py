"""A protocol in Python and the contract on an EVM, which are given the same operations and compared after each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from chain.account import PROTOCOL, derive_accounts
from chain.approvals import Approvals, process_approve, process_permit, process_transfer_from
from chain.eip712 import Domain
from chain.errors import Refused
from chain.evm.abi import Log, Tail
from chain.evm.bytecode import Reader, read_contract
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import ALL, StateScope, TicketContract, names, now, state_words
from chain.evm.ticket_contract import ResaleFlags as Sales
from chain.genesis_gift import HandOut, process_hand_out
from chain.ledger import names_of
from chain.protocol import (
    Proposal,
    close_slot,
    draft_ticket,
    open_slot,
    process_empty_block,
    process_first_draws,
    process_genesis,
    process_proposal,
    proposal_values,
)
from chain.randomness import Streams
from chain.signatures import Ecdsa
from chain.state import Rules, State, new_state
from chain.ticket import Title
from chain.transfer import Transfer, process_transfer
from experiments.lab.conformance.twin.contract_logs import Heard, expected_logs
from experiments.lab.conformance.twin.disagreement import Operation, compare, compare_all
from market.auction import Auction
from market.auctions import Terms
from market.give_back import take_return
from market.messages import Listing, Order, SignedBid
from market.primary.posted import Posted
from market.resale_times import Resale
from market.venues import open_venues

NAMES = ("one", "two", "three", "four")
CHAIN = 1337
ACCEPTED = "accepted"
BLOCK_GAS = 30_000_000  # of a block of Ethereum: a call that needs more is a disagreement
MakeBid = Callable[[Auction | None], SignedBid]
"""Makes the signed bid for an auction; where it did not come to one, any."""


class Pair:
    """Both, before genesis, with the contracts that `read` finds.

    `agreed` counts the operations so far, `accepted` those that were not refused.
    """

    def __init__(self, rules: Rules, resale: Resale, seed: int, read: Reader = read_contract) -> None:
        streams = Streams(seed)
        accounts = derive_accounts(streams, NAMES)
        self._heard = Heard(names_of(accounts))
        self.state = new_state(
            rules=rules,
            accounts=accounts,
            signatures=Ecdsa(Domain(CHAIN)),
            streams=streams,
            records=self._heard,
        )
        self.addresses = [account.address for account in accounts]
        self.approvals = Approvals()
        self.agreed = self.accepted = 0
        venues = open_venues(state=self.state, records=self._heard, resale=resale)
        self.gate, self._trades = venues.gate, venues.trades
        self._exchange, self._house = venues.exchange, venues.house
        self.tickets = self._deploy(Sales(resale.ex_ante, resale.ex_post), read)
        self._protocol = self.addresses[PROTOCOL]
        self._void: list[tuple[int, int]] = []

    def _deploy(self, flags: Sales, read: Reader) -> TicketContract:
        return TicketContract(self.state, flags, read, BLOCK_GAS)

    # The protocol's own operations

    def genesis(self) -> None:
        """The whole supply is minted; none of an elastic one."""
        minted = process_genesis(self.state)
        self._check("mint", None, "mint", self._protocol, len(minted))
        self._compare_tickets(minted)

    def first_draws(self) -> None:
        """The draws of genesis."""
        count = self.state.rules.lookahead
        self._step("first draws", self._draw(process_first_draws), "drawFirst", self._protocol, count)

    def open_slot(self) -> None:
        """The next slot and its draw."""
        self.tickets.open_block(self.state.slot + 1)
        self._step("draw", self._draw(open_slot), "openSlot", self._protocol)

    def close_slot(self) -> None:
        """What has had its last draw is burned, and as many tickets as the supply has lost are minted."""
        closed = close_slot(self.state)
        expiry, burned = self._attempt("expire", self._protocol, ALL)
        mint, minted = self._attempt("mint", self._protocol, len(closed.minted))
        outcome = expiry
        if expiry == ACCEPTED:
            outcome = mint
        self._compare(Operation(self.agreed, "close of a slot", ()), ACCEPTED, outcome, [*burned, *minted])
        self._compare_tickets(closed.minted)

    def hand_out(self, hand_out: HandOut) -> None:
        """A first ticket at a price that is no revenue."""
        act = partial(process_hand_out, self.state, hand_out)
        words = (
            hand_out.ticket,
            self.addresses[hand_out.account],
            hand_out.price,
            Tail.of_bytes(hand_out.signature),
        )
        self._step("hand out", act, "handOut", self._protocol, *words)

    def sell(self, serial: int, price: int, bid: MakeBid) -> None:
        """The primary sale at a posted price. `bid` makes the signed bid for an auction."""
        made: list[SignedBid] = []

        def sale() -> None:
            title = self.state.titles.get(serial)
            self._offer(self.state.titles.owned(serial, PROTOCOL, title.nonce), price, bid, made)

        refusal = refusal_of(sale)
        signed = made[0] if made else bid(None)
        self._check("sale", refusal, "sell", self._protocol, serial, price, *self._bid_words(signed))

    def sell_new(self, price: int, bid: MakeBid) -> None:
        """The sale of a ticket that is minted when it is sold."""
        made: list[SignedBid] = []
        serial = self.state.titles.minted
        refusal = refusal_of(partial(self._offer, draft_ticket(self.state, serial), price, bid, made))
        if refusal is not None:  # nothing is minted: there is nothing that the contract could refuse to sell
            return
        _, minted = self._attempt("mint", self._protocol, 1)
        outcome, sold = self._attempt("sell", self._protocol, serial, price, *self._bid_words(made[0]))
        operation = Operation(self.agreed, "sale of a new ticket", (serial, price))
        self._compare(operation, ACCEPTED, outcome, [*minted, *sold])

    def propose(self, proposal: Proposal, reward: int) -> None:
        """The present block's proposal."""
        act = partial(process_proposal, self.state, proposal, reward)
        values = tuple(proposal_values(self.state, proposal))
        signature = Tail.of_bytes(proposal.signature)
        caller = self.addresses[proposal.proposer]
        self._step("proposal", act, "propose", caller, values, signature, value_gwei=reward)

    def leave_empty(self) -> None:
        """No proposal came."""
        self._step("empty block", partial(process_empty_block, self.state), "leaveEmpty", self._protocol)

    # Transfers and approvals

    def transfer(self, transfer: Transfer) -> None:
        """A transfer that its giver signed."""
        giver = self.addresses[transfer.giver]
        taker = self.addresses[transfer.taker]
        signature = Tail.of_bytes(transfer.signature)
        arguments = (giver, taker, transfer.ticket, transfer.nonce, signature)
        act = partial(process_transfer, self.state, transfer)
        self._step("signed transfer", act, "transferSigned", taker, *arguments)

    def transfer_from(self, caller: bytes, giver: int, taker: int, serial: int) -> None:
        """A transfer by its sender."""
        act = partial(process_transfer_from, self.state, self.approvals, caller, giver, taker, serial)
        self._step("transfer", act, "transferFrom", caller, self.addresses[giver], self.addresses[taker], serial)

    def approve(self, caller: bytes, spender: bytes, serial: int) -> None:
        """Approve someone for one ticket."""

        def act() -> None:
            process_approve(self.state, self.approvals, caller, spender, serial)
            self._heard.hear("approvals", (self.state.titles.get(serial).owner, spender, serial))

        self._step("approval", act, "approve", caller, spender, serial)

    def set_operator(self, owner: int, operator: bytes, approved: bool) -> None:
        """Approve someone for all tickets, or no longer."""
        address = self.addresses[owner]

        def act() -> None:
            self.approvals.set_operator(address, operator, approved)
            self._heard.hear("operators", (address, operator, approved))

        self._step("operator", act, "setApprovalForAll", address, operator, approved)

    def permit(self, caller: bytes, spender: bytes, serial: int, deadline: int, signature: bytes) -> None:
        """Approve someone by signature."""

        def act() -> None:
            time = now(self.state.slot)
            process_permit(self.state, self.approvals, spender, serial, deadline, signature, time)
            self._heard.hear("approvals", (self.state.titles.get(serial).owner, spender, serial))

        self._step("permit", act, "permit", caller, spender, serial, deadline, Tail.of_bytes(signature))

    # The market

    def settle(self, maker: Order, taker: Order) -> None:
        """Two orders one after the other, that fill each other or are both taken out again."""

        def act() -> None:
            before = self._trades.count
            self._exchange.place(maker, 0)
            self._void = [(maker.maker, maker.nonce)]
            self._exchange.place(taker, 0)
            self._void.append((taker.maker, taker.nonce))
            if self._trades.count == before:
                raise NotCrossed

        self._void = []
        refusal = refusal_of(act)
        for account in range(1, len(self.addresses)):
            for order in self._exchange.own_orders(account):
                self._exchange.cancel(account, order.id, 0)
        words = (*self._order_words(maker), *self._order_words(taker))
        self._check("settlement", refusal, "settle", self._protocol, *words)

    def award(self, listing: Listing, bid: MakeBid) -> None:
        """An auction that closes with its only bid."""
        made: list[SignedBid] = []
        before, self._void = self._trades.count, []

        def act() -> None:
            auction = self._house.open_sale(listing, 0)
            self._void = [(listing.seller, listing.nonce)]
            made.append(bid(auction))
            assert auction.title is not None
            try:
                self._house.enter(made[0], 0)
            except Refused:
                self._house.withdraw(auction.title)
                raise
            self._house.clear_sales(0)
            if auction.id in self._house.open:
                self._void.append((made[0].bidder, made[0].nonce))
                self._house.withdraw(auction.title)
                raise AuctionOpen

        refusal = refusal_of(act)
        signed = made[0] if made else bid(None)
        if refusal is None and self._trades.count == before:  # a Dutch clock passed the reserve: nothing to settle
            self._heard.take()
            self._invalidate([*self._void, (signed.bidder, signed.nonce)])
            return
        price = self._trades.last_price if refusal is None else listing.reserve
        seller = tuple(listing.values(self.addresses)), Tail.of_bytes(listing.signature)
        words = (*seller, *self._bid_words(signed), price)
        self._check("award", refusal, "award", self._protocol, *words)

    def give_back(self, order: Order) -> None:
        """A return to the protocol."""
        assert order.ticket is not None
        title = self.state.titles.live.get(order.ticket)
        haircut = self.state.rules.haircut
        refund = 0 if title is None or haircut is None else Posted().refund(0, title.price_gwei, haircut)
        act = partial(take_return, self.state, self.gate, order, refund)
        self._step("return", act, "giveBack", self._protocol, *self._order_words(order))

    # Money

    def deposit(self, account: int, amount: int) -> None:
        """Money from outside, Gwei."""
        act = partial(self.state.ledger.endow, account, amount)
        address = self.addresses[account]
        self._step("deposit", act, "deposit", address, address, value_gwei=amount)

    def withdraw(self, account: int, amount: int) -> None:
        """Money that leaves, Gwei."""
        act = partial(self.state.ledger.spend, "cost", account, amount)
        self._step("withdrawal", act, "withdraw", self.addresses[account], amount, self.addresses[account])

    def pay(self, payer: int, payee: int, amount: int) -> None:
        """Free money from one to the other, Gwei."""

        def act() -> None:
            self.state.ledger.lock(payer, amount)
            self.state.ledger.settle("block", payer, payee, amount)

        self._step("payment", act, "pay", self.addresses[payer], self.addresses[payee], amount)

    # Both sides

    def _draw(self, process: Callable[[State], object]) -> Callable[[], None]:
        """The draw of the blocks that are due, heard."""

        def act() -> None:
            before = set(self.state.draws)
            process(self.state)
            for block in sorted(set(self.state.draws) - before):
                drawn = self.state.draws[block]
                if drawn.ticket is not None:
                    self._heard.hear("draws", (drawn.ticket, block, drawn.urn))

        return act

    def _offer(self, title: Title, price: int, bid: MakeBid, made: list[SignedBid]) -> None:
        auction = self._house.offer_lot(title, "posted", Terms(price))
        made.append(bid(auction))
        try:
            self._house.enter(made[0], 0)
        except Refused:
            self._house.cancel(auction)
            raise
        self._house.clear_lots(Posted(price), 0)

    def _step(
        self,
        name: str,
        act: Callable[[], object],
        function: str,
        caller: bytes,
        *words: object,
        value_gwei: int = 0,
    ) -> None:
        """One operation on both sides."""
        self._void = []
        self._check(name, refusal_of(act), function, caller, *words, value_gwei=value_gwei)

    def _check(
        self, name: str, refusal: str | None, function: str, caller: bytes, *words: object, value_gwei: int = 0
    ) -> None:
        """What the protocol has done, done by the contract."""
        outcome, logs = self._attempt(function, caller, *words, value_gwei=value_gwei)
        if outcome != ACCEPTED:
            self._invalidate(self._void)
        self._compare(Operation(self.agreed, name, words), refusal or ACCEPTED, outcome, logs)

    def _attempt(self, function: str, caller: bytes, *words: object, value_gwei: int = 0) -> tuple[str, list[Log]]:
        """What the contract says to a call, and its logs."""
        try:
            self.tickets.call(function, caller, *words, value_gwei=value_gwei)
        except Reverted as reverted:
            return str(reverted), []
        return ACCEPTED, self.tickets.logs()

    def _invalidate(self, messages: list[tuple[int, int]]) -> None:
        """What the market took in is used up there, whatever came of it: the contract is told so."""
        for account, nonce in messages:
            self.tickets.call("invalidateNonces", self.addresses[account], nonce >> 8, 1 << (nonce & 255))

    def _compare(self, operation: Operation, protocol: str, contract: str, logs: list[Log]) -> None:
        compare(operation, "outcome", protocol, contract)
        compare(operation, "logs", expected_logs(self._heard.take(), self.state), logs)
        self._compare_state(operation)
        self.agreed += 1
        self.accepted += protocol == ACCEPTED

    def _compare_state(self, operation: Operation) -> None:
        live = self.state.titles.live
        view = StateScope(range(len(self.addresses)), list(live), sorted(self.state.draws))
        seen = self.tickets.look(view)
        if (words := state_words(self.state, view, self.state.ledger.free, self.approvals.get_approved)) != seen:
            compare_all(operation, names(view), words, seen)

    def _compare_tickets(self, minted: list[Title]) -> None:
        for title in minted:
            ticket = title.ticket
            digest = self.tickets.call("ticketDigest", self._protocol, ticket.serial)
            compare(Operation(self.agreed, "mint", (ticket.serial,)), "digest", ticket.digest(), digest)

    def _order_words(self, order: Order) -> tuple[object, ...]:
        return tuple(order.values(self.addresses)), Tail.of_bytes(order.signature)

    def _bid_words(self, bid: SignedBid) -> tuple[object, ...]:
        return tuple(bid.values(self.addresses)), Tail.of_bytes(bid.signature)


class AuctionOpen(Refused):
    """An auction that is not at its end yet."""


class NotCrossed(Refused):
    """Two orders that do not fill each other."""


def refusal_of(act: Callable[[], object]) -> str | None:
    """The code of the refusal, if the operation is refused."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return None
