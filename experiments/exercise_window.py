"""When does a holder sell a ticket that may propose at any block of a window, and when does its buyer exercise?

A buyer who holds it has an American option on the reward. With no cost of taking part the sale is at once (P5): it
hands the exercise to a buyer who knows its own cost, and is worth at least the best spot auction that the seller
could time. With a cost K the seller waits for a good state instead. Moser's problem (1956), rewards U[0, 1], no
costs, no discounting, is drawn beside it. With K a late sale is exercised at once: the state for which the seller
waited is one in which the buyer takes the block. Points are tickets sold and exercised on the block clock.
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

    from experiments.lab.models.model.solution import Solution

CASES = [
    *((maturity, 0.0) for maturity in (0, 1, 2, 4, 8, 16, 32)),
    *((16, cost) for cost in (0.001, 0.003, 0.009, 0.01, 0.02, 0.05, 0.1)),
    *((maturity, cost) for maturity in (12, 32) for cost in (0.009, 0.1)),
]
OTHERS = {12: "v", 32: "^"}
"""Windows that are drawn as marks beside the line of `WAITED`."""

PLAYED, TICKETS = (0, 4, 16), 400
"""Lengths of windows that are played out, and tickets for each way to sell."""

WAITED = (16, 0.01)
"""The window and the cost K with which tickets are played by the best policy."""

SHOWN = (0.0, 0.01, 0.02, 0.05, 0.1)
"""The costs K for which it is drawn when tickets are sold."""

RARE = 2e-3
"""The least standard error of a share: so few are not exercised at once that a sample may have none."""

WINDOW: dict[str, Any] = {
    "exercise": "window",
    "buyers": 4,
    "discount_rate": 0.005,
    "cost": {"distribution": "uniform", "low": 0.1, "high": 0.9},
    "reward": {"process": "ar1", "mean": 1.0, "phi": 0.9, "sigma": 0.2},
}
RESTLESS: dict[str, Any] = {"buyers": 2, "reward": {"process": "ar1", "mean": 1.0, "phi": 0.6, "sigma": 0.5}}
"""Fewer buyers, rewards that move more and forget sooner: there delegation gains more, most of all with `DEAR`."""
DEAR: dict[str, Any] = {"cost": {"distribution": "uniform", "low": 0.1, "high": 1.5}}


def answer(settings: Settings) -> Answer:
    """What windows are worth by their length T, and when they are sold by K."""
    import pandas as pd

    cases = pd.DataFrame([case(settings, maturity, entry_cost) for maturity, entry_cost in CASES])
    played = pd.concat([sold(settings, maturity) for maturity in PLAYED], ignore_index=True)
    waited = waited_for(settings)
    columns = ["value", "spot", "mean_block", "tried_at_T", "found_a_buyer", "at_once"]
    values = {
        f"T={row['T']},K={row['K']:g}.{name}": float(row[name])
        for row in cases.to_dict("records")
        for name in columns
    }
    values |= {f"T={row['T']}.{row['sale']}.simulated": row["simulated"] for row in played.to_dict("records")}
    values |= {
        f"T={row['T']},K={row['K']:g}.{row['sale']}.simulated": row["simulated"]
        for row in waited.to_dict("records")
    }
    values |= restless(settings)
    figures = {
        "delegation": delegation_figure(cases[cases["K"] == 0], played),
        "waiting": waiting_figure(cases),
        "at_once": at_once_figure(cases, waited),
    }
    return Answer(pd.concat([cases.drop(columns="distribution"), played, waited]), values, figures)


def restless(settings: Settings) -> dict[str, float]:
    """Windows of four blocks and the best spot auctions with `RESTLESS`, and with `DEAR` too, ETH."""
    values: dict[str, float] = {}
    for name, changed in {"restless": RESTLESS, "restless, dear": RESTLESS | DEAR}.items():
        solution = solved(settings, WINDOW | changed | {"maturity": 4})
        values |= {f"{name}.value": solution.value or 0.0, f"{name}.spot": solution.spot_value or 0.0}
    return values


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


def waited_for(settings: Settings) -> pd.DataFrame:
    """Tickets sold by the best policy where taking part costs something: how many find a buyer, and who of these
    exercises at once."""
    import pandas as pd

    maturity, entry_cost = WAITED
    data = seed_model(**WINDOW | {"maturity": maturity, "entry_cost": entry_cost})
    found = settings.simulate(data, TICKETS)
    assert found.sale_and_exercise is not None
    assert found.sale_and_exercise_se is not None
    assert found.theory.sale_and_exercise is not None
    (lived,), (errors,), (expected,) = (
        found.sale_and_exercise,
        found.sale_and_exercise_se,
        found.theory.sale_and_exercise,
    )
    rows = []
    for key in ("found_a_buyer", "at_once"):
        share, error, theory = getattr(lived, key) or 0.0, errors[key] or 0.0, getattr(expected, key) or 0.0
        row = {"T": maturity, "K": entry_cost, "sale": key, "simulated": share, "se": error}
        rows.append(row | {"z": z_score(share, max(error, RARE), theory)})
    return pd.DataFrame(rows)


def solved(settings: Settings, data: dict[str, Any]) -> Solution:
    """The solution of a window."""
    from experiments.lab.models.model.solving import solve

    return solve(settings.model(seed_model(**data)))


def gain_percent(solution: Solution) -> float:
    """What the best policy brings over the best spot auction."""
    assert solution.value is not None
    assert solution.spot_value is not None
    return 100 * (solution.value / solution.spot_value - 1)


def case(settings: Settings, maturity: int, entry_cost: float) -> dict[str, Any]:
    """The best policy's value, the best spot auction's, what delegation gains, when tickets are sold and used."""
    solution = solved(settings, WINDOW | {"maturity": maturity, "entry_cost": entry_cost})
    lives = solution.sale_and_exercise
    assert lives is not None
    return {
        "T": maturity,
        "K": entry_cost,
        "value": solution.value,
        "spot": solution.spot_value,
        "gain_percent": gain_percent(solution),
        "mean_block": lives.mean_block_tried,
        "tried_at_T": lives.tried_at[-1],
        "found_a_buyer": lives.found_a_buyer,
        "at_once": lives.at_once or 0.0,
        "distribution": lives.tried_at,
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
    for row in cases[(cases["T"] == WAITED[0]) & cases["K"].isin(SHOWN)].to_dict("records"):
        sold = np.cumsum(row["distribution"])
        place.step(range(len(sold)), sold, where="post", label=f"K = {row['K']:g} ETH")
    place.set_ylim(0, 1.02)
    place.legend(frameon=False)
    return figure


def at_once_figure(cases: pd.DataFrame, waited: pd.DataFrame) -> Figure:
    """By K, the share of sold tickets that are exercised at the block of the sale, and of tries with a buyer."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("cost of taking part K, ETH", "share", "With K, a late sale is exercised at once")
    for column, label in (
        ("at_once", "sold tickets exercised at once"),
        ("found_a_buyer", "tries that find a buyer"),
    ):
        points = waited[waited["sale"] == column][["K", "simulated", "se"]]
        solved = cases[cases["T"] == WAITED[0]].sort_values("K")
        lines_and_points(
            place,
            solved[["K"]].assign(theory=solved[column]).merge(points, on="K", how="left"),
            "K",
            f"{label}, T = {WAITED[0]}",
        )
        for maturity, marker in OTHERS.items():
            others = cases[(cases["T"] == maturity) & (cases["K"] > 0)]
            place.plot(others["K"], others[column], marker, markersize=5, color=place.lines[-1].get_color())
    for maturity, marker in OTHERS.items():
        place.plot([], [], marker, color="black", label=f"T = {maturity}")
    place.set_xscale("symlog", linthresh=1e-3)
    place.set_xticks([0, 0.001, 0.01, 0.1], ["0", "0.001", "0.01", "0.1"])
    place.set_ylim(0, 1.04)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
