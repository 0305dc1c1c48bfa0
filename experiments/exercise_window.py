"""When does a holder sell a ticket that may propose at any block of a window?

A buyer who holds it has an American option on the reward. With no cost of taking part the sale is at once (P5): it
hands the exercise to a buyer who knows its own cost, and is worth at least the best spot auction that the seller
could time. With a cost K the seller waits for a good state instead. Moser's problem (1956), rewards U[0, 1], no
costs, no discounting, is drawn beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.experiment import Answer, Experiment, Settings
from experiments.lab.seed_model import seed_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

CASES = [(maturity, 0.0) for maturity in (0, 1, 2, 4, 8, 16, 32)] + [
    (16, cost) for cost in (0.01, 0.02, 0.05, 0.1)
]
WINDOW: dict[str, Any] = {
    "exercise": "window",
    "buyers": 4,
    "discount_rate": 0.005,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.9},
    "reward": {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.2},
}


def answer(settings: Settings) -> Answer:
    """What windows are worth by their length T, and when they are sold by K."""
    import pandas as pd

    cases = pd.DataFrame([case(settings, maturity, entry_cost) for maturity, entry_cost in CASES])
    columns = ["value", "spot", "mean_block"]
    values = {
        f"T={row['T']},K={row['K']:g}.{name}": float(row[name])
        for row in cases.to_dict("records")
        for name in columns
    }
    figures = {"delegation": delegation_figure(cases[cases["K"] == 0]), "waiting": waiting_figure(cases)}
    return Answer(cases.drop(columns="distribution"), values, figures)


def case(settings: Settings, maturity: int, entry_cost: float) -> dict[str, Any]:
    """The best policy's value, the best spot auction's, what delegation gains, and when the ticket is sold."""
    from experiments.lab.model.solve import solve

    solution = solve(settings.model(seed_model(**WINDOW | {"maturity": maturity, "entry_cost": entry_cost})))
    assert solution.sale_block_distribution is not None
    assert solution.value is not None
    assert solution.spot_value is not None
    chances = np.array(solution.sale_block_distribution)
    return {
        "T": maturity,
        "K": entry_cost,
        "value": solution.value,
        "spot": solution.spot_value,
        "gain_percent": 100 * (solution.value / solution.spot_value - 1),
        "mean_block": float(chances @ np.arange(len(chances)) / chances.sum()),
        "distribution": chances,
    }


def delegation_figure(cases: pd.DataFrame) -> Figure:
    """The value of a window by its length."""
    from experiments.lab.plot import axes
    from strategies.theory.laws import Uniform
    from strategies.theory.moser import window_values

    figure, place = axes("maturity T, blocks", "value, ETH", "Sold at once, a window delegates its exercise (P5)")
    place.plot(cases["T"], cases["value"], "o-", markersize=4, label="sold at once")
    place.plot(cases["T"], cases["spot"], "o-", markersize=4, label="best spot auction")
    moser = window_values(Uniform(0.0, 1.0), int(cases["T"].max()))
    place.plot(range(len(moser)), moser, linestyle=":", label="Moser: R ~ U[0, 1], θ = d = 0")
    place.legend(frameon=False)
    return figure


def waiting_figure(cases: pd.DataFrame) -> Figure:
    """The chance that the ticket has been sold by each block, for several K."""
    from experiments.lab.plot import axes

    figure, place = axes("block t", "sold by block t", "A cost of taking part makes the seller wait")
    for row in cases[cases["T"] == CASES[-1][0]].to_dict("records"):
        sold = np.cumsum(row["distribution"])
        place.step(range(len(sold)), sold, where="post", label=f"K = {row['K']:g} ETH")
    place.set_ylim(0, 1.02)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
