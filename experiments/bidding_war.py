"""Which builder wins the auction of a slot, by what margin, and what does latency change?

Mixes of twelve builders after Wu, Thiery, Leonardos and Ventre (2023), on their public and private signals: the
share of auctions that each kind wins, its profit per win, and the winning bid over all value, as the delay that
all bids share grows from 1 to 10 steps of 10 ms. The same signals at every delay and for every mix."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.lab.experiment import Answer, Experiment, Settings
from experiments.lab.slot import auctions, auctions_and_seed, mix
from market.slot_auction import Proposer, Relay

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
DELAYS = tuple(range(1, 11))
STEP_MS = 10
MIXES: dict[str, dict[str, int]] = {
    "naive, adaptive, last minute": {"naive": 4, "adaptive": 4, "last_minute": 4},
    "with stealth": {"naive": 3, "adaptive": 3, "last_minute": 3, "stealth": 3},
    "with bluff": {"naive": 3, "adaptive": 3, "last_minute": 3, "bluff": 3},
    "with latency-aware": {"naive": 3, "adaptive": 3, "last_minute": 3, "latency_aware": 3},
}


def answer(
    settings: Settings,
    delay: Annotated[list[int] | None, typer.Option(min=0, help="steps of 10 ms; give it several times")] = None,
    end_sd_ms: Annotated[float, typer.Option(min=0, help="standard deviation of the end of the slot, ms")] = 0.0,
) -> Answer:
    """Play every mix at every delay."""
    import pandas as pd

    count, seed = auctions_and_seed(settings, AUCTIONS)
    rows = []
    for name, counts in MIXES.items():
        for steps in delay or DELAYS:
            relays, proposer = (Relay(steps * STEP_MS),), Proposer(end_sd_ms=end_sd_ms)
            played = auctions(mix(counts, relays=relays, proposer=proposer), count, seed)
            rows += measures(name, steps, counts, played)
    table = pd.DataFrame(rows)
    values = {
        f"{row['mix']}.{row['delay']}.{row['builder']}.{measure}": float(row[measure])
        for row in rows
        for measure in ("win_share", "profit_per_win", "efficiency")
    }
    return Answer(table, values, figures(table))


def measures(name: str, steps: int, counts: dict[str, int], played: pd.DataFrame) -> list[dict[str, Any]]:
    """A row for each kind of builder; the median bid count, price and efficiency are those of the whole mix."""
    whole = {
        "efficiency": played["efficiency"].mean(),
        "price": played["price"].median(),
        "bids": played["bids"].median(),
    }
    rows = []
    for builder in counts:
        won = played[played["winner"] == builder]
        share, profit = len(won) / len(played), won["profit"].mean() if len(won) else 0.0
        row = {"mix": name, "delay": steps, "builder": builder, "win_share": share, "profit_per_win": profit}
        rows.append(row | {"profit_se": won["profit"].sem() if len(won) > 1 else 0.0} | whole)
    return rows


def figures(table: pd.DataFrame) -> dict[str, Figure]:
    """Win share, profit per win and efficiency by delay."""
    return {
        "win_share": by_delay(table, "win_share", "share of auctions won"),
        "profit": by_delay(table, "profit_per_win", "mean profit per win, ETH"),
        "efficiency": efficiency(table),
    }


def by_delay(table: pd.DataFrame, measure: str, label: str) -> Figure:
    """A panel for each mix, a line for each kind of builder, in the same colour everywhere."""
    from experiments.lab.plot import COLOURS, panels

    colours = dict(zip(table["builder"].unique(), COLOURS, strict=False))
    figure, places = panels(2, 2)
    for place, (name, part) in zip(places, table.groupby("mix", sort=False), strict=True):
        place.set_title(name, loc="left", fontsize=10)
        for builder, line in part.groupby("builder", sort=False):
            place.plot(line["delay"], line[measure], "o-", markersize=3.5, color=colours[builder], label=builder)
        place.legend(frameon=False, fontsize=8)
        place.margins(y=0.15)
    places[0].set_ylabel(label)
    places[2].set_ylabel(label)
    for place in places[2:]:
        place.set_xlabel("global delay, 10 ms")
    return figure


def efficiency(table: pd.DataFrame) -> Figure:
    """A line for each mix."""
    from experiments.lab.plot import axes

    figure, place = axes("global delay, 10 ms", "winning bid / value of all signals", "What reaches the proposer")
    for name, part in table.drop_duplicates(["mix", "delay"]).groupby("mix", sort=False):
        place.plot(part["delay"], part["efficiency"], "o-", markersize=4, label=name)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
