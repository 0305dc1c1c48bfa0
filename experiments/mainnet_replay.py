"""Who would have earned what, month by month, had Ethereum's blocks been sold as tickets?

Replays a file of real MEV-Boost payments (`--rewards`) through the three market structures, and splits what every
block was worth among protocol, ticket holders, proposers and builders. A file is Parquet or CSV of the public
mevboost-data schema, or any with a payment column; it stays where it is. Months are those of the file's slots;
without a column `slot`, stretches of 216,000 blocks, 30 days. Without a file, a small generated one stands in for
it: table, answer and figure then say "generated sample", for it tells of no month of Ethereum.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Comparison, Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.months import month_of_blocks
from experiments.structures import PARTIES, STRUCTURES

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

SAMPLE = Path(str(files("experiments") / "data" / "payments.parquet"))
GENERATED = "generated sample"
COST = {"low": 0.0, "high": 0.02}  # a sixth of the mean payment of 2023–24
RICH = {"endowment_eth": 1e6}
AGENTS: list[dict[str, Any]] = [
    {"strategy": "at_once", "role": "seller", "count": 2, "parameters": {"capacity": 17}, **RICH},
    {
        "strategy": "at_maturity",
        "role": "seller",
        "count": 2,
        "parameters": {"capacity": 17},
        "endowment_eth": 1e6,
    },
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 5, "endowment_eth": 1e6},
]


def answer(
    settings: Settings,
    rewards: Annotated[Path, typer.Option(metavar="FILE", help="MEV-Boost payments")] = SAMPLE,
    column: Annotated[str | None, typer.Option(help="its column of payments; left out: by its name")] = None,
) -> Answer:
    """Replay the payments through the three structures and split them by month."""
    months = month_of_blocks(rewards, column)
    is_sample = rewards.samefile(SAMPLE)
    if is_sample:
        months = [GENERATED] * len(months)
    blocks = settings.blocks or len(months)
    if blocks > len(months):
        raise InputError(f"--blocks {blocks}: {rewards} has {len(months)} blocks; leave --blocks out to take all")
    reward = {"process": "replay", "file": str(rewards.resolve())} | ({"column": column} if column else {})
    market = {"structure": list(STRUCTURES)}
    config = {"blocks": blocks, "reward": reward, "cost": COST, "agents": AGENTS, "market": market}
    runs = settings.run("structures", config)
    assert isinstance(runs, Comparison)
    table = by_month(runs, months[:blocks])
    values = totals(table)
    if is_sample:
        values = {f"{GENERATED}.{name}": value for name, value in values.items()}
    return Answer(table, values, {"months": bars(table)}, title(table))


def title(table: pd.DataFrame) -> str:
    """What the table is of: how many blocks, of which months."""
    part = table[table["structure"] == table["structure"].iloc[0]]
    first, last = part["month"].iloc[0], part["month"].iloc[-1]
    if first == GENERATED:
        what = f"{GENERATED}, no payments of Ethereum"
    else:
        what = f"{first} to {last}" if first != last else first
    return f"Who would have earned what: {part['blocks'].sum():,} blocks, {what}"


def by_month(runs: Comparison, months: list[str]) -> pd.DataFrame:
    """A row for each structure and month: blocks, rewards and what each party gained of them, ETH."""
    import pandas as pd

    tables = [split_by_month(result, months).assign(structure=name) for name, result in runs.structures.items()]
    table = pd.concat(tables, ignore_index=True)
    table["protocol_share"] = 100 * table["protocol"] / table["reward"]
    return table[["structure", "month", "blocks", "reward", *PARTIES, "protocol_share"]]


def split_by_month(result: Result, months: list[str]) -> pd.DataFrame:
    """What each party gained of every block, summed over the months of the blocks."""
    import pandas as pd

    from experiments.lab.metrics.revenue import gains_of_blocks

    gains = pd.DataFrame(gains_of_blocks(result.blocks, result.trades)._asdict())
    gains.insert(0, "reward", result.blocks["reward_gwei"] / 1e9)
    gains.insert(0, "blocks", 1)
    return gains.groupby(pd.Series(months, name="month")).sum().reset_index()


def totals(table: pd.DataFrame) -> dict[str, float]:
    """The gains of the whole time, by structure and party, ETH."""
    sums = table.groupby("structure")[["reward", *PARTIES]].sum()
    return {f"{structure}.{name}": float(sums.loc[structure, name]) for structure in sums.index for name in sums}


def bars(table: pd.DataFrame) -> Figure:
    """A stacked bar for each month and structure."""
    from experiments.lab.study.plot import stacked

    labelled = table.assign(label=table["month"] + "\n" + table["structure"]).sort_values("month", kind="stable")
    return stacked(labelled.set_index("label")[list(PARTIES)], "ETH", title(table))


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
