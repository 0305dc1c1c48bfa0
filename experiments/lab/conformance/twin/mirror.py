"""A run's contract: whatever happens in the run is done again on an EVM, and both are compared after each slot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from chain.account import PROTOCOL
from chain.evm.abi import Log, Tail
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import ALL, ResaleFlags, StateScope, TicketContract, names, state_words
from chain.genesis_gift import HandOut, sign_hand_out
from chain.ledger import POTS_OF_THE_WORLD
from chain.protocol import Proposal, proposal_values
from chain.ticket import NEVER, Series, Title
from experiments.lab.assembly.assembly import Engine
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.twin.contract_logs import NOBODY, Fact, expected_logs
from experiments.lab.conformance.twin.disagreement import Disagreement, Operation, compare, compare_all
from experiments.lab.conformance.twin.journal import NAMED, Journal, SlotFacts
from market.auctions import ON_CHAIN
from market.entry_costs import REASONS
from market.messages import NO_LISTING, SOLD_IN, Listing, Order, SignedBid, bid_until, listing_hash

OUT_OF_THE_CONTRACT = ("cost", *REASONS.values())  # money that is spent elsewhere
BETWEEN_ACCOUNTS = {"block": "payment for a block", "rebate": "rebate"}
Did = tuple[Operation, Log]


class Mirror:
    """The contract beside a run that has not begun. `done` counts the operations so far, by what they do."""

    def __init__(self, engine: Engine) -> None:
        resale = engine.config.market.resale_under(engine.structure)
        self._state = engine.state
        self._addresses = [account.address for account in engine.state.accounts]
        self._protocol = self._addresses[PROTOCOL]
        self._tickets = TicketContract(engine.state, ResaleFlags(resale.ex_ante, resale.ex_post))
        self._journal = Journal(engine.records)
        self._slot = SlotFacts([])
        self._logs: list[Did] = []
        self._told: list[Fact] = []
        self._is_expired = self._is_settled = False
        self.done: Counter[str] = Counter()
        for account in range(1, len(self._addresses)):
            endowment = engine.state.ledger.free(account)
            self._do(
                "deposit", "deposit", self._addresses[account], self._addresses[account], value_gwei=endowment
            )

    @property
    def agreed(self) -> int:
        """The operations so far."""
        return self.done.total()

    def follow_genesis(self) -> None:
        """The supply is minted and sold, and the first blocks are drawn. Raises `Disagreement`."""
        facts = self._retell()
        self._tickets.open_block(0)
        self._do("first draws", "drawFirst", self._protocol, self._state.rules.lookahead)
        self._compare([*facts, *self._draws(sorted(self._state.draws))])

    def follow_slot(self) -> None:
        """A slot, from its draw to its primary sale. Raises `Disagreement`."""
        state = self._state
        self._tickets.open_block(state.slot)
        self._do("draw", "openSlot", self._protocol)
        drawn = self._draws([state.slot + state.rules.ahead])
        self._compare([*drawn, *self._retell()])

    # What happened, again

    def _retell(self) -> list[Fact]:
        """All that was heard, and what the contract tells beside it."""
        self._slot = self._journal.take()
        self._told = []
        self._is_expired = self._is_settled = False
        for fact in self._slot.facts:
            if fact.table in TELLERS:
                TELLERS[fact.table](self, dict(zip(NAMED[fact.table], fact.row, strict=True)))
            self._told.append(fact)
        return self._told

    def _move(self, row: dict[str, Any]) -> None:
        """A ticket is minted, given away or burned; those that are sold move with their trades."""
        serial = row["ticket"]
        taker = row["taker"]
        if row["reason"] == "mint":
            if self._slot.block:  # a block that is void is settled before there is room for another ticket
                self._settle(row)
            self._do("mint", "mint", self._protocol, 1)
        elif row["reason"] == "genesis":
            price = self._slot.handed_out.get(serial, 0)
            signed = sign_hand_out(self._state, HandOut(taker, serial, price))
            consent = Tail.of_bytes(signed.signature)
            self._do("hand out", "handOut", self._protocol, serial, self._addresses[taker], price, consent)
        elif row["reason"] == "transfer":
            giver = self._addresses[row["giver"]]
            self._do("transfer", "transferFrom", giver, giver, self._addresses[taker], serial)
        elif row["reason"] == "burn":
            BURNS[self._slot.ends[serial]](self, row)

    def _sell(self, row: dict[str, Any]) -> None:
        """A ticket is sold, by the protocol, in the book or in an auction."""
        if row["market"] == "primary":
            bid = self._bid(self._slot.bid(row))
            self._do("sale", "sell", self._protocol, row["ticket"], row["price_gwei"], *bid)
        elif row["venue"] == "book":
            orders = (self._slot.orders[row[which]] for which in ("maker_order", "taker_order"))
            words = [word for order in orders for word in self._order(order)]
            self._do("settlement", "settle", self._protocol, *words)
        elif row["market"] == "secondary":
            if row["venue"] not in ON_CHAIN:
                raise InputError(
                    f"--twin: ticket {row['ticket']} was sold by {row['venue']}; the contract has no room for it"
                )
            listing = self._listing(self._slot.auctions[row["auction"]])
            bid = self._bid(self._slot.bid(row))
            self._do("award", "award", self._protocol, *listing, *bid, row["price_gwei"])

    def _pay(self, row: dict[str, Any]) -> None:
        """Money that moves without a ticket: for blocks, and out of the contract for costs."""
        if row["reason"] == "reward":
            self._settle(row)
        elif row["reason"] in OUT_OF_THE_CONTRACT:
            payer = self._account(row["payer"])
            self._do(row["reason"], "withdraw", payer, row["amount_gwei"], payer)
        elif row["reason"] in BETWEEN_ACCOUNTS:
            payer = self._account(row["payer"])
            payee = self._account(row["payee"])
            self._do(BETWEEN_ACCOUNTS[row["reason"]], "pay", payer, payee, row["amount_gwei"])

    def _settle(self, row: dict[str, Any]) -> None:  # noqa: ARG002
        """The present block, by the first that is heard of it: its reward, the end of its ticket, or its row."""
        if self._is_settled:
            return
        self._is_settled = True
        block = self._slot.block
        if block["ticket"] is not None and self._state.rules.round > 1:
            self._told.append(Fact("used", (block["ticket"], block["slot"], block["status"])))
        if block["status"] == "proposed":
            self._propose(block)
        else:
            self._do("empty block", "leaveEmpty", self._protocol)

    def _propose(self, block: dict[str, Any]) -> None:
        reward = self._slot.rewards.get(block["ticket"], 0)
        nonce = self._slot.nonces.get(block["ticket"])  # of a ticket that is burned
        if nonce is None:
            nonce = self._state.titles.live[block["ticket"]].nonce
        terms = (block["slot"], block["proposer"], block["ticket"], nonce, block["builder"], reward)
        values = tuple(proposal_values(self._state, Proposal(*terms)))
        caller = self._addresses[block["proposer"]]
        self._do("proposal", "propose", caller, values, signature(block), value_gwei=reward)

    def _expire(self, row: dict[str, Any]) -> None:  # noqa: ARG002
        """All that expire in a slot do so at once."""
        if not self._is_expired:
            self._is_expired = True
            self._do("expiry", "expire", self._protocol, ALL)

    def _burn_unsold(self, row: dict[str, Any]) -> None:
        self._do("burning of an unsold ticket", "burnUnsold", self._protocol, row["ticket"])

    def _give_back(self, row: dict[str, Any]) -> None:
        self._do("return", "giveBack", self._protocol, *self._order(self._slot.returns[row["ticket"]]))

    # Messages, from the rows that record them

    def _order(self, row: dict[str, Any]) -> tuple[object, ...]:
        series = Series(row["drawn"], never(row["series_block"]))
        what = (series, row["ticket"], row["transfer_nonce"], row["price_gwei"])
        when = (row["valid_from"], never(row["valid_until"]), row["nonce"])
        order = Order(row["maker"], row["side"], row["tif"], *what, *when)
        return tuple(order.values(self._addresses)), signature(row)

    def _listing(self, row: dict[str, Any]) -> tuple[object, ...]:
        return tuple(listing_of(row).values(self._addresses)), signature(row)

    def _bid(self, row: dict[str, Any]) -> tuple[object, ...]:
        auction = self._slot.auctions[row["auction"]]
        offered = NO_LISTING
        if auction["market"] != "primary":
            offered = listing_hash(listing_of(auction), self._addresses)
        terms = (row["auction"], offered, row["price_gwei"], bid_until(auction["market"], auction["deadline"]))
        bid = SignedBid(row["bidder"], *terms, row["nonce"])
        return tuple(bid.values(self._addresses)), signature(row)

    def _account(self, pot: int) -> bytes:
        return self._addresses[(pot - len(POTS_OF_THE_WORLD)) // 2]

    # Both sides

    def _do(self, name: str, function: str, caller: bytes, *words: object, value_gwei: int = 0) -> None:
        operation = Operation(self.agreed, name, words)
        try:
            self._tickets.call(function, caller, *words, value_gwei=value_gwei)
        except Reverted as reverted:
            where = f"slot {self._state.slot}, {operation}"
            raise Disagreement(f"{where}: accepted by the protocol, refused by the contract: {reverted}") from None
        self._logs += [(operation, log) for log in self._tickets.logs()]
        self.done[name] += 1

    def _draws(self, blocks: list[int]) -> list[Fact]:
        """Of these blocks those that begin a round, and have a ticket."""
        size = self._state.rules.round
        draws = ((block, self._state.draws[block]) for block in blocks if block % size == 0)
        return [
            Fact("draws", (drawn.ticket, block, drawn.urn)) for block, drawn in draws if drawn.ticket is not None
        ]

    def _compare(self, facts: list[Fact]) -> None:
        """What was logged since the last time, and the state as it is now."""
        logs = self._logs
        self._logs = []
        nothing = Operation(self.agreed, "the end of a slot", (self._state.slot,))
        expected = expected_logs(facts, self._state)
        for ours, (operation, theirs) in zip(expected, logs, strict=False):
            compare(operation, "log", ours, theirs)
        compare(nothing, "number of logs", len(expected), len(logs))
        view = StateScope(range(len(self._addresses)), list(self._state.titles.live), sorted(self._state.draws))
        seen = self._tickets.look(view)
        if (words := state_words(self._state, view, self._free, not_approved)) != seen:
            compare_all(nothing, names(view), words, seen)

    def _free(self, account: int) -> int:
        """What is free where nothing but collateral is in escrow: bids that stand are not in the contract."""
        ledger = self._state.ledger
        behind = 0
        if account != PROTOCOL:
            held = self._state.titles.holdings[account].values()
            behind = sum(self._state.rules.collateral - title.forfeited for title in held)
        return ledger.free(account) + ledger.escrowed(account) - behind


def listing_of(row: dict[str, Any]) -> Listing:
    what = (SOLD_IN[row["market"]], row["format"], row["ticket"], row["transfer_nonce"], row["block"])
    terms = (row["reserve_gwei"], row["start_gwei"], row["tick_gwei"], row["deadline"], row["nonce"])
    return Listing(row["seller"], *what, *terms)


def never(block: int | None) -> int:
    if block is None:
        return NEVER
    return block


def signature(row: dict[str, Any]) -> Tail:
    return Tail.of_bytes(row["signature"] or b"")


def not_approved(title: Title) -> bytes:  # noqa: ARG001
    return NOBODY


Teller = Callable[[Mirror, dict[str, Any]], None]
TELLERS: dict[str, Teller] = {
    "transfers": Mirror._move,
    "trades": Mirror._sell,
    "payments": Mirror._pay,
    "blocks": Mirror._settle,
}
BURNS: dict[str, Teller] = {
    "proposed": Mirror._settle,
    "missed": Mirror._settle,
    "unsold": Mirror._settle,
    "expired": Mirror._expire,
    "returned": Mirror._give_back,
    "void": Mirror._burn_unsold,
}
