"""The regimes through the ledger: who bids for the minute, what is seen of it. E V, the unit of all, is 1 ETH."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from chain.money import GWEI_PER_ETH
from experiments.lab.models.game.round_outcome import RoundFigure, mean_of, median_of, ratio_of
from experiments.lab.played.results import Result
from experiments.lab.study.lane.lane_calibration import BUYERS, LaneSignals
from experiments.lab.study.lane.withdrawal import Minute
from strategies.theory.laws import Array

MINUTES = 1000
ENDOWMENT = 1e6
STRONG, FRINGE, HUB = "strong", "fringe", "hub"


UNLIKE = {"one in": ("pays", "out"), "one pays": ("pays", "learn"), "one out": ("out", "learn")}
"""How the first and the other of the strong bid, where they do not bid alike."""


class Regime(NamedTuple):
    """What is sold how. `bidders`: how the strong ones bid: "equilibrium" among themselves before the hub, "pays"
    where it pays against the hub, "out", "learn", or one of `UNLIKE`.
    `market`: keys that are others; `hub_noise`: σ of the hub's signal, None: it has none; `reserve`: how many
    times the usual one; `rebate`: the share that the hub gives back; `cost` of a bid, where it is another;
    `blocks` of a minute, whose signals are of all of it."""

    name: str
    bidders: str
    hub: bool = True
    market: Mapping[str, Any] = {}
    hub_noise: float | None = None
    reserve: float = 1.0
    rebate: float = 0.0
    cost: float | None = None
    blocks: int = 1


def config(regime: Regime, signals: LaneSignals, minute: Minute) -> dict[str, Any]:
    """The run of a regime."""
    return {
        "blocks": MINUTES * regime.blocks,
        "chain": {"draw": "maturity", "maturity": 0, "round": regime.blocks},
        "reward": {
            "process": "lognormal",
            "mean": 1.0 / regime.blocks,
            "sigma": block_sd(signals, regime.blocks),
        },
        "cost": {
            "low": 0.0,
            "high": minute.private / regime.blocks,
            "primary_entry": minute.cost if regime.cost is None else regime.cost,
        },
        "market": {
            "structure": "et",
            "primary": "second_price",
            "pbs": "sealed" if regime.hub else "off",
            "primary_reserve": regime.reserve * minute.reserve,
            **regime.market,
        },
        "agents": [*strong(regime, signals), *others(regime, minute)],
    }


def block_sd(signals: LaneSignals, blocks: int) -> float:
    """The log's standard deviation of a block's reward, so that a minute's has the variance of V."""
    if blocks == 1:
        return signals.value_sd
    return float(np.sqrt(np.log1p(blocks * np.expm1(signals.value_sd**2))))


def strong(regime: Regime, signals: LaneSignals) -> list[dict[str, Any]]:
    """The two with signals and a use for minutes."""
    role = ["buyer"] if regime.market.get("structure") == "pbs" else ["seller", "buyer"]
    group = {"role": role, "endowment_eth": ENDOWMENT, "signal_sigma": signals.noise}
    return [{**group, **plays(regime, number)} for number in range(BUYERS)]


def plays(regime: Regime, number: int) -> dict[str, Any]:
    """What one of them plays."""
    bids = UNLIKE.get(regime.bidders, (regime.bidders,) * BUYERS)[number]
    if bids == "learn":
        return {"strategy": "round_learner"}
    if bids == "equilibrium":
        terms: dict[str, Any] = {"resale_reserve": "never", "entry": "always", "signals": "tie"}
        return {"strategy": "round_buyer", "parameters": terms}
    entry = "equilibrium" if bids == "pays" else "never"
    terms = {"hubs": 1, "signals": "own", "rebate": regime.rebate, "entry": entry}
    return {"strategy": "round_buyer", "parameters": terms}


def others(regime: Regime, minute: Minute) -> list[dict[str, Any]]:
    """The fringe, which bids a share of what a reseller would, and the hub. Their bids cost nothing."""
    free = {"strategy": "hub", "role": "seller", "endowment_eth": ENDOWMENT, "primary_entry_eth": 0.0}
    both = [{**free, "parameters": {"factor": minute.fringe}}]
    if regime.hub:
        knows = {} if regime.hub_noise is None else {"signal_sigma": regime.hub_noise}
        both.append({**free, **knows, "parameters": {"rebate": regime.rebate}})
    return both


class Minutes(NamedTuple):
    """What was seen minute by minute: the price, NaN where there was none, the top bid and V; the share of the
    strong that bid, and whether one of them won; what was made, and could be; what the first of the
    strong gained, their mean, and the hub."""

    price: Array
    top: Array
    value: Array
    bidding: Array
    wins: Array
    made: Array
    best: Array
    first: Array
    strong: Array
    hub: Array


def seen_in(result: Result, blocks: int = 1) -> Minutes:
    """By the tables of a run whose minutes have so many blocks."""
    size = len(result.blocks) // blocks
    numbers = {name: number for number, name in enumerate(accounts(result))}
    sold = sold_ahead if (result.auctions.market == "primary").any() else sold_just_in_time
    price, top, bidding, wins = sold(result, numbers, size, blocks)
    gains = gained(result, numbers, size, blocks)
    if sold is sold_just_in_time:
        gains[:, BUYERS:] = 0.0  # who is endowed with blocks has their price, which is told already
    made, best, value = (
        result.blocks[name].to_numpy(float)[: size * blocks].reshape(size, blocks).sum(axis=1) / GWEI_PER_ETH
        for name in ("net_gwei", "best_gwei", "reward_gwei")
    )
    return Minutes(
        price, top, value, bidding, wins, made, best, gains[:, 0], gains[:, :BUYERS].mean(1), gains[:, -1]
    )


def sold_ahead(
    result: Result, numbers: Mapping[str, int], size: int, blocks: int
) -> tuple[Array, Array, Array, Array]:
    """The price of each minute, its top bid, the share of the strong that bid, and whether one of them won."""
    top, bidding, wins = (np.zeros(size) for _ in range(3))
    price = np.full(size, np.nan)
    sales = result.auctions[result.auctions.market == "primary"]
    sales = sales.assign(minute=(sales.opened_slot + 1) // blocks)
    sales = sales[sales.minute < size]
    bids = result.bids.merge(sales[["auction", "minute"]], on="auction")
    place = bids.minute.to_numpy(int)
    np.maximum.at(top, place, bids.price_gwei / GWEI_PER_ETH)
    ours = bids.bidder.map(numbers).to_numpy(int) < BUYERS
    np.add.at(bidding, place[ours], 1 / BUYERS)
    sold = sales[sales.outcome == "sold"]
    price[sold.minute.to_numpy(int)] = sold.price_gwei / GWEI_PER_ETH
    wins[sold.minute.to_numpy(int)] = sold.winner.map(numbers).to_numpy(int) < BUYERS
    return price, top, bidding, wins


def sold_just_in_time(
    result: Result, _: Mapping[str, int], size: int, blocks: int
) -> tuple[Array, Array, Array, Array]:
    """The same of blocks that were sold one by one."""
    top, bidding, wins = (np.zeros(size) for _ in range(3))
    price = np.full(size, np.nan)
    sales = result.auctions[result.auctions.market == "block"]
    price[sales.opened_slot.to_numpy(int) // blocks] = sales.price_gwei.to_numpy(float) / GWEI_PER_ETH
    bids = result.bids.merge(sales[["auction", "opened_slot"]], on="auction")
    np.maximum.at(top, bids.opened_slot.to_numpy(int) // blocks, bids.price_gwei / GWEI_PER_ETH)
    return price, top, bidding, wins


def accounts(result: Result) -> list[str]:
    """All names, in the order of their seats: the strong, the fringe, the hub."""
    payments = result.payments
    return [str(name) for name in payments.payee[payments.reason == "endow"]]


def gained(result: Result, numbers: Mapping[str, int], size: int, blocks: int) -> Array:
    """What each account gained by minute, shape (minutes, accounts); the price of a minute counts in it."""
    paid = result.payments[~result.payments.reason.isin(["endow", "lock", "release"])]
    ahead = paid.reason.isin(["primary", "primary_entry"])
    minute = (paid.slot.to_numpy(int) + ahead.to_numpy(int)) // blocks
    gains = np.zeros((size, len(numbers)))
    for side, sign in (("payee", 1.0), ("payer", -1.0)):
        who = paid[side].astype(str).str.removesuffix("/escrow").map(numbers)
        here = who.notna().to_numpy() & (minute < size)
        amounts = sign * paid.amount_gwei.to_numpy(float)[here] / GWEI_PER_ETH
        np.add.at(gains, (minute[here], who[here].to_numpy(int)), amounts)
    return gains


def figures_of(minutes: Minutes) -> dict[str, RoundFigure]:
    """What a regime is described by, each with its standard error."""
    sold = ~np.isnan(minutes.price)
    found = {
        "price": mean_of(np.where(sold, minutes.price, 0.0)),
        "void": mean_of((~sold).astype(float)),
        "efficiency": ratio_of(minutes.made, minutes.best),
        "bidding": mean_of(minutes.bidding),
        "wins": mean_of(minutes.wins),
        "buyer": mean_of(minutes.strong),
        "hub": mean_of(minutes.hub),
        "correlation": told(minutes.price[sold], minutes.value[sold]),
        "top": told(minutes.top[sold], minutes.value[sold]),
    }
    price, top = minutes.price[sold], minutes.top[sold]
    return {
        "median": median_of(price / top),
        "mean": mean_of(price / top),
        "ratio_of_sums": ratio_of(price, top),
        **found,
    }


def told(price: Array, value: Array) -> RoundFigure:
    """The correlation of price and V, its error by the jackknife over 20 parts; 0 where the price never moves."""
    if price.std() < 1e-9:
        return RoundFigure(0.0, 0.0)
    parts = np.arange(price.size) % 20
    whole = float(np.corrcoef(price, value)[0, 1])
    left = [float(np.corrcoef(price[parts != part], value[parts != part])[0, 1]) for part in range(20)]
    return RoundFigure(whole, float(np.sqrt(19 * np.var(left))))


def row(regime: Regime, minutes: Minutes) -> dict[str, Any]:
    """A regime as a row of the table: each figure, and how far it may be off (95 percent)."""
    cells: dict[str, Any] = {"regime": regime.name}
    for name, figure in figures_of(minutes).items():
        cells[name] = figure.value
        cells[f"{name} ±"] = 1.96 * figure.se
    return cells
