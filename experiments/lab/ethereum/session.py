"""A run behind the JSON-RPC methods: it is played slot by slot, and takes transactions in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from chain.account import PROTOCOL
from chain.eip712 import TICKETS_ADDRESS
from chain.errors import InsufficientFunds, Refused
from chain.money import WEI_PER_GWEI
from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.contract import encode_result
from chain.rpc.error_codes import Reverts, RpcError
from chain.rpc.history import History
from chain.rpc.tickets import UnknownAccount
from chain.rpc.transactions import GAS_USED, Transaction
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.transaction_driver import check_transaction, reason
from experiments.lab.config.errors import InputError
from experiments.lab.ethereum.live_driver import LiveDriver
from experiments.lab.ethereum.rehearsal import copied
from experiments.lab.played.results import Result
from experiments.lab.played.runs import finish
from experiments.lab.runs.description import describe
from experiments.lab.runs.folder import MANIFEST, prepared, write_json
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.live_journal import JournalWriter
from market.contract.code import IN_SALE, MARKET_ADDRESS, in_gwei

MOST_WAITING = 1_000  # transactions, of all accounts together


class Session:
    """A `chain.rpc.node.Node` over an engine that has not moved yet.

    The run's folder is `path`, which is locked until the end; a run that lies there is replaced with `force`. It
    lives as long as `keeper`. Raises `InputError`, also where there are no tickets.
    """

    def __init__(self, engine: Engine, path: Path, keeper: KeptFolder | None = None, force: bool = False) -> None:
        if engine.structure == "pbs":
            raise InputError('structure "pbs" has no tickets, and so no contract; choose "et" or "et_expost"')
        if (size := engine.config.chain.round) > 1:
            raise InputError(
                f"chain.round is {size}, and in the contract whose calls are served a ticket proposes one block; "
                "leave it out"
            )
        engine.is_live = True
        self.engine = engine
        self.failure: Exception | None = None  # what broke a slot
        self._path, self._keeper = path, keeper
        self._lock = ExitStack()
        self._lock.enter_context(prepared(path, force))
        self._journal = JournalWriter(path)
        self._lock.callback(self._journal.close)
        write_json(path / MANIFEST, describe(engine))
        self.chain_id = engine.config.chain.chain_id
        self.slot_seconds = engine.config.chain.slot_seconds
        self.protocol = engine.state.accounts[PROTOCOL].address
        self.tickets, self.market = TICKETS_ADDRESS, MARKET_ADDRESS
        self.history = History(self.chain_id, engine.config.chain.gas_price_gwei * WEI_PER_GWEI)
        self.arrived: list[bytes] = []
        self.arrivals: list[Callable[[bytes], object]] = []  # told of every transaction that is taken in
        self.listeners: list[Callable[[], object]] = []  # told of every block
        self.mourners: list[Callable[[], object]] = []  # told that a slot broke
        self._has_ended = False
        self._result: Result | None = None
        self._driver = LiveDriver(engine)
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
        """Write the folder of what was played; from now on it can only be read.

        Raises what broke a slot, where something did: then the folder has tables, and no digests.
        """
        if self.failure is not None:
            raise self.failure
        if self._result is None:
            self.end()
            self._driver.close()
            self._result = finish(self.engine, self._driver, self._path, self._keeper)
            self._lock.close()
        return self._result

    # What the methods ask

    def balance(self, address: bytes) -> int:
        """What an account has free now, wei; an address from outside has nothing."""
        number = self._driver.numbers.get(address)
        if number is None:
            return 0
        return self.engine.state.ledger.free(number) * WEI_PER_GWEI

    def count(self, address: bytes, pending: bool) -> int:
        """The transactions of an address so far."""
        waiting = 0
        if pending:
            waiting = sum(each.sender == address for each in self._driver.waiting)
        return self._driver.sent.get(address, 0) + waiting

    def has_code(self, address: bytes) -> bool:
        """Whether it is one of the two contracts."""
        return address in self._driver.codes

    def call(self, caller: bytes, to: bytes, call_data: bytes) -> bytes:
        """What a view returns; a transaction is tried on a copy. Raises `Reverts`."""
        if to not in self._driver.codes:
            return b""
        call = self._driver.interfaces[to].decode(call_data)
        if call is None:
            raise Reverts("no_such_function")
        try:
            if call.function.is_view:
                return encode_result(
                    call.function, self._driver.codes[to].view(call.function.name, call.arguments)
                )
            if call.function.name == IN_SALE:  # the lots are not there yet
                return self._check_bid(caller, call.arguments)
            codes = self._driver.make_codes(copied(self._driver.parts))
            codes[to].act(caller, call.function.name, call.arguments)
            return b""
        except Refused as refusal:
            raise Reverts(reason(refusal)) from None

    def send(self, transaction: Transaction) -> None:
        """Let a transaction wait for the next slot. Raises `RpcError`."""
        expected = self.count(transaction.sender, pending=True)
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        check_transaction(transaction, self._driver.numbers, expected)
        self._check_gas(transaction)
        if len(self._driver.waiting) >= MOST_WAITING:
            raise RpcError(f"{MOST_WAITING} transactions wait already; play a slot first")
        self._journal.transaction(self._driver.blocks_done, transaction.raw)
        self._driver.waiting.append(transaction)
        self.arrived.append(transaction.hash)
        for tell in self.arrivals:
            tell(transaction.hash)

    def waiting(self, hash: bytes) -> Transaction | None:
        """A transaction that waits."""
        return next((each for each in self._driver.waiting if each.hash == hash), None)

    def mine(self) -> None:
        """Play a slot. Raises `RpcError` at the run's end, and after a slot that broke."""
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        try:
            self._play()
        except Exception as error:
            self._break_off(error)
            raise

    def _play(self) -> None:
        self._driver.run_slot()
        self._journal.slot(self._driver.blocks_done - 1)
        self._close_block()
        for tell in self.listeners:
            tell()

    def _break_off(self, error: Exception) -> None:
        """The run goes no further; its tables are finished, where there is room for them."""
        self.failure = error
        self.end()
        try:
            with suppress(OSError):
                self._driver.close()
        finally:
            self._lock.close()
            for tell in self.mourners:
                tell()

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
        self.history.add(self._driver.now(), randao, self._driver.mined, self._driver.take())
        self._driver.mined = []

    def _check_bid(self, caller: bytes, arguments: tuple[Any, ...]) -> bytes:
        """What can be said of a bid in a sale that has not begun."""
        number = self._driver.numbers.get(caller)
        price = in_gwei(arguments[1])
        if not number:
            raise UnknownAccount(f"0x{caller.hex()} takes no part in the run")
        if price > self.engine.state.ledger.free(number):
            raise InsufficientFunds(
                f"the bid takes {price} Gwei, {self.engine.state.ledger.free(number)} are free"
            )
        return b""
