"""What does it take to keep a transaction out, how long does it wait, and what stops it?

Four buyers with costs U[0, w] bid for the right to every block. One is paid to keep out a transaction that
appears once in P blocks, and bids a bribe b more for L blocks, from the first on at which it can still aim.

- It gets a block with chance β + (1 − β^n)/n, β = b/w, and gives up w (β²/2 − β^(n+1)/(n+1)) a block beside
  bidding its value: never more than w (1/2 − 1/(n+1)) in a sale by second price, however large the bribe.
- Where it can aim (just in time; after the draw) b ≥ w delays the transaction by L. Where tickets for the next λ
  blocks are sold before it knows, it has these by chance, q = 1/n each: it delays by λ + L with chance q^λ.
  A lottery that is not resold it cannot aim at: the transaction waits k blocks or more with chance q^k.
- A reserve 1 − w t is what it pays where the others bid less: it gives up w (1/2 − (1 − (1 − t)^(n+1))/(n+1)).
  But where no one bribes it leaves (1 − t)^n of the blocks empty, and these take no transaction either.
- Its share of all blocks rises from 1/n to s, and the HHI to 10⁴ (s² + (1 − s)²/(n − 1)).
- An inclusion rule that forces the transaction in after k blocks cuts the wait, to Σ_(j=1..k) P(j or more), and so
  what a bribe buys. Here the rule is counted from the sequence of builders, not played.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Values = npt.NDArray[np.float64]

BLOCKS = 2400
BUYERS, WIDTH = 4, 0.2
PERIOD, LENGTH = 12, 4
FORCED = 2
CENSOR = "run_buyer-1"
START = 48
LEAST = START + 4 * PERIOD  # two transactions, and two periods more in which they get in
LONG = 60  # terms of a sum that falls as q^j


class CensorCase(NamedTuple):
    """How blocks are sold: by name, with a ticket's life T under `maturity`; bribe and reserve in units of w."""

    market: str
    bribe: float = 2.0
    life: int = 1
    reserve: float = 1.0  # t: the reserve is 1 − w t

    @property
    def name(self) -> str:
        what = f"{self.market} {self.life}" if self.market == "maturity" else self.market
        floor = f", reserve {1 - self.reserve * WIDTH:g}" if self.reserve < 1 else ""
        return f"{what}, bribe {self.bribe:g}w{floor}"

    @property
    def blind(self) -> int:
        """λ: blocks whose tickets are sold when the transaction appears."""
        return self.life + 1 if self.market == "maturity" else 0

    @property
    def chance(self) -> float:
        """Of a block at which it aims; where it cannot, as any other."""
        beta = 0.0 if self.market == "lottery" else min(self.bribe, 1.0)
        return beta + (1 - beta**BUYERS) / BUYERS

    def reaches(self, wait: int) -> float:
        """The chance that the transaction waits as long or longer."""
        aimed = min(max(wait - self.blind, 0), LENGTH)
        return float(self.chance**aimed * BUYERS ** -(wait - aimed))

    @property
    def loss(self) -> float:
        """What it gives up a block at which it aims, ETH."""
        if self.market == "lottery":
            return 0.0
        if self.reserve < 1:
            return WIDTH * (1 / 2 - (1 - (1 - self.reserve) ** (BUYERS + 1)) / (BUYERS + 1))
        beta = min(self.bribe, 1.0)
        return WIDTH * (beta**2 / 2 - beta ** (BUYERS + 1) / (BUYERS + 1))

    @property
    def share(self) -> float:
        """Of all slots that it builds: those at which it aims, and its part of the others."""
        aimed, other = self.chance, (1 - (1 - self.reserve) ** BUYERS) / BUYERS
        return (LENGTH * aimed + (PERIOD - LENGTH) * other) / PERIOD


MARKETS = [
    CensorCase("just in time"),
    CensorCase("after the draw"),
    *(CensorCase("maturity", life=life) for life in (1, 2, 3)),
]
CASES = [
    *MARKETS,
    CensorCase("lottery"),
    *(CensorCase("just in time", bribe=bribe) for bribe in (0.25, 0.5, 0.75)),
    *(CensorCase("maturity", reserve=reserve) for reserve in (0.75, 0.5, 0.25)),
]


def answer(
    settings: Settings,
    cases: Annotated[int, typer.Option(min=1, help="how many of the cases, from the first on")] = len(CASES),
) -> Answer:
    """The wait, the same under an inclusion rule, what the censor gives up, and its share of all blocks."""
    import pandas as pd

    table = pd.DataFrame(settings.rows(measures, CASES[:cases]))
    values = {f"{row['case']}.{row['measure']}": float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"censorship": draw(table)})


def config(case: CensorCase, bribe: float) -> dict[str, Any]:
    """Four buyers who build; a seller where blocks or drawn tickets are sold on. Bribes are bid by `run_buyer`."""
    just_in_time, resold = case.market == "just in time", case.market == "after the draw"
    draw = {"draw": "maturity", "maturity": case.life}
    if case.market in ("after the draw", "lottery"):
        draw = {"draw": "lottery", "supply": 8, "maturity": "none"}
    market = {"structure": "pbs"} if just_in_time else {"structure": "et", "pbs": "off"}
    aims = {"bonus_eth": bribe * WIDTH, "every": PERIOD, "length": LENGTH}
    agents: list[dict[str, Any]] = [
        {"strategy": "run_buyer", "role": "buyer", "parameters": aims},
        {"strategy": "run_buyer", "role": "buyer", "count": BUYERS - 1, "parameters": {"bonus_eth": 0.0}},
    ]
    if just_in_time or resold:
        agents.append({"strategy": "at_maturity", "role": "seller", "can_build": False})
    return {
        "blocks": BLOCKS,
        "chain": draw,
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": 0.0, "high": WIDTH},
        "market": market
        | {
            "resale": "ex_post" if resold else "never",
            "primary_reserve": 1 - case.reserve * WIDTH if case.reserve < 1 else 0.0,
        },
        "agents": [agent | {"endowment_eth": 1e6} for agent in agents],
    }


def measures(settings: Settings, case: CensorCase) -> list[dict[str, Any]]:
    """Rows of one case, from a run with the bribe and one without on the same draws."""
    name = case.name.replace(", ", "-").replace(" ", "-")
    runs = [settings.run(f"{name}-{kind}", config(case, b)) for kind, b in (("on", case.bribe), ("off", 0.0))]
    bribed, honest = runs
    assert isinstance(bribed, Result)
    assert isinstance(honest, Result)
    aimed = aimed_at(len(bribed.blocks))
    rows = {
        "loss": agreement((gains(honest) - gains(bribed))[aimed], case.loss),
        "share": agreement(built(bribed), case.share),
    }
    if case.reserve == 1:
        waits = waiting(bribed, case)
        reach = [case.reaches(wait) for wait in range(1, LONG)]
        rows["wait"] = agreement(waits, sum(reach))
        rows["wait, forced"] = agreement(np.minimum(waits, FORCED), sum(reach[:FORCED]))
    else:
        empty = honest.blocks["builder"].isna().to_numpy(float)[START:]
        rows["empty"] = agreement(empty, (1 - case.reserve) ** BUYERS)
    return [{"case": case.name, "measure": measure, **columns} for measure, columns in rows.items()]


def aimed_at(blocks: int) -> npt.NDArray[np.bool_]:
    """Blocks for which a bribe is paid, those left out whose tickets were sold before block 0."""
    slots = np.arange(blocks)
    return np.asarray((slots % PERIOD < LENGTH) & (slots >= START))


def built(result: Result) -> Values:
    """By slot, 1 where the censor built the block: whole periods."""
    blocks = result.blocks["builder"].eq(CENSOR).to_numpy(float)[START:]
    return np.asarray(blocks[: len(blocks) // PERIOD * PERIOD])


def gains(result: Result) -> Values:
    """By block, what the censor made of it less what it paid for it, ETH."""
    blocks, trades = result.blocks, result.trades
    mine = blocks["builder"].eq(CENSOR).to_numpy()
    if blocks["ticket"].isna().all():
        paid = blocks["block_price_gwei"]
    else:
        paid = blocks["ticket"].map(trades.groupby("ticket")["price_gwei"].last())
    made = blocks["net_gwei"].to_numpy(float) - paid.to_numpy(float, na_value=0.0)
    return np.asarray(np.where(mine, made, 0.0) / 1e9)


def waiting(result: Result, case: CensorCase) -> Values:
    """Blocks that the transaction waits, once a period: it appears λ blocks before the first that is aimed at."""
    from experiments.lab.metrics.censors import delays

    appears = np.arange(START - case.blind, len(result.blocks) - 2 * PERIOD, PERIOD)
    return np.asarray(delays(result.blocks["builder"], [CENSOR])[appears])


def draw(table: pd.DataFrame) -> Figure:
    """Waits, losses and shares, case by case."""
    from experiments.lab.study.plot import COLOURS, panels

    figure, (left, middle, right) = panels(1, 3, f"{BUYERS} buyers, one of whom censors for {LENGTH} blocks")
    cases = list(dict.fromkeys(table["case"]))[::-1]
    for place, kinds in ((left, ("wait", "wait, forced")), (middle, ("loss",)), (right, ("share",))):
        for kind, color in zip(kinds, COLOURS, strict=False):
            part = table[table["measure"] == kind]
            at = [cases.index(case) for case in part["case"]]
            place.errorbar(
                part["simulated"], at, xerr=1.96 * part["se"], fmt="o", markersize=4, color=color, label=kind
            )
            place.plot(part["theory"], at, "|", markersize=14, color=color)
    left.legend(frameon=False, fontsize=7, loc="lower left", bbox_to_anchor=(0, 1), ncols=2)
    left.set_yticks(range(len(cases)), cases, fontsize=7)
    for place in (middle, right):
        place.set_yticks(range(len(cases)), [])
    left.set_xlabel("blocks that the transaction waits")
    middle.set_xlabel("ETH given up a block that is aimed at")
    right.set_xlabel("the censor's share of all slots")
    return figure


experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
