"""How late should a proposer ask for its header?

Value keeps coming in, so a later `getHeader` finds a higher bid; but a block that comes too late misses its slot.
The chance of that is a logistic curve of the time at which the header is taken, 50 % at `--miss-at` ms after the
start of the slot: an assumption, not a measurement. The same signals for every delay, so that differences are
those of the delay alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.lab.experiment import Answer, Experiment, Settings
from experiments.lab.slot import auctions, auctions_and_seed, mix
from market.slot_auction import Proposer
from market.slot_auction.proposer import SLOT_MS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
DELAYS = (-1000, -500, 0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000)
BUILDERS = {"naive": 8, "last_minute": 2}
MISS_AT_MS = 3000.0
MISS_SCALE_MS = 250.0
MEASURES = ("bid", "median", "miss_chance", "expected")


def answer(
    settings: Settings,
    late: Annotated[list[int] | None, typer.Option(help="ms after the slot's start; repeat it")] = None,
    miss_at: Annotated[float, typer.Option(help="when half of the slots are missed, ms")] = MISS_AT_MS,
    miss_scale: Annotated[float, typer.Option(min=1, help="how sharply that sets in, ms")] = MISS_SCALE_MS,
) -> Answer:
    """The winning bid and the chance to miss the slot at every delay, and what is left on average."""
    import pandas as pd

    count, seed = auctions_and_seed(settings, AUCTIONS)
    delays = late or list(DELAYS)
    rows = [measures(delay, max(delays), miss_at, miss_scale, count, seed) for delay in delays]
    table = pd.DataFrame(rows)
    best = table.loc[table["expected"].idxmax()]
    values = {f"{row['late_ms']}.{name}": float(row[name]) for row in rows for name in MEASURES}
    values |= {"best.late_ms": float(best["late_ms"]), "median_gain_per_second": slope(table)}
    return Answer(table, values, {"timing_game": draw(table)})


def measures(late: int, latest: int, miss_at: float, miss_scale: float, count: int, seed: int) -> dict[str, Any]:
    """One delay: the winning bid if the slot is not missed (mean, se, median, ETH), the chance to miss it, and the
    product of both."""
    proposer = Proposer(late_ms=late, miss_at_ms=miss_at, miss_scale_ms=miss_scale)
    game = mix(BUILDERS, proposer=proposer, horizon_ms=SLOT_MS + latest)
    prices = auctions(game, count, seed)["price"]
    miss, bid, error = proposer.miss_chance(proposer.due_ms), prices.mean(), prices.sem()
    return {
        "late_ms": late,
        "bid": bid,
        "se": error,
        "median": prices.median(),
        "miss_chance": miss,
        "expected": bid * (1 - miss),
        "median_expected": prices.median() * (1 - miss),
    }


def slope(table: pd.DataFrame) -> float:
    """What a second more brings in the median auction that is not missed, ETH."""
    import numpy as np

    if len(table) < 2:
        return 0.0
    return float(np.polyfit(table["late_ms"] / 1000, table["median"], 1)[0])


def draw(table: pd.DataFrame) -> Figure:
    """The winning bid, and what is expected of it with the misses."""
    from experiments.lab.plot import axes

    figure, place = axes("header taken, s after the slot's start", "ETH", "Waiting for a higher bid")
    seconds, error = table["late_ms"] / 1000, 1.96 * table["se"]
    place.errorbar(
        seconds, table["bid"], yerr=error, fmt="o-", markersize=4, capsize=2.5, label="mean winning bid"
    )
    place.plot(seconds, table["expected"], "s-", markersize=4, label="mean, misses counted")
    place.plot(seconds, table["median"], "o--", markersize=4, label="median winning bid")
    place.axvline(seconds[table["expected"].idxmax()], color="black", linewidth=0.8, linestyle=":")
    place.set_ylim(0)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
