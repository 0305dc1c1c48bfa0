"""The block clock: slots on SimPy, in whole milliseconds.

Events at the same millisecond happen in the order (phase, order of scheduling); nothing depends on hashes
or memory addresses. Nothing is scheduled beyond the end of its slot, so that between two slots the clock is
just a number and a run can go on from a checkpoint.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import IntEnum
from typing import Any

import simpy

Action = Callable[[], None]


class Phase(IntEnum):
    """The phases of a slot, in the order in which ties are settled."""

    DRAW = 0
    OFFER = 1
    BID = 2
    CLEAR = 3
    CLAIM = 4
    SELL_BLOCK = 5
    BUILD = 6
    PROPOSE = 7
    PRIMARY = 8
    CLOSE = 9


class Due(simpy.Event):
    """An event that has happened as it is scheduled, and of which one action comes."""

    _ok = True
    _value = None

    def __init__(self, env: simpy.Environment, action: Action) -> None:
        self.env = env
        self.action = action
        self.callbacks = ACT


def act(due: Due) -> None:
    due.action()


ACT: Any = (act,)
"""What SimPy calls as an event happens: the same of all events, so that none need make its own."""


class Clock:
    """Slots of `slot_ms` milliseconds, from slot `first` on."""

    def __init__(self, slot_ms: int, first: int = 0) -> None:
        self.slot_ms = slot_ms
        self.ms = 0
        """Milliseconds since the slot began."""
        self._start = first * slot_ms
        self._env = simpy.Environment(initial_time=self._start)

    def __getstate__(self) -> tuple[int, int]:
        return self.slot_ms, self._start

    def __setstate__(self, state: tuple[int, int]) -> None:
        self.slot_ms, self._start = state
        self.ms = 0
        self._env = simpy.Environment(initial_time=self._start)

    def at(self, ms: int, phase: Phase, action: Action) -> None:
        """Run `action` `ms` milliseconds into the slot, but not before now nor after the slot's end."""
        event = Due(self._env, action)
        delay = (ms if ms < self.slot_ms else self.slot_ms) - self.ms
        self._env.schedule(event, phase, delay if delay > 0 else 0)  # type: ignore[arg-type]

    def run_slot(self) -> None:
        """Run to the end of the slot; what happens at its last millisecond is part of it."""
        end = self._start + self.slot_ms
        while (due := self._env.peek()) <= end:
            self.ms = int(due) - self._start
            self._env.step()
        self._start = end
        self.ms = 0
        if self._env.now < end:  # nothing happened at its last millisecond
            self._env = simpy.Environment(initial_time=end)
