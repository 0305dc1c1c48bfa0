"""When is a ticket sold: at once, on the way, or at its maturity?

The optimal block of sale over the number of buyers, the cost K of taking part and the patience of the seller
relative to the buyers, where buyers learn their costs on the way (`gradual`). Two forces push: a seller less
patient than the buyers wants its money early; many buyers who know their costs bid better, few bid worse (P2), and
K keeps them away from early sales (P3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.seed_model import seed_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from experiments.lab.models.model.solution import Solution

BUYERS = tuple(range(2, 11))
ENTRY_COSTS = (0.0, 0.02, 0.05)
BUYER_RATE = 0.015
PATIENCE = tuple(np.round(np.linspace(0.4, 1.6, 25), 3).tolist())  # d_S / d_B
PHASES = ("at once", "inside", "at maturity", "any block")


def answer(settings: Settings) -> Answer:
    """Solve the model at every point of the diagram."""
    import pandas as pd

    table = pd.DataFrame(
        [
            point(settings, entry_cost, buyers, patience)
            for entry_cost in ENTRY_COSTS
            for buyers in BUYERS
            for patience in PATIENCE
        ]
    )
    shares = table.pivot_table(index="entry_cost", columns="phase", values="optimal_block", aggfunc="count")
    values = {
        f"K={entry_cost:g}.{phase}": float(shares.fillna(0).loc[entry_cost].get(phase, 0))
        for entry_cost in ENTRY_COSTS
        for phase in PHASES
    }
    return Answer(summary(table), values, {"phases": diagram(table)})


def point(settings: Settings, entry_cost: float, buyers: int, patience: float) -> dict[str, Any]:
    """The optimal block at one point, and what it gains over the spot auction."""
    from experiments.lab.models.model.solving import solve

    model = settings.model(
        seed_model(
            cost_information="gradual",
            buyers=buyers,
            entry_cost=entry_cost,
            buyer_discount_rate=BUYER_RATE,
            seller_discount_rate=patience * BUYER_RATE,
        )
    )
    solution = solve(model)
    block, last = solution.optimal_block, model.maturity
    return {
        "entry_cost": entry_cost,
        "buyers": buyers,
        "patience": patience,
        "optimal_block": block,
        "share": block / last if block is not None and last != "none" and last else 0.0,
        "phase": phase_of(solution),
        "gap": solution.equivalence_gap,
    }


def phase_of(solution: Solution) -> str:
    """Where the best block lies; where both ends tie it is any block."""
    assert solution.ties is not None
    assert solution.blocks is not None
    first, last = solution.ties[0], solution.ties[-1]
    if first == 0 and last == solution.blocks[-1]:
        return "any block"
    if first == 0:
        return "at once"
    if last == solution.blocks[-1]:
        return "at maturity"
    return "inside"


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """For each K and n, from which patience d_S/d_B on the ticket is sold inside, and from which at once."""
    rows = []
    for (entry_cost, buyers), group in table.groupby(["entry_cost", "buyers"]):
        rows.append({"K": entry_cost, "n": buyers, **{phase: spans(group, phase) for phase in PHASES}})
    import pandas as pd

    return pd.DataFrame(rows)


def spans(group: pd.DataFrame, phase: str) -> str:
    """The range of d_S/d_B in which a phase is seen."""
    seen = group.loc[group["phase"] == phase, "patience"]
    return f"{seen.min():g} … {seen.max():g}" if len(seen) else "–"


def diagram(table: pd.DataFrame) -> Figure:
    """The optimal block as a share of the maturity, a panel for each K; white where any block is as good."""
    from matplotlib.figure import Figure as Canvas

    figure = Canvas(figsize=(9.6, 3.6), layout="constrained")
    panels = figure.subplots(1, len(ENTRY_COSTS), sharey=True)
    for panel, entry_cost in zip(panels, ENTRY_COSTS, strict=True):
        part = table[(table["entry_cost"] == entry_cost) & (table["phase"] != "any block")].pivot(
            index="buyers", columns="patience", values="share"
        )
        image = panel.pcolormesh(part.columns, part.index, part.to_numpy(), vmin=0, vmax=1, cmap="viridis")
        panel.axvline(1, color="white", linewidth=1, linestyle=":")
        panel.set_title(f"K = {entry_cost:g} ETH", loc="left", fontsize=11)
        panel.set_yticks(BUYERS)
    panels[0].set_ylabel("buyers n")
    figure.supxlabel("d_S / d_B  (patient ← seller → impatient)", fontsize=10)
    bar = figure.colorbar(image, ax=panels, shrink=0.9)
    bar.set_ticks([0, 0.5, 1], labels=["at once", "T/2", "at maturity"])
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
