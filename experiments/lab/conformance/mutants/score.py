"""How many mutants were noticed, and which were not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from experiments.lab.conformance.mutants.equivalents import Change, change_of
from experiments.lab.conformance.mutants.mutant import Mutant
from experiments.lab.conformance.mutants.trial_of_mutant import Fate

LEAST = 0.95
"""The share of the mutants that do something else than the contract which must be noticed."""
EQUIVALENT = "equivalent"


class TriedMutant(NamedTuple):
    """A mutant, what has become of it, and why that had to be where the table of equivalents has it."""

    mutant: Mutant
    fate: Fate
    reason: str | None = None

    @property
    def verdict(self) -> str:
        """What it counts as."""
        if self.fate.verdict == "survived" and self.reason is not None:
            return EQUIVALENT
        return self.fate.verdict

    @property
    def row(self) -> dict[str, Any]:
        """It and its fate as JSON has them."""
        described = self.mutant._asdict()
        del described["text"]
        return described | {"verdict": self.verdict, "by": self.fate.by, "words": self.reason or self.fate.words}


class Score(NamedTuple):
    """Of what was tried, how much was noticed."""

    tried: Sequence[TriedMutant]

    @property
    def counts(self) -> Counter[str]:
        """How many there are of each verdict."""
        return Counter(one.verdict for one in self.tried)

    @property
    def share(self) -> float:
        """Of those that do something else than the contract, how many were noticed; all where there are none."""
        counts = self.counts
        return counts["killed"] / max(counts["killed"] + counts["survived"], 1) if counts["survived"] else 1.0

    @property
    def wrongly_excused(self) -> list[TriedMutant]:
        """Those that the table calls equivalent, and that were noticed."""
        return [one for one in self.tried if one.reason is not None and one.verdict == "killed"]

    @property
    def is_enough(self) -> bool:
        """Whether the tests are as good as they must be."""
        return self.share >= LEAST and not self.wrongly_excused

    @property
    def sentence(self) -> str:
        """All of it in a line."""
        counts = self.counts
        changed = counts["killed"] + counts["survived"]
        return (
            f"{len(self.tried):,} mutants: of {changed:,} that change what the contract does "
            f"{counts['killed']:,} were noticed ({self.share:z.1%}), {counts['survived']:,} were not; "
            f"{counts[EQUIVALENT]:,} are known to do the same, {counts['same code']:,} are the same code, "
            f"{counts['not compiled']:,} are none that compile"
        )

    @property
    def data(self) -> dict[str, Any]:
        """All of it as JSON has it."""
        return {"score": self.share, "counts": self.counts, "mutants": [one.row for one in self.tried]}


def scored(mutants: Iterable[Mutant], fates: Mapping[Mutant, Fate], equivalents: Mapping[Change, str]) -> Score:
    """The score of these mutants; those without a fate were not tried, since nobody would notice."""
    return Score(
        [
            TriedMutant(mutant, fates.get(mutant, Fate("survived")), equivalents.get(change_of(mutant)))
            for mutant in mutants
        ]
    )
