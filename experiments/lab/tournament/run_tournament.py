"""Carrying out a tournament: every entrant plays every seat on the same draws."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chain.home import expanded
from chain.wording import shown
from experiments.lab.assembly.every_fault import read_whole
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import folder_of
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.sweep import sweep
from experiments.lab.sweep.grid import checked_seeds
from experiments.lab.sweep.run_sweep import Finished
from experiments.lab.sweep.tail_columns import samplings
from experiments.lab.tournament.entrants import Entrant, labels, read_entrants
from experiments.lab.tournament.formats import FORMATS
from experiments.lab.tournament.kept_tournament import metrics_by_lineup, save
from experiments.lab.tournament.played_tournament import Tournament
from experiments.lab.tournament.price_of_anarchy import Welfare
from experiments.lab.tournament.tournament_market import TournamentMarket, payoffs


@tells_arguments
def tournament(
    config: Config | Mapping[str, Any] | Path | str | None,
    entrants: str | Sequence[Entrant | str],
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
    strict: bool = False,
) -> Tournament:
    """Let `entrants`, as `read_entrants` takes them, have the seats of one `group` of a config's agents, in every
    lineup of a `format`, on every seed.

    `together`: all in one market, a seat for each; `round_robin`: every two share the group's seats;
    `one_against`: each alone in a population of each; `full`: as many of each as there can be. All runs of one
    seed have the same rewards, draws and costs. `out` keeps the runs and goes on where it was cut off. What is
    warned of, and `strict`, is as in a sweep. Raises `InputError`, and `KeyboardInterrupt` where `progress` says
    stop.
    """
    if format not in FORMATS:
        raise InputError(f"format (--seating) is {shown(format)}, not one of {', '.join(FORMATS)}")
    read = read_whole(config, overrides)
    if len(read.market.structures) > 1:
        raise InputError("market.structure is a list; a tournament is held in one: --set market.structure=et")
    folder = folder_of(config)
    entered = read_entrants(entrants, folder)
    market, seeds = TournamentMarket(read, entered, group, folder), sorted(checked_seeds(seeds))
    if format != "together" and market.seats < 2:
        raise InputError(f"agents.{market.group}.count is 1; {format} takes two seats or more")
    lineups = FORMATS[format](len(entered), market.seats)
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
        strict=strict,
    ).of_seeds(seeds)
    for _, failed in played.failed.iterrows():
        raise InputError(f"seed {failed['seed']}: a run failed: {str(failed['error']).strip().splitlines()[-1]}")
    shape = (len(lineups), len(seeds))
    places = range(market.first_seat, market.first_seat + len(lineups[0]))
    profits, tickets = (
        played.runs[[f"{name}_{place}" for place in places]].to_numpy(float).reshape(*shape, -1)
        for name in ("profit", "tickets")
    )
    welfare = Welfare(*(played.runs[name].to_numpy(float).reshape(shape) for name in ("made", "greatest")))
    first = played.runs[played.runs["point"] == 0]  # all others have the same rewards
    sampling = samplings(first, ["reward"])["reward"]
    found = Tournament(
        labels(entered),
        format,
        lineups,
        seeds,
        read.blocks,
        profits,
        tickets,
        welfare,
        sampling,
        metrics_by_lineup(played, labels(entered), lineups),
    )
    if out is not None:
        save(found, expanded(out))
    return found
