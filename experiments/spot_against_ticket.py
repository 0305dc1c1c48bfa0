"""Is a ticket still worth what its block brings just in time where the spot side is the open auction of a slot?

P1 says so for a sealed spot auction: a constant reward, costs that buyers know from the start, no entry cost, no
discounting. Here the same five buyers build under `pbs`, on the same costs, by one strategy of the open auction
after the other; the ticket, sold at once by second price, is always worth the second-best buyer's value. What is
missing on the spot side are the builders' margins and what latency keeps from them. Gaps are paired block by
block."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.lab.experiment import Answer, Experiment, Settings
from experiments.lab.metrics.equivalence import pair
from experiments.lab.results import Result

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BLOCKS = 1000
BUYERS = 5
REWARD = 0.122561
MATURITY = 8
TRUTHFUL = ("truthful",) * BUYERS
SPOTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "sealed, truthful": ("sealed", TRUTHFUL),
    "open, bid up by steps": ("slot_auction", TRUTHFUL),
    "open, adaptive": ("slot_auction", ("adaptive",) * BUYERS),
    "open, latency-aware": ("slot_auction", ("latency_aware",) * BUYERS),
    "open, naive": ("slot_auction", ("naive",) * BUYERS),
    "open, last minute": ("slot_auction", ("last_minute",) * BUYERS),
    "open, learner": ("slot_auction", ("learner",) * BUYERS),
    "open, mixed": ("slot_auction", ("naive", "adaptive", "last_minute", "stealth", "latency_aware")),
}


def answer(settings: Settings) -> Answer:
    """Sell the tickets once, and every block once with each kind of spot auction."""
    import pandas as pd

    tickets = settings.run("tickets", config("et", "sealed", TRUTHFUL))
    rows = [measures(settings, name, tickets) for name in SPOTS]
    table = pd.DataFrame(rows)
    values = {f"{row['spot']}.{name}": float(row[name]) for row in rows for name in ("price", "gap", "efficiency")}
    return Answer(table, values, {"spot_against_ticket": draw(table)})


def config(structure: str, pbs: str, builders: tuple[str, ...]) -> dict[str, Any]:
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
        "market": {"structure": structure, "pbs": pbs, "primary": "posted"},
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


def measures(settings: Settings, name: str, tickets: Any) -> dict[str, Any]:
    """One spot auction: mean price, its gap to the price of the same blocks' tickets with z, and efficiency."""
    spot = settings.run(name.replace(", ", "-").replace(" ", "_"), config("pbs", *SPOTS[name]))
    assert isinstance(spot, Result)
    assert isinstance(tickets, Result)
    pairs = pair(tickets.blocks, tickets.trades, spot.blocks)
    gaps = pairs.spot - pairs.sale
    net, best = spot.blocks["net_gwei"].sum(), spot.blocks["best_gwei"].sum()
    return {
        "spot": name,
        "blocks": len(gaps),
        "ticket": float(np.mean(pairs.sale)),
        "price": float(np.mean(pairs.spot)),
        "gap": float(np.mean(gaps)),
        "se": float(np.std(gaps, ddof=1) / len(gaps) ** 0.5),
        "gap_share": float(np.mean(gaps) / np.mean(pairs.sale)),
        "efficiency": float(net / best),
    }


def draw(table: pd.DataFrame) -> Figure:
    """The gap between spot and ticket, a bar for each kind of spot auction."""
    from experiments.lab.plot import COLOURS, axes

    title = "What the spot auction pays less than the ticket"
    figure, place = axes("spot price − ticket price, % of the ticket's", "", title, (6.4, 3.8))
    share = 100 * table["gap"] / table["ticket"]
    error = 196 * table["se"] / table["ticket"]
    place.barh(table["spot"], share, xerr=error, color=COLOURS[0], height=0.6)
    place.axvline(0, color="black", linewidth=0.8)
    place.invert_yaxis()
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
