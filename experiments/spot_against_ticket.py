"""Is a ticket still worth what its block brings just in time where the spot side is the open auction of a slot?

P1 says so for a sealed spot auction: a constant reward, costs that buyers know from the start, no entry cost, no
discounting. Here the same five buyers build under `pbs`, on the same costs, by one strategy of the open auction
after the other; the ticket, sold at once by second price, is always worth the second-best buyer's value. What is
missing on the spot side are the builders' margins, what latency keeps from them, and, in the last cases, the
private order flow that does not reach each of them (access probabilities U(.8, 1) and U(.5, 1)). Gaps are paired
block by block, their intervals are those of 95 % by the normal approximation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.metrics.equivalence_gap import pair
from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BLOCKS = 1500
BUYERS = 5
REWARD = 0.122561
MATURITY = 8
TRUTHFUL = ("truthful",) * BUYERS
MIXED = ("naive", "adaptive", "last_minute", "stealth", "latency_aware")
ALL = (1.0, 1.0)
SPOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sealed, truthful": ("sealed", TRUTHFUL),
    "open, bid up by steps": ("slot_auction", TRUTHFUL),
    "open, adaptive": ("slot_auction", ("adaptive",) * BUYERS),
    "open, latency-aware": ("slot_auction", ("latency_aware",) * BUYERS),
    "open, naive": ("slot_auction", ("naive",) * BUYERS),
    "open, last minute": ("slot_auction", ("last_minute",) * BUYERS),
    "open, learner": ("slot_auction", ("learner",) * BUYERS),
    "open, mixed": ("slot_auction", MIXED),
}
ACCESS = {
    "open, last minute, access .8–1": ("open, last minute", (0.8, 1.0)),
    "open, last minute, access .5–1": ("open, last minute", (0.5, 1.0)),
    "open, mixed, access .8–1": ("open, mixed", (0.8, 1.0)),
}
"""A spot auction from above, and the bounds of the access probability of private signals."""


def answer(settings: Settings) -> Answer:
    """Sell the tickets once, and every block once with each kind of spot auction."""
    import pandas as pd

    tickets = settings.run("tickets", config("et", "sealed", TRUTHFUL))
    cases = [*((name, name, ALL) for name in SPOTS), *((name, *case) for name, case in ACCESS.items())]
    rows = settings.each(lambda own, case: measures(own, *case, tickets), cases)
    table = pd.DataFrame(rows)
    kept = ("price", "gap", "gap_share", "gap_share_pm", "efficiency")
    values = {f"{row['spot']}.{name}": float(row[name]) for row in rows for name in kept}
    return Answer(table, values, {"spot_against_ticket": draw(table)})


def config(
    structure: str, pbs: str, builders: tuple[str, ...], access: tuple[float, float] = ALL
) -> dict[str, Any]:
    """One seller without a use for blocks, and five buyers whose costs are the same in every run."""
    buyers = [
        {
            "strategy": {"buyer": "truthful", "builder": name},
            "latency_ms": 10,
            "endowment_eth": 1e6,
        }
        for name in builders
    ]
    return {
        "blocks": BLOCKS,
        "chain": {"maturity": MATURITY},
        "reward": {"process": "constant", "value": REWARD},
        "cost": {"low": 0.0, "high": 0.02},
        "market": {
            "structure": structure,
            "pbs": pbs,
            "primary": "posted",
            "slot_auction": {"access": list(access)},
        },
        "agents": [
            {
                "strategy": "at_once",
                "role": "seller",
                "can_build": False,
                "endowment_eth": 1e6,
                "parameters": {"capacity": 64},
            },
            *buyers,
        ],
    }


def measures(
    settings: Settings, name: str, spot_name: str, access: tuple[float, float], tickets: Any
) -> dict[str, Any]:
    """One spot auction: mean price, its gap to the price of the same blocks' tickets (`_pm`: half of a 95 %
    interval), and efficiency."""
    folder = "-".join([spot_name.replace(", ", "-").replace(" ", "_"), *(f"{bound:g}" for bound in access)])
    spot = settings.run(folder, config("pbs", *SPOTS[spot_name], access))
    assert isinstance(spot, Result)
    assert isinstance(tickets, Result)
    pairs = pair(tickets.blocks, tickets.trades, spot.blocks)
    gaps = pairs.spot - pairs.sale
    se = float(np.std(gaps, ddof=1) / len(gaps) ** 0.5)
    net, best = spot.blocks["net_gwei"].sum(), spot.blocks["best_gwei"].sum()
    return {
        "spot": name,
        "blocks": len(gaps),
        "ticket": float(np.mean(pairs.sale)),
        "price": float(np.mean(pairs.spot)),
        "gap": float(np.mean(gaps)),
        "se": se,
        "gap_share": float(np.mean(gaps) / np.mean(pairs.sale)),
        "gap_share_pm": float(1.96 * se / np.mean(pairs.sale)),
        "efficiency": float(net / best),
    }


def draw(table: pd.DataFrame) -> Figure:
    """The gap between spot and ticket, a bar for each kind of spot auction."""
    from experiments.lab.study.plot import COLOURS, axes

    title = "What the spot auction pays less than the ticket"
    figure, place = axes("spot price − ticket price, % of the ticket's", "", title, (6.4, 3.8))
    share = 100 * table["gap"] / table["ticket"]
    error = 196 * table["se"] / table["ticket"]
    place.barh(table["spot"], share, xerr=error, color=COLOURS[0], height=0.6)
    place.axvline(0, color="black", linewidth=0.8)
    place.invert_yaxis()
    return figure


experiment = Experiment(__file__, __doc__, answer, least=10)
if __name__ == "__main__":
    experiment.main()
