"""Carrying out a tournament: every entrant plays every seat on the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chain.home import expanded
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import folder_of, read_config
from experiments.lab.sweep import sweep
from experiments.lab.sweep.run_sweep import Finished
from experiments.lab.sweep.statistics import describe
from experiments.lab.tournament.empirical_game import replicator, survivors, symmetric_equilibria
from experiments.lab.tournament.entrants import Entrant, labels
from experiments.lab.tournament.formats import FORMATS, Lineup, pairs
from experiments.lab.tournament.standings import Standing, differences, standings, win_shares
from experiments.lab.tournament.tournament_market import TournamentMarket, payoffs

Array = npt.NDArray[np.float64]


TWO_SIDED = ("round_robin", "one_against")
"""The formats with a payoff for each entrant against each other one."""


class Tournament:
    """The payoffs of a tournament. `profits` and `tickets` have shape lineups × seeds × seats."""

    def __init__(
        self,
        entrants: Sequence[Entrant],
        format: str,
        lineups: list[Lineup],
        seeds: list[int],
        blocks: int,
        profits: Array,
        tickets: Array,
    ) -> None:
        self.labels = labels(entrants)
        self.format = format
        self.lineups = lineups
        self.seeds = seeds
        self.blocks = blocks
        self.profits = profits
        self.tickets = tickets

    def by_entrant(self, values: Array) -> Array:
        """Mean over an entrant's seats in all lineups; seeds × entrants."""
        places = [np.array(self.lineups) == number for number in range(len(self.labels))]
        return np.stack([values.transpose(1, 0, 2)[:, place].mean(axis=1) for place in places], axis=1)

    def standings(self) -> list[Standing]:
        """The entrants, best first."""
        runs = [lineup for lineup in self.lineups for _ in self.seeds]
        wins = win_shares(runs, self.profits.reshape(len(runs), -1), len(self.labels))
        return standings(self.labels, self.by_entrant(self.profits), self.by_entrant(self.tickets), wins)

    def differences(self) -> list[dict[str, Any]]:
        """What each entrant earned more than each other one, paired by seed, ETH a run and seat."""
        return differences(self.labels, self.by_entrant(self.profits))

    def against(self) -> Array:
        """What entrant i earns where the others play j, ETH a run and seat: seeds × entrants × entrants. Raises
        `InputError` for a format without."""
        if self.format not in TWO_SIDED:
            raise InputError(f"--format {self.format}: has no payoffs of one against another; take one_against")
        count = len(self.labels)
        totals = np.zeros((len(self.seeds), count, count))
        times = np.zeros((count, count))
        for lineup, earned in zip(self.lineups, self.profits, strict=True):
            for seat, own, other in pairs(lineup, self.format):
                totals[:, own, other] += earned[:, seat]
                times[own, other] += 1
        return totals / times

    def summary(self) -> dict[str, Any]:
        """Plain data: standings, paired differences and, but for `together`, the empirical game."""
        found = {
            "format": self.format,
            "seeds": self.seeds,
            "lineups": len(self.lineups),
            "standings": [line.as_dict() for line in self.standings()],
            "differences": self.differences(),
        }
        if self.format not in TWO_SIDED:
            return found
        return found | {"game": self.game()}

    def game(self) -> dict[str, Any]:
        """The payoff matrix with its intervals, the symmetric equilibria, and who survives in a population."""
        against = self.against()
        mean = against.mean(axis=0)
        path = replicator(mean)
        cells = [[describe(against[:, own, other]) for other in range(len(mean))] for own in range(len(mean))]
        equilibria = [dict(zip(self.labels, shares, strict=True)) for shares in symmetric_equilibria(mean)]
        return {
            "payoffs": cells,
            "equilibria": equilibria,
            "survivors": survivors(path, self.labels),
            "replicator": path[:: len(path) // 40].round(6).tolist(),
        }


def tournament(
    config: Config | Mapping[str, Any] | Path | str | None,
    entrants: Sequence[Entrant],
    seeds: Iterable[int],
    *,
    format: str = "together",
    group: int | None = None,
    overrides: Iterable[str] = (),
    jobs: int = 1,
    backend_name: str = "loky",
    out: Path | str | None = None,
    force: bool = False,
    progress: Finished | None = None,
) -> Tournament:
    """Let entrants take the seats of one `group` of a config's agents, in every lineup of a `format`, on every
    seed.

    `together`: all in one market, a seat for each; `round_robin`: every two share the group's seats;
    `one_against`: each alone in a population of each. All runs of one seed have the same rewards, draws and costs.
    `out` keeps the runs and goes on where it was cut off. Raises `InputError`, and `KeyboardInterrupt` where
    `progress` says stop.
    """
    if format not in FORMATS:
        raise InputError(f"--format {format}: is not one of {', '.join(FORMATS)}")
    read = read_config(config, overrides)
    if len(read.market.structures) > 1:
        raise InputError("market.structure is a list; a tournament is held in one: --set market.structure=et")
    folder = folder_of(config)
    market, seeds = TournamentMarket(read, entrants, group, folder), sorted(seeds)
    if format != "together" and market.seats < 2:
        raise InputError(f"agents.{market.group}.count is 1; {format} takes two seats or more")
    lineups = FORMATS[format](len(entrants), market.seats)
    source = expanded(config) if isinstance(config, (Path, str)) else read
    played = sweep(
        source,
        {"agents": [market.agents(lineup) for lineup in lineups]},
        seeds,
        overrides=overrides if isinstance(source, Path) else (),
        jobs=jobs,
        backend_name=backend_name,
        out=out,
        force=force,
        keep_tables=False,
        extra=payoffs,
        progress=progress,
    )
    for _, failed in played.failed.iterrows():
        raise InputError(f"seed {failed['seed']}: a run failed: {str(failed['error']).strip().splitlines()[-1]}")
    runs, places = played.runs, range(market.first_seat, market.first_seat + len(lineups[0]))
    shape = (len(lineups), len(seeds), len(places))
    profits, tickets = (
        runs[[f"{name}_{place}" for place in places]].to_numpy(float).reshape(shape)
        for name in ("profit", "tickets")
    )
    return Tournament(entrants, format, lineups, seeds, read.blocks, profits, tickets)
