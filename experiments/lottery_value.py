"""What is a ticket worth that a lottery draws, and how much of it reaches the protocol?

Burian and Crapis (2024), and P6 with θ = 0: a ticket among N waits for its draw, so it is worth μ/(N d + 1), less
where it expires; its variance is that of the reward and of the wait. What buyers with a discount rate d_b pay for
tickets is 1/(1 + N d_b) of the rewards. Tickets are bought, drawn and burned on the block clock; values are
discounted from the tables.
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
MEAN, WIDTH = 0.122561, 0.1
REWARD = {"process": "uniform", "low": MEAN - WIDTH, "high": MEAN + WIDTH}
SUPPLIES = (4, 16, 32, 64, 100)
WAITS = 20  # times N: how long a ticket without expiry is waited for; exp(−20) of them wait longer


def answer(
    settings: Settings,
    supply: Annotated[list[int] | None, typer.Option(min=1, help="N; give it several times")] = None,
) -> Answer:
    """Value, variance, expiry and the protocol's share for several supplies, beside the closed forms."""
    import pandas as pd

    rows = settings.rows(measures, supply or SUPPLIES)
    table = pd.DataFrame(rows)
    values = {f"N={row['N']}.{row['measure']}": float(row["simulated"]) for row in rows}
    return Answer(table, values, {"lottery_value": values_figure(table), "protocol_share": share_figure(table)})


def least(supply: list[int] | None = None) -> int:
    """Blocks that it takes to see as many tickets to their end as are waited for."""
    return 2 * WAITS * max(supply or SUPPLIES)


def measures(settings: Settings, supply: int) -> list[dict[str, Any]]:
    """A row for each measure of one supply."""
    from strategies.theory.lottery_ticket import protocol_share, ticket_value, undrawn_chance, value_variance

    endless = worth_of_tickets(settings, supply, None)
    expiring = worth_of_tickets(settings, supply, supply)
    spread, variance = deviations(endless), WIDTH**2 / 3
    share = captured(settings, supply)
    agrees = {
        "value": agreement(endless, ticket_value(MEAN, supply, RATE)),
        "variance": agreement(spread, value_variance(MEAN, variance, supply, RATE)),
        "value, T = N": agreement(expiring, ticket_value(MEAN, supply, RATE, draws=supply)),
        "undrawn, T = N": agreement((expiring == 0).astype(float), undrawn_chance(supply, supply)),
        "protocol's share": {"theory": protocol_share(supply, RATE), **share},
    }
    agrees["protocol's share"]["z"] = z_score(
        share["simulated"], share["se"], agrees["protocol's share"]["theory"]
    )
    return [{"N": supply, "measure": name, **columns} for name, columns in agrees.items()]


def config(supply: int, maturity: int | None, keepers: int) -> dict[str, Any]:
    """A lottery whose tickets are bought and kept by `keepers` alike, who build at no cost."""
    return {
        "blocks": BLOCKS,
        "chain": {"draw": "lottery", "supply": supply, "maturity": maturity or "none"},
        "reward": REWARD,
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "resale": "never", "pbs": "off"},
        "agents": [
            {
                "strategy": "keep",
                "role": "seller",
                "count": keepers,
                "can_build": True,
                "endowment_eth": 1e6,
                "parameters": {"discount_rate": RATE},
            }
        ],
    }


def worth_of_tickets(settings: Settings, supply: int, maturity: int | None) -> Values:
    """What each ticket earned, in present value at its mint, ETH: those minted early enough to have ended."""
    result = settings.run(f"N={supply}-T={maturity}", config(supply, maturity, keepers=1))
    assert isinstance(result, Result)
    wait = WAITS * supply if maturity is None else maturity + 1
    tickets = result.tickets[result.tickets["mint_block"] < len(result.blocks) - wait]
    rewards = result.blocks["net_gwei"].to_numpy(float) / 1e9
    drawn = tickets["end"].eq("proposed").to_numpy()
    ages = (tickets["end_slot"] - tickets["mint_block"]).to_numpy(float, na_value=np.nan)
    worth = np.zeros(len(tickets))
    worth[drawn] = rewards[tickets.loc[drawn, "drawn_for"].to_numpy(int)] * (1 + RATE) ** -ages[drawn]
    return worth


def deviations(sample: Values) -> Values:
    """Squared deviations, whose mean is the variance of the sample (the unbiased one)."""
    spread: Values = (sample - sample.mean()) ** 2 * len(sample) / (len(sample) - 1)
    return spread


def captured(settings: Settings, supply: int) -> dict[str, float]:
    """The protocol's share of the rewards: what two bidders alike pay for tickets minted in place of burned ones.

    They bid the same and pay it, so all randomness is in the rewards; the standard error is the ratio's.
    """
    result = settings.run(f"N={supply}-share", config(supply, None, keepers=2))
    assert isinstance(result, Result)
    paid = result.blocks["primary_gwei"].to_numpy(float)
    rewards = result.blocks["reward_gwei"].to_numpy(float)
    share = paid.sum() / rewards.sum()
    error = (paid - share * rewards).std(ddof=1) / rewards.mean() / len(rewards) ** 0.5
    return {"simulated": float(share), "se": float(error)}


def values_figure(table: pd.DataFrame) -> Figure:
    """The value of a ticket, with and without expiry."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("tickets N", "value at the mint, ETH", f"A ticket in a lottery, d = {RATE:g}")
    lines_and_points(place, table[table["measure"] == "value"], "N", "no expiry")
    lines_and_points(place, table[table["measure"] == "value, T = N"], "N", "expires after N draws")
    place.set_ylim(0)
    place.legend(frameon=False)
    return figure


def share_figure(table: pd.DataFrame) -> Figure:
    """The protocol's share of the rewards."""
    from experiments.lab.study.plot import axes, lines_and_points

    figure, place = axes("tickets N", "revenue / rewards", f"What reaches the protocol, d_b = {RATE:g}")
    lines_and_points(place, table[table["measure"] == "protocol's share"], "N", "1/(1 + N d_b)")
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, least)
if __name__ == "__main__":
    experiment.main()
