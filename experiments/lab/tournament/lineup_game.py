"""The game of all lineups: what an entrant earns in a market of any others, and what it would earn as another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import comb

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics import ONE_DRAW, Sampling, describe
from experiments.lab.tournament.better_response import Move, Profile
from experiments.lab.tournament.formats import Lineup

Array = npt.NDArray[np.float64]

DIGITS = 12  # of a gain in ETH, a thousandth of a Gwei: what is beyond is rounding


class LineupGame:
    """A game whose players are alike: a profile says how many seats each entrant has, not which.

    `payoffs[profile][entrant]`: ETH a run and seat by seed, the mean over the entrant's seats in all lineups of
    the profile. `sampling` says what they are made of.
    """

    def __init__(
        self, lineups: Sequence[Lineup], profits: Array, entrants: int, sampling: Sampling = ONE_DRAW
    ) -> None:
        self.sampling = sampling
        self.entrants = entrants
        self.seats = len(lineups[0])
        self.payoffs = {
            profile: {entrant: earned(lineups, profits, numbers, entrant) for entrant in set(profile)}
            for profile, numbers in by_profile(lineups).items()
        }

    @property
    def is_whole(self) -> bool:
        """Whether every profile was played."""
        return len(self.payoffs) == comb(self.seats + self.entrants - 1, self.seats)

    def moves(self) -> dict[Profile, list[Move]]:
        """Whatever one player alone can do from each profile."""
        return {profile: list(self._moves_from(profile)) for profile in sorted(self.payoffs)}

    def _moves_from(self, profile: Profile) -> Iterator[Move]:
        for mover in sorted(set(profile)):
            for to in range(self.entrants):
                if to != mover:
                    yield self._move(profile, mover, to)

    def _move(self, profile: Profile, mover: int, to: int) -> Move:
        others = list(profile)
        others.remove(mover)
        reached = tuple(sorted([*others, to]))
        gain = self.payoffs[reached][to] - self.payoffs[profile][mover]
        return Move(mover, to, reached, describe(np.round(gain, DIGITS), self.sampling))


def by_profile(lineups: Sequence[Lineup]) -> dict[Profile, list[int]]:
    """The numbers of the lineups of each profile."""
    found: defaultdict[Profile, list[int]] = defaultdict(list)
    for number, lineup in enumerate(lineups):
        found[tuple(sorted(lineup))].append(number)
    return found


def earned(lineups: Sequence[Lineup], profits: Array, numbers: list[int], entrant: int) -> Array:
    """What an entrant earns in some lineups, the mean over its seats, by seed."""
    seats = [(number, seat) for number in numbers for seat, one in enumerate(lineups[number]) if one == entrant]
    return np.asarray(np.mean([profits[number, :, seat] for number, seat in seats], axis=0))
