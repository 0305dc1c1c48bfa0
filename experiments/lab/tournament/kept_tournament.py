"""What a tournament leaves in its folder, beside its runs: `tournament.json`, its payoffs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from chain.home import expanded
from experiments.lab.config.errors import InputError
from experiments.lab.runs.folder import read_json, write_json
from experiments.lab.statistics import Sampling, UpperTail
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


def load_tournament(folder: Path | str) -> Tournament:
    """The tournament in a folder. Raises `InputError` where there is none."""
    place = expanded(folder) / PAYOFFS
    if not place.is_file():
        raise InputError(f"{folder}: holds no finished tournament; `et-testbed tournament … --out` leaves one")
    try:
        return from_data(read_json(place))
    except (KeyError, TypeError, ValueError) as fault:
        raise InputError(f"{place}: cannot be read: {fault}; play the tournament again with --force") from None


def from_data(kept: dict[str, Any]) -> Tournament:
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
    )
