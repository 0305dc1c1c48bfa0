"""What does a resale after values are known repair of a right that was sold before?

Pai and Resnick (2024): the right to a block is sold ahead of time, when no buyer knows its own cost yet. Then
values, here U[0, 1] ETH, are learned, and the winner keeps the right or auctions it with the reserve that suits it
best. It keeps too often: less is made of the blocks than could be. And yet the protocol takes in more than in a
spot auction, for its buyers pay for what they expect to take from one another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Values = npt.NDArray[np.float64]

BUYERS = (2, 3, 4, 6, 8)
BASE: dict[str, Any] = {
    "blocks": 2000,
    "chain": {"draw": "maturity", "maturity": 1, "supply": 2},
    "reward": {"process": "constant", "value": 1.0},
    "cost": {"low": 0.0, "high": 1.0},
}
LABELS = {
    "price": "price ahead of time",
    "spot_price": "price just in time",
    "welfare": "made of the block",
    "best_welfare": "most that could be",
}
MEASURES = ("keeps", "price", "welfare", "spot_price", "best_welfare")


def answer(settings: Settings) -> Answer:
    """Play the game for several numbers of buyers beside the closed forms."""
    import pandas as pd

    table = pd.DataFrame(settings.rows(compare, BUYERS))
    values = {f"n={row['n']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"resale": draw(table)})


def tickets(buyers: int) -> dict[str, Any]:
    """Tickets for the next block, sold by the protocol a block ahead, resold once they are due."""
    agents = [{"strategy": "reseller", "role": ["seller", "buyer"], "count": buyers, "endowment_eth": 1e6}]
    return {**BASE, "market": {"structure": "et_expost", "pbs": "off"}, "agents": agents}


def spot(buyers: int) -> dict[str, Any]:
    """The same blocks just in time, sold by a validator with no use for them."""
    validator = {"strategy": "keep", "role": "seller", "can_build": False}
    builders = {"strategy": "truthful", "role": "builder", "count": buyers, "endowment_eth": 1e6}
    return {**BASE, "market": {"structure": "pbs"}, "agents": [validator, builders]}


def compare(settings: Settings, buyers: int) -> list[dict[str, Any]]:
    """A row for each measure: theory, simulation with its standard error, and z."""
    from strategies.theory.laws import UniformLaw
    from strategies.theory.sale_and_resale import sold_ahead

    theory = sold_ahead(UniformLaw(0.0, 1.0), buyers)
    ahead = settings.run(f"n={buyers}", tickets(buyers))
    just_in_time = settings.run(f"n={buyers}-spot", spot(buyers))
    assert isinstance(ahead, Result)
    assert isinstance(just_in_time, Result)
    samples = measure(ahead) | {"spot_price": eth(just_in_time.blocks["block_price_gwei"])}
    return [
        {"n": buyers, "measure": name, **agreement(samples[name], float(getattr(theory, name)))}
        for name in MEASURES
    ]


def measure(result: Result) -> dict[str, Values]:
    """Block by block: whether the winner kept the right, what it had paid, and what was made of the block, ETH."""
    trades = result.trades
    resold = trades.loc[trades["market"] == "secondary", "slot"]
    return {
        "keeps": 1.0 - result.blocks["slot"].isin(resold).to_numpy(float),
        "price": eth(trades.loc[trades["market"] == "primary", "price_gwei"]),
        "welfare": eth(result.blocks["net_gwei"]),
        "best_welfare": eth(result.blocks["best_gwei"]),
    }


def eth(gwei: pd.Series) -> Values:
    """Gwei as ETH."""
    amounts: Values = gwei.to_numpy(float) / 1e9
    return amounts


def draw(table: pd.DataFrame) -> Figure:
    """Theory as lines, simulation as points with 95 % intervals."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("buyers n", "ETH a block", "Sold ahead of time, kept or resold")
    for name, label in LABELS.items():
        lines_and_points(place, table[table["measure"] == name], "n", label)
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least=2)
if __name__ == "__main__":
    experiment.main()
