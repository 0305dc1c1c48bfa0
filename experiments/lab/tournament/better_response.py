"""Better-response dynamics: one player after the other does what pays it more, until nobody finds anything.

A move counts where its gain is beyond its error: where the interval of the gain, paired by seed, lies above 0
(`is_above`); with one seed, where the gain does. Paths of such moves are improvement paths (Monderer and Shapley
1996). Where they can end is a sink: a profile that none leads out of, or several among which they go round for
ever (Goemans, Mirrokni and Vetta 2005).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from experiments.lab.statistics import Statistics
from experiments.lab.tournament.lineup_words import seated
from experiments.lab.tournament.standings import is_more

Profile = tuple[int, ...]
"""What all players play, by number."""

Labels = Sequence[str]
Moves = Mapping[Profile, Sequence["Move"]]


class Move(NamedTuple):
    """A player of `mover` turns to `to`, and so to the profile `reached`. `gain` is its own, with its interval."""

    mover: int
    to: int
    reached: Profile
    gain: Statistics

    def as_dict(self, labels: Labels) -> dict[str, Any]:
        """Plain data."""
        words = {"mover": labels[self.mover], "to": labels[self.to], "reached": seated(labels, self.reached)}
        return {**words, "gain": self.gain}


class Walk(NamedTuple):
    """What happens from a profile on where who gains most moves. `cycle` is what it goes round in; empty where the
    last profile is a stop."""

    start: Profile
    steps: tuple[Move, ...]
    cycle: tuple[Profile, ...]

    @property
    def end(self) -> Profile:
        """The last profile."""
        return self.steps[-1].reached if self.steps else self.start

    def as_dict(self, labels: Labels) -> dict[str, Any]:
        """Plain data."""
        return {
            "start": seated(labels, self.start),
            "steps": [step.as_dict(labels) for step in self.steps],
            "end": seated(labels, self.end),
            "cycle": [seated(labels, profile) for profile in self.cycle],
        }


class BetterResponse:
    """The dynamics of a game. `moves` has all moves of one player from each profile, whatever they gain."""

    def __init__(self, moves: Moves) -> None:
        self.moves = moves
        self.better = {profile: [move for move in all_ if is_more(move.gain)] for profile, all_ in moves.items()}

    def stops(self) -> list[Profile]:
        """The profiles from which nobody moves."""
        return [profile for profile, moves in self.better.items() if not moves]

    def tempting(self, profile: Profile) -> Move | None:
        """The move from a profile that gains most, though not for sure; None where none gains in the mean."""
        unsure = [move for move in self.moves[profile] if move.gain["mean"] > 0]
        return max(unsure, key=mean_gain, default=None)

    def cycles(self) -> list[tuple[Profile, ...]]:
        """A way round in each sink of several profiles."""
        return [self.walk(sink[0]).cycle for sink in self.sinks() if len(sink) > 1]

    def walk(self, start: Profile) -> Walk:
        """The steps from a profile on; of equal gains the first one's."""
        seen = [start]
        steps: list[Move] = []
        while moves := self.better[seen[-1]]:
            step = max(moves, key=mean_gain)
            steps.append(step)
            if step.reached in seen:
                return Walk(start, tuple(steps), tuple(seen[seen.index(step.reached) :]))
            seen.append(step.reached)
        return Walk(start, tuple(steps), ())

    def walks(self) -> list[Walk]:
        """From each profile in which all play the same."""
        return [self.walk(profile) for profile in self.moves if len(set(profile)) == 1]

    def sinks(self) -> list[list[Profile]]:
        """Groups of profiles that lead to one another and to none else."""
        profiles = list(self.moves)
        group = self._groups(profiles)
        number = dict(zip(profiles, group, strict=True))
        left = {
            number[one] for one in profiles for move in self.better[one] if number[move.reached] != number[one]
        }
        members: dict[int, list[Profile]] = {}
        for one in profiles:
            if number[one] not in left:
                members.setdefault(number[one], []).append(one)
        return list(members.values())

    def as_dict(self, labels: Labels) -> dict[str, Any]:
        """Plain data."""
        tempting = {stop: self.tempting(stop) for stop in self.stops()}
        return {
            "walks": [walk.as_dict(labels) for walk in self.walks()],
            "stops": [
                {"lineup": seated(labels, stop), "tempting": move and move.as_dict(labels)}
                for stop, move in tempting.items()
            ],
            "cycles": [[seated(labels, profile) for profile in cycle] for cycle in self.cycles()],
        }

    def _groups(self, profiles: list[Profile]) -> list[int]:
        """The number of the strongly connected group of each profile."""
        place = {profile: number for number, profile in enumerate(profiles)}
        edges = [(place[one], place[move.reached]) for one in profiles for move in self.better[one]]
        starts, ends = np.array(edges, dtype=int).reshape(-1, 2).T
        graph = csr_matrix((np.ones(len(edges)), (starts, ends)), shape=(len(profiles), len(profiles)))
        labels: list[int] = connected_components(graph, connection="strong")[1].tolist()
        return labels


def mean_gain(move: Move) -> float:
    """What a move gains in the mean."""
    return move.gain["mean"]
