"""The cases of an experiment: one after the other, or side by side in a process each."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from experiments.lab.played.structures_at_once import (
    Milestones,
    Progress,
    obstacle_of,
    obstacle_of_terms,
    threads_now,
)
from experiments.lab.processes import Voice, cores, side_by_side
from experiments.lab.processes.told_once import told_by, warn_once

if TYPE_CHECKING:
    from experiments.lab.study.settings import Settings

Given = TypeVar("Given")
Found = TypeVar("Found")
WARNED = "warned"
"""In what a case says: a warning that is given once."""
CASES = "cases"
"""What the progress bar calls those that are played side by side."""


def each_case(settings: Settings, work: Callable[[Settings, Given], Found], cases: Iterable[Given]) -> list[Found]:
    """What `work` finds in each case, in their order. It has to pickle where `settings.jobs` is not 1."""
    every = list(cases)
    at_once = processes_for_cases(settings, len(every))
    if at_once == 1:
        return [work(settings, case) for case in every]
    works = {str(number): partial(play_case, settings, work, case) for number, case in enumerate(every)}
    tally = CaseTally(settings.progress)
    return list(side_by_side(works, at_once, tally.hear, tally.goes_on).values())


def processes_for_cases(settings: Settings, cases: int) -> int:
    """How many cases are played at a time: as many as `jobs` says, or as there are cores."""
    obstacle = obstacle_of_terms(settings.strict) or obstacle_of(threads_now())
    wanted = min(settings.jobs or cores(), cases)
    if obstacle is None or wanted <= 1:
        return max(wanted, 1)
    if settings.jobs is not None:
        warnings.warn(f"jobs = {settings.jobs}: {obstacle}", stacklevel=4)
    return 1


def play_case(settings: Settings, work: Callable[[Settings, Given], Found], case: Given, voice: Voice) -> Found:
    """A case in a process of its own; what it warns of is told by the owner, once."""
    with told_by(partial(voice.say, WARNED)):
        return work(replace(settings, jobs=1, progress=Milestones(voice)), case)


class CaseTally:
    """What all cases have played so far, as one."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._ended: dict[str, list[int]] = {}  # blocks and trades of the runs of a case that have ended
        self._stands: dict[str, Sequence[int]] = {}

    def hear(self, case: str, kind: str, *what: Any) -> None:
        """A case says something."""
        if kind == WARNED:
            warn_once(*what)
        else:
            self._note(case, what)

    def _note(self, case: str, stand: Sequence[int]) -> None:
        """How far its present run is; it may have several."""
        before = self._stands.get(case, (0, 0))
        if stand[0] < before[0]:
            ended = self._ended.setdefault(case, [0, 0])
            ended[:] = [one + other for one, other in zip(ended, before, strict=True)]
        self._stands[case] = stand

    def goes_on(self) -> bool:
        """Whether whoever watches wants them to."""
        if self._progress is None or not self._stands:
            return True
        both = [*self._stands.values(), *self._ended.values()]
        return self._progress(CASES, *map(sum, zip(*both, strict=True)))
