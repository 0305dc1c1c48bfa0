"""A process for each of a few works, forked off this one.

A fork has all that is loaded and put together here, so that it begins in a few milliseconds and nothing has to
pickle: neither the user's strategies nor what holds them. (A spawned process takes a second of CPU to import what
it needs, and a server that forks wants a pickle.) What a fork costs is memory, as pages are written; and threads
are not forked, so that whoever calls this says that none is needed (`experiments.lab.played.structures_at_once`).
"""

from __future__ import annotations

import gc
import mmap
import os
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import Any, TypeVar

from experiments.lab.processes.owner import watch
from experiments.lab.processes.voice import ENDS, STOPS, Voice, WorkOutcome, outcome_of_error

TICK_SECONDS = 0.1
GRACE_SECONDS = 10.0
"""How long a worker may take to end that is told to end at once."""
ENDED = "ended"
WARNING = "warning"

T = TypeVar("T")
Name = TypeVar("Name", bound=str)
Work = Callable[[Voice], T]
Hear = Callable[..., object]
"""Takes the name of a work and what its worker says."""


def side_by_side(
    works: Mapping[Name, Work[T]],
    at_once: int,
    hear: Hear = lambda *_: None,
    goes_on: Callable[[], bool] = lambda: True,
    first: Sequence[Name] = (),
) -> dict[Name, T]:
    """What each work gives back, by name, in their order. `at_once` are done at a time, those named `first` first.

    `goes_on` is asked all the time: once it says no, all that have begun are told to stop, and no other begins.
    Raises what the first work of all, in their order, has raised, as if they had been done one after the other:
    those after it are told to stop. Raises `ChildProcessError` where a worker was killed. No worker outlives this.
    """
    crew = Crew(works, at_once, first)
    try:
        while crew.is_busy:
            for name, words in crew.heard():
                hear(name, *words)
            if not goes_on():
                crew.stop()
        return crew.values()
    finally:
        crew.end()


class Crew:
    """The works that wait, the workers that are at one, and what has come of those that are done."""

    def __init__(self, works: Mapping[Any, Work[Any]], at_once: int, first: Sequence[str]) -> None:
        self._order = list(works)
        self._waiting = {name: works[name] for name in (*first, *works)}
        self._at_once = at_once
        self._workers: dict[str, Worker] = {}
        self._outcomes: dict[str, WorkOutcome] = {}
        self._warned: set[tuple[Any, ...]] = set()

    @property
    def is_busy(self) -> bool:
        """Whether something is still to be done."""
        return bool(self._waiting or self._workers)

    def heard(self) -> Iterator[tuple[str, tuple[Any, ...]]]:
        """What workers say within a tick, other than their warnings and how they end."""
        self._begin()
        wait([place for worker in self._workers.values() for place in worker.places], TICK_SECONDS)
        for name, worker in list(self._workers.items()):
            for words in worker.heard():
                if words[0] == WARNING:
                    self._warn(*words[1:])
                else:
                    yield name, words
            if worker.outcome is not None:
                self._done(name, worker.outcome)

    def stop(self) -> None:
        """Nothing begins any more, and what has begun stops where it can be gone on from."""
        self._waiting.clear()
        for worker in self._workers.values():
            worker.tell(STOPS)

    def values(self) -> dict[Any, Any]:
        """What has come of those that had begun. Raises what the first of them raised."""
        done = {name: self._outcomes[name] for name in self._order if name in self._outcomes}
        for outcome in done.values():
            if outcome.error is not None:
                raise outcome.error from Elsewhere(outcome.trace)
        return {name: outcome.value for name, outcome in done.items()}

    def end(self) -> None:
        """Nobody works any more."""
        workers = list(self._workers.values())
        for worker in workers:
            worker.tell(ENDS)
        for worker in workers:
            worker.kill()

    def _begin(self) -> None:
        while self._waiting and len(self._workers) < self._at_once:
            name = next(iter(self._waiting))
            self._workers[name] = Worker(name, self._waiting.pop(name))

    def _done(self, name: str, outcome: WorkOutcome) -> None:
        self._outcomes[name] = outcome
        self._workers.pop(name).kill()
        if outcome.error is None:
            return
        for later in self._order[self._order.index(name) + 1 :]:
            self._waiting.pop(later, None)
            if later in self._workers:
                self._workers[later].tell(STOPS)

    def _warn(self, *warning: Any) -> None:
        if warning not in self._warned:
            self._warned.add(warning)
            warnings.warn_explicit(*warning)


class Elsewhere(Exception):
    """The traceback in the process in which something was raised."""

    def __str__(self) -> str:
        return f"\n{self.args[0]}"


class Worker:
    """A process at work; `outcome` is None as long as it is."""

    def __init__(self, name: str, work: Work[Any]) -> None:
        self.name = name
        self.outcome: WorkOutcome | None = None
        self._order = mmap.mmap(-1, 1)
        self._line, other = CONTEXT.Pipe(duplex=False)
        self.process = CONTEXT.Process(target=labour, args=(work, other, self._order, os.getpid()), name=name)
        self.process.start()
        other.close()

    @property
    def places(self) -> list[Connection | int]:
        """Where something is to be read once there is something to hear."""
        return [self._line, self.process.sentinel]

    def heard(self) -> Iterator[tuple[Any, ...]]:
        """What it says now, but for how it ends."""
        with suppress(EOFError, ConnectionError):
            while self.outcome is None and self._line.poll():
                words = self._line.recv()
                if words[0] == ENDED:
                    self.outcome = words[1]
                else:
                    yield words
            if self.outcome is not None or self.process.is_alive() or self._line.poll():
                return
        if self.outcome is None:
            self.kill()
            self.outcome = WorkOutcome(error=ChildProcessError(self._death()))

    def tell(self, order: int) -> None:
        """Tell it to stop, or to end at once."""
        self._order[0] = max(order, self._order[0])
        if order == ENDS and self.process.is_alive():
            self.process.terminate()

    def kill(self) -> None:
        """End it, after a while by force."""
        try:
            self.process.join(GRACE_SECONDS)
        finally:
            self.process.kill()
            self.process.join()

    def _death(self) -> str:
        code = self.process.exitcode or 0
        how = f"ended with {code}" if code >= 0 else f"was killed by {signal.Signals(-code).name}"
        return f"{self.name}: its process {how}, as it would be for want of memory"


CONTEXT = get_context("fork")


def labour(work: Work[Any], line: Connection, order: mmap.mmap, owner: int) -> None:
    """Do a work in the process that was forked off for it, and leave: nothing of the owner's is cleared up here,
    and threads that a strategy has left behind are not waited for."""
    gc.freeze()  # what the owner has put together is no garbage here
    voice = Voice(line, order)
    voice.take_signals()
    voice.take_warnings()
    write_by_itself()
    watch(owner)
    try:
        voice.say(ENDED, done(work, voice))
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(0)


def done(work: Work[Any], voice: Voice) -> WorkOutcome:
    """What comes of a work."""
    try:
        return WorkOutcome(work(voice))
    except BaseException as error:
        return outcome_of_error(error)


def write_by_itself() -> None:
    """Where the owner's output goes through a progress bar, write past it."""
    for name, number in (("stdout", 1), ("stderr", 2)):
        if hasattr(getattr(sys, name), "rich_proxied_file"):
            setattr(sys, name, open(number, "w", buffering=1, closefd=False, errors="backslashreplace"))  # noqa: SIM115
