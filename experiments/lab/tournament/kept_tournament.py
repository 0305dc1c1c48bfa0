"""What a tournament leaves in its folder, beside its runs: `tournament.json`, its payoffs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from chain.home import expanded
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.metrics.registry import BY_NAME
from experiments.lab.runs.folder import RUNS, read_json, write_json
from experiments.lab.statistics import Sampling, UpperTail
from experiments.lab.sweep.result import Sweep, load_sweep
from experiments.lab.tournament.formats import Lineup
from experiments.lab.tournament.played_tournament import Tournament
from experiments.lab.tournament.price_of_anarchy import Welfare

PAYOFFS = "tournament.json"


def save(played: Tournament, folder: Path) -> None:
    """Write it down. Raises `OSError`."""
    write_json(folder / PAYOFFS, as_data(played))


def as_data(played: Tournament) -> dict[str, Any]:
    """All that a tournament is, as plain data."""
    return {
        "labels": played.labels,
        "format": played.format,
        "lineups": [list(lineup) for lineup in played.lineups],
        "seeds": played.seeds,
        "blocks": played.blocks,
        "profits": played.profits.tolist(),
        "tickets": played.tickets.tolist(),
        "made": played.welfare.made.tolist(),
        "greatest": played.welfare.greatest.tolist(),
        "terms": played.sampling.terms,
        "tail": list(played.sampling.tail),
    }


def metrics_by_lineup(played: Sweep, labels: Sequence[str], lineups: Sequence[Lineup]) -> pd.DataFrame:
    """The metrics of the runs: a row for each lineup, its entrants seat by seat, and seed."""
    runs = played.runs
    seated = [", ".join(labels[number] for number in lineups[point]) for point in runs["point"]]
    names = [name for name in played.metric_names if name in BY_NAME]
    index = pd.MultiIndex.from_arrays([seated, runs["seed"]], names=["lineup", "seed"])
    return runs[names].set_axis(index)


def read_metrics_of(folder: Path, kept: Mapping[str, Any]) -> pd.DataFrame | None:
    """The same of a folder; None where the table of the runs is not there."""
    if not (folder / RUNS).is_file():
        return None
    return metrics_by_lineup(load_sweep(folder).of_seeds(kept["seeds"]), kept["labels"], kept["lineups"])


@tells_arguments
def load_tournament(folder: Path | str) -> Tournament:
    """The tournament in a folder. Raises `InputError` where there is none."""
    place = expanded(folder) / PAYOFFS
    if not place.is_file():
        raise InputError(f"{folder}: holds no finished tournament; `et-testbed tournament … --out` leaves one")
    try:
        return from_data(read_json(place), place.parent)
    except (KeyError, TypeError, ValueError) as fault:
        raise InputError(f"{place}: cannot be read: {fault}; play the tournament again with --force") from None


def from_data(kept: dict[str, Any], folder: Path) -> Tournament:
    """What `as_data` wrote. Raises `KeyError`, `TypeError` and `ValueError` where it is something else."""
    return Tournament(
        kept["labels"],
        kept["format"],
        [tuple(lineup) for lineup in kept["lineups"]],
        kept["seeds"],
        kept["blocks"],
        np.array(kept["profits"], dtype=float),
        np.array(kept["tickets"], dtype=float),
        Welfare(np.array(kept["made"], dtype=float), np.array(kept["greatest"], dtype=float)),
        Sampling(kept["terms"], UpperTail(*kept["tail"])),
        read_metrics_of(folder, kept),
    )
