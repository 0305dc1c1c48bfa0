"""Who sits where: the lineups of each format. A lineup names an entrant, by number, for each seat."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations_with_replacement

Lineup = tuple[int, ...]

TWO_SIDED = ("round_robin", "one_against", "full")
"""The formats with a payoff for each entrant against each other one."""


def together(entrants: int, seats: int) -> list[Lineup]:  # noqa: ARG001
    """All in one market, a seat for each; in every rotation everyone sits one seat further on."""
    return [tuple((seat + turn) % entrants for seat in range(entrants)) for turn in range(entrants)]


def round_robin(entrants: int, seats: int) -> list[Lineup]:
    """Every two share the seats in turns, both ways around; and each plays alone against itself."""
    found: dict[Lineup, None] = {}
    for one in range(entrants):
        for other in range(one, entrants):
            for turn in range(2):
                found[tuple(other if (seat + turn) % 2 else one for seat in range(seats))] = None
    return list(found)


def one_against(entrants: int, seats: int) -> list[Lineup]:
    """Each alone in a population of each, itself among them, in every seat."""
    found: dict[Lineup, None] = {}
    for own in range(entrants):
        for others in range(entrants):
            for place in range(seats):
                found[tuple(own if seat == place else others for seat in range(seats))] = None
    return list(found)


def full(entrants: int, seats: int) -> list[Lineup]:
    """As many of each as there can be, and these in every rotation of the seats."""
    found: dict[Lineup, None] = {}
    for profile in combinations_with_replacement(range(entrants), seats):
        for turn in range(seats):
            found[(*profile[turn:], *profile[:turn])] = None
    return list(found)


def deviation(entrants: int, seats: int) -> list[Lineup]:
    """The first entrant in all seats; and each other one in the first seat, alone among its like."""
    return [(own, *[0] * (seats - 1)) for own in range(entrants)]


FORMATS: dict[str, Callable[[int, int], list[Lineup]]] = {
    "together": together,
    "round_robin": round_robin,
    "one_against": one_against,
    "full": full,
    "deviation": deviation,
}
"""The formats of `tournament`; `deviation` is what `exploit` plays."""


def pairs(lineup: Lineup, format: str) -> list[tuple[int, int, int]]:
    """Which seats count for an entrant against a population: triples of seat, entrant, population."""
    if len(set(lineup)) == 1:
        return [(seat, entrant, entrant) for seat, entrant in enumerate(lineup)]
    if len(set(lineup)) > 2:
        return []
    met = [(seat, own, next(other for other in lineup if other != own)) for seat, own in enumerate(lineup)]
    if format == "round_robin":
        return met
    return [(seat, own, other) for seat, own, other in met if lineup.count(own) == 1]
