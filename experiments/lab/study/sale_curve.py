"""S(t) of a model: the solver's line and points simulated on the block clock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.study.agreement import z_score
from experiments.lab.study.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure


def curve(settings: Settings, name: str, data: Mapping[str, Any], tickets: int, points: int) -> pd.DataFrame:
    """A row for each block: `model`, `block`, `theory`, `best`; `simulated`, `se` and `z` at some of the blocks.

    `best` are the best block and all that tie with it.

    `points` blocks are simulated, evenly spaced from 0 to T, and the best one. Values are ETH, at the mint.
    """
    import pandas as pd

    from experiments.lab.models.model.solving import solve

    solution = solve(settings.model(data))
    assert solution.blocks is not None
    assert solution.ties is not None
    blocks = np.linspace(0, solution.blocks[-1], points).round().astype(int).tolist()
    chosen = sorted({*blocks, solution.ties[0]})
    table = pd.DataFrame({"model": name, "block": solution.blocks, "theory": solution.sale_value})
    table["best"] = table["block"].isin(solution.ties)
    return table.merge(sampled(settings, data, tickets, chosen, table), on="block", how="left")


def sampled(
    settings: Settings, data: Mapping[str, Any], tickets: int, blocks: Sequence[int], table: pd.DataFrame
) -> pd.DataFrame:
    """What sales at some blocks brought: `block`, `simulated`, `se`, `z`."""
    import pandas as pd

    found = settings.simulate(data, tickets, blocks)
    theory = table.set_index("block")["theory"]
    rows = [
        {"block": block, "simulated": mean, "se": error, "z": z_score(mean, error, float(theory[block]))}
        for block, mean, error in zip(blocks, found.mean, found.se, strict=True)
    ]
    return pd.DataFrame(rows)


def curve_figure(table: pd.DataFrame, title: str) -> Figure:
    """All curves of a table; the best block of each is ringed, if one is better than the others."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("block of sale t", "S(t), ETH at the mint", title)
    for name, part in table.groupby("model", sort=False):
        lines_and_points(place, part, "block", str(name))
    best = table[table["best"]].drop_duplicates("model", keep=False)
    place.plot(best["block"], best["theory"], "o", markersize=11, fillstyle="none", color="black", label="best")
    place.legend(frameon=False)
    return figure
