"""A run behind the JSON-RPC methods: it is played slot by slot, and takes transactions in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from chain.account import PROTOCOL
from chain.approvals import Approvals
from chain.clock import Phase
from chain.errors import InsufficientFunds, Refused
from chain.evm.bytecode import read_abi as read_ticket_abi
from chain.money import WEI_PER_GWEI
from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.contract import Code, Interface, encode_result
from chain.rpc.error_codes import Reverts, RpcError
from chain.rpc.history import History, Mined
from chain.rpc.tickets import FUNCTIONS as TICKET_FUNCTIONS
from chain.rpc.tickets import TICKETS_ADDRESS, TicketCode, UnknownAccount
from chain.rpc.transactions import GAS_USED, Transaction
from experiments.lab.assembly.assembly import Engine
from experiments.lab.config.errors import InputError
from experiments.lab.ethereum.rehearsal import copied
from experiments.lab.ethereum.transaction_driver import LiveDriver
from experiments.lab.runs.folder import MANIFEST, prepared, read_manifest, write_json
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.results import Result
from experiments.lab.runs.runs import describe, finish
from market.contract.code import FUNCTIONS as MARKET_FUNCTIONS
from market.contract.code import IN_SALE, MARKET_ADDRESS, MarketCode, in_gwei
from market.contract.code import read_abi as read_market_abi
from market.participant import Participant

MOST_WAITING = 1_000  # transactions, of all accounts together


class ExternalSeat(NamedTuple):
    """A participant without its strategy: who it is and how it signs."""

    account: int
    latency_ms: int
    phases: frozenset[Phase]
    wallet: Any

    def decide(self, *_: object) -> tuple[()]:
        """It has no plans of its own."""
        return ()


class Session:
    """A `chain.rpc.node.Node` over an engine that has not moved yet.

    The run's folder is `path`, which is locked until the end; a run that lies there is replaced with `force`. It
    lives as long as `keeper`. Raises `InputError`, also where there are no tickets.
    """

    def __init__(self, engine: Engine, path: Path, keeper: KeptFolder | None = None, force: bool = False) -> None:
        if engine.structure == "pbs":
            raise InputError('structure "pbs" has no tickets, and so no contract; choose "et" or "et_expost"')
        self.engine = engine
        self._path, self._keeper = path, keeper
        self._lock = ExitStack()
        self._lock.enter_context(prepared(path, force))
        write_json(path / MANIFEST, describe(engine))
        self.chain_id = engine.config.chain.chain_id
        self.slot_seconds = engine.config.chain.slot_seconds
        self.protocol = engine.state.accounts[PROTOCOL].address
        self.tickets, self.market = TICKETS_ADDRESS, MARKET_ADDRESS
        self.history = History(self.chain_id, engine.config.chain.gas_price_gwei * WEI_PER_GWEI)
        self.listeners: list[Callable[[], object]] = []
        self._gas_gwei = GAS_USED * engine.config.chain.gas_price_gwei
        self._approvals = Approvals()
        self._interfaces = {
            TICKETS_ADDRESS: Interface(read_ticket_abi(), TICKET_FUNCTIONS),
            MARKET_ADDRESS: Interface(read_market_abi(), MARKET_FUNCTIONS),
        }
        seats = {number: seat_of(agent) for number, agent in engine.agents.items()}
        market = engine.market
        self._parts = (engine.state, self._approvals, market.desk, market.house, market.exchange, seats)
        self._codes = self._make_codes(self._parts)
        self._numbers = {account.address: account.number for account in engine.state.accounts}
        self._sent: dict[bytes, int] = {}
        self._waiting: list[Transaction] = []
        self._mined: list[Mined] = []
        self._has_ended = False
        self._result: Result | None = None
        self._driver = LiveDriver(engine, self._play)
        self._driver.open()
        self._close_block()

    @property
    def is_over(self) -> bool:
        """Whether nothing more is played."""
        return self._has_ended or self._driver.blocks_done >= self.engine.config.blocks

    @property
    def left(self) -> int:
        """How many slots can still be played."""
        if self.is_over:
            return 0
        return self.engine.config.blocks - self._driver.blocks_done

    def end(self) -> None:
        """From now on the run can only be read."""
        self._has_ended = True

    def finish(self) -> Result:
        """Write the folder of what was played; from now on it can only be read."""
        if self._result is None:
            self.end()
            self._driver.close()
            self._result = finish(self.engine, self._driver, self._path, self._keeper)
            taken = {"transactions": sum(self._sent.values())}
            write_json(self._path / MANIFEST, read_manifest(self._path) | taken)
            self._lock.close()
        return self._result

    # What the methods ask

    def balance(self, address: bytes) -> int:
        """What an account has free now, wei; an address from outside has nothing."""
        number = self._numbers.get(address)
        if number is None:
            return 0
        return self.engine.state.ledger.free(number) * WEI_PER_GWEI

    def count(self, address: bytes, pending: bool) -> int:
        """The transactions of an address so far."""
        waiting = 0
        if pending:
            waiting = sum(each.sender == address for each in self._waiting)
        return self._sent.get(address, 0) + waiting

    def has_code(self, address: bytes) -> bool:
        """Whether it is one of the two contracts."""
        return address in self._codes

    def call(self, caller: bytes, to: bytes, call_data: bytes) -> bytes:
        """What a view returns; a transaction is tried on a copy. Raises `Reverts`."""
        if to not in self._codes:
            return b""
        call = self._interfaces[to].decode(call_data)
        if call is None:
            raise Reverts("no_such_function")
        try:
            if call.function.is_view:
                return encode_result(call.function, self._codes[to].view(call.function.name, call.arguments))
            if call.function.name == IN_SALE:  # the lots are not there yet
                return self._check_bid(caller, call.arguments)
            codes = self._make_codes(copied(self._parts))
            codes[to].act(caller, call.function.name, call.arguments)
            return b""
        except Refused as refusal:
            raise Reverts(reason(refusal)) from None

    def send(self, transaction: Transaction) -> None:
        """Let a transaction wait for the next slot. Raises `RpcError`."""
        expected = self.count(transaction.sender, pending=True)
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        if not self._numbers.get(transaction.sender):
            raise RpcError(f"0x{transaction.sender.hex()} takes no part in the run")
        if transaction.to not in self._codes:
            raise RpcError(f"transactions go to the contracts, not to 0x{transaction.to.hex()}")
        if transaction.value:
            raise RpcError("a transaction has no value: prices are arguments, in wei")
        if transaction.nonce != expected:
            low = "high"
            if transaction.nonce < expected:
                low = "low"
            raise RpcError(f"nonce too {low}: it is {transaction.nonce}, the next one is {expected}")
        self._check_gas(transaction)
        if len(self._waiting) >= MOST_WAITING:
            raise RpcError(f"{MOST_WAITING} transactions wait already; play a slot first")
        self._waiting.append(transaction)

    def waiting(self, hash: bytes) -> Transaction | None:
        """A transaction that waits."""
        return next((each for each in self._waiting if each.hash == hash), None)

    def mine(self) -> None:
        """Play a slot. Raises `RpcError` at the run's end."""
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        self._driver.run_slot()
        self._close_block()
        for tell in self.listeners:
            tell()

    # A slot

    def _play(self, in_sale: bool, ms: int) -> None:
        """Carry out what waits. Before the primary sale an account's first bid in it holds up the rest."""
        held_up: set[bytes] = set()
        later: list[Transaction] = []
        for transaction in self._waiting:
            call = self._interfaces[transaction.to].decode(transaction.data)
            if call is not None and call.function.name == IN_SALE and not in_sale:
                held_up.add(transaction.sender)
            if transaction.sender in held_up:
                later.append(transaction)
            else:
                self._mined.append(Mined(transaction, self._carry_out(transaction, ms)))
        self._waiting = later

    def _carry_out(self, transaction: Transaction, ms: int) -> str:
        """Why the transaction was refused; nothing, where it was not. Its gas is burned in both cases."""
        self._sent[transaction.sender] = transaction.nonce + 1
        sender = self._numbers[transaction.sender]
        self._driver.sender = transaction.hash
        try:
            if self._gas_gwei:
                self.engine.state.ledger.burn_gas(sender, self._gas_gwei)
            return self._act(transaction, ms)
        except Refused as refusal:
            self.engine.market.violations.record(ms, Phase.CLEAR, sender, refusal)
            return reason(refusal)
        finally:
            self._driver.sender = None

    def _act(self, transaction: Transaction, ms: int) -> str:
        call = self._interfaces[transaction.to].decode(transaction.data)
        if call is None or call.function.is_view:
            if call is None:
                return "no_such_function"
            return ""
        code = self._codes[transaction.to]
        if isinstance(code, MarketCode):
            code.ms = ms
        for log in code.act(transaction.sender, call.function.name, call.arguments):
            self._driver.emit(transaction.to, log)
        return ""

    def _check_gas(self, transaction: Transaction) -> None:
        """Raises `RpcError` for a transaction that cannot pay for itself."""
        price = self.history.gas_price
        free = self.balance(transaction.sender)
        if transaction.gas < GAS_USED:
            raise RpcError(f"out of gas: a transaction takes {GAS_USED}, this one has {transaction.gas}")
        if transaction.gas > GAS_LIMIT:
            raise RpcError(f"exceeds block gas limit: gas is {transaction.gas}, a block has {GAS_LIMIT}")
        if transaction.tip > transaction.fee:
            raise RpcError(
                f"max priority fee per gas higher than max fee per gas: {transaction.tip}, {transaction.fee}"
            )
        if transaction.fee < price:
            raise RpcError(f"max fee per gas less than block base fee: {transaction.fee} wei; gas costs {price}")
        if free < GAS_USED * price:
            raise RpcError(f"insufficient funds for gas: it costs {GAS_USED * price} wei, {free} are free")

    def _close_block(self) -> None:
        state = self.engine.state
        randao = state.beacon.word(max(state.slot, 0))
        self.history.add(self._now(), randao, self._mined, self._driver.take())
        self._mined = []

    def _now(self) -> int:
        """The time of the present slot's block, seconds."""
        return int(self.slot_seconds * (self.engine.state.slot + 1))

    def _check_bid(self, caller: bytes, arguments: tuple[Any, ...]) -> bytes:
        """What can be said of a bid in a sale that has not begun."""
        number = self._numbers.get(caller)
        price = in_gwei(arguments[1])
        if not number:
            raise UnknownAccount(f"0x{caller.hex()} takes no part in the run")
        if price > self.engine.state.ledger.free(number):
            raise InsufficientFunds(
                f"the bid takes {price} Gwei, {self.engine.state.ledger.free(number)} are free"
            )
        return b""

    def _make_codes(self, parts: tuple[Any, ...]) -> dict[bytes, Code]:
        state, approvals, desk, house, exchange, seats = parts
        tickets = TicketCode(state, approvals, self._now)
        return {TICKETS_ADDRESS: tickets, MARKET_ADDRESS: MarketCode(state, desk, house, exchange, seats)}


def seat_of(agent: Participant) -> ExternalSeat:
    """Of an agent what a transaction needs."""
    return ExternalSeat(agent.account, agent.latency_ms, agent.phases, agent.wallet)


def reason(refusal: Refused) -> str:
    """Why, as a revert says it: the code first."""
    return f"{refusal.code}: {refusal}"
