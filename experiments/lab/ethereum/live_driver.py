"""A run whose logs are heard, for the blocks that clients ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

from chain.eip712 import TICKETS_ADDRESS
from chain.evm.abi import Log
from chain.records import Table
from chain.rpc.history import Emitted
from chain.state import State
from chain.titles import TICKETS, TRANSFERS
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.transaction_driver import TransactionDriver
from experiments.lab.conformance.twin.contract_logs import Fact, expected_logs, is_burn, is_mint
from market.contract.code import MARKET_ADDRESS
from market.contract.market_logs import WRITERS as MARKET_WRITERS
from market.contract.market_logs import rested
from market.exchange import ORDERS, RestWatch
from market.messages import Order
from market.slot.blocks import Settled
from market.trades import TRADES

HEARD = (TICKETS, TRANSFERS, TRADES, ORDERS)


class Tap:
    """What stands for a table's `append`: the driver hears of the row as well."""

    def __init__(self, driver: LiveDriver, name: str, write: Callable[[tuple[Any, ...]], None]) -> None:
        self._driver = driver
        self._name = name
        self._write = write

    def __call__(self, row: tuple[Any, ...]) -> None:
        self._write(row)
        self._driver.hear(self._name, row)


class BookWatch(RestWatch):
    """Tells a driver of orders that come to rest."""

    def __init__(self, driver: LiveDriver, state: State) -> None:
        self._driver = driver
        self._state = state

    def rested(self, id: int, order: Order) -> None:
        self._driver.emit(MARKET_ADDRESS, rested(id, order, self._state))


class LiveDriver(TransactionDriver):
    """Runs an engine with transactions, and hears the logs of both contracts."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._seen: set[int] = set()
        self._heard: list[Emitted | tuple[Fact, bytes | None]] = []
        self._settled_at = 0  # where in them the block of a round is used that is being settled
        engine.market.exchange.watch = BookWatch(self, engine.state)
        for schema in HEARD:
            self._tap(schema.name, engine.records.table(schema))

    def emit(self, address: bytes, log: Log) -> None:
        """Take in a log."""
        self._heard.append(Emitted(address, log, self.sender))

    def take(self) -> Iterator[Emitted]:
        """The logs since the last time; they are written when they are read."""
        heard = self._heard
        self._heard = []
        return chain.from_iterable(map(self._written, heard))

    def open(self) -> None:
        super().open()
        self._tell_draws()

    def _open_slot(self) -> None:
        super()._open_slot()
        self._tell_draws()

    def _draw_late(self) -> None:
        super()._draw_late()
        self._tell_draws()

    def _propose(self) -> None:
        start = len(self._heard)
        super()._propose()
        new = enumerate(self._heard[start:], start)
        burns = (place for place, heard in new if not isinstance(heard, Emitted) and is_burn(heard[0]))
        self._settled_at = next(burns, len(self._heard))

    def _end_slot(self, settled: Settled) -> None:
        drawn = self._state.draws.get(self._state.slot)
        if self._state.rules.round > 1 and drawn is not None and drawn.ticket is not None:
            used = Fact("used", (drawn.ticket, self._state.slot, settled.outcome.status))
            self._heard.insert(self._settled_at, (used, None))
        super()._end_slot(settled)

    def _tell_draws(self) -> None:
        """The draws that have not been told yet, in the order of the blocks with which their rounds begin."""
        draws, size = self._state.draws, self._state.rules.round
        self._seen &= draws.keys()
        for block in sorted(draws.keys() - self._seen):
            serial, urn = draws[block]
            if serial is not None and block % size == 0:
                self._seen.add(block)
                self.hear("draws", (serial, block, urn))

    def _tap(self, name: str, table: Table) -> None:
        table.append = Tap(self, name, table.append)

    def hear(self, name: str, row: tuple[Any, ...]) -> None:
        """A table has one row more."""
        heard = Fact(name, row), self.sender
        if is_mint(heard[0]):  # its log tells what the ticket says, which may be burned later
            self._heard.extend(self._written(heard))
        else:
            self._heard.append(heard)

    def _written(self, heard: Emitted | tuple[Fact, bytes | None]) -> Iterable[Emitted]:
        if isinstance(heard, Emitted):
            return (heard,)
        fact, sender = heard
        tickets = expected_logs([fact], self._state)
        markets = MARKET_WRITERS[fact.table](fact.row, self._state) if fact.table in MARKET_WRITERS else ()
        return [
            *(Emitted(TICKETS_ADDRESS, log, sender) for log in tickets),
            *(Emitted(MARKET_ADDRESS, log, sender) for log in markets),
        ]
