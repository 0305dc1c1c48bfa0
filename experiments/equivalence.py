"""Is a ticket with a maturity worth the same as the just-in-time auction of its block?

The seed's conjecture, P1: buyers know their costs from the start, taking part is free, everyone discounts alike.
Then it does not matter when a ticket is sold: at its mint or half-way (structure `et`), at its block
(`et_expost`), or not at all, the block being sold just in time (`pbs`), whatever the rewards do. Gaps are paired
ticket by ticket with the spot auction on the same draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement, z_score
from experiments.lab.study.seed_model import MODEL, seed_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TICKETS = 4000
RATE = 0.01
SALES = {0: "et, at the mint", 16: "et, half-way", 32: "et_expost, at its block"}
REWARDS: dict[str, dict[str, Any]] = {
    "constant": {"process": "constant", "value": 1.0},
    "uniform": {"process": "uniform", "low": 0.2, "high": 1.8},
    "lognormal": {"process": "lognormal", "mean": 1.0, "sigma": 0.5},
    "ar1": {"process": "ar1", "mean": 1.0, "phi": 0.95, "sigma": 0.1},
}


def answer(settings: Settings) -> Answer:
    """Sell the same tickets at three blocks and just in time, under four reward processes."""
    import pandas as pd

    rows = [row for name, reward in REWARDS.items() for row in tickets(settings, name, reward)]
    table = pd.DataFrame([*rows, just_in_time(settings)])
    values = {f"{row['rewards']}.{row['sale']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"equivalence": draw(table)})


def tickets(settings: Settings, name: str, reward: dict[str, Any]) -> list[dict[str, Any]]:
    """A row for each block of sale: theory, simulation, and the gap to the spot auction of the same tickets."""
    found = settings.simulate(seed_model(discount_rate=RATE, reward=reward), TICKETS, list(SALES))
    theory = found.theory
    columns = zip(SALES.values(), theory.mean, found.mean, found.se, found.gap_mean, found.gap_se, strict=True)
    rows = []
    for sale, expected, mean, error, gap, gap_error in columns:
        assert expected is not None
        agrees = {"theory": expected, "simulated": mean, "se": error, "z": z_score(mean, error, expected)}
        rows.append({"rewards": name, "sale": sale, **agrees, "gap": gap, "gap_z": z_score(gap, gap_error, 0.0)})
    return rows


def just_in_time(settings: Settings) -> dict[str, Any]:
    """The third structure: a validator without a use for blocks sells each just in time to five builders."""
    maturity, buyers = MODEL["maturity"], MODEL["buyers"]
    config = {
        "blocks": TICKETS,
        "reward": REWARDS["constant"],
        "cost": {"low": MODEL["cost"]["low"], "high": MODEL["cost"]["high"]},
        "market": {"structure": "pbs"},
        "agents": [
            {"strategy": "keep", "role": "seller", "can_build": False},
            {"strategy": "truthful", "role": "builder", "count": buyers, "endowment_eth": 1e6},
        ],
    }
    result = settings.without_overrides().run("pbs", config)
    assert isinstance(result, Result)
    discounted = result.blocks["block_price_gwei"].to_numpy(float) / 1e9 / (1 + RATE) ** maturity
    return {"rewards": "constant", "sale": "pbs, just in time", **agreement(discounted, spot_value(settings))}


def spot_value(settings: Settings) -> float:
    """What the solver says of the spot auction with a constant reward."""
    from experiments.lab.models.model.solving import solve

    value = solve(settings.model(seed_model(discount_rate=RATE))).spot_value
    assert value is not None
    return value


def draw(table: pd.DataFrame) -> Figure:
    """What each sale brought, by reward process, with the theory's flat line."""
    from experiments.lab.study.plot import COLOURS, axes

    figure, place = axes("", "present value at the mint, ETH", "It does not matter when the ticket is sold (P1)")
    sales = list(dict.fromkeys(table["sale"]))
    for number, (name, part) in enumerate(table.groupby("rewards", sort=False)):
        shift = 0.16 * (number - 1.5)
        x = np.array([sales.index(sale) for sale in part["sale"]]) + shift
        place.hlines(part["theory"].iloc[0], -0.4, len(sales) - 0.6, color=COLOURS[number], alpha=0.5, linewidth=1)
        place.errorbar(
            x, part["simulated"], yerr=1.96 * part["se"], fmt="o", markersize=4, capsize=2.5, label=name
        )
    place.set_xticks(range(len(sales)), [sale.replace(", ", "\n") for sale in sales])
    place.legend(frameon=False, ncols=4, loc="upper center", bbox_to_anchor=(0.5, -0.16))
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
