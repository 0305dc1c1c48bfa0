"""What does resale just in time do to a right that is sold ahead of time, and when do buyers stop bidding for it?

One chain sold its express lane minute by minute, ahead of time. Then a reseller, a hub, came, which won minutes
and sold their blocks just in time. What is known of the time before the hub calibrates two numbers here: the price
was 62.7 percent of the top bid, and the correlation of a bid with the minute's value .32. Everything after is a
prediction: it was kept, with its golden answer, before what was measured after stood in this project.

Two strong buyers have signals of what a minute is worth to both (τ of its logarithm, σ of the signal), and a part
of it that is private, θ on [0, h] E V. Of a weak fringe all that counts is what it bids, a share of what a hub
does. Set by hand, and shown over a range: h, the cost of a bid, the fringe's share, what the hub knows and gives
back, the reserve; that nothing of a minute is public (φ = 0), and that signals are of all of it (minutes of which
a part is public, and another that nobody foresees, are shown, too). A minute is one block; rounds of 5 and 10
blocks are shown beside it.

A buyer that bids against a hub without a signal of its own gains by its signal, so that withdrawal takes a cost of
bidding that outweighs it, or a hub that gives back much of what it gains: then the price is what the fringe bids.
Short of that buyers bid in the minutes that look good to them, and the price stays a large share of the top bid. A
hub that knows what its buyers know leaves them nothing to gain at any cost.

The price fell to 14.8 percent of the top bid. That is not what is predicted of buyers who bid where it pays: .72
in the median, .56 in the mean. It lies near what is predicted of buyers who are kept out, and that is the share of
the fringe, .10 as it was set by hand. So something kept them out that the two figures do not tell: dear bids, a
hub that knows what they know, or one that pays them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from experiments.lab.config.errors import InputError
from experiments.lab.played.results import Result
from experiments.lab.study import Answer, Experiment, Settings
from experiments.lab.study.agreement import agreement
from experiments.lab.study.lane.exploitability import answers
from experiments.lab.study.lane.foreseen import NOISES, Foreseen
from experiments.lab.study.lane.horizons import HORIZONS, PHI, SD, closed_form, simulated
from experiments.lab.study.lane.lane_calibration import BUYERS, READINGS, LaneSignals, calibrated
from experiments.lab.study.lane.lane_figures import figures
from experiments.lab.study.lane.many_hubs import revenue_by_hubs
from experiments.lab.study.lane.published_lane import compared, costs_that_bring_it
from experiments.lab.study.lane.regimes import Minutes, Regime, config, row, seen_in
from experiments.lab.study.lane.withdrawal import (
    HUBS,
    Minute,
    after_hub,
    cost_that_keeps_out,
    gain_of_bidding,
    hub_worth,
)

if TYPE_CHECKING:
    import pandas as pd

PAID, TOLD = 0.627, 0.32
"""What was measured before the hub: the price as a share of the top bid; how a bid goes along with the value."""

BY_HAND = Minute(private=0.5, cost=0.02, reserve=0.05, fringe=0.1)
PRIVATES, COSTS, FRINGES, REBATES = (0.0, 0.5, 1.0), (0.0, 0.02, 0.1, 0.3), (0.05, 0.1, 0.2, 0.4), (0.0, 0.5, 1.0)
TIMES = 7.5  # by so much the reserve was raised
LITTLE = 1e-3  # of E V a minute: a gain by which one is as good as kept out
LEAST = 60
START = 20
LENGTHS = (1, 5, 10)
"""Blocks of a minute. In the field it has 240; 10 cost as long to play as the whole rest."""
FORECASTS, SPREADS = (0.0, 0.2, 0.386), (0.713, 0.905)
"""φ and τ where a part of a minute is public, and another that nobody foresees."""
PARTS = ("regimes", "reserves", "learners", "blocks", "hubs", "horizons", "ranges", "foreseen", "exploitability")
TABLES = ("published", "regimes")


def regimes(signals: LaneSignals) -> list[Regime]:
    """What is played on the same draws."""
    void = {"reserve": {"rule": "forecast", "share": 0.6, "void": True}}
    return [
        Regime("before the hub", "equilibrium", hub=False),
        Regime("the hub", "pays"),
        Regime("the hub, and buyers out", "out"),
        Regime("the hub, one buyer in", "one in"),
        Regime("reserve x 7.5", "pays", reserve=TIMES),
        Regime("dynamic reserve, void", "pays", market=void, hub_noise=signals.noise),
        Regime("just in time", "out", market={"structure": "pbs"}),
    ]


def reserves(signals: LaneSignals) -> list[Regime]:
    """Reserves against a hub that knows as much as both buyers, who are out."""
    noise = signals.noise / BUYERS**0.5
    fixed = [Regime(f"fixed {share:g}", "out", hub_noise=noise, reserve=share) for share in (1.0, TIMES)]
    rules: dict[str, dict[str, Any]] = {
        **{f"forecast {share:g}": {"rule": "forecast", "share": share} for share in (0.3, 0.5, 0.7)},
        "trailing 0.9": {"rule": "trailing", "share": 0.9, "window": 60},
    }
    return fixed + [
        Regime(f"{name}, void", "out", market={"reserve": {**rule, "void": True}}, hub_noise=noise)
        for name, rule in rules.items()
    ]


def learners() -> list[Regime]:
    """Learners who start as bidders, by what the hub gives back, and where a bid is dearer."""
    dear = Regime(f"learners, cost {COSTS[2]:g}", "learn", cost=COSTS[2])
    return [*(Regime(f"learners, rebate {rebate:g}", "learn", rebate=rebate) for rebate in REBATES), dear]


def answers_to_learners() -> list[Regime]:
    """One of the two does not learn."""
    return [Regime(f"learners, {one}", one) for one in ("one pays", "one out")]


def minutes_of_blocks(signals: LaneSignals) -> list[Regime]:
    """The first regimes with minutes of several blocks, which are rounds of the chain."""
    return [
        regime._replace(name=f"{regime.name}, {blocks} blocks", blocks=blocks)
        for blocks in LENGTHS[1:]
        for regime in regimes(signals)[:3]
    ]


def answer(
    settings: Settings,
    read_as: Annotated[str, typer.Option(help=f"what 62.7 percent is: {', '.join(READINGS)}")] = "median",
    part: Annotated[list[str] | None, typer.Option(help=f"one of {', '.join(PARTS)}; several times")] = None,
    show: Annotated[str, typer.Option(help=f"the table, one of {', '.join(TABLES)}")] = "published",
) -> Answer:
    """What is predicted of each regime, with intervals, and what was measured beside it."""
    import pandas as pd

    for given, there in ((part or [], PARTS), ([read_as], READINGS), ([show], TABLES)):
        if unknown := [name for name in given if name not in there]:
            raise InputError(f"{unknown[0]}: there are {', '.join(there)}")
    wanted = part or list(PARTS)
    signals = calibrated(PAID, TOLD, BY_HAND.private, read_as)
    groups = {
        "regimes": regimes(signals),
        "reserves": reserves(signals),
        "learners": learners() + answers_to_learners(),
        "blocks": minutes_of_blocks(signals),
    }
    cases = [regime for name, group in groups.items() if name in wanted for regime in group]
    seen = dict(zip((one.name for one in cases), played(settings, cases, signals), strict=True))
    table = pd.DataFrame([row(regime, seen[regime.name]) for regime in cases])
    values = {"value_sd": signals.value_sd, "noise": signals.noise, **values_of(table)}
    for name, found in MORE.items():
        if name in wanted:
            values |= found(settings, signals, seen, read_as)
    if show == "published" and "regimes" in wanted:
        table = pd.DataFrame(compared(values, BY_HAND.reserve, read_as))
    return Answer(table, values, figures(seen, values))


def played(settings: Settings, cases: list[Regime], signals: LaneSignals) -> list[Minutes]:
    """What is seen in each regime."""

    def work(own: Settings, regime: Regime) -> Minutes:
        name = "".join(letter if letter.isalnum() else "-" for letter in regime.name)
        own = replace(own, blocks=own.blocks and own.blocks * regime.blocks)
        result = own.run(name, config(regime, signals, BY_HAND))
        assert isinstance(result, Result)
        return seen_in(result, regime.blocks)

    return settings.each(work, cases)


def values_of(table: pd.DataFrame) -> dict[str, float]:
    """All figures of all regimes."""
    rows = table.to_dict("records")
    return {
        f"{one['regime']}.{name}": float(value) for one in rows for name, value in one.items() if name != "regime"
    }


def deviation(_: Settings, signals: LaneSignals, seen: dict[str, Minutes], __: str) -> dict[str, float]:
    """What one gains that comes in where it and the other were out, played and by theory, shares of E V a minute.

    It cannot be helped by a bid of another size: against a bid that knows nothing its own expectation is dominant.
    """
    gain = seen["the hub, one buyer in"].first - seen["the hub, and buyers out"].first
    found = agreement(gain, gain_of_bidding(signals, BY_HAND, HUBS[0]).mean)
    return {f"gain of the one in.{name}": value for name, value in found.items()}


def dropping_out(_: Settings, __: LaneSignals, seen: dict[str, Minutes], ___: str) -> dict[str, float]:
    """Of learners: the share of minutes in which they bid at the end, and after how many it has halved; what one
    gains a minute that does not learn, but bids where it pays or stays out from the start."""
    found = {}
    for one in learners():
        bidding = seen[one.name].bidding
        mean = np.convolve(bidding, np.full(START, 1 / START), "valid")
        below = np.flatnonzero(mean <= 0.5)
        found[f"{one.name}.at the end"] = float(bidding[-bidding.size // 4 :].mean())
        found[f"{one.name}.halved after"] = float(below[0] + START) if below.size else float("nan")
    for one in answers_to_learners():
        gain = seen[one.name].first - seen[learners()[0].name].first
        found[f"{one.name}.gain"] = float(gain.mean())
        found[f"{one.name}.gain.se"] = float(gain.std(ddof=1) / np.sqrt(gain.size))
    return found


def horizons(settings: Settings, _: LaneSignals, __: dict[str, Minutes], ___: str) -> dict[str, float]:
    """How bids by what is public go along with values, closed and played, where a minute tells of the next."""
    buyers = {"strategy": "round_buyer", "role": ["seller", "buyer"], "count": BUYERS, "endowment_eth": 1e6}
    public = {
        "blocks": 3000,
        "chain": {"draw": "maturity", "maturity": 0},
        "reward": {"process": "ar1", "mean": 1.0, "phi": PHI, "sigma": SD * (1 - PHI**2) ** 0.5},
        "cost": {"low": 0.0, "high": 0.0},
        "market": {"structure": "et", "pbs": "off"},
        "agents": [{**buyers, "parameters": {"resale_reserve": "never"}}],
    }
    result = settings.run("horizons", public)
    assert isinstance(result, Result)
    values = result.blocks.reward_gwei.to_numpy(float)
    bids = result.trades.price_gwei.to_numpy(float)[: values.size]
    found: dict[str, float] = {}
    for count in HORIZONS:
        mean, error = simulated(bids, values, count)
        found |= {f"horizon {count}.theory": closed_form(count), f"horizon {count}.simulated": mean}
        found[f"horizon {count}.se"] = error
    return found


def hubs(_: Settings, signals: LaneSignals, __: dict[str, Minutes], ___: str) -> dict[str, float]:
    """Revenue by number of hubs, cost of a bid and reserve, by theory, where nobody has a signal; hubs bid for
    nothing, or at the same cost."""
    return {
        f"hubs {count} ({name}), cost {cost:g}, reserve {floor:g}.revenue": price
        for cost in COSTS
        for name, own in (("free", 0.0), ("paying", cost))
        for floor in (BY_HAND.reserve, TIMES * BY_HAND.reserve)
        for count, price in revenue_by_hubs(signals, BY_HAND.private, cost, own, floor).items()
    }


def ranges(_: Settings, __: LaneSignals, ___: dict[str, Minutes], read_as: str) -> dict[str, float]:
    """What is set by hand, over its range: the price over the top bid after the hub, and what keeps buyers out."""
    found: dict[str, float] = {}
    for private in PRIVATES:
        signals = calibrated(PAID, TOLD, private, read_as)
        at = f"h {private:g}"
        found |= {f"{at}.value_sd": signals.value_sd, f"{at}.noise": signals.noise}
        found[f"{at}.hub's bid"] = hub_worth(signals, private)
        minute = BY_HAND._replace(private=private)
        found |= {f"{at}, {name}": value for name, value in after(signals, minute).items()}
        found |= {f"{at}, {name}": value for name, value in kept_out(signals, minute).items()}
        found |= {f"{at}, {name}": value for name, value in costs_that_bring_it(signals, minute).items()}
    return found


def after(signals: LaneSignals, by_hand: Minute) -> dict[str, float]:
    """The price over the top bid, three readings, one thing set by hand at a time."""
    varied = [
        *((f"cost {cost:g}", by_hand._replace(cost=cost), HUBS[0]) for cost in COSTS),
        *((f"fringe {share:g}", by_hand._replace(fringe=share), HUBS[0]) for share in FRINGES),
        *((f"rebate {share:g}", by_hand._replace(rebate=share), HUBS[0]) for share in REBATES),
        ("buyers out", by_hand._replace(cost=1e9), HUBS[0]),
        ("buyers out, hub informed", by_hand._replace(cost=1e9), HUBS[2]),
    ]
    found: dict[str, float] = {}
    for name, minute, hub in varied:
        said = after_hub(signals, minute, hub)
        found |= {f"{name}.{reading}": getattr(said, reading) for reading in (*READINGS, "price", "bidding")}
    return found


def kept_out(signals: LaneSignals, by_hand: Minute) -> dict[str, float]:
    """What one gains by bidding at no cost where all are out, and the cost from which it gains little."""
    found: dict[str, float] = {}
    for hub in HUBS:
        for rebate in REBATES:
            minute = by_hand._replace(rebate=rebate, cost=0.0)
            name = f"hub knows {hub}, rebate {rebate:g}"
            gain = gain_of_bidding(signals, minute, hub)
            found |= {f"{name}.gain": gain.mean, f"{name}.gain.se": gain.se}
            found[f"{name}.cost that keeps out"] = cost_that_keeps_out(signals, minute, hub, LITTLE)
    return found


def foreseen(_: Settings, __: LaneSignals, ___: dict[str, Minutes], ____: str) -> dict[str, float]:
    """The answer where a part of a minute is public and nobody foresees another; what is calibrated there."""
    found: dict[str, float] = {}
    for phi, spread, noise in product(FORECASTS, SPREADS, NOISES):
        signals = Foreseen(phi, spread).calibrated(PAID, TOLD, BY_HAND.private, noise)
        if signals is not None:
            at = f"phi {phi:g}, sd {spread:g}, {noise} noise"
            found |= {f"{at}.{name}": value for name, value in of_foreseen(signals).items()}
    return found


def of_foreseen(signals: LaneSignals) -> dict[str, float]:
    """The same of one calibration."""
    free = BY_HAND._replace(cost=0.0)
    said = after_hub(signals, BY_HAND)
    return {
        "noise": signals.noise,
        "unseen": signals.unseen,
        "gain": gain_of_bidding(signals, free, HUBS[0]).mean,
        "cost that keeps out": cost_that_keeps_out(signals, free, HUBS[0], LITTLE),
        **{name: getattr(said, name) for name in (*READINGS, "price", "bidding")},
    }


def exploitability(_: Settings, signals: LaneSignals, __: dict[str, Minutes], ___: str) -> dict[str, float]:
    """What one gains a minute that answers as best it can, by regime and who it is."""
    found: dict[str, float] = {}
    for one in answers(signals, BY_HAND, TIMES):
        name = f"exploitability, {one.regime}, {one.who}"
        found |= {f"{name}.gain": one.gain.mean, f"{name}.se": one.gain.se}
    return found


More = Callable[[Settings, LaneSignals, dict[str, Minutes], str], dict[str, float]]
MORE: dict[str, More] = {
    "regimes": deviation,
    "learners": dropping_out,
    "horizons": horizons,
    "hubs": hubs,
    "ranges": ranges,
    "foreseen": foreseen,
    "exploitability": exploitability,
}
"""What each part tells beside its rows."""

experiment = Experiment(__file__, __doc__, answer, LEAST)
if __name__ == "__main__":
    experiment.main()
