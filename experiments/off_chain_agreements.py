"""What do buyers gain who agree not to bid against each other, under which pricing rule, and does it hold?

Of four buyers of blocks with R = 1 a cartel of c takes turns, so that m = 5 − c bid in a slot (McAfee and McMillan
1992). In a second-price sale with costs U[0, w] an active bidder makes w/(m(m+1)), in a Tullock contest with equal
values v/m²; a member makes this once in c slots. So a small cartel loses by taking turns: its share of the slots
falls faster than prices do, and it pays only where nearly all take part. Members who tell each other their costs
and send the best one gain at any size, w/(5m) each (Graham and Marshall 1987): this is computed from the bids.

Where values are alike, one outsider is enough to leave nothing, whatever the rule; but if all agree the protocol
gets the reserve. A posted price leaves nothing to agree on. At the price of a controller a cartel holds out until
it has fallen to the floor; at an AMM it must own less to pay less: it keeps the H that maximises H (V − p(H)), and
leaves the other blocks empty.

One that also bids out of turn gains little or nothing where the second or the uniform price is paid, for the
member in turn bids its value; where bids are paid it takes all, and the auction does not hold the cartel together.
A controller leaves a little even to those who compete, for its price comes down in steps.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import numpy as np
import numpy.typing as npt
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

Values = npt.NDArray[np.float64]

BLOCKS = 1500
START = 300
BATCH = 20  # slots; means of batches give the standard error
LEAST = START + BATCH
BUYERS = 4
WIDTH = 0.2  # w: where blocks are sold one by one, costs are uniform on [0, w]
WORTH = 1 - WIDTH / 2  # of a block: on average, or to all alike
LITTLE = 0.001  # what a cartel bids where there is no reserve, ETH
MORE = 0.01  # by how much one that bids out of turn outbids it
RESERVE = 0.5  # ETH a block
SOLD = 3  # tickets a slot, where they are sold several at once
SUPPLY, TARGET, STEEPNESS = 40, 20, 10
COMPETES, TURNS, OUT_OF_TURN = "competes", "takes turns", "bids out of turn"


def quote(stock: int) -> float:
    """What the AMM asks for the next ticket, ETH."""
    return WORTH * exp((stock - TARGET) / STEEPNESS)


KEPT = max(range(1, TARGET + 2), key=lambda stock: stock * (WORTH - quote(stock - 1)))
"""Tickets that a monopsonist holds at the AMM's prices."""


class CartelCase(NamedTuple):
    """A pricing rule, its reserve for a block, a cartel of some of the four, and whether one member betrays it."""

    rule: str
    members: int
    reserve: float = 0.0
    betrayed: bool = False

    @property
    def name(self) -> str:
        return f"{self.rule}, reserve {self.reserve:g}, {self.members}{', betrayed' if self.betrayed else ''}"

    @property
    def active(self) -> int:
        """Who bid in a slot."""
        return BUYERS - self.members + 1

    @property
    def alone(self) -> bool:
        """Whether all four agree."""
        return self.active == 1

    @property
    def floor(self) -> float:
        """The least that one has to pay for a block, ETH."""
        return max(self.reserve, LITTLE)

    def profit(self) -> float:
        """Closed form of what a member, or the traitor, makes a slot, ETH."""
        return float(PROFITS[self.rule](self))


def sealed_second(case: CartelCase) -> float:
    """Out of turn one meets the member in turn, and each of the two makes w/6."""
    lone, shared = WORTH - case.reserve, WIDTH / (case.active * (case.active + 1))
    if case.betrayed:
        return lone / BUYERS + (1 - 1 / BUYERS) * WIDTH / 6
    return (lone if case.alone else shared) / case.members


def sealed_first(case: CartelCase) -> float:
    """The same by revenue equivalence where they compete; a lone bidder pays the floor."""
    if case.betrayed:
        return WORTH - case.floor - MORE
    return (WORTH - case.floor) / BUYERS if case.alone else WIDTH / (BUYERS * (BUYERS + 1))


def contest(case: CartelCase) -> float:
    """v/m² each; a traitor spends LITTLE + MORE, and wins against LITTLE with its share of both."""
    spent = LITTLE + MORE
    if case.betrayed:
        return WORTH * (1 / BUYERS + (1 - 1 / BUYERS) * spent / (spent + LITTLE)) - spent
    return (WORTH - LITTLE if case.alone else WORTH / case.active**2) / case.members


def posted(case: CartelCase) -> float:
    """Everyone pays the price, and all are served alike."""
    return (WORTH - case.reserve) / BUYERS


def uniform(case: CartelCase) -> float:
    """All bid what a ticket is worth; a lone bidder pays the reserve, also one who betrays the others."""
    return (WORTH - case.reserve) / BUYERS if case.alone else 0.0


def discriminatory(case: CartelCase) -> float:
    """A traitor outbids the floor in every slot."""
    if case.betrayed:
        return WORTH - case.floor - MORE
    return (WORTH - case.floor) / BUYERS if case.alone else 0.0


def controlled(case: CartelCase) -> float:
    """The price falls while nobody buys; H*/N tickets a slot are then sold for it."""
    return TARGET / SUPPLY * discriminatory(case)


def along_a_curve(case: CartelCase) -> float:
    """H (V − p(H))/N at the best H; a traitor keeps one ticket more."""
    kept = KEPT + case.betrayed
    gain = kept / SUPPLY * (WORTH - quote(kept - 1))
    return gain if case.betrayed else gain / BUYERS if case.alone else 0.0


PROFITS = {
    "second_price": sealed_second,
    "first_price": sealed_first,
    "tullock": contest,
    "posted": posted,
    "uniform_price": uniform,
    "pay_as_bid": discriminatory,
    "eip1559": controlled,
    "amm": along_a_curve,
}
CHAINS: dict[str, dict[str, Any]] = {
    **{one: {"draw": "maturity", "maturity": 1} for one in ("second_price", "first_price", "tullock", "posted")},
    **{one: {"draw": "lottery", "supply": SOLD, "maturity": 1} for one in ("uniform_price", "pay_as_bid")},
    **{one: {"draw": "lottery", "supply": SUPPLY, "maturity": "none"} for one in ("eip1559", "amm")},
}
PRIVATE = ("second_price", "first_price", "posted")
"""Where costs differ; elsewhere all have the mean cost."""

CASES = [
    *(CartelCase(rule, members) for rule in ("second_price", "tullock") for members in (1, 2, 3, 4)),
    *(CartelCase("first_price", members) for members in (1, 4)),
    *(CartelCase("posted", members, RESERVE) for members in (1, 4)),
    *(
        CartelCase(rule, members)
        for rule in ("uniform_price", "pay_as_bid", "eip1559", "amm")
        for members in (1, 3, 4)
    ),
    *(CartelCase(rule, 4, betrayed=True) for rule in PROFITS if rule != "posted"),
    *(
        CartelCase(rule, 4, RESERVE, betrayed)
        for rule in ("second_price", "first_price", "uniform_price", "pay_as_bid")
        for betrayed in (False, True)
    ),
    CartelCase("eip1559", 4, RESERVE),
]


def answer(
    settings: Settings,
    rule: Annotated[list[str] | None, typer.Option(help=f"one of {', '.join(PROFITS)}; several times")] = None,
) -> Answer:
    """What a member makes a slot, by rule and size of the cartel, and what one makes that betrays it."""
    import pandas as pd

    unknown = [name for name in rule or () if name not in PROFITS]
    if unknown:
        raise InputError(f"--rule {unknown[0]}: there are {', '.join(PROFITS)}")
    cases = [case for case in CASES if not rule or case.rule in rule]
    table = pd.DataFrame(settings.rows(rows, cases))
    values = {name_of(row): float(row["simulated"]) for row in table.to_dict("records")}
    return Answer(table, values, {"cartel_size": by_size(table), "cartel_by_rule": by_rule(table)})


def name_of(row: Mapping[Any, Any]) -> str:
    """The case of a row."""
    return f"{row['rule']}.reserve {row['reserve']:g}.{row['members']} {row['how']}"


def rows(settings: Settings, case: CartelCase) -> list[dict[str, Any]]:
    """What a member makes in one case; where they compete by second price, also what members would who tell."""
    result = settings.run(case.name.replace(", ", "-").replace(" ", "-"), config(case))
    assert isinstance(result, Result)
    paid = {**facts(case), **agreement(batches(profits(result, case)), case.profit())}
    if case.rule == "eip1559":
        paid["z"] = float("nan")  # its price comes down in steps, which the closed form leaves out
    told = [telling(result, members) for members in (2, 3, 4)] if case == CartelCase("second_price", 1) else []
    return [paid, *told]


def facts(case: CartelCase) -> dict[str, Any]:
    """The case, as columns."""
    how = OUT_OF_TURN if case.betrayed else TURNS if case.members > 1 else COMPETES
    return {"rule": case.rule, "reserve": case.reserve, "members": case.members, "how": how}


def config(case: CartelCase) -> dict[str, Any]:
    """The protocol sells to the four, who build and do not resell."""
    tickets = SOLD if case.rule in ("uniform_price", "pay_as_bid") else 1
    market: dict[str, Any] = {"structure": "et", "resale": "never", "pbs": "off", "primary": case.rule}
    market["primary_reserve"] = case.reserve / tickets
    if case.rule == "eip1559":
        market |= {"primary_cap": 1, "eip1559": {"start_eth": WORTH, "target": TARGET}}
    if case.rule == "amm":
        market["amm"] = {"start_eth": quote(TARGET) - 1e-8, "target": TARGET, "steepness": STEEPNESS}
    costs = (0.0, WIDTH) if case.rule in PRIVATE else (WIDTH / 2, WIDTH / 2)
    return {
        "blocks": BLOCKS,
        "chain": CHAINS[case.rule],
        "reward": {"process": "constant", "value": 1.0},
        "cost": {"low": costs[0], "high": costs[1]},
        "market": market,
        "agents": [
            {"role": "buyer", "endowment_eth": 1e6, **agent} for agent in agents(case, agreed(case), tickets)
        ],
    }


def agreed(case: CartelCase) -> float | None:
    """The most that a member bids for the right to a block, ETH; None: its value."""
    if case.rule in ("second_price", "posted", "uniform_price"):
        return None
    if case.rule == "tullock" and not case.alone:
        return WORTH * (case.active - 1) / case.active**2
    return quote(KEPT - 1) + 1e-6 if case.rule == "amm" else case.floor


def agents(case: CartelCase, price: float | None, tickets: int) -> list[dict[str, Any]]:
    """The members, of whom the first may be a traitor, and the others. A cartel of one is no cartel."""
    share = (case.active - 1) / case.active**2
    honest: dict[str, Any] = {"strategy": "truthful"}
    if case.rule == "first_price":
        honest = {"strategy": "first_price_equilibrium"}
    elif case.rule == "tullock":
        honest = {"strategy": "shade", "parameters": {"factor": share}}
    others = [honest | {"count": BUYERS if case.members == 1 else BUYERS - case.members}]
    if case.members == 1:
        return others
    each: dict[str, Any] = {} if price is None else {"price_eth": price / tickets}
    seats: list[dict[str, Any]] = [each | {"members": case.members, "seat": seat} for seat in range(case.members)]
    if case.betrayed:
        step = quote(KEPT) - quote(KEPT - 1) if case.rule == "amm" else MORE
        seats[0] = {"members": 1} | ({} if price is None else {"price_eth": (price + step) / tickets})
    members = [{"strategy": "cartel_member", "parameters": one} for one in seats]
    return members + (others if others[0]["count"] else [])


def watched(case: CartelCase) -> list[str]:
    """Who is looked at: the members, the traitor alone, or all where there is no cartel."""
    first = agents(case, None, 1)[0]
    count = 1 if case.betrayed else first.get("count", case.members)
    return [f"{first['strategy']}-{number}" for number in range(1, count + 1)]


def profits(result: Result, case: CartelCase) -> Values:
    """By slot, what each of those who are looked at made of blocks less what it paid for tickets, ETH."""
    blocks = result.blocks
    names = watched(case)
    made = blocks["net_gwei"].where(blocks["proposer"].isin(names), 0).to_numpy(float)
    outlays = result.bids if case.rule == "tullock" else result.trades
    column = "bidder" if case.rule == "tullock" else "buyer"
    own = outlays[outlays[column].isin(names)]
    paid = own.groupby("slot")["price_gwei"].sum().reindex(blocks["slot"], fill_value=0).to_numpy(float)
    return np.asarray((made - paid) / 1e9 / len(names))


def batches(series: Values) -> Values:
    """Means of batches of slots, the first ones left out."""
    late = series[min(START, len(series) // 4) :]
    width = min(BATCH, len(late) // 2)
    return np.asarray(late[: len(late) // width * width].reshape(-1, width).mean(axis=1))


def telling(result: Result, members: int) -> dict[str, Any]:
    """What each of some members would make who send the best of them: it pays the best bid of the others.

    From the bids of those who compete, which are their values (Vickrey 1961).
    """
    bids = result.bids.pivot_table(index="auction", columns="bidder", values="price_gwei", observed=True)
    offers = bids.fillna(0).to_numpy(float)[BUYERS:] / 1e9
    own = offers[:, :members].max(axis=1)
    rest = offers[:, members:].max(axis=1, initial=0.0)
    active = BUYERS - members + 1
    theory = WIDTH / (active * (BUYERS + 1)) if active > 1 else (1 - WIDTH / (BUYERS + 1)) / BUYERS
    facts = {"rule": "second_price", "reserve": 0.0, "members": members, "how": "sends the best"}
    return {**facts, **agreement(np.maximum(own - rest, 0) / members, theory)}


def by_size(table: pd.DataFrame) -> Figure:
    """What a member makes, by the size of the cartel, where it matters."""
    from experiments.lab.study.plot import lines_and_points, panels

    rules = [rule for rule in ("second_price", "tullock") if rule in set(table["rule"])]
    figure, places = panels(1, max(len(rules), 1), f"A cartel of some of {BUYERS} buyers: what a member makes")
    lone = table[(table["how"] != OUT_OF_TURN) & (table["reserve"] == 0)]
    for place, rule in zip(places, rules, strict=False):
        part = lone[lone["rule"] == rule]
        for how in ("sends the best", TURNS) if rule == "second_price" else (TURNS,):
            drawn = part[(part["how"] == how) | (part["members"] == 1)]
            lines_and_points(place, drawn, "members", how)
        place.set_yscale("log")
        place.set_xticks(range(1, BUYERS + 1))
        place.set_xlabel("members")
        place.set_ylabel("ETH a slot and member")
        place.set_title(rule, loc="left", fontsize=10)
        place.legend(frameon=False)
    return figure


def by_rule(table: pd.DataFrame) -> Figure:
    """Under each rule: what one makes who competes, a member where all four agree, and one that betrays them."""
    from experiments.lab.study.plot import COLOURS, axes

    title = f"All {BUYERS} agree: what each makes, ETH a slot (bars: closed forms)"
    figure, place = axes("ETH a slot", "", title, (7.2, 4.8))
    kept = table[table["how"] != "sends the best"]
    labels = list(dict.fromkeys(zip(kept["rule"], kept["reserve"], strict=True)))[::-1]
    for how, color, marker in zip((COMPETES, TURNS, OUT_OF_TURN), COLOURS, "osD", strict=False):
        part = kept[kept["members"].isin((1, BUYERS)) & (kept["how"] == how)]
        heights = [labels.index(pair) for pair in zip(part["rule"], part["reserve"], strict=True)]
        place.plot(part["simulated"], heights, marker, markersize=5, color=color, label=how)
        place.plot(part["theory"], heights, "|", markersize=14, color=color)
    place.set_yticks(range(len(labels)), [f"{rule}, reserve {reserve:g}" for rule, reserve in labels])
    place.legend(frameon=False)
    return figure


experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
