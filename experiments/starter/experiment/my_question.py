"""Do sellers gain more if they sell a ticket at once, or when its block has come?

The same market with either kind of sellers, on the same draws of several seeds; what they gain a block, ETH, with
95 % intervals. `et-testbed experiments my_question.py --golden` keeps the answer beside this file; the next one is
held to it.
"""

from __future__ import annotations

from typing import Annotated, Any

import pandas as pd
import typer
from et_testbed import Answer, Experiment, Settings, axes

STRATEGIES = ("at_once", "at_maturity")
METRIC = "holders_gain"  # `et-testbed metrics` lists all of them
CONFIG: dict[str, Any] = {
    "blocks": 300,
    # As much as a block is worth, without the heavy tail of real ones, of whose means a few seeds say nothing
    "reward": {"process": "exponential", "mean": 0.0284},
    "agents": [
        {"strategy": "at_once", "role": "seller", "count": 4, "parameters": {"capacity": 9}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 4},
    ],
}


def answer(settings: Settings, seeds: Annotated[int, typer.Option(help="how many seeds")] = 8) -> Answer:
    """Sweep the sellers' strategy: a table, numbers by name, and figures by name."""
    swept = settings.sweep("sellers", CONFIG, {"agents.0.strategy": STRATEGIES}, range(1, seeds + 1))
    table = swept.table(METRIC)[["agents.0.strategy", "runs", "mean", "low", "high"]]
    values = dict(zip(table["agents.0.strategy"], table["mean"], strict=True))
    values |= difference(swept.differences(METRIC).iloc[0])
    return Answer(table, values, {"gains": figure(table)})


def difference(found: pd.Series) -> dict[str, float]:
    """What the second strategy gains more, on the same draws, and its interval where it has one."""
    ends = {f"difference_{end}": found[end] for end in ("low", "high") if pd.notna(found[end])}
    return {"difference": found["mean"], **ends}


def figure(table: pd.DataFrame) -> Any:
    """The mean of each strategy with its interval."""
    drawn, place = axes("", "gain of the holders, ETH", "Selling at once, or at maturity")
    reach = [table["mean"] - table["low"], table["high"] - table["mean"]]
    place.errorbar(table["agents.0.strategy"], table["mean"], yerr=reach, fmt="o", capsize=3)
    return drawn


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
