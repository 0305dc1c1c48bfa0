"""The figures about a tournament."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.lab.report.figure import Figure
from experiments.lab.tournament.figures.payoff_spread import ranks, spread
from experiments.lab.tournament.figures.payoff_squares import beats, payoffs
from experiments.lab.tournament.figures.population_flow import flow
from experiments.lab.tournament.formats import TWO_SIDED

if TYPE_CHECKING:
    from experiments.lab.tournament.played_tournament import Tournament


def figures_of_tournament(played: Tournament) -> list[Figure]:
    """All that the format has."""
    found = [ranks(played), spread(played)]
    if played.format in TWO_SIDED:
        found.append(payoffs(played))
    if len(played.labels) > 1:
        found.append(beats(played))
    if played.format in TWO_SIDED and len(played.labels) > 1:
        found.append(flow(played))
    return found
