"""Should a right be sold before anyone knows its value, or after?

Ma (2024): early, all buyers bid the same mean, and nothing is lost to the winner; late, the second-highest value
is paid. With values U[0, 1] ETH the early sale brings more with two buyers, the late one from four on, with three
they tie; with the optimal reserve the late sale wins from three on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import z_score
from experiments.lab.study.seed_model import seed_model

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

TICKETS = 6000
BUYERS = (2, 3, 4, 5, 6)
MATURITY = 4
UNIFORM = {
    "maturity": MATURITY,
    "discount_rate": 0.0,
    "cost": {"distribution": "uniform", "low": 0.0, "high": 1.0},
}
SALES: dict[str, tuple[int, dict[str, Any]]] = {
    "early": (0, {"cost_information": "at_maturity"}),
    "late": (MATURITY, {"cost_information": "at_maturity"}),
    "late, optimal reserve": (MATURITY, {"reserve": "optimal"}),
}


def answer(settings: Settings) -> Answer:
    """Sell tickets before and after values are known, for several numbers of buyers."""
    import pandas as pd

    table = pd.DataFrame([row for buyers in BUYERS for row in compare(settings, buyers)])
    values = {f"n={row['n']}.{row['sale']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"early_or_late": draw(table)})


def compare(settings: Settings, buyers: int) -> list[dict[str, Any]]:
    """A row for each sale: theory, simulation, and z."""
    rows = []
    for name, (block, changes) in SALES.items():
        found = settings.simulate(seed_model(buyers=buyers, **UNIFORM, **changes), TICKETS, [block])
        theory, mean, error = found.theory.mean[0], found.mean[0], found.se[0]
        assert theory is not None
        agrees = {"theory": theory, "simulated": mean, "se": error, "z": z_score(mean, error, theory)}
        rows.append({"n": buyers, "sale": name, **agrees})
    return rows


def draw(table: pd.DataFrame) -> Figure:
    """Revenue by the number of buyers."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("buyers n", "revenue, ETH", "Sold before, or after, values U[0, 1] are known")
    for name in SALES:
        lines_and_points(place, table[table["sale"] == name], "n", name)
    place.set_xticks(BUYERS)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
