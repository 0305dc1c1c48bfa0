"""A run that takes part in transactions: they are carried out in the next slot, before its sales are cleared."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from chain.approvals import Approvals
from chain.clock import Phase
from chain.eip712 import TICKETS_ADDRESS
from chain.errors import Refused
from chain.evm.abi import Log
from chain.evm.bytecode import read_abi as read_ticket_abi
from chain.money import WEI_PER_GWEI
from chain.rpc.contract import Code, Interface
from chain.rpc.history import Mined
from chain.rpc.tickets import FUNCTIONS as TICKET_FUNCTIONS
from chain.rpc.tickets import TicketCode
from chain.rpc.transactions import Transaction, gas_used
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.block_times import BlockTimes
from market.contract.code import FUNCTIONS as MARKET_FUNCTIONS
from market.contract.code import IN_SALE, MARKET_ADDRESS, MarketCode
from market.contract.code import read_abi as read_market_abi
from market.participant import Participant
from market.slot.driver import Driver

NOT_PAYABLE = "not_payable: the contracts take no ETH; prices are arguments, in wei"


class ExternalSeat(NamedTuple):
    """A participant without its strategy: who it is and how it signs."""

    account: int
    latency_ms: int
    phases: frozenset[Phase]
    wallet: Any
    proposes_as_usual: bool = False

    def decide(self, *_: object) -> tuple[()]:
        """It has no plans of its own."""
        return ()


class TransactionDriver(Driver):
    """Runs an engine, and carries out in each slot the transactions that wait."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(
            terms=engine.terms, market=engine.market, participants=engine.agents, streams=engine.streams
        )
        self.interfaces = {
            TICKETS_ADDRESS: Interface(read_ticket_abi(), TICKET_FUNCTIONS),
            MARKET_ADDRESS: Interface(read_market_abi(), MARKET_FUNCTIONS),
        }
        seats = {number: seat_of(agent) for number, agent in engine.agents.items()}
        market = engine.market
        self.parts = (engine.state, Approvals(), market.desk, market.house, market.exchange, seats)
        self.codes = self.make_codes(self.parts, self.now)
        self.numbers = {account.address: account.number for account in engine.state.accounts}
        self._has_clearing = self._has_tickets  # then transactions are carried out as well
        self.sent: dict[bytes, int] = {}  # transactions that were carried out, by sender
        self.waiting: list[Transaction] = []
        self.mined: list[Mined] = []
        self.sender: bytes | None = None  # the transaction that is being carried out
        self.times = BlockTimes(engine.config.chain.genesis_time, engine.config.chain.slot_seconds)
        self._gas_price_gwei = engine.config.chain.gas_price_gwei

    def now(self) -> int:
        """The time of the present slot's block, seconds."""
        return self.times.last

    def run_slot(self) -> None:
        self.times.advance(self.blocks_done + 1)
        super().run_slot()

    def make_codes(self, parts: tuple[Any, ...], now: Callable[[], int]) -> dict[bytes, Code]:
        """The two contracts over `parts`, which are the market's or a copy of them, at the time `now`, seconds."""
        state, approvals, desk, house, exchange, seats = parts
        tickets = TicketCode(state, approvals, now)
        return {TICKETS_ADDRESS: tickets, MARKET_ADDRESS: MarketCode(state, desk, house, exchange, seats)}

    def emit(self, address: bytes, log: Log) -> None:
        """Take in a log; nobody reads it here."""

    def _begin_turns(self) -> None:
        self._play(False, self._clock.ms)
        super()._begin_turns()

    def _clear_sales(self) -> None:
        self._play(False, self._clock.ms)
        super()._clear_sales()

    def _clear_lots(self) -> None:
        if self._state.slot >= 0:
            self._play(True, self._clock.ms)
        super()._clear_lots()

    def _play(self, in_sale: bool, ms: int) -> None:
        """Carry out what waits. Before the primary sale an account's first bid in it holds up the rest."""
        held_up: set[bytes] = set()
        later: list[Transaction] = []
        for transaction in self.waiting:
            if self._is_for_sale(transaction) and not in_sale:
                held_up.add(transaction.sender)
            if transaction.sender in held_up:
                later.append(transaction)
            else:
                self.mined.append(Mined(transaction, self._carry_out(transaction, ms)))
        self.waiting = later

    def _is_for_sale(self, transaction: Transaction) -> bool:
        if transaction.to not in self.codes:
            return False
        call = self.interfaces[transaction.to].decode(transaction.data)
        return call is not None and call.function.name == IN_SALE

    def _carry_out(self, transaction: Transaction, ms: int) -> str:
        """Why the transaction was refused; nothing, where it was not. Its gas is burned in both cases."""
        self.sent[transaction.sender] = transaction.nonce + 1
        sender = self.numbers[transaction.sender]
        self.sender = transaction.hash
        try:
            if self._gas_price_gwei:
                self._state.ledger.burn_gas(sender, gas_used(transaction) * self._gas_price_gwei)
            if transaction.to in self.codes:
                return self._act(transaction, ms)
            self._state.ledger.transfer(sender, self.numbers[transaction.to], transaction.value // WEI_PER_GWEI)
            return ""
        except Refused as refusal:
            self._market.violations.record(ms, Phase.CLEAR, sender, refusal)
            return reason(refusal)
        finally:
            self.sender = None

    def _act(self, transaction: Transaction, ms: int) -> str:
        if transaction.value:
            return NOT_PAYABLE
        call = self.interfaces[transaction.to].decode(transaction.data)
        if call is None:
            return "no_such_function"
        if call.function.is_view:
            return ""
        code = self.codes[transaction.to]
        if isinstance(code, MarketCode):
            code.ms = ms
        for log in code.act(transaction.sender, call.function.name, call.arguments):
            self.emit(transaction.to, log)
        return ""


def seat_of(agent: Participant) -> ExternalSeat:
    """Of an agent what a transaction needs."""
    return ExternalSeat(agent.account, agent.latency_ms, agent.phases, agent.wallet)


def reason(refusal: Refused) -> str:
    """Why, as a revert says it: the code first."""
    return f"{refusal.code}: {refusal}"
