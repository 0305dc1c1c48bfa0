"""When do buyers take part, where that costs them something?

Each buyer sinks K to take part in a sale. Informed buyers (Samuelson) enter below a cost θ*_t that rises towards
maturity, for K is then sunk closer to what it buys, so the sale at T brings most (P3); uninformed ones (Levin and
Smith) mix. Buyers may also come over time, or lock capital up at a cost per block. And where they choose the block
at which to sink K, while the seller waits for m of them, they come together, late, and at maturity where it waits
for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.sale_curve import curve, curve_figure
from experiments.lab.study.seed_model import MODEL, seed_model

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TICKETS = 3000
RATE = 0.01
POINTS = 4
WAIT_COST = 0.011
ARRIVING: dict[str, Any] = {"buyers": None, "seller_discount_rate": 0.03, "buyer_discount_rate": 0.0}


def models(name: str, key: str, changes: Sequence[float], **base: Any) -> dict[str, dict[str, Any]]:
    """The seed's model with one key at several values, by name."""
    return {f"{name} = {value:g}": seed_model(**base, **{key: value}) for value in changes}


PANELS: dict[str, dict[str, dict[str, Any]]] = {
    "informed": models("K", "entry_cost", (0.0, 0.02, 0.05, 0.1), discount_rate=RATE),
    "uninformed": models("K", "entry_cost", (0.01, 0.02), discount_rate=RATE, entry="uninformed"),
    "arrivals": models("λ", "arrival_rate", (0.25, 0.5, 1.0), **ARRIVING),
    "capital": models("c", "capital_cost", (0.0, 0.002, 0.005), discount_rate=RATE),
}
TITLES = {
    "informed": "Informed entry: the sale at maturity brings most (P3)",
    "uninformed": "Uninformed entry",
    "arrivals": "Buyers arrive over time: a market that thickens, an impatient seller",
    "capital": "Capital locked from the sale to the block",
}


def answer(settings: Settings) -> Answer:
    """Solve and simulate the curves, and the game of who enters when."""
    import pandas as pd

    curves = {
        panel: pd.concat([curve(settings, name, model, TICKETS, POINTS) for name, model in named.items()])
        for panel, named in PANELS.items()
    }
    table = pd.concat([part.assign(panel=panel) for panel, part in curves.items()]).dropna(subset=["simulated"])
    rows = table.to_dict("records")
    values = {f"{row['panel']}.{row['model']}.S({row['block']})": float(row["simulated"]) for row in rows}
    values |= {f"together.m={quorum}.first": float(blocks[0]) for quorum, blocks in together().items()}
    figures = {panel: curve_figure(part, TITLES[panel]) for panel, part in curves.items()}
    columns = ["panel", "model", "block", "theory", "simulated", "se", "z"]
    return Answer(table[columns], values, figures | {"thresholds": thresholds(settings), "together": waiting()})


def thresholds(settings: Settings) -> Figure:
    """θ*_t of informed buyers, for several K."""
    from experiments.lab.models.model.solving import solve
    from experiments.lab.study.plot import axes

    figure, place = axes("block of sale t", "θ*, ETH", "Who enters: those with a cost of at most θ*")
    for name, model in PANELS["informed"].items():
        solution = solve(settings.model(model))
        place.plot(solution.blocks or [], np.array(solution.entry_threshold, dtype=float), label=name)
    place.legend(frameon=False)
    return figure


def together() -> dict[int, list[int]]:
    """The blocks at which all buyers enter together in equilibrium, by the number m that the seller waits for."""
    from strategies.theory.waiting import WaitingGame

    buyers, maturity = MODEL["buyers"], MODEL["maturity"]
    surplus = (MODEL["cost"]["high"] - MODEL["cost"]["low"]) / (buyers * (buyers + 1))
    games = {m: WaitingGame(surplus, buyers, m, WAIT_COST, RATE, maturity) for m in range(2, buyers + 1)}
    return {m: game.equilibria() for m, game in games.items()}


def waiting() -> Figure:
    """When buyers enter who choose the block, by the number that the seller waits for."""
    from experiments.lab.study.plot import axes

    title = f"Buyers who choose when to sink K = {WAIT_COST:g} come together"
    figure, place = axes("block at which all enter", "entrants m that the seller waits for", title)
    for quorum, blocks in together().items():
        place.plot(blocks, [quorum] * len(blocks), "s", markersize=5, color="#0072B2")
    place.set_xlim(-1, MODEL["maturity"] + 1)
    place.set_yticks(list(together()))
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
