"""A value that all share and each has a signal of: s_i = log V + σ z_i. Source: MODEL section 9, P10."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from scipy import optimize, special

from strategies.theory.laws import Array, refuse_few
from strategies.theory.quadrature import nodes_between, unit_nodes

GRID = 1601
REACH = 9.0
"""Standard deviations of signals that are looked at."""

POINTS, POINTS_GIVEN = 801, 161
"""Values that stand for their law, and for it given signals."""


class Prior(Protocol):
    """The law of log V on points, each with its chance."""

    @property
    def log_value(self) -> Array: ...

    @property
    def chance(self) -> Array: ...

    @property
    def mean(self) -> float:
        """E V."""
        ...

    def given(self, signals: Array, noise: float, count: int) -> tuple[Array, Array]:
        """log V and its log weight given `count` signals at each of `signals`, shapes (signals, points)."""
        ...


@dataclass(frozen=True)
class LognormalPrior:
    """V lognormal with mean 1, `sd` that of its log. Even steps are exact for what is smooth."""

    sd: float

    @cached_property
    def place(self) -> Array:
        return np.linspace(-REACH, REACH, POINTS) + self.sd / 2

    @property
    def log_value(self) -> Array:
        return self.place * self.sd - self.sd**2 / 2

    @cached_property
    def chance(self) -> Array:
        density = np.exp(-(self.place**2) / 2)
        return np.asarray(density / density.sum())

    @property
    def mean(self) -> float:
        return 1.0

    def given(self, signals: Array, noise: float, count: int) -> tuple[Array, Array]:
        precision = 1 / self.sd**2 + count / noise**2
        center = (count * signals / noise**2 - 1 / 2) / precision
        place = np.linspace(-REACH, REACH, POINTS_GIVEN)
        shape = (signals.size, place.size)
        return center[:, None] + place / np.sqrt(precision), np.broadcast_to(-(place**2) / 2, shape)


@dataclass(frozen=True)
class SampledPrior:
    """Values, ETH and above 0, each with its chance."""

    value: Array
    chance: Array

    @property
    def log_value(self) -> Array:
        return np.log(self.value)

    @property
    def mean(self) -> float:
        return float(self.value @ self.chance)

    def given(self, signals: Array, noise: float, count: int) -> tuple[Array, Array]:
        z = (signals[:, None] - self.log_value) / noise
        return np.broadcast_to(self.log_value, z.shape), np.log(self.chance) - count * z**2 / 2


@dataclass(frozen=True)
class PaidOverTop:
    """The price over the highest bid: its median, its mean, and mean price over mean bid."""

    median: float
    mean: float
    ratio_of_sums: float


@dataclass(frozen=True)
class SignalledValue:
    """`buyers` with signals of standard deviation `noise`. ValueError for fewer than two.

    `worth` is what all get at a log V, rising: V itself, or what a cost that all share leaves of it.
    """

    prior: Prior
    noise: float
    buyers: int
    worth: Callable[[Array], Array] = np.exp

    def __post_init__(self) -> None:
        refuse_few(self.buyers, 2, "buyers")

    @cached_property
    def signals(self) -> Array:
        """A grid of signals, rising."""
        low, high = self.prior.log_value[[0, -1]]
        return np.linspace(low - REACH * self.noise, high + REACH * self.noise, GRID)

    def posterior(self, own: int, below: int) -> tuple[Array, Array]:
        """Values' logs and chances at each signal of the grid: see `posterior_at`."""
        return self.posterior_at(self.signals, own, below)

    def posterior_at(self, signals: Array, own: int, below: int) -> tuple[Array, Array]:
        """Values' logs and chances at each signal, given `own` signals there and `below` others under it."""
        log_value, log = self.prior.given(signals, self.noise, own)
        log = log + below * special.log_ndtr((signals[:, None] - log_value) / self.noise)
        weight = np.exp(log - log.max(axis=1, keepdims=True))
        return log_value, weight / weight.sum(axis=1, keepdims=True)

    def standard(self, log_value: Array) -> Array:
        """z of each signal, (signals, values)."""
        return (self.signals[:, None] - log_value) / self.noise

    @cached_property
    def tied(self) -> Array:
        """The second-price bid at each signal of the grid."""
        return self.tied_at(self.signals)

    def tied_at(self, signals: Array) -> Array:
        """E[V | s_i = s, highest other = s], the second-price bid. Source: Milgrom and Weber (1982)."""
        log_value, chance = self.posterior_at(signals, 2, self.buyers - 2)
        return np.asarray((self.worth(log_value) * chance).sum(axis=1))

    @cached_property
    def paid_as_bid(self) -> Array:
        """The first-price bid: b' = (v(s, s) − b) f(s | s)/F(s | s). Source: Milgrom and Weber (1982), theorem 14.

        Solved exactly between points of the grid with v in a straight line and the rate at its mean.
        """
        length = (self.hazard[1:] + self.hazard[:-1]) / 2 * (self.signals[1] - self.signals[0])
        fade = np.exp(-length)
        behind = np.diff(self.tied) * -np.expm1(-length) / np.maximum(length, np.finfo(float).tiny)
        bid = np.empty(GRID)
        bid[0] = self.tied[0]
        for place in range(GRID - 1):
            gap = (bid[place] - self.tied[place]) * fade[place]
            bid[place + 1] = self.tied[place + 1] - behind[place] + gap
        return bid

    @cached_property
    def hazard(self) -> Array:
        """f(s | s)/F(s | s) of the highest other signal, given the own one."""
        rivals = self.buyers - 1
        log_value, chance = self.posterior(1, rivals)
        z = self.standard(log_value)
        rate = np.exp(-(z**2) / 2 - special.log_ndtr(z)) / np.sqrt(2 * np.pi)
        return np.asarray(rivals / self.noise * (chance * rate).sum(axis=1))

    def bid(self, signal: Array, schedule: Array) -> Array:
        """What `schedule` says of signals between those of the grid."""
        return np.exp(np.interp(signal, self.signals, np.log(schedule)))

    def bid_at_second(self, signal: Array) -> Array:
        """The second-price bid."""
        return self.bid(signal, self.tied)

    def mean_at_rank(self, schedule: Array, rank: int) -> float:
        """E of the bid of the rank-th highest signal, 1 or 2."""
        place, chance = self.ranked(rank)
        signal = self.prior.log_value[:, None] + self.noise * place
        return float(self.prior.chance @ (self.bid(signal, schedule) @ chance))

    def ranked(self, rank: int) -> tuple[Array, Array]:
        """Points and chances of the rank-th highest of n standard normal draws, rank 1 or 2."""
        z, weight = nodes_between(np.linspace(-REACH, REACH, 3))
        n = self.buyers
        many = n if rank == 1 else n * (n - 1) * special.ndtr(-z)
        density = many * np.exp(-(z**2) / 2 + (n - rank) * special.log_ndtr(z)) / np.sqrt(2 * np.pi)
        chance = weight * density
        return z, chance / chance.sum()

    @property
    def second_price(self) -> float:
        """E of the price, in the unit of V."""
        return self.mean_at_rank(self.tied, 2)

    @property
    def first_price(self) -> float:
        """E of the highest bid where it is what is paid."""
        return self.mean_at_rank(self.paid_as_bid, 1)

    @cached_property
    def paid_over_top(self) -> PaidOverTop:
        """Of the second-price sale."""
        return PaidOverTop(
            median=self.median_ratio(),
            mean=self.mean_ratio(),
            ratio_of_sums=self.second_price / self.mean_at_rank(self.tied, 1),
        )

    def over_values(self, function: Callable[[Array], Array]) -> float:
        """E of a function of the second-highest signal's z and log V, shapes (values, z)."""
        place, chance = self.ranked(2)
        return float(self.prior.chance @ (function(place) @ chance))

    def mean_ratio(self) -> float:
        """E[b(s_(2))/b(s_(1))]."""
        unit, weight = unit_nodes(24)

        def ratio(place: Array) -> Array:
            above = -special.ndtri(special.ndtr(-place)[:, None] * unit)
            center = self.prior.log_value[:, None, None]
            low = self.bid_at_second(center[..., 0] + self.noise * place)
            high = self.bid_at_second(center + self.noise * above)
            return np.asarray(low * ((1 / high) @ weight))

        return self.over_values(ratio)

    def median_ratio(self) -> float:
        """The x with P(b(s_(2)) ≤ x b(s_(1))) = 1/2."""
        logs = np.log(self.tied)

        def above(log_ratio: float) -> float:
            def chance(place: Array) -> Array:
                center = self.prior.log_value[:, None]
                bid = np.interp(center + self.noise * place, self.signals, logs)
                bar = np.interp(bid - log_ratio, logs, self.signals, right=np.inf)
                with np.errstate(divide="ignore", invalid="ignore"):
                    log = special.log_ndtr(-(bar - center) / self.noise) - special.log_ndtr(-place)
                return np.asarray(np.exp(log))

            return self.over_values(chance) - 0.5

        low = float(logs[0] - logs[-1])
        return float(np.exp(optimize.brentq(above, low, 0.0, xtol=1e-13)))


@dataclass(frozen=True)
class TwoBidders:
    """The closed form for two bidders and V lognormal, its log with standard deviation `sd`, in units of E V."""

    sd: float
    noise: float

    @property
    def steepness(self) -> float:
        """t = β σ, β = 2τ²/(2τ² + σ²): log b(s) rises by β in s."""
        return 2 * self.sd**2 / (2 * self.sd**2 + self.noise**2) * self.noise

    @property
    def price(self) -> float:
        """2 e^(t²/4) Φ(−t/√2)."""
        step = self.steepness
        return float(2 * np.exp(step**2 / 4) * special.ndtr(-step / np.sqrt(2)))

    @property
    def paid_over_top(self) -> PaidOverTop:
        """Of |z_1 − z_2|, a half-normal of scale √2."""
        step = self.steepness
        tail = special.ndtr(-step / np.sqrt(2))
        return PaidOverTop(
            median=float(np.exp(-np.sqrt(2) * special.ndtri(0.75) * step)),
            mean=float(2 * np.exp(step**2) * special.ndtr(-np.sqrt(2) * step)),
            ratio_of_sums=float(tail / (1 - tail)),
        )
