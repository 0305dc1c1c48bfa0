"""What does the number of tickets do to their value, its variance, the protocol's share and concentration?

A ticket among N waits N blocks on average (Burian and Crapis 2024): it is worth μ/(N d + 1), and so is what the
protocol gets for it. Four buyers alike bid for tickets that a lottery draws. One run a supply gives price,
present values ticket by ticket, and who holds the tickets once those of genesis, which one buyer takes, are drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement, z_score

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Values = npt.NDArray[np.float64]

BLOCKS = 12_000
RATE = 1e-3
LOW, HIGH = 0.02, 0.22
MEAN, VARIANCE = (LOW + HIGH) / 2, (HIGH - LOW) ** 2 / 12
HOLDERS = 4
SUPPLIES = (1, 4, 16, 64, 256, 1024)


def answer(
    settings: Settings,
    supply: Annotated[list[int] | None, typer.Option(min=1, help="N; give it several times")] = None,
) -> Answer:
    """Five measures of each supply, beside the closed forms."""
    import pandas as pd

    table = pd.DataFrame(settings.rows(measures, supply or SUPPLIES))
    values = {f"N={row['N']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"supply": draw(table)})


def least(supply: list[int] | None = None) -> int:
    """Blocks until the tickets of genesis are drawn, but for one in 400, when the last quarter begins."""
    return 8 * max(supply or SUPPLIES)


def config(supply: int) -> dict[str, Any]:
    """Buyers alike who keep their tickets and build at no cost."""
    return {
        "blocks": BLOCKS,
        "chain": {"draw": "lottery", "supply": supply, "maturity": "none"},
        "reward": {"process": "uniform", "low": LOW, "high": HIGH},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "resale": "never", "pbs": "off"},
        "agents": [
            {
                "strategy": "keep",
                "role": "seller",
                "count": HOLDERS,
                "can_build": True,
                "endowment_eth": 1e6,
                "parameters": {"discount_rate": RATE},
            }
        ],
    }


def measures(settings: Settings, supply: int) -> list[dict[str, Any]]:
    """A row for each measure of one supply."""
    result = settings.run(f"N={supply}", config(supply))
    assert isinstance(result, Result)
    watched = len(result.blocks) // 2
    worth = worths(result, watched)
    spread = (worth - worth.mean()) ** 2 * len(worth) / (len(worth) - 1)
    agrees = {
        "value": agreement(worth, value_within(MEAN, supply, RATE, watched)),
        "variance": agreement(spread, variance_within(supply, watched)),
        "protocol's share": captured(result, supply),
        "HHI of tickets": concentration(result, supply),
    }
    return [{"N": supply, "measure": name, **columns} for name, columns in agrees.items()]


def worths(result: Result, watched: int) -> Values:
    """What each ticket that was minted early enough earned within `watched` blocks, ETH at its mint."""
    early = result.tickets["mint_block"] < len(result.blocks) - watched
    tickets = result.tickets[early]
    ages = (tickets["end_slot"] - tickets["mint_block"]).to_numpy(float, na_value=np.inf)
    seen = tickets["end"].eq("proposed").to_numpy() & (ages <= watched)
    rewards = result.blocks["net_gwei"].to_numpy(float) / 1e9
    worth = np.zeros(len(tickets))
    worth[seen] = rewards[tickets.loc[seen, "drawn_for"].to_numpy(int)] * (1 + RATE) ** -ages[seen]
    return worth


def value_within(moment: float, supply: int, rate: float, watched: int) -> float:
    """What a draw that pays `moment` is worth, of the first `watched` draws."""
    from strategies.theory.lottery_ticket import ticket_value

    return ticket_value(moment, supply, rate, draws=watched)


def variance_within(supply: int, watched: int) -> float:
    """E[X²] − E[X]²: squares are discounted at the rate d (d + 2)."""
    square = value_within(VARIANCE + MEAN**2, supply, RATE * (RATE + 2), watched)
    return square - value_within(MEAN, supply, RATE, watched) ** 2


def captured(result: Result, supply: int) -> dict[str, float]:
    """What is paid for tickets minted in place of burned ones, as a share of the mean reward: all bid alike."""
    from strategies.theory.lottery_ticket import protocol_share

    share = float(result.blocks["primary_gwei"].mean()) / 1e9 / MEAN
    theory = protocol_share(supply, RATE)
    return {"theory": theory, "simulated": share, "se": 0.0, "z": z_score(share, 0.0, theory)}


def concentration(result: Result, supply: int) -> dict[str, float]:
    """HHI of tickets over the last quarter. Each went to any of k buyers: 10⁴ (1/k + (1 − 1/k)/N)."""
    from experiments.lab.metrics.concentration import hhi_of_holdings

    held = hhi_of_holdings(result.blocks)
    simulated = float(np.nanmean(held[-len(held) // 4 :]))
    theory = 1e4 * (1 / HOLDERS + (1 - 1 / HOLDERS) / supply)
    return {"theory": theory, "simulated": simulated}


def draw(table: pd.DataFrame) -> Figure:
    """A panel for each measure."""
    from experiments.lab.study.plot import lines_and_points, panels

    labels = {
        "value": "value at the mint, ETH",
        "variance": "its variance, ETH²",
        "protocol's share": "revenue / mean reward",
        "HHI of tickets": "HHI of tickets held",
    }
    figure, places = panels(2, 2, f"Supply, d = {RATE:g}")
    for place, (measure, label) in zip(places, labels.items(), strict=True):
        lines_and_points(place, table[table["measure"] == measure], "N", measure)
        place.set_xscale("log", base=2)
        place.set_xlabel("tickets N")
        place.set_ylabel(label)
        place.set_ylim(0)
    return figure


experiment = Experiment(__file__, __doc__, answer, least)
if __name__ == "__main__":
    experiment.main()
