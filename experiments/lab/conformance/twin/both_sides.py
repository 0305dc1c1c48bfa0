"""A protocol in Python and the contract on an EVM, and what it means that an operation does the same on both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.approvals import Approvals
from chain.eip712 import Domain
from chain.errors import Refused
from chain.evm.abi import Log, Tail
from chain.evm.machine import PLENTY, Reverted
from chain.evm.ticket_contract import ResaleFlags, StateScope, TicketContract, names, now, state_words
from chain.ledger import names_of
from chain.randomness import Streams
from chain.state import Rules, new_state
from experiments.lab.conformance.twin.contract_logs import Heard, expected_logs
from experiments.lab.conformance.twin.contract_party import told_to_call
from experiments.lab.conformance.twin.disagreement import Operation, compare, compare_all
from experiments.lab.conformance.twin.expected_views import ContractView, ExpectedViews
from experiments.lab.conformance.twin.parties import (
    ANSWERS,
    CHAIN,
    CONTRACTS,
    MAKER,
    NOBODY,
    AlsoOfWallets,
    parties,
)
from experiments.lab.conformance.twin.reserved import RESERVED
from market.messages import Order, SignedBid
from market.resale_times import Resale
from market.venues import open_venues

ACCEPTED = "accepted"
BLOCK_GAS = 30_000_000  # of a block of Ethereum: a call that needs more is a disagreement
ALL_VIEWS = 100  # operations from one look at all views to the next
NO_GWEI = -1
"""A reward in the protocol's eyes that is not whole Gwei."""


class ContractCall(NamedTuple):
    """What a contract is asked to do: by whom, and with how much wei."""

    function: str
    caller: bytes
    words: tuple[object, ...]
    value: int = 0


class BothSides:
    """Both, before genesis.

    `agreed` counts the operations so far, `accepted` those that were not refused. `stranger` is asked before every
    call that is reserved for someone: whom it names tries the very same first, and must be refused. `watch` is
    called after every operation.
    """

    def __init__(self, rules: Rules, resale: Resale, seed: int) -> None:
        streams = Streams(seed)
        accounts = parties(streams)
        self._heard = Heard(names_of(accounts))
        self.state = new_state(
            rules=rules,
            accounts=accounts,
            signatures=AlsoOfWallets(Domain(CHAIN)),
            streams=streams,
            records=self._heard,
        )
        self.addresses = self.state.addresses
        self.approvals = Approvals()
        self.agreed = self.accepted = 0
        self.now = now(self.state.slot)  # of the block that calls lie in, seconds
        self.last = ContractCall("", b"", ())
        self.stranger: Callable[[], bytes | None] = lambda: None
        self.watch: Callable[[], None] = lambda: None
        venues = open_venues(state=self.state, records=self._heard, resale=resale)
        self.gate, self._trades = venues.gate, venues.trades
        self._exchange, self._house = venues.exchange, venues.house
        flags = ResaleFlags(resale.ex_ante, resale.ex_post)
        self.tickets = self._deploy(flags)
        self.tickets.give(MAKER)
        for answers in ANSWERS.values():
            self.tickets.deploy(answers.creation_code(), MAKER)
        self.views = ExpectedViews(self.state, self.approvals, self.gate, flags)
        self._scope = [account for account in range(len(accounts)) if account != NOBODY]
        self._protocol = self.addresses[PROTOCOL]
        self._outside = dict.fromkeys([*self.addresses, MAKER, self.tickets.address], PLENTY)  # wei
        self._outside[self.tickets.address] = 0
        self._messages: list[tuple[int, int]] = []  # account and nonce of those of an operation
        self._void: list[tuple[int, int]] = []  # of those that the market took in, whatever came of it

    def _deploy(self, flags: ResaleFlags) -> TicketContract:
        return TicketContract(self.state, flags, BLOCK_GAS)

    def _open_block(self, slot: int) -> None:
        """The calls to come lie in the block of a slot."""
        self.tickets.open_block(slot)
        self.now = now(slot)

    # An operation on both sides

    def _step(self, name: str, act: Callable[[], object], call: ContractCall) -> None:
        """One operation: `act` does it to the protocol, and hears what it does."""
        self._messages = []
        self._void = []
        self._check(name, refusal_of(act), call)

    def _check(self, name: str, refusal: str | None, *calls: ContractCall) -> None:
        """What the protocol has done, done by the contract, in so many calls, of which one may be refused."""
        outcome = ACCEPTED
        logs: list[Log] = []
        for call in calls:
            self._try_as_stranger(name, call)
            outcome, more = self._attempt(call)
            logs += more
            if outcome != ACCEPTED:
                break
        if outcome != ACCEPTED:
            self._invalidate(self._void)
        self.last = calls[-1]
        expected = ACCEPTED if refusal is None else refusal  # which may be without a reason
        self._compare(Operation(self.agreed, name, calls[-1].words), expected, outcome, logs)

    def _attempt(self, call: ContractCall) -> tuple[str, list[Log]]:
        """What the contract says to a call, and its logs."""
        payer = call.caller
        try:
            if call.caller in CONTRACTS:
                payer = MAKER
                self._send_by_contract(call)
            else:
                self.tickets.send_wei(call.function, call.caller, call.value, *call.words)
        except Reverted as reverted:
            return str(reverted), []
        self._outside[payer] -= call.value
        self._outside[self.tickets.address] += call.value
        return ACCEPTED, self.tickets.logs()

    def _send_by_contract(self, call: ContractCall) -> None:
        """A contract sends nothing of its own accord (EIP-3607): its maker tells it to."""
        to, data = self.tickets.call_data(call.function, *call.words)
        self.tickets.send(MAKER, call.caller, told_to_call(to, data), call.value)

    def _try_as_stranger(self, name: str, call: ContractCall) -> None:
        """Someone else makes a call that is reserved."""
        reason = RESERVED.get(call.function)
        stranger = self.stranger()
        if reason is not None and stranger is not None:
            outcome, _ = self._attempt(call._replace(caller=stranger))
            compare(Operation(self.agreed, f"{name} by a stranger", call.words), "outcome", reason, outcome)

    def _invalidate(self, messages: Iterable[tuple[int, int]]) -> None:
        """What the market took in is used up there, whatever came of it: the contract is told so."""
        for account, nonce in messages:
            words = (nonce >> 8, 1 << (nonce & 255))
            self._attempt(ContractCall("invalidateNonces", self.addresses[account], words))

    # What is compared

    def _compare(self, operation: Operation, protocol: str, contract: str, logs: list[Log]) -> None:
        compare(operation, "outcome", protocol, contract)
        compare(operation, "logs", expected_logs(self._heard.take(), self.state), logs)
        self.views.follow()
        self._compare_state(operation)
        self._compare_rest(operation, logs)
        self.agreed += 1
        self.accepted += protocol == ACCEPTED
        self.watch()

    def _compare_rest(self, operation: Operation, logs: list[Log]) -> None:
        """What other views say, and what wei all have outside."""
        self._compare_views(operation, self._views_after(logs))
        if self.agreed % ALL_VIEWS == 0:
            self._compare_views(operation, self._all_views())
        for address, wei in self._outside.items():
            compare(operation, f"wei of 0x{address.hex()}", wei, self.tickets.balance_of(address))

    def _compare_state(self, operation: Operation) -> None:
        view = StateScope(self._scope, list(self.state.titles.live), sorted(self.state.draws))
        seen = self.tickets.look(view)
        if (words := state_words(self.state, view, self.state.ledger.free, self.approvals.get_approved)) != seen:
            compare_all(operation, names(view), words, seen)

    def _compare_views(self, operation: Operation, views: Iterable[ContractView]) -> None:
        for function, words, answer in views:
            try:
                seen: bytes | str = self.tickets.view(function, *words)
            except Reverted as reverted:
                seen = str(reverted)
            if seen != answer:
                compare(operation, f"{function}{words}", answer, seen)

    def _views_after(self, logs: list[Log]) -> Iterator[ContractView]:
        """Those of the tickets that were logged and the messages that were brought, and some others in turn. What
        the lens shows of all of them is compared anyway."""
        for serial in serials_in(logs):
            if serial < self.state.titles.minted:
                yield from self.views.beside_lens(serial)
        for account, nonce in self._messages:
            yield self.views.nonce(account, nonce)
        turn, odd = divmod(self.agreed, 2)
        parties = len(self.addresses)
        if odd:
            yield from self.views.account(turn % parties, turn // parties % parties)
        else:
            yield from self.views.ticket(turn % (self.state.titles.minted + 2))
            rules = self.state.rules
            yield from self.views.draw(turn % (self.state.slot + rules.ahead + rules.round + 2))

    def _all_views(self) -> Iterator[ContractView]:
        yield from self.views.constants()
        yield from self.views.totals()
        for serial in range(self.state.titles.minted + 2):
            yield from self.views.ticket(serial)
        for account in range(len(self.addresses)):
            yield from self.views.account(account, self.agreed // ALL_VIEWS % len(self.addresses))

    # The words of calls

    def _order_words(self, order: Order) -> tuple[object, ...]:
        self._messages.append((order.maker, order.nonce))
        return tuple(order.values(self.addresses)), Tail.of_bytes(order.signature)

    def _bid_words(self, bid: SignedBid) -> tuple[object, ...]:
        self._messages.append((bid.bidder, bid.nonce))
        return tuple(bid.values(self.addresses)), Tail.of_bytes(bid.signature)


def serials_in(logs: Iterable[Log]) -> set[int]:
    """The tickets that logs are about, blocks among them: the indexed numbers, smaller than any address."""
    numbers = (int.from_bytes(topic, "big") for log in logs for topic in log.topics[1:])
    return {number for number in numbers if number < 2**64}


def refusal_of(act: Callable[[], object]) -> str | None:
    """The code of the refusal, if the operation is refused."""
    try:
        act()
    except Refused as refused:
        return refused.code
    return None
