"""When does a holder sell a ticket that may propose at any block of a window?

A buyer who holds it has an American option on the reward. With no cost of taking part the sale is at once (P5): it
hands the exercise to a buyer who knows its own cost, and is worth at least the best spot auction that the seller
could time. With a cost K the seller waits for a good state instead. Moser's problem (1956), rewards U[0, 1], no
costs, no discounting, is drawn beside it. Points are tickets sold and exercised on the block clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import z_score
from experiments.lab.study.seed_model import seed_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

CASES = [(maturity, 0.0) for maturity in (0, 1, 2, 4, 8, 16, 32)] + [
    (16, cost) for cost in (0.01, 0.02, 0.05, 0.1)
]
PLAYED, TICKETS = (0, 4, 16), 400
"""Lengths of windows that are played out, and tickets for each way to sell."""

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
    played = pd.concat([sold(settings, maturity) for maturity in PLAYED], ignore_index=True)
    columns = ["value", "spot", "mean_block"]
    values = {
        f"T={row['T']},K={row['K']:g}.{name}": float(row[name])
        for row in cases.to_dict("records")
        for name in columns
    }
    values |= {f"T={row['T']}.{row['sale']}.simulated": row["simulated"] for row in played.to_dict("records")}
    figures = {"delegation": delegation_figure(cases[cases["K"] == 0], played), "waiting": waiting_figure(cases)}
    return Answer(pd.concat([cases.drop(columns="distribution"), played]), values, figures)


def sold(settings: Settings, maturity: int) -> pd.DataFrame:
    """Windows of one length sold at once, and blocks in spot auctions at the best time, through the market."""
    import pandas as pd

    data = seed_model(**WINDOW | {"maturity": maturity})
    found = settings.simulate(data, TICKETS, [0])
    theory = found.theory
    sales = [
        ("at once", found.mean[0], found.se[0], theory.mean[0]),
        ("spot", found.spot_mean, found.spot_se, theory.spot_mean),
    ]
    return pd.DataFrame(
        {
            "T": maturity,
            "K": 0.0,
            "sale": sale,
            "simulated": mean,
            "se": error,
            "z": z_score(mean, error, value or 0.0),
        }
        for sale, mean, error, value in sales
    )


def case(settings: Settings, maturity: int, entry_cost: float) -> dict[str, Any]:
    """The best policy's value, the best spot auction's, what delegation gains, and when the ticket is sold."""
    from experiments.lab.models.model.solving import solve

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


def delegation_figure(cases: pd.DataFrame, played: pd.DataFrame) -> Figure:
    """The value of a window by its length; tickets sold on the block clock are points with 95 % intervals."""
    from experiments.lab.study.plot import axes, lines_and_points
    from strategies.theory.laws import UniformLaw
    from strategies.theory.moser import window_values

    figure, place = axes("maturity T, blocks", "value, ETH", "Sold at once, a window delegates its exercise (P5)")
    for column, sale, label in (("value", "at once", "sold at once"), ("spot", "spot", "best spot auction")):
        points = played[played["sale"] == sale][["T", "simulated", "se"]]
        table = cases[["T"]].assign(theory=cases[column]).merge(points, on="T", how="left")
        lines_and_points(place, table, "T", label)
    moser = window_values(UniformLaw(0.0, 1.0), int(cases["T"].max()))
    place.plot(range(len(moser)), moser, linestyle=":", label="Moser: R ~ U[0, 1], θ = d = 0")
    place.legend(frameon=False)
    return figure


def waiting_figure(cases: pd.DataFrame) -> Figure:
    """The chance that the ticket has been sold by each block, for several K."""
    from experiments.lab.study.plot import axes

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
