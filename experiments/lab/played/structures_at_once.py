"""The structures of a run: one after the other, or side by side in a process each.

Either way the folder and the results are the same. Side by side they take as much memory as so many runs.
"""

from __future__ import annotations

import os
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa

from experiments.lab.config.config import Config
from experiments.lab.config.effort import UNSIGNED, effort_of
from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.processes import Voice, cores, is_worker
from experiments.lab.processes.unended import watch_the_end
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.way_on import Tell
from experiments.lab.terminal.left_over import leave_elsewhere, left_over

Progress = Callable[[str, int, int], bool]
"""Called after each slot with the structure, the blocks done and the trades so far; False stops the run. Where
structures are played side by side it is called a few times a second for each."""

Part = Callable[[Progress, Tell], Result]
"""Plays one structure to its end, or until the progress says that it is enough."""

AFTER = "; structures are played one after the other"
STRICT = "strict shows the first violation of all, with its traceback"
LIVE = f"a live run is played again by its one journal{AFTER}"
WORTH_SECONDS = 1.0
"""A run of less CPU time, by its estimate, gains nothing by processes that nobody asked for."""
SAID_EVERY = 0.1  # seconds between two words of a process about how far it is


class Threads(NamedTuple):
    """The threads of this process: those that Python knows, and how many there are of all."""

    known: frozenset[threading.Thread]
    in_all: int


def threads_now() -> Threads:
    """The threads of this process."""
    tasks = Path("/proc/self/task")
    known = frozenset(threading.enumerate())
    return Threads(known, len(os.listdir(tasks)) if tasks.is_dir() else len(known))


def checked_jobs(jobs: int | None) -> int | None:
    """Raises `InputError` for a number of processes that is none."""
    if jobs is not None and jobs < 1:
        raise InputError(f"jobs: {jobs} is less than 1; leave it out for the cores that there are")
    return jobs


def processes_for(config: Config, structures: int, jobs: int | None, signed: bool, obstacle: str | None) -> int:
    """How many structures are played at a time: as many as `jobs` says; where it is None, all of them if there is
    more than one core and the run is long enough. One where there is an `obstacle`, which is told to who wanted
    more."""
    if jobs is None:
        is_worth_it = cores() > 1 and seconds_of(config, signed) >= WORTH_SECONDS
        return structures if is_worth_it and obstacle is None else 1
    wanted = min(jobs, structures)
    if structures == 1:
        obstacle = "the run has one market structure, which takes one process"
    if jobs > 1 and obstacle is not None:
        warnings.warn(f"jobs = {jobs}: {obstacle}", stacklevel=4)
        return 1
    return wanted


def seconds_of(config: Config, signed: bool) -> float:
    """The CPU time that all structures will take, estimated."""
    effort = effort_of(config)
    return sum(effort.by_structure.values()) * (1 if signed else UNSIGNED)


def obstacle_of_terms(strict: bool, is_driven_as_ever: bool = True) -> str | None:
    """Why the way in which a run is asked for takes one process; None where it does not."""
    if strict:
        return f"{STRICT}{AFTER}"
    return None if is_driven_as_ever else f"what drives the run, like a twin, is in this process{AFTER}"


def obstacle_of(before: Threads, has_own_code: bool = False) -> str | None:
    """Why this process cannot be forked; None where it can. `before`: its threads before it loaded strategies."""
    if is_worker():
        return f"this process works for another already{AFTER}"
    if sys.platform != "linux":
        return f"a process is forked for each structure on Linux alone{AFTER}"
    now = threads_now()
    if now.known - before.known or (has_own_code and now.in_all > before.in_all):
        return f"strategies have begun threads, which another process would not have{AFTER}"
    return None


class Playing(NamedTuple):
    """The structures of a run that are to be played, each by its part, `at_once` at a time.

    `keeper` has the folder of the run where that is temporary.
    """

    config: Config
    parts: Mapping[str, Part]
    at_once: int
    keeper: KeptFolder | None = None

    def play(self, progress: Progress | None, tell: Tell) -> dict[str, Result]:
        """The results by structure: up to the first that was stopped, where one is played after the other."""
        watched = progress or (lambda *_: True)
        if self.at_once == 1:
            return one_after_the_other(self.parts, watched, tell)
        return at_the_same_time(self, watched, tell)


def one_after_the_other(parts: Mapping[str, Part], progress: Progress, tell: Tell) -> dict[str, Result]:
    """In this process."""
    results: dict[str, Result] = {}
    for structure, part in parts.items():
        results[structure] = part(progress, tell)
        if not results[structure].finished:
            break
    return results


def at_the_same_time(playing: Playing, progress: Progress, tell: Tell) -> dict[str, Result]:
    """In a process each, the longest first."""
    from experiments.lab.processes import side_by_side  # slow to import

    desk = FrontDesk(playing.parts, progress, tell)
    works = {name: partial(play_for_owner, part) for name, part in playing.parts.items()}
    first = longest_first(playing.config, playing.parts)
    load_ahead()
    ended = side_by_side(works, playing.at_once, desk.hear, desk.goes_on, first)
    leave_elsewhere(sorted({name for played in ended.values() for name in played.threads}))
    return {name: Result(*played.result, playing.keeper) for name, played in ended.items()}


def load_ahead() -> None:
    """Let Arrow look for pandas here, once, as it would in each process: finding it takes half a second of CPU."""
    pa.array([])


def longest_first(config: Config, structures: Mapping[str, Any]) -> list[str]:
    """Structures by the time that they take."""
    seconds = effort_of(config).by_structure
    return sorted(structures, key=lambda name: -seconds.get(name, 0.0))


class FrontDesk:
    """Takes what the processes say about how far they are."""

    def __init__(self, structures: Iterable[str], progress: Progress, tell: Tell) -> None:
        self._progress = progress
        self._tell = tell
        self._stands = dict.fromkeys(structures, (0, 0))  # who watches is asked also where none comes past a slot

    def hear(self, structure: str, kind: str, *what: Any) -> None:
        """One of them says something."""
        if kind == "told":
            self._tell(*what)
        else:
            self._stands[structure] = what[0], what[1]

    def goes_on(self) -> bool:
        """Whether whoever watches wants them to."""
        stands = [self._progress(name, *stand) for name, stand in self._stands.items()]
        return all(stands)


class PlayedPart(NamedTuple):
    """What a process sends of a result, and the names of threads that strategies have left behind."""

    result: tuple[Path, dict[str, Any], bool]
    threads: list[str]


def play_for_owner(part: Part, voice: Voice) -> PlayedPart:
    """Play a structure in a process of its own."""
    say = partial(voice.say, "told")
    watch_the_end(lambda: voice.is_stopped, say)
    before = threading.enumerate()
    milestones = Milestones(voice)
    result = part(milestones, say)
    milestones.say()
    threads = [thread.name for thread in left_over(before)]
    return PlayedPart((result.path, dict(result.summary), result.finished), threads)


class Milestones:
    """The progress of a structure, said now and then."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._due = 0.0
        self._stand: tuple[int, int] | None = None

    def __call__(self, structure: str, done: int, trades: int) -> bool:  # noqa: ARG002
        """False once the owner says so."""
        self._stand = done, trades
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + SAID_EVERY
            self.say()
        return not self._voice.is_stopped

    def say(self) -> None:
        """Say how far it is now."""
        if self._stand is not None:
            self._voice.say("at", *self._stand)
