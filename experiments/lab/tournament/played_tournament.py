"""What a tournament gives back: its payoffs, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from experiments.lab.config.errors import InputError
from experiments.lab.report.plotted import Plotted
from experiments.lab.statistics import ONE_DRAW, Sampling, describe
from experiments.lab.tournament.better_response import BetterResponse
from experiments.lab.tournament.equilibria import symmetric_equilibria
from experiments.lab.tournament.formats import TWO_SIDED, Lineup, pairs
from experiments.lab.tournament.lineup_game import LineupGame, by_profile
from experiments.lab.tournament.lineup_words import mix, seated
from experiments.lab.tournament.overlaps import Overlap, Tie, overlaps, ties
from experiments.lab.tournament.population import replicator, survivors
from experiments.lab.tournament.price_of_anarchy import PriceOfAnarchy, Welfare, of_mix, price_of_anarchy
from experiments.lab.tournament.resamples import Equilibria, equilibria, named
from experiments.lab.tournament.standings import Standing, differences, standings, win_shares

if TYPE_CHECKING:
    import pandas as pd

    from experiments.lab.report.figure import Figure

Array = npt.NDArray[np.float64]


class Tournament(Plotted):
    """The payoffs of a tournament.

    `profits` and `tickets` have shape lineups × seeds × seats, what `welfare` has lineups × seeds. `sampling` says
    what they are made of in each run: the rewards of its blocks. `metrics` is a dataframe with a row for each
    lineup and seed, and a column for each metric; None of one whose runs were not kept.
    """

    def __init__(
        self,
        labels: list[str],
        format: str,
        lineups: list[Lineup],
        seeds: list[int],
        blocks: int,
        profits: Array,
        tickets: Array,
        welfare: Welfare,
        sampling: Sampling = ONE_DRAW,
        metrics: pd.DataFrame | None = None,
    ) -> None:
        self.labels = labels
        self.format = format
        self.lineups = lineups
        self.seeds = seeds
        self.blocks = blocks
        self.profits = profits
        self.tickets = tickets
        self.welfare = welfare
        self.sampling = sampling
        self.metrics = metrics

    def __repr__(self) -> str:
        runs = len(self.lineups) * len(self.seeds)
        return f"Tournament({len(self.labels)} entrants, {self.format}, {runs} runs of {self.blocks} blocks)"

    def __str__(self) -> str:
        """What the command prints."""
        from experiments.lab.tournament.tournament_text import tournament_text

        return tournament_text(self)

    def _repr_html_(self) -> str:
        """In a notebook: the standings, what the game says, and how one goes on."""
        from experiments.lab.tournament.tournament_text import tournament_html

        return tournament_html(self)

    def drawings(self) -> Iterable[Figure]:
        """The figures of its page: ranks, payoffs, and what the game says."""
        from experiments.lab.tournament.figures.tournament_figures import figures_of_tournament

        return figures_of_tournament(self)

    def by_entrant(self, values: Array) -> Array:
        """Mean over an entrant's seats in all lineups; seeds × entrants."""
        places = [np.array(self.lineups) == number for number in range(len(self.labels))]
        return np.stack([values.transpose(1, 0, 2)[:, place].mean(axis=1) for place in places], axis=1)

    def standings(self) -> list[Standing]:
        """The entrants, best first."""
        runs = [lineup for lineup in self.lineups for _ in self.seeds]
        wins = win_shares(runs, self.profits.reshape(len(runs), -1), len(self.labels))
        profits, tickets = self.by_entrant(self.profits), self.by_entrant(self.tickets)
        return standings(self.labels, profits, tickets, wins, self.sampling)

    @property
    def table(self) -> pd.DataFrame:
        """The standings, a row for each entrant, best first; ETH a run and seat."""
        from experiments.lab.metrics.told_keys import ToldFrame
        from experiments.lab.tournament.tournament_text import standing_sheet

        return ToldFrame(standing_sheet(self).records())

    def differences(self) -> pd.DataFrame:
        """What each `entrant` earned more than each `other`, paired by seed, ETH a run and seat: a row for each
        two."""
        from experiments.lab.metrics.told_keys import ToldFrame

        return ToldFrame(self.difference_summary())

    def difference_summary(self) -> list[dict[str, Any]]:
        """The same as plain data."""
        return differences(self.labels, self.by_entrant(self.profits), self.sampling)

    def against(self) -> Array:
        """What entrant i earns where the others play j, ETH a run and seat: seeds × entrants × entrants. Raises
        `InputError` for a format without."""
        return self.cells(self.profits)

    def cells(self, values: Array) -> Array:
        """The mean of `values`, lineups × seeds × seats, over the seats in which i plays where the others play j:
        seeds × entrants × entrants. Raises `InputError` for a format without."""
        if self.format not in TWO_SIDED:
            raise InputError(f"--seating {self.format}: has no payoffs of one against another; take one_against")
        count = len(self.labels)
        totals = np.zeros((len(self.seeds), count, count))
        times = np.zeros((count, count))
        for lineup, earned in zip(self.lineups, values, strict=True):
            for seat, own, other in pairs(lineup, self.format):
                totals[:, own, other] += earned[:, seat]
                times[own, other] += 1
        return totals / times

    def equilibria(self) -> Equilibria:
        """The symmetric equilibria, and how often resamples of the seeds have them. Raises `InputError` for a
        format that measures no game, and for more than ten entrants."""
        return equilibria(self.labels, self.against(), self.seeds[0])

    def overlaps(self) -> list[Overlap]:
        """Where these seeds do not tell who does best. Raises `InputError` for a format that measures no game."""
        return overlaps(self.labels, self.against(), self.sampling)

    def ties(self) -> list[Tie]:
        """Where several do best, and the same on every seed. Raises `InputError` for a format that measures no
        game."""
        return ties(self.labels, self.against())

    def better_response(self) -> BetterResponse | None:
        """The better-response dynamics of the game of all lineups; None where not all were played."""
        return self._dynamics

    @cached_property
    def _dynamics(self) -> BetterResponse | None:
        game = LineupGame(self.lineups, self.profits, len(self.labels), self.sampling)
        if not game.is_whole:
            return None
        return BetterResponse(game.moves())

    def price_of_anarchy(self) -> PriceOfAnarchy | None:
        """How efficient the equilibria are: the symmetric ones, and where better response stops. Raises
        `InputError` for a format that measures no game."""
        return price_of_anarchy(self._of_equilibria() | self._of_stops(), self.sampling)

    def _of_equilibria(self) -> dict[str, Welfare]:
        """What is made in each symmetric equilibrium."""
        seats = (*self.welfare.made.shape, len(self.lineups[0]))
        between = Welfare(
            *(self.cells(np.broadcast_to(values[:, :, np.newaxis], seats)) for values in self.welfare)
        )
        found = symmetric_equilibria(self.against().mean(axis=0))
        return {mix(named(self.labels, shares)): of_mix(np.array(shares), between) for shares in found}

    def _of_stops(self) -> dict[str, Welfare]:
        """What is made where better response stops."""
        dynamics = self.better_response()
        if dynamics is None:
            return {}
        numbers = by_profile(self.lineups)
        return {
            seated(self.labels, stop): Welfare(*(values[numbers[stop]].mean(axis=0) for values in self.welfare))
            for stop in dynamics.stops()
        }

    def summary(self) -> dict[str, Any]:
        """Plain data: standings, paired differences and, but for `together`, the empirical game."""
        found = {
            "format": self.format,
            "seeds": self.seeds,
            "lineups": len(self.lineups),
            "standings": [line.as_dict() for line in self.standings()],
            "differences": self.difference_summary(),
        }
        if self.format not in TWO_SIDED:
            return found
        return found | {"game": self.game()}

    def game(self) -> dict[str, Any]:
        """The payoff matrix with its intervals, what is in equilibrium and how sure that is, where better response
        leads, what it costs all together, and who survives in a population."""
        against = self.against()
        path = replicator(against.mean(axis=0))
        places = range(len(self.labels))
        dynamics, price = self.better_response(), self.price_of_anarchy()
        return {
            "payoffs": [[describe(against[:, own, other], self.sampling) for other in places] for own in places],
            **self.equilibria().as_dict(),
            "overlaps": [one._asdict() for one in self.overlaps()],
            "ties": [one._asdict() for one in self.ties()],
            "better_response": dynamics and dynamics.as_dict(self.labels),
            "price_of_anarchy": price and price.as_dict(),
            "survivors": survivors(path, self.labels),
            "replicator": path[:: len(path) // 40].round(6).tolist(),
        }
