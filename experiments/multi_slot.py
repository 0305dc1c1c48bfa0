"""Who wants m blocks in a row: how often does one get them, and what do they cost, under which draw and market?

Two buyers alike own half of the blocks each, so m in a row belong to one of them by chance p^m, p = 1/2 (Burian
and Crapis 2024: with rebuying). One of them now bids a bonus for the first five of every eight blocks. It can aim
where a ticket's block is known as it is sold: under `maturity` at the primary sale, under every rule at a sale
after the draw. Then it gets them all, and pays for each what the other would make of it, E[v], not E[v_(2)].

Under `randea` without resale nobody can aim. But a window's tickets are all alike, and go to whom the window as a
whole is worth more: the chance of m in a row within a window is p, not p^m.
"""

from __future__ import annotations

from math import comb, factorial
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement, z_score

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

BLOCKS = 6000
EVERY, LENGTH = 8, 5
SUPPLY = 16
FIRST = -(-4 * SUPPLY // EVERY)
"""The first window that is looked at: blocks of genesis tickets, which one buyer takes together, are left out."""
LEAST = (FIRST + 2) * EVERY
COST = 0.2
BONUS = 1.0
RUNNER = "run_buyer-1"
DRAWS: dict[str, dict[str, Any]] = {
    "lottery": {"draw": "lottery", "supply": SUPPLY, "maturity": "none"},
    "maturity": {"draw": "maturity", "supply": SUPPLY, "maturity": SUPPLY - 1},
    "randea": {"draw": "randea", "supply": SUPPLY, "maturity": SUPPLY - 1, "window": EVERY},
}


class MultiSlotCase(NamedTuple):
    """A draw rule, whether tickets are resold once drawn, and whether the runner aims at runs."""

    draw: str
    resale: bool
    aims: bool

    @property
    def name(self) -> str:
        return (
            f"{self.draw}, {'resale' if self.resale else 'no resale'}, {'aims' if self.aims else 'does not aim'}"
        )

    @property
    def is_known(self) -> bool:
        """Whether a ticket's block is known when the two bid for it."""
        return self.resale or self.draw == "maturity"

    def chance(self, m: int) -> float:
        """Of m blocks in a row, all in one window and in one run."""
        if self.is_known:
            return 1.0 if self.aims else 0.5**m
        return 0.5 if self.draw == "randea" else 0.5**m

    @property
    def price(self) -> float:
        """What the runner pays for a block of a run: what it is worth to the other, as far as the two know.

        E[v] where the runner outbids the other anyhow, or neither knows more; else E[v_(2)]: of two uniform costs
        the mean of the higher one, of two means of a window's costs that of the higher mean.
        """
        if self.is_known:
            return 1 - COST / 2 if self.aims else 1 - COST * 2 / 3
        return 1 - COST / 2 - (COST * excess_of_means(EVERY) if self.draw == "randea" else 0.0)


def excess_of_means(n: int) -> float:
    """E[max(A, B)] − 1/2, A and B means of n uniform draws: E|S − n|/(2n), S the sum of 2n (Irwin–Hall)."""
    terms = ((-1) ** k * comb(2 * n, k) * (n - k) ** (2 * n + 1) for k in range(n + 1))
    return float(sum(terms) / factorial(2 * n + 1) / n)


CASES = [MultiSlotCase(draw, resale, aims) for draw in DRAWS for resale in (False, True) for aims in (False, True)]


def answer(settings: Settings) -> Answer:
    """Every case: the chance of m in a row, m = 1 … 5, and the price of a block of a run."""
    import pandas as pd

    table = pd.DataFrame(settings.rows(measures, CASES))
    values = {f"{row['case']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"multi_slot": chances(table), "price_of_a_run": costs(table)})


def config(case: MultiSlotCase) -> dict[str, Any]:
    """Without resale the two buy from the protocol; with it a seller does, who sells what is drawn."""
    role = "buyer" if case.resale else "seller"
    runner = {"bonus_eth": BONUS if case.aims else 0.0, "every": EVERY, "length": LENGTH}
    agents: list[dict[str, Any]] = [
        {"strategy": "run_buyer", "role": role, "can_build": True, "parameters": runner},
        {"strategy": "run_buyer", "role": role, "can_build": True, "parameters": {"bonus_eth": 0.0}},
    ]
    if case.resale:
        agents.append({"strategy": "at_maturity", "role": "seller", "can_build": False})
    return {
        "blocks": BLOCKS,
        "chain": DRAWS[case.draw],
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": COST},
        "market": {"structure": "et", "resale": "ex_post" if case.resale else "never", "pbs": "off"},
        "agents": [agent | {"endowment_eth": 1e6} for agent in agents],
    }


def measures(settings: Settings, case: MultiSlotCase) -> list[dict[str, Any]]:
    """Rows of one case; without a price where the runner has blocks of fewer than two runs."""
    result = settings.run(case.name.replace(", ", "-").replace(" ", "-"), config(case))
    assert isinstance(result, Result)
    mine = result.blocks["proposer"].eq(RUNNER).to_numpy()
    windows = mine[: len(mine) // EVERY * EVERY].reshape(-1, EVERY)[FIRST:, :LENGTH]
    rows = [
        {
            "case": case.name,
            "measure": f"{m} in a row",
            "m": m,
            **share_of(windows, m, case.chance(m)),
        }
        for m in range(1, LENGTH + 1)
    ]
    paid = prices(result, FIRST)
    if len(paid) < 2:
        return rows
    return [*rows, {"case": case.name, "measure": "price", **agreement(paid, case.price)}]


def share_of(windows: npt.NDArray[np.bool_], m: int, theory: float) -> dict[str, float]:
    """How often the first m blocks of a run are all the runner's; the standard error is the theory's."""
    share = float(windows[:, :m].all(axis=1).mean())
    error = float((theory * (1 - theory) / len(windows)) ** 0.5)
    return {"theory": theory, "simulated": share, "se": error, "z": z_score(share, error, theory)}


def prices(result: Result, first: int) -> npt.NDArray[np.float64]:
    """What the runner paid last for a block of a run, ETH: means of runs, from window `first` on."""
    blocks = result.blocks[result.blocks["slot"] >= first * EVERY]
    runs = blocks[(blocks["slot"] % EVERY < LENGTH) & blocks["proposer"].eq(RUNNER)]
    last = result.trades.groupby("ticket")["price_gwei"].last()
    paid = runs["ticket"].map(last).groupby(runs["slot"] // EVERY).mean()
    return np.asarray(paid.to_numpy(float) / 1e9)


def chances(table: pd.DataFrame) -> Figure:
    """The chance of m in a row where the runner aims."""
    from experiments.lab.study.plot import lines_and_points, panels

    figure, places = panels(1, 2, "m blocks in a row for a buyer of half of the blocks who aims at them")
    for place, resale in zip(places, ("no resale", "resale"), strict=True):
        for draw in DRAWS:
            part = table[table["case"].eq(f"{draw}, {resale}, aims") & table["m"].notna()]
            lines_and_points(place, part, "m", draw)
        place.set_xlabel("m")
        place.set_ylabel("chance")
        place.set_ylim(0, 1.05)
        place.set_title(f"{resale} after the draw", loc="left", fontsize=10)
    places[1].legend(frameon=False)
    return figure


def costs(table: pd.DataFrame) -> Figure:
    """What a block of a run costs."""
    from experiments.lab.study.plot import axes

    part = table[table["measure"] == "price"].reset_index()
    figure, place = axes("ETH a block", "", "Price of a block of a run")
    place.errorbar(part["simulated"], part.index, xerr=1.96 * part["se"], fmt="o", markersize=4, capsize=2.5)
    place.plot(part["theory"], part.index, "|", markersize=14, color="black", label="closed form")
    place.set_yticks(part.index, part["case"])
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
