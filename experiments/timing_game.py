"""How late should a proposer ask for its header?

Value keeps coming in, so a later `getHeader` finds a higher bid; but a block that comes too late misses its slot.
The chance of that is a logistic curve of the time at which the header is taken, 50 % at `--miss-at` ms after the
start of the slot: an assumption, not a measurement. The same signals for every delay, so that differences are
those of the delay alone. Signals and margins are those of Wu et al. (2023). Intervals of 95 % are of bootstraps
that draw whole auctions, with all their delays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.slot import WU_MARGIN, auctions, auctions_and_seed, mix
from market.slot_auction import Proposer
from market.slot_auction.proposer import SLOT_MS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

AUCTIONS = 10_000
BOOTSTRAPS = 400
DELAYS = (-1000, -500, 0, 500, 1000, 1500, 2000, 2500, 3000, 3500, 4000)
BUILDERS = {"naive": 8, "last_minute": 2}
MISS_AT_MS = 3000.0
MISS_SCALE_MS = 250.0

Floats = npt.NDArray[np.float64]


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
    proposers = [Proposer(late_ms=delay, miss_at_ms=miss_at, miss_scale_ms=miss_scale) for delay in delays]
    prices = np.array([bids(proposer, max(delays), count, seed) for proposer in proposers])
    kept = np.array([1 - proposer.miss_chance(proposer.due_ms) for proposer in proposers])
    found = measures(np.array(delays), kept, prices)
    low, high = bootstrapped(np.array(delays), kept, prices, seed)
    table = pd.DataFrame(
        {"late_ms": delays, "miss_chance": 1 - kept}
        | {f"{name}{end}": part[name] for name in PER_DELAY for end, part in with_ends(found, low, high)}
    )
    values = {
        f"{delay}.{name}{end}": float(part[name][place])
        for place, delay in enumerate(delays)
        for name in PER_DELAY
        for end, part in with_ends(found, low, high)
    }
    values |= {f"{name}{end}": float(part[name]) for name in OVERALL for end, part in with_ends(found, low, high)}
    return Answer(table, values, {"timing_game": draw(table)})


PER_DELAY = ("mean", "median", "expected", "median_expected")
OVERALL = ("best_late_ms", "best_late_ms_of_medians", "median_gain_per_second")


def with_ends(found: Any, low: Any, high: Any) -> tuple[tuple[str, Any], ...]:
    """An estimate and both ends of its interval, by the ending of their names."""
    return ("", found), ("_low", low), ("_high", high)


def bids(proposer: Proposer, latest: int, count: int, seed: int) -> Floats:
    """The winning bid of each auction where the slot is not missed, ETH."""
    game = mix(BUILDERS, parameters=WU_MARGIN, proposer=proposer, horizon_ms=SLOT_MS + latest)
    return np.array(auctions(game, count, seed)["price"], float)


def measures(delays: Floats, kept: Floats, prices: Floats) -> dict[str, Any]:
    """For each delay the mean and the median winning bid (ETH) and both times the chance to keep the slot; the
    delay at which those are highest (ms), and what a second more brings in the median (ETH)."""
    means, medians = prices.mean(axis=1), np.median(prices, axis=1)
    return {
        "mean": means,
        "median": medians,
        "expected": means * kept,
        "median_expected": medians * kept,
        "best_late_ms": delays[np.argmax(means * kept)],
        "best_late_ms_of_medians": delays[np.argmax(medians * kept)],
        "median_gain_per_second": np.polyfit(delays / 1000, medians, 1)[0] if len(delays) > 1 else 0.0,
    }


def bootstrapped(delays: Floats, kept: Floats, prices: Floats, seed: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both ends of the 95 % intervals of all measures."""
    rng, count = np.random.default_rng(seed), prices.shape[1]
    draws = [measures(delays, kept, prices[:, rng.integers(0, count, count)]) for _ in range(BOOTSTRAPS)]
    low, high = (
        {name: np.quantile([draw[name] for draw in draws], level, axis=0) for name in draws[0]}
        for level in (0.025, 0.975)
    )
    return low, high


def draw(table: Any) -> Figure:
    """The winning bid, and what is expected of it with the misses."""
    from experiments.lab.study.plot import axes

    figure, place = axes("header taken, s after the slot's start", "ETH", "Waiting for a higher bid")
    seconds = table["late_ms"] / 1000
    styles = {"mean": "o-", "expected": "s-", "median": "o--", "median_expected": "s--"}
    labels = ("mean winning bid", "mean, misses counted", "median winning bid", "median, misses counted")
    for (name, style), label in zip(styles.items(), labels, strict=True):
        error = [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
        place.errorbar(seconds, table[name], yerr=error, fmt=style, markersize=4, capsize=2.5, label=label)
    place.set_ylim(0)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=10)
if __name__ == "__main__":
    experiment.main()
