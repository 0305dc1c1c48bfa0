"""Who earns what under MEV-Boost, tickets sold before the draw, and tickets sold after it, on the same blocks?

The three market structures of the model side by side: under `pbs` the validators own the blocks, under `et` the
protocol sells tickets that are resold before they are drawn, under `et_expost` after.

What each party gained is of these very blocks, luck included. Beside it stands the protocol's capture: what was
paid for the tickets that ended over what their blocks were worth, and (`capture_expected`) over what they were
expected to be worth, which has no luck in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from experiments.lab.played.results import Comparison, Result
from experiments.lab.study import Answer, Experiment, Settings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

STRUCTURES = ("pbs", "et", "et_expost")
PARTIES = ("protocol", "holders", "proposers", "builders")
CAPTURES = ("capture", "capture_expected")
CONFIG: dict[str, Any] = {
    "seed": 7,
    "blocks": 2000,
    "market": {"structure": list(STRUCTURES)},
    "agents": [
        {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 11}},
        {"strategy": "at_block", "role": "seller", "parameters": {"capacity": 11, "before": 16}},
        {"strategy": "at_maturity", "role": "seller", "count": 2, "parameters": {"capacity": 11}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 5},
    ],
}


def answer(settings: Settings) -> Answer:
    """Run the three structures and split what the blocks were worth among the four parties."""
    runs = settings.run("structures", CONFIG)
    table = split_table(by_structure(runs))
    values = {
        f"{row['structure']}.{name}": float(row[name])
        for row in table.to_dict("records")
        for name in (*PARTIES, "reward", *CAPTURES)
        if isfinite(row[name])
    }
    return Answer(table, values, {"structures": shares(table)})


def by_structure(runs: Result | Comparison) -> Mapping[str, Result]:
    """The runs by their market structure, of which an override may have left one."""
    if isinstance(runs, Comparison):
        return runs.structures
    return {runs.summary["structure"]: runs}


def split_table(runs: Mapping[str, Result]) -> pd.DataFrame:
    """A row for each structure: rewards, and what each party gained, ETH; shares captured, NaN without tickets."""
    import pandas as pd

    from experiments.lab.metrics.revenue import split, total_reward

    rows = []
    for name, result in runs.items():
        parts = split(result.blocks, result.trades, result.tickets)
        captured = {name: result.summary[name] for name in CAPTURES}
        rows.append({"structure": name, "reward": total_reward(result.blocks), **parts._asdict(), **captured})
    return pd.DataFrame(rows).astype(dict.fromkeys(CAPTURES, float))


def shares(table: pd.DataFrame) -> Figure:
    """What each party gained, stacked, a bar for each structure."""
    from experiments.lab.study.plot import stacked

    return stacked(table.set_index("structure")[list(PARTIES)], "ETH", "What the blocks were worth, and to whom")


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
