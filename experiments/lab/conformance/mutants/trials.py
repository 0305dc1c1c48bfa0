"""All mutants, each in a process of its own, some of them at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from experiments.lab.conformance.mutants.contract_tests import Killer
from experiments.lab.conformance.mutants.mutant import Mutant
from experiments.lab.conformance.mutants.trial_of_mutant import Fate, Sources, fate_of, silence
from experiments.lab.processes import Voice, side_by_side

Hear = Callable[[Mutant, Fate], object]
"""Is told of each mutant when its fate is known."""


class OwnFault(Exception):
    """What is held against mutants finds a fault in the contract itself."""


def cheapest_first(killers: Sequence[Killer]) -> list[Killer]:
    """Those first that take least, so that most mutants are out of the way soon."""

    def timed(voice: Voice) -> dict[str, float]:  # noqa: ARG001
        silence()
        return {killer.name: seconds_of(killer) for killer in killers}

    seconds = side_by_side({"timing": timed}, 1)["timing"]
    return sorted(killers, key=lambda killer: seconds[killer.name])


def seconds_of(killer: Killer) -> float:
    start = time.process_time()
    killer.notices()
    return time.process_time() - start


class Trials:
    """What mutants of `sources` are held against, `jobs` of them at a time."""

    def __init__(self, sources: Sources, killers: Sequence[Killer], jobs: int) -> None:
        self._sources = sources
        self._killers = killers
        self._jobs = jobs

    def fates(self, mutants: Sequence[Mutant], hear: Hear = lambda *_: None) -> list[Fate]:
        """What becomes of each.

        Raises `OwnFault` where the sources themselves would not survive.
        """
        files = sorted({mutant.file for mutant in mutants})
        for file, fate in zip(files, self._try([self._unharmed(file) for file in files]), strict=True):
            if fate.verdict != "same code":
                raise OwnFault(f"{file} without a fault is {fate.verdict} by {fate.by}: {fate.words}")
        return self._try(mutants, hear)

    def _unharmed(self, file: str) -> Mutant:
        text = (self._sources.folder / file).read_text(encoding="utf-8")
        return Mutant(file, "", "no change", 0, "", "", text)

    def _try(self, mutants: Sequence[Mutant], hear: Hear = lambda *_: None) -> list[Fate]:
        works = {str(number): partial(self._tried, mutant) for number, mutant in enumerate(mutants)}
        done = side_by_side(works, self._jobs, lambda name, fate: hear(mutants[int(name)], fate))
        return list(done.values())

    def _tried(self, mutant: Mutant, voice: Voice) -> Fate:
        fate = fate_of(mutant, self._sources, self._killers)
        voice.say(fate)
        return fate
