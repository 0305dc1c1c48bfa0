"""Who would have earned what, month by month, had Ethereum's blocks been sold as tickets?

Replays a file of real MEV-Boost payments (`--rewards`) through the three market structures, and splits what every
block was worth among protocol, ticket holders, proposers and builders. A file is Parquet or CSV of the public
mevboost-data schema, or any with a payment column; it stays where it is. Months are those of the file's slots;
without a column `slot`, stretches of 216,000 blocks, 30 days. Without a file, a small generated one stands in for
it: table, answer and figure then say "generated sample", for it tells of no month of Ethereum.

The mean of a month, and the protocol's share of it, are made by its few largest blocks: payments have so heavy a
tail that no interval would hold them. Beside each stands that of the median day with its interval, two of the days
themselves, and the `level` with which it holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.months import Calendar, calendar_of
from experiments.structures import PARTIES, STRUCTURES, by_structure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SAMPLE = Path(str(files("experiments") / "data" / "payments.parquet"))
GENERATED = "generated sample"
COST = {"low": 0.0, "high": 0.02}  # a sixth of the mean payment of 2023–24
RICH = {"endowment_eth": 1e6}
AGENTS: list[dict[str, Any]] = [
    {"strategy": "at_once", "role": "seller", "count": 2, "parameters": {"capacity": 17}, **RICH},
    {"strategy": "at_maturity", "role": "seller", "count": 2, "parameters": {"capacity": 17}, **RICH},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 5, **RICH},
]
MEASURES = {"mean": ("reward", "blocks", 1), "protocol_share": ("protocol", "reward", 100)}
"""What a month and each of its days have, as a ratio of two sums: ETH a block, and a share of the rewards, %."""


def answer(
    settings: Settings,
    rewards: Annotated[Path, typer.Option(metavar="FILE", help="MEV-Boost payments")] = SAMPLE,
    column: Annotated[str | None, typer.Option(help="its column of payments; left out: by its name")] = None,
) -> Answer:
    """Replay the payments through the three structures and split them by month."""
    calendar = calendar_of(rewards, column)
    total = len(calendar.days)
    blocks = settings.blocks or total
    if blocks > total:
        raise InputError(f"--blocks {blocks}: {rewards} has {total} blocks; leave --blocks out to take all")
    reward = {"process": "replay", "file": str(rewards.resolve())} | ({"column": column} if column else {})
    market = {"structure": list(STRUCTURES)}
    config = {"blocks": blocks, "reward": reward, "cost": COST, "agents": AGENTS, "market": market}
    runs = settings.run("structures", config)
    return split_by_month(by_structure(runs), calendar, is_sample=rewards.samefile(SAMPLE))


def split_by_month(runs: Mapping[str, Result], calendar: Calendar, is_sample: bool = False) -> Answer:
    """The answer that runs over the blocks of a file give; the months of a sample have no name."""
    days = by_day(runs, calendar)
    days["month"] = GENERATED if is_sample else days["day"].map(calendar.month)
    table = by_month(days)
    values = totals(table)
    if is_sample:
        values = {f"{GENERATED}.{name}": value for name, value in values.items()}
    else:
        values |= of_months(table)
    return Answer(table, values, {"months": bars(table), "shares": shares(table)}, title(table))


def title(table: pd.DataFrame) -> str:
    """What the table is of: how many blocks, of which months."""
    part = table[table["structure"] == table["structure"].iloc[0]]
    first, last = part["month"].iloc[0], part["month"].iloc[-1]
    if first == GENERATED:
        what = f"{GENERATED}, no payments of Ethereum"
    else:
        what = f"{first} to {last}" if first != last else first
    return f"Who would have earned what: {part['blocks'].sum():,} blocks, {what}"


def by_day(runs: Mapping[str, Result], calendar: Calendar) -> pd.DataFrame:
    """A row for each structure and day: blocks, rewards and what each party gained of them, ETH."""
    import pandas as pd

    tables = [gains_by_day(result, calendar).assign(structure=name) for name, result in runs.items()]
    return pd.concat(tables, ignore_index=True)


def gains_by_day(result: Result, calendar: Calendar) -> pd.DataFrame:
    """What each party gained of every block of one structure, summed over each day."""
    import pandas as pd

    from experiments.lab.metrics.columns import read
    from experiments.lab.metrics.revenue import gains_of_blocks
    from experiments.lab.runs.folder import TABLES

    tables = result.path / TABLES
    blocks = read(tables, "blocks", "ticket", "reward_gwei", "net_gwei", "block_price_gwei")
    trades = read(tables, "trades", "market", "ticket", "price_gwei")
    gains = pd.DataFrame(gains_of_blocks(blocks, trades)._asdict())
    gains.insert(0, "reward", blocks["reward_gwei"] / 1e9)
    gains.insert(0, "blocks", 1)
    return gains.groupby(pd.Series(calendar.days[: len(gains)], name="day")).sum().reset_index()


def by_month(days: pd.DataFrame) -> pd.DataFrame:
    """A row for each structure and month: the sums of its days, and their `MEASURES`."""
    import pandas as pd

    rows = []
    for (structure, month), own in days.groupby(["structure", "month"], sort=False):
        sums = own[["blocks", "reward", *PARTIES]].sum().to_dict()
        rows.append({"structure": structure, "month": month, "days": len(own), **sums, **measures(own)})
    return pd.DataFrame(rows).astype({"blocks": int})


def measures(days: pd.DataFrame) -> dict[str, float | None]:
    """Each of all these days together and of the median day, with its interval and the level of both."""
    from experiments.lab.statistics.median import NOWHERE, median_interval

    found: dict[str, float | None] = {}
    ends = NOWHERE
    for name, (part, whole, scale) in MEASURES.items():
        each = (scale * days[part] / days[whole]).to_numpy(float)
        ends = median_interval(each) or NOWHERE
        found[name] = scale * float(days[part].sum() / days[whole].sum())
        found |= {f"{name}_day": float(np.median(each)), f"{name}_low": ends.low, f"{name}_high": ends.high}
    return found | {"level": ends.level}


def totals(table: pd.DataFrame) -> dict[str, float]:
    """The gains of the whole time, by structure and party, ETH."""
    sums = table.groupby("structure")[["reward", *PARTIES]].sum()
    return {f"{structure}.{name}": float(sums.loc[structure, name]) for structure in sums.index for name in sums}


def of_months(table: pd.DataFrame) -> dict[str, float]:
    """What a month had, by structure."""
    return {
        f"{row['structure']}.{row['month']}.{name}": row[name]
        for row in table.to_dict("records")
        for measure in MEASURES
        for name in (measure, f"{measure}_day")
    }


def bars(table: pd.DataFrame) -> Figure:
    """A stacked bar for each month, structure by structure."""
    from experiments.lab.study.plot import panels, stack

    parts = list(table.groupby("structure", sort=False))
    figure, places = panels(1, len(parts), title(table))
    for place, (structure, own) in zip(places, parts, strict=True):
        stack(place, own.set_index("month")[list(PARTIES)])
        name_months(place, structure)
    places[0].set_ylabel("ETH")
    handles, labels = places[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(PARTIES), frameon=False)
    return figure


def shares(table: pd.DataFrame) -> Figure:
    """What a block brought, and the protocol's share of that: of the month, and of its median day."""
    from experiments.lab.study.plot import panels

    parts = [(str(structure), own) for structure, own in table.groupby("structure", sort=False)]
    sold = [(structure, own) for structure, own in parts if own["protocol"].any()]
    figure, (level, share) = panels(1, 2, title(table))
    month_and_day(level, parts[0][1], "mean", "a block", "o-")
    for (structure, own), style in zip(sold, ("o-", "x--"), strict=False):  # lines may lie on each other
        month_and_day(share, own, "protocol_share", structure, style)
    name_months(level, "MEV-Boost payment, ETH")
    name_months(share, "the protocol's share, %")
    for place in (level, share):
        if place.lines:
            place.legend(frameon=False)
    return figure


def month_and_day(place: Axes, own: pd.DataFrame, name: str, label: str, style: str) -> None:
    """A measure by month, as a line, and that of the median day, as points with their intervals."""
    marker, dashes = style[0], style[1:]
    (line,) = place.plot(own["month"], own[name], dashes, label=label, linewidth=1.4)
    middle, low, high = (own[f"{name}_{what}"].to_numpy(float) for what in ("day", "low", "high"))
    spread = (middle - low, high - middle)
    looks: dict[str, Any] = {"markersize": 4, "capsize": 2.5, "linewidth": 1, "color": line.get_color()}
    place.errorbar(own["month"], middle, spread, fmt=marker, label=f"{label}, median day", **looks)


def name_months(place: Axes, heading: str) -> None:
    """Months stand aslant, below one another's names."""
    place.set_title(heading, loc="left", fontsize=10)
    place.tick_params(axis="x", labelrotation=45)


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
