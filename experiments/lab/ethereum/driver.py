"""A run that takes part in transactions: they are played in the next slot, and end up in its block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chain.evm.abi import Log
from chain.records import Table
from chain.rpc.history import Emitted
from chain.rpc.tickets import TICKETS_ADDRESS
from chain.titles import TICKETS, TRANSFERS
from experiments.lab.assembly import Engine
from experiments.lab.driver import Driver
from experiments.lab.twin.events import Fact, expected_logs
from market.trades import TRADES

HEARD = (TICKETS, TRANSFERS, TRADES)
Play = Callable[[bool, int], None]
"""Plays the transactions that wait; told whether the primary sale is open, and the milliseconds."""


class LiveDriver(Driver):
    """Runs an engine, hears the logs of its ticket contract, and lets `play` in before sales are cleared."""

    def __init__(self, engine: Engine, play: Play) -> None:
        super().__init__(engine)
        self._play = play
        self._seen: set[int] = set()
        self.emitted: list[Emitted] = []
        self.sender: bytes | None = None  # the transaction that is being played
        for schema in HEARD:
            self._tap(schema.name, engine.records.table(schema))

    def emit(self, address: bytes, log: Log) -> None:
        """Take in a log."""
        self.emitted.append(Emitted(address, log, self.sender))

    def take(self) -> list[Emitted]:
        """The logs since the last time."""
        emitted, self.emitted = self.emitted, []
        return emitted

    def open(self) -> None:
        super().open()
        self._tell_draws()

    def _draw(self) -> None:
        super()._draw()
        self._tell_draws()

    def _late_draw(self) -> None:
        super()._late_draw()
        self._tell_draws()

    def _clear_sales(self) -> None:
        self._play(False, self._clock.ms)
        super()._clear_sales()

    def _clear_lots(self) -> None:
        if self._engine.state.slot >= 0:
            self._play(True, self._clock.ms)
        super()._clear_lots()

    def _tell_draws(self) -> None:
        """The draws that have not been told yet, in the order of their blocks."""
        draws = self._engine.state.draws
        self._seen &= draws.keys()
        for block in sorted(draws.keys() - self._seen):
            serial, urn = draws[block]
            if serial is not None:
                self._seen.add(block)
                self._hear("draws", (serial, block, urn))

    def _tap(self, name: str, table: Table) -> None:
        write = table.append

        def append(row: tuple[Any, ...]) -> None:
            write(row)
            self._hear(name, row)

        table.append = append

    def _hear(self, name: str, row: tuple[Any, ...]) -> None:
        for log in expected_logs([Fact(name, row)], self._engine.state):
            self.emit(TICKETS_ADDRESS, log)
