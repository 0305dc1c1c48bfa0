"""Which builder wins the auction of a slot, by what margin, and what do latency and an uncertain end change?

Mixes of twelve builders after Wu, Thiery, Leonardos and Ventre (2023), on their public and private signals and
with their margin: the share of auctions that each kind wins, its profit per win, and the winning bid over all
value, as the delay that all bids share grows from 1 to 10 steps of 10 ms, with a proposer that comes at 12 s sharp
and one that comes N(12 s, 0.1 s). The same signals at every delay and for every mix; each auction is played once
for both ends. Intervals are those of 95 % by the normal approximation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.slot import WU_MARGIN, auctions_and_seed, auctions_by_spread, mix
from market.slot_auction import Relay
from market.slot_auction.proposer import SLOT_MS
from market.slot_auction.signals import STEP_MS

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

AUCTIONS = 10_000
DELAYS = tuple(range(1, 11))
END_SDS_MS = (0.0, 100.0)
HORIZON_MS = SLOT_MS + 500
"""Signals are drawn up to here, so that they are the same for both ends."""
MIXES: dict[str, dict[str, int]] = {
    "naive, adaptive, last minute": {"naive": 4, "adaptive": 4, "last_minute": 4},
    "with bluff": {"naive": 3, "adaptive": 3, "last_minute": 3, "bluff": 3},
    "with stealth": {"naive": 3, "adaptive": 3, "last_minute": 3, "stealth": 3},
    "with latency-aware": {"naive": 3, "adaptive": 3, "last_minute": 3, "latency_aware": 3},
}
OF_BUILDERS = ("win_share", "profit_per_win")


def answer(
    settings: Settings,
    delay: Annotated[list[int] | None, typer.Option(min=0, help="steps of 10 ms; give it several times")] = None,
    mixture: Annotated[list[str] | None, typer.Option(help=f"one of {', '.join(map(repr, MIXES))}")] = None,
) -> Answer:
    """Play every mix at every delay."""
    import pandas as pd

    count, seed = auctions_and_seed(settings, AUCTIONS)
    rows = [
        row for name in mixture or MIXES for steps in delay or DELAYS for row in point(name, steps, count, seed)
    ]
    table = pd.DataFrame(rows)
    return Answer(table, dict(values(rows)), figures(table))


def point(name: str, steps: int, count: int, seed: int) -> list[dict[str, Any]]:
    """One mix at one delay: a row for each end and each kind of builder."""
    if name not in MIXES:
        raise InputError(f"--mixture {name!r}: there is none; choose one of {', '.join(map(repr, MIXES))}")
    game = mix(MIXES[name], parameters=WU_MARGIN, relays=(Relay(steps * STEP_MS),), horizon_ms=HORIZON_MS)
    played = auctions_by_spread(game, END_SDS_MS, count, seed)
    return [
        {"mix": name, "end_sd_ms": sd, "delay": steps} | row
        for sd, auctions in zip(END_SDS_MS, played, strict=True)
        for row in measures(MIXES[name], auctions)
    ]


def measures(counts: dict[str, int], played: pd.DataFrame) -> list[dict[str, Any]]:
    """A row for each kind of builder, `_pm` half of a 95 % interval. Efficiency is that of the whole mix, as are
    the medians of price and number of bids."""
    whole = {
        "efficiency": played["efficiency"].mean(),
        "efficiency_pm": 1.96 * played["efficiency"].sem(),
        "price": played["price"].median(),
        "bids": played["bids"].median(),
    }
    rows = []
    for builder in counts:
        won = played["winner"] == builder
        profits = played.loc[won, "profit"]
        row = {
            "builder": builder,
            "win_share": won.mean(),
            "win_share_pm": 1.96 * won.sem(),
            "profit_per_win": profits.mean() if len(profits) else 0.0,
            "profit_per_win_pm": 1.96 * profits.sem() if len(profits) > 1 else 0.0,
        }
        rows.append(row | whole)
    return rows


def values(rows: list[dict[str, Any]]) -> list[tuple[str, float]]:
    """The numbers of the answer by name: mix, sd of the end, delay, and builder."""
    found = []
    for row in rows:
        place = f"{row['mix']}.{row['end_sd_ms']:g}.{row['delay']}"
        for measure in OF_BUILDERS:
            found += [(f"{place}.{row['builder']}.{measure}{end}", row[measure + end]) for end in ("", "_pm")]
        found += [(f"{place}.efficiency{end}", row[f"efficiency{end}"]) for end in ("", "_pm")]
    return [(name, float(value)) for name, value in found]


def figures(table: pd.DataFrame) -> dict[str, Figure]:
    """Win share, profit per win and efficiency by delay."""
    return {
        "bidding_war_wins": by_delay(table, "win_share", "share of auctions won"),
        "bidding_war_profit": by_delay(table, "profit_per_win", "mean profit per win, ETH"),
        "bidding_war_efficiency": efficiency(table),
    }


def by_delay(table: pd.DataFrame, measure: str, label: str) -> Figure:
    """A panel for each mix, a colour for each kind of builder, solid where the end is sharp."""
    from experiments.lab.study.plot import COLOURS, panels

    colours = dict(zip(table["builder"].unique(), COLOURS, strict=False))
    columns = min(table["mix"].nunique(), 2)
    figure, places = panels(-(-table["mix"].nunique() // columns), columns)
    for place, (name, part) in zip(places, table.groupby("mix", sort=False), strict=False):
        place.set_title(name, loc="left", fontsize=10)
        for (builder, sd), line in part.groupby(["builder", "end_sd_ms"], sort=False):
            style: dict[str, Any] = {"fmt": "s--", "alpha": 0.6} if sd else {"fmt": "o-", "label": builder}
            place.errorbar(
                line["delay"], line[measure], line[f"{measure}_pm"], color=colours[builder], markersize=3, **style
            )
        place.legend(frameon=False, fontsize=8)
        place.margins(y=0.15)
        place.set_ylim(bottom=max(place.get_ylim()[0], 0))  # what a bluff loses would hide the rest
    for place in places[::columns]:
        place.set_ylabel(label)
    for place in places[-columns:]:
        place.set_xlabel("global delay, 10 ms (dashed: end ± 0.1 s)")
    return figure


def efficiency(table: pd.DataFrame) -> Figure:
    """A line for each mix and end, but those above 1, where bluffs are paid."""
    from experiments.lab.study.plot import COLOURS, axes

    label = "winning bid / value of all signals"
    figure, place = axes("global delay, 10 ms (dashed: end ± 0.1 s)", label, "What reaches the proposer")
    whole = table[table["efficiency"] <= 1].drop_duplicates(["mix", "end_sd_ms", "delay"])
    for colour, (name, part) in zip(COLOURS, whole.groupby("mix", sort=False), strict=False):
        for sd, line in part.groupby("end_sd_ms", sort=False):
            style: dict[str, Any] = {"fmt": "s--", "alpha": 0.6} if sd else {"fmt": "o-", "label": name}
            place.errorbar(
                line["delay"], line["efficiency"], line["efficiency_pm"], color=colour, markersize=4, **style
            )
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=10)
if __name__ == "__main__":
    experiment.main()
