"""The process of one agent's strategies, as the run asks it."""

from __future__ import annotations

from typing import Any, NamedTuple, NoReturn

from chain.clock import Phase
from chain.wording import MOST_TOLD, alike, one_line
from experiments.lab.assembly.isolation.birth import Birth
from experiments.lab.assembly.isolation.child_process import START_SECONDS, ChildProcess
from experiments.lab.assembly.isolation.wire import MOST_BYTES, OUT_OF_MEMORY, Ended, Garbled, TookTooLong, read
from market.errors import StrategyExited, StrategyOutOfMemory, StrategyRaised, StrategyTimedOut
from market.fitting import Unfit
from market.intents import Intent
from market.participant import MOST_INTENTS
from market.view import View

SAVE_SECONDS = 600.0
"""How long a strategy may take to be saved: that never costs it a turn."""


class CannotStart(Exception):
    """What the strategy raised as it was told the rules of the game."""


class CannotBeSaved(Exception):
    """What the strategy raised as it was to be saved."""


class Limits(NamedTuple):
    """What a decision may take: milliseconds by the clock (None: any time), and MB beside what the process begins
    with; after `strikes` losses the place is lost."""

    decision_ms: int | None
    memory_mb: int
    strikes: int


class Cell:
    """A process with one agent's strategies. It lives until it is closed, or loses.

    Whatever asks it raises `StrategyTimedOut`, `StrategyOutOfMemory` or `StrategyExited` where it does not answer;
    then it is no more.
    """

    def __init__(self, birth: Birth, memory: bytes | None, limits: Limits) -> None:
        """Begins anew, or from a memory. Raises `CannotStart`."""
        self._limits = limits
        self._process = ChildProcess()
        about = birth.group, birth.folder, birth.setup
        kind, value = self._ask(START_SECONDS, MOST_BYTES, "begin", *about, memory, limits.memory_mb)
        if kind == "failed":
            self.close()
            raise CannotStart(one_line(str(value), MOST_TOLD))
        self._expect("ready", kind)

    def decide(self, number: int, phase: Phase, view: View) -> list[Intent | Unfit]:
        """The intents of one of the strategies. Raises `StrategyRaised` with what the strategy raised."""
        time = None if self._limits.decision_ms is None else self._limits.decision_ms / 1000
        kind, value = self._ask(time, MOST_BYTES, "decide", number, phase, view)
        if kind == "raised":
            raise StrategyRaised(alike(str(value), MOST_TOLD))
        self._expect("intents", kind)
        if not isinstance(value, list) or len(value) > MOST_INTENTS:
            self._lose()
        try:
            return [read(item) for item in value]
        except Garbled:
            self._lose()

    def remember(self) -> bytes:
        """What the strategies remember, for another process. Raises `CannotBeSaved`."""
        most = self._limits.memory_mb * 2**20 + MOST_BYTES
        kind, value = self._ask(SAVE_SECONDS, most, "remember")
        if kind == "unsaved":
            raise CannotBeSaved(one_line(str(value)))
        self._expect("bytes", kind)
        memory: bytes = value
        return memory

    def close(self) -> None:
        """End the process and all that it started in its session."""
        self._process.close()

    def _ask(self, seconds: float | None, most_bytes: int, *question: Any) -> tuple[str, Any]:
        if seconds != self._process.wire.seconds:
            self._process.allow(seconds)
        try:
            self._process.wire.tell(question)
            kind, value = self._process.wire.answered(most_bytes)
        except TookTooLong:
            self.close()
            raise StrategyTimedOut(f"no answer within {(seconds or 0) * 1000:z.0f} ms") from None
        except (Ended, Garbled):
            self._lose()
        if kind == OUT_OF_MEMORY:
            self.close()
            raise StrategyOutOfMemory(f"it took more than {self._limits.memory_mb} MB")
        return kind, value

    def _expect(self, wanted: str, kind: str) -> None:
        if kind != wanted:
            self._lose()

    def _lose(self) -> NoReturn:
        self.close()
        raise StrategyExited("its process ended, or answered with something that is no list of intents")
