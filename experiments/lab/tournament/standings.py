"""What the payoffs of a tournament say: means with intervals, paired differences, ranks with ties."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.lab.statistics import ONE_DRAW, Sampling, Statistics, describe, is_above, is_below

Array = npt.NDArray[np.float64]


class Standing(NamedTuple):
    """One entrant's line. Amounts in ETH a run and seat; `payoff` and `regret` with their 95 % intervals."""

    label: str
    rank: int
    payoff: Statistics
    regret: Statistics
    win_share: float
    profit_per_ticket: float | None

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        return self._asdict()


def standings(
    labels: list[str], profits: Array, tickets: Array, wins: Array, sampling: Sampling = ONE_DRAW
) -> list[Standing]:
    """The entrants, best first. `profits` and `tickets`: seeds × entrants, means over seats; `wins`: entrants;
    `sampling`: what a seed's profits are made of.

    Whoever is significantly better than an entrant (paired by seed) ranks before it; the others share its rank.
    Regret is what the best fixed strategy in hindsight, the entrant with the highest mean, earned more.
    """
    better = np.array(
        [
            [is_less(differ(profits, own, other, sampling)) for other in everyone(profits)]
            for own in everyone(profits)
        ]
    )
    best = int(np.argmax(profits.mean(axis=0)))
    lines = [
        Standing(
            label=label,
            rank=1 + int(better[own].sum()),
            payoff=describe(profits[:, own], sampling),
            regret=describe(profits[:, best] - profits[:, own], sampling),
            win_share=float(wins[own]),
            profit_per_ticket=per_ticket(profits[:, own], tickets[:, own]),
        )
        for own, label in enumerate(labels)
    ]
    return sorted(lines, key=lambda line: (line.rank, -line.payoff["mean"]))


def differences(labels: list[str], profits: Array, sampling: Sampling) -> list[dict[str, Any]]:
    """What each entrant earned more than each other one, paired by seed."""
    return [
        {"entrant": labels[own], "other": labels[other], **differ(profits, own, other, sampling)}
        for own in everyone(profits)
        for other in everyone(profits)
        if own != other
    ]


def differ(profits: Array, own: int, other: int, sampling: Sampling) -> Statistics:
    """Statistics of the paired differences between two entrants."""
    return describe(profits[:, own] - profits[:, other], sampling)


def everyone(profits: Array) -> range:
    """The numbers of the entrants."""
    return range(profits.shape[1])


def is_less(difference: Statistics) -> bool:
    """Whether a difference is below 0 for sure; with one seed, whether it is below 0."""
    if difference["sd"] is None:
        return difference["mean"] < 0
    return is_below(difference)


def is_more(difference: Statistics) -> bool:
    """Whether a difference is above 0 for sure; with one seed, whether it is above 0."""
    if difference["sd"] is None:
        return difference["mean"] > 0
    return is_above(difference)


def per_ticket(profits: Array, tickets: Array) -> float | None:
    """Profit over tickets bought; None where none was."""
    if tickets.sum():
        return float(profits.sum() / tickets.sum())
    return None


def win_shares(lineups: list[tuple[int, ...]], profits: Array, entrants: int) -> Array:
    """The share of runs in which each entrant earned the most of all seats; a tie counts in parts.

    `profits`: runs × seats.
    """
    shares = np.zeros(entrants)
    for lineup, earned in zip(lineups, profits, strict=True):
        winners = np.flatnonzero(earned == earned.max())
        for seat in winners:
            shares[lineup[seat]] += 1 / len(winners)
    return shares / max(len(lineups), 1)
