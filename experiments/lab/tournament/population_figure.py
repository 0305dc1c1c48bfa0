"""The population that a tournament's game leads to, as a figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.tournament.population import TIMES, replicator

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.lab.tournament.played_tournament import Tournament


def population(played: Tournament) -> Figure:
    """The shares of the entrants over time under replicator dynamics, from even ones on. Raises `InputError` for a
    format that measures no game."""
    from experiments.lab.study.plot import axes

    figure, place = axes(
        "time, in units of the largest payoff difference", "share of the population", "Who survives"
    )
    for label, shares in zip(played.labels, replicator(played.against().mean(axis=0)).T, strict=True):
        place.plot(TIMES, shares, label=label)
    place.set_ylim(0, 1)
    place.legend(frameon=False, loc="center right")
    return figure
