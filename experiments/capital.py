"""Where some buyers wait more patiently than others, who ends up with the tickets, and what does the protocol get?

A ticket among N is worth ν/(N d + 1) to a buyer who discounts at d (Burian and Crapis 2024), so the patient outbid
everyone. Are there two of them, the price is what they pay, and the protocol gets 1/(1 + N d) of the rewards; a
lone one pays what the impatient would. Money bounds them. With little of it they buy what they can; at the price V
of the impatient a ticket brings ν/N a block and is used up with chance 1/N, which is (ν − V)/(N V) = d of the
impatient on the money: their purse grows at that rate until all tickets are theirs. The lines are what a purse
could hold at that price; buyers hold less, for bids lock more than is paid, and two of them bid for one ticket.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import z_score

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BLOCKS = 4000
PATIENT, IMPATIENT = 5e-4, 2e-3
MEAN = 0.1
REWARD = {"process": "uniform", "low": 0.05, "high": 0.15}
SUPPLIES = (8, 32, 128)
PURSES = (0.05, 0.1, 0.2, 0.5)  # what two patient buyers own together, as a share of N mean rewards
WINDOWS = 32
PLENTY = 1e6


def answer(settings: Settings) -> Answer:
    """The protocol's share with one and with two patient buyers; the patient's share of blocks as they grow."""
    import pandas as pd

    cases = [(supply, patient) for patient in (1, 2) for supply in SUPPLIES]
    shares = settings.each(lambda own, case: protocol_share(own, *case), cases)
    growth = settings.rows(holdings, PURSES)
    table = pd.DataFrame([*shares, *growth])
    values = {
        f"{row['measure']}.{row['case']}.{row['at']:g}": float(row["simulated"])
        for row in table.to_dict("records")
    }
    return Answer(table, values, {"patience_and_revenue": share_figure(table), "capital": growth_figure(table)})


def config(supply: int, patient: int, purse_eth: float) -> dict[str, Any]:
    """A lottery among buyers who keep their tickets and build at no cost: `patient` ones and three others."""
    return {
        "blocks": BLOCKS,
        "chain": {"draw": "lottery", "supply": supply, "maturity": "none"},
        "reward": REWARD,
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "resale": "never", "pbs": "off"},
        "agents": [keepers(patient, PATIENT, purse_eth), keepers(3, IMPATIENT, PLENTY)],
    }


def keepers(count: int, rate: float, purse_eth: float) -> dict[str, Any]:
    """Buyers who discount at `rate` a block."""
    return {
        "strategy": "keep",
        "role": "seller",
        "count": count,
        "can_build": True,
        "endowment_eth": purse_eth,
        "parameters": {"discount_rate": rate},
    }


def protocol_share(settings: Settings, supply: int, patient: int) -> dict[str, Any]:
    """What is paid for the tickets minted in place of burned ones, as a share of the mean reward of a block."""
    from strategies.theory.lottery_ticket import protocol_share

    result = settings.run(f"N={supply}-patient={patient}", config(supply, patient, PLENTY))
    assert isinstance(result, Result)
    share = float(result.blocks["primary_gwei"].mean()) / 1e9 / MEAN
    theory = protocol_share(supply, PATIENT if patient > 1 else IMPATIENT)
    case = "two patient" if patient > 1 else "one patient"
    row = {"measure": "protocol's share", "case": case, "at": supply, "theory": theory, "simulated": share}
    return {**row, "se": 0.0, "z": z_score(share, 0.0, theory)}


def holdings(settings: Settings, purse: float) -> list[dict[str, Any]]:
    """The share of blocks that two patient buyers propose, by window of time; they begin with `purse`."""
    supply = SUPPLIES[-1]
    result = settings.run(f"purse={purse}", config(supply, 2, purse * supply * MEAN / 2))
    assert isinstance(result, Result)
    blocks = result.blocks
    is_patient = blocks["proposer"].isin(["keep-1", "keep-2"]).to_numpy()
    width = -(-len(blocks) // WINDOWS)
    return [
        {
            "measure": "blocks of the patient",
            "case": f"{100 * purse:g} %",
            "at": start + width / 2,
            "theory": owned(purse, supply, start + width / 2),
            "simulated": float(is_patient[start : start + width].mean()),
        }
        for start in range(0, len(blocks), width)
    ]


def owned(purse: float, supply: int, block: float) -> float:
    """The share of tickets that a purse could hold after it has grown for some blocks."""
    price = 1 / (supply * IMPATIENT + 1)
    return min(float(purse / price * (1 + IMPATIENT) ** block), 1.0)


def share_figure(table: pd.DataFrame) -> Figure:
    """The protocol's share by supply."""
    from experiments.lab.study.plot import axes, lines_and_points

    title = f"What reaches the protocol: d = {PATIENT:g} of the patient, {IMPATIENT:g} of the others"
    figure, place = axes("tickets N", "revenue / mean reward", title)
    for case in ("one patient", "two patient"):
        part = table[(table["measure"] == "protocol's share") & (table["case"] == case)]
        lines_and_points(place, part, "at", case)
    place.legend(frameon=False)
    return figure


def growth_figure(table: pd.DataFrame) -> Figure:
    """The share of the patient by time."""
    from experiments.lab.study.plot import axes

    figure, place = axes(
        "block", "share of blocks", f"Two patient buyers among {SUPPLIES[-1]} tickets, by their first purse"
    )
    for case, part in table[table["measure"] == "blocks of the patient"].groupby("case", sort=False):
        (line,) = place.plot(part["at"], part["theory"], linewidth=1.4, label=case)
        place.plot(part["at"], part["simulated"], "o", markersize=4, color=line.get_color())
    place.set_ylim(0, 1.02)
    place.legend(frameon=False, title="purse / (N × mean reward)")
    return figure


experiment = Experiment(__file__, __doc__, answer)
if __name__ == "__main__":
    experiment.main()
