"""When does a holder sell a ticket that matures at block T?

S(t) is the present value of a sale at block t to buyers who learn their costs on the way. With one discount rate,
information makes it rise for n ≥ 4 buyers, flat for 3, fall for 2 (P2); patience tilts it by (δ_S/δ_B)^t (P4);
both together, or a cost K of taking part, put the best block inside. Lines are the solver's, points are tickets
sold on the block clock, with 95 % intervals.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.sale_curve import curve, curve_figure
from experiments.lab.study.seed_model import seed_model

if TYPE_CHECKING:
    import pandas as pd

TICKETS = 4000
LEARNING: dict[str, Any] = {"cost_information": "gradual", "discount_rate": 0.01}
IMPATIENT: dict[str, Any] = {"seller_discount_rate": 0.011, "buyer_discount_rate": 0.01}
PATIENT: dict[str, Any] = {"seller_discount_rate": 0.009, "buyer_discount_rate": 0.01}
PANELS: dict[str, dict[str, dict[str, Any]]] = {
    "information": {f"n = {buyers}": seed_model(buyers=buyers, **LEARNING) for buyers in (2, 3, 4, 8)},
    "patience": {"d_S = 1.1 %": seed_model(**IMPATIENT), "d_S = 0.9 %": seed_model(**PATIENT)},
    "interior": {
        "n = 8, d_S = 1.7 %, d_B = 1.5 %": seed_model(
            maturity=60,
            buyers=8,
            cost_information="gradual",
            seller_discount_rate=0.017,
            buyer_discount_rate=0.015,
        )
    },
    "entry": {"n = 2, K = 0.05": seed_model(buyers=2, entry_cost=0.05, **LEARNING)},
}
TITLES = {
    "information": "Waiting for information (P2): d = 1 %, K = 0",
    "patience": "Patience (P4): d_B = 1 %, costs known from the start",
    "interior": "Information against impatience: the best block lies inside",
    "entry": "Information against K: the best block lies inside",
}
POINTS = 5


def answer(settings: Settings) -> Answer:
    """Solve and simulate every curve."""
    import pandas as pd

    curves = {
        panel: pd.concat([curve(settings, name, model, TICKETS, POINTS) for name, model in models.items()])
        for panel, models in PANELS.items()
    }
    table = pd.concat([part.assign(panel=panel) for panel, part in curves.items()])
    sampled = table.dropna(subset=["simulated"])
    columns = ["panel", "model", "block", "theory", "simulated", "se", "z"]
    return Answer(sampled[columns], values_of(table), {n: curve_figure(c, TITLES[n]) for n, c in curves.items()})


def values_of(table: pd.DataFrame) -> dict[str, float]:
    """For each curve its best block, or how many tie, its value, and what was simulated."""
    values: dict[str, float] = {}
    for (panel, model), part in table.groupby(["panel", "model"], sort=False):
        best = part[part["best"]]
        if len(best) == 1:
            values[f"{panel}.{model}.best_block"] = float(best["block"].iloc[0])
        else:
            values[f"{panel}.{model}.ties"] = float(len(best))
        values[f"{panel}.{model}.best_value"] = float(best["theory"].iloc[0])
        for row in part.dropna(subset=["simulated"]).to_dict("records"):
            values[f"{panel}.{model}.S({row['block']})"] = float(row["simulated"])
    return values


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
