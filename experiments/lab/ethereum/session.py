"""A run behind the JSON-RPC methods: it is played slot by slot, and takes transactions in between."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path

from chain.account import PROTOCOL
from chain.eip712 import TICKETS_ADDRESS
from chain.money import WEI_PER_GWEI
from chain.rpc.as_json import GAS_LIMIT
from chain.rpc.error_codes import RpcError
from chain.rpc.history import History
from chain.rpc.transactions import Transaction, gas_used
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.waiting_transactions import take_in
from experiments.lab.config.errors import InputError
from experiments.lab.ethereum.kept_states import MOST_STATES, KeptStates
from experiments.lab.ethereum.live_driver import LiveDriver
from experiments.lab.ethereum.rehearsal import frozen, thawed
from experiments.lab.ethereum.run_state import RunState
from experiments.lab.ethereum.snapshots import Snapshot, Snapshots
from experiments.lab.played.finishing import finish
from experiments.lab.played.results import Result
from experiments.lab.runs.checkpoint import loads, snapshot
from experiments.lab.runs.description import describe
from experiments.lab.runs.folder import MANIFEST, TABLES, prepared, write_json
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.live_journal import JournalWriter
from market.contract.code import MARKET_ADDRESS

MOST_WAITING = 1_000  # transactions, of all accounts together


class Session:
    """A `chain.rpc.node.Node` over an engine that has not moved yet.

    The run's folder is `path`, which is locked until the end; a run that lies there is replaced with `force`. It
    lives as long as `keeper`. Raises `InputError`, also where there are no tickets.
    """

    def __init__(self, engine: Engine, path: Path, keeper: KeptFolder | None = None, force: bool = False) -> None:
        if engine.structure == "pbs":
            raise InputError('structure "pbs" has no tickets, and so no contract; choose "et" or "et_expost"')
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
        self._states = KeptStates()
        self._keeps_states = False
        self._snapshots = Snapshots()
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
            self._result = finish(self.engine, self._driver, self._path, self._keeper)
            self._lock.close()
        return self._result

    # What the methods ask

    def state(self, number: int) -> RunState:
        """The state after a block, the last one's or one that is kept. Raises `RpcError`."""
        if number == self.history.last:
            return RunState(self._driver, self._driver.parts, self._driver.sent, self._driver.now())
        kept = self._states.get(number)
        if kept is None:
            raise RpcError(
                f"the state of block {number} is not kept: there are those of the last {MOST_STATES} blocks, from "
                "the first request on, where all rules can be copied; its logs are there"
            )
        parts, sent = thawed(kept)
        return RunState(self._driver, parts, sent, self.history.blocks[number].time)

    def keep_states(self) -> None:
        """From now on keep what the last blocks' states were."""
        if not self._keeps_states:
            self._keeps_states = True
            self._keep_state()

    def waiting_of(self, address: bytes) -> int:
        """How many transactions of an address wait."""
        return sum(each.sender == address for each in self._driver.waiting)

    def has_code(self, address: bytes) -> bool:
        """Whether it is one of the two contracts."""
        return address in self._driver.codes

    def send(self, transaction: Transaction) -> None:
        """Let a transaction wait for the next slot. Raises `RpcError`."""
        waiting = self._with(transaction)
        self._check_gas(transaction, waiting)
        self._let_wait(transaction, waiting)

    def send_again(self, transaction: Transaction) -> None:
        """The same for one that was taken in before, by the rules of then. Raises `RpcError`."""
        self._let_wait(transaction, self._with(transaction))

    def _with(self, transaction: Transaction) -> list[Transaction]:
        """What waits then. Raises `RpcError`."""
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        waiting = list(self._driver.waiting)
        take_in(waiting, transaction, self._driver.numbers, self._driver.sent.get(transaction.sender, 0))
        return waiting

    def _let_wait(self, transaction: Transaction, waiting: list[Transaction]) -> None:
        if len(waiting) > MOST_WAITING:
            raise RpcError(f"{MOST_WAITING} transactions wait already; play a slot first")
        self._journal.transaction(self._driver.blocks_done, transaction.raw)
        self._driver.waiting[:] = waiting
        self.arrived.append(transaction.hash)
        for tell in self.arrivals:
            tell(transaction.hash)

    def set_time(self, seconds: int) -> None:
        """When the next block is to be, s; those after it follow in their distance. Raises `RpcError`."""
        if self.is_over:
            raise RpcError("the run is over: it has all its blocks")
        slot = self._driver.blocks_done
        try:
            self._driver.times.move(slot + 1, seconds)
        except ValueError as error:
            raise RpcError(str(error)) from None
        self._journal.time(slot, seconds)

    def snapshot(self) -> int:
        """The id of where the run stands. Raises `RpcError` where it cannot be kept."""
        self._check_goes_on()
        kept = snapshot(self.engine, self._driver)
        if kept.run is None:
            raise RpcError(f"there is no snapshot of this run: {kept.obstacle}")
        self._journal.snapshot(self._driver.blocks_done)
        return self._snapshots.keep(Snapshot(kept.run, self.history.last))

    def revert(self, id: int) -> bool:
        """Put the run back to a snapshot, which is gone then with those after it. Whether there was one."""
        self._check_goes_on()
        kept = self._snapshots.take(id)
        if kept is None:
            return False
        self._journal.revert(self._driver.blocks_done, id)
        for participant in self.engine.agents.values():
            participant.close()
        self.engine, self._driver = loads(kept.run, self.engine)
        self.engine.records.rewind(self._path / TABLES)
        self.history.cut(kept.last)
        self._states.cut(kept.last)
        if self._states.get(kept.last) is None:
            self._keep_state()
        return True

    def _check_goes_on(self) -> None:
        if self._has_ended:
            raise RpcError("the run has ended: it can only be read")

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

    def _check_gas(self, transaction: Transaction, waiting: list[Transaction]) -> None:
        """Raises `RpcError` for a transaction that cannot pay for itself beside those of its sender that wait."""
        price = self.history.gas_price
        free = self.state(self.history.last).balance(transaction.sender)
        gas = gas_used(transaction)
        if transaction.gas < gas:
            raise RpcError(f"intrinsic gas too low: this transaction takes {gas}, and has {transaction.gas}")
        if transaction.gas > GAS_LIMIT:
            raise RpcError(f"exceeds block gas limit: gas is {transaction.gas}, a block has {GAS_LIMIT}")
        if transaction.tip > transaction.fee:
            raise RpcError(
                f"max priority fee per gas higher than max fee per gas: {transaction.tip}, {transaction.fee}"
            )
        if transaction.fee < price:
            raise RpcError(f"max fee per gas less than block base fee: {transaction.fee} wei; gas costs {price}")
        own = (each for each in waiting if each.sender == transaction.sender and each is not transaction)
        costs, before = cost_of(transaction, price), sum(cost_of(each, price) for each in own)
        if free < costs + before:
            queued = f", beside {before} of what waits" if before else ""
            raise RpcError(f"insufficient funds for gas * price + value: {costs} wei{queued}, {free} are free")

    def _close_block(self) -> None:
        state = self.engine.state
        # That of block 0 is still to be drawn by when genesis is there to be read.
        randao = bytes(32) if state.slot < 0 else state.beacon.word(state.slot)
        self.history.add(self._driver.now(), randao, self._driver.mined, self._driver.take())
        self._driver.mined = []
        self._keep_state()

    def _keep_state(self) -> None:
        if not self._keeps_states:
            return
        try:
            self._states.keep(self.history.last, frozen((self._driver.parts, self._driver.sent)))
        except (
            Exception
        ):  # a rule of the user's own that no copy can be made of: then there is the last state alone
            self._keeps_states = False


def cost_of(transaction: Transaction, price: int) -> int:
    """What its sender pays at most, wei: gas has one price."""
    return gas_used(transaction) * price + transaction.value
