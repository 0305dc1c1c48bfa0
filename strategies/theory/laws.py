"""Laws of a random value: scipy distributions and samples behind one protocol. Values in ETH."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
ROUNDING = 1e-12


class Law(Protocol):
    """A probability law on the line. `cdf`, `pdf` and `ppf` keep the shape of their argument."""

    def cdf(self, value: npt.ArrayLike) -> Array: ...

    def pdf(self, value: npt.ArrayLike) -> Array: ...

    def ppf(self, quantile: npt.ArrayLike) -> Array: ...

    def mean(self) -> float: ...

    def support(self) -> tuple[float, float]: ...

    def atoms(self) -> tuple[float, ...]:
        """The values that have a probability of their own, rising."""
        ...

    def breaks(self) -> Array:
        """Quantiles from 0 to 1 between which `ppf` is smooth, shape (pieces + 1,)."""
        ...


@dataclass(frozen=True)
class Continuous:
    """A frozen scipy distribution that has a density; ValueError for one that has none."""

    distribution: Any

    def __post_init__(self) -> None:
        if not hasattr(self.distribution, "pdf"):
            raise ValueError(f"{self.distribution!r} has no density; give its values to Empirical")

    def cdf(self, value: npt.ArrayLike) -> Array:
        return np.asarray(self.distribution.cdf(value), dtype=np.float64)

    def pdf(self, value: npt.ArrayLike) -> Array:
        return np.asarray(self.distribution.pdf(value), dtype=np.float64)

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(self.distribution.ppf(quantile), dtype=np.float64)

    def mean(self) -> float:
        return float(self.distribution.mean())

    def support(self) -> tuple[float, float]:
        low, high = self.distribution.support()
        return float(low), float(high)

    def atoms(self) -> tuple[float, ...]:
        return ()

    def breaks(self) -> Array:
        return np.array([0.0, 1.0])


@dataclass(frozen=True)
class UniformLaw:
    """U[low, high] without scipy's overhead; an atom where low = high. ValueError unless low ≤ high."""

    low: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.high:
            raise ValueError(f"low is {self.low}, above high, {self.high}")

    def cdf(self, value: npt.ArrayLike) -> Array:
        level = np.asarray(value, dtype=np.float64)
        width = self.high - self.low
        if width:
            return np.clip((level - self.low) / width, 0.0, 1.0)
        return np.where(level >= self.low, 1.0, 0.0)

    def pdf(self, value: npt.ArrayLike) -> Array:
        level = np.asarray(value, dtype=np.float64)
        refuse_atoms(self, "a density")
        return np.where((level >= self.low) & (level <= self.high), 1 / (self.high - self.low), 0.0)

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return np.asarray(self.low + (self.high - self.low) * np.asarray(quantile, dtype=np.float64))

    def mean(self) -> float:
        return (self.low + self.high) / 2

    def support(self) -> tuple[float, float]:
        return self.low, self.high

    def atoms(self) -> tuple[float, ...]:
        if self.low == self.high:
            return (self.low,)
        return ()

    def breaks(self) -> Array:
        return np.array([0.0, 1.0])


class Empirical:
    """Equally likely values, each an atom. ValueError where there are none or one is not finite."""

    def __init__(self, values: Sequence[float] | Array) -> None:
        sample = np.asarray(values, dtype=np.float64).ravel()
        if sample.size == 0 or not np.isfinite(sample).all():
            raise ValueError("an empirical law needs at least one value, all of them finite")
        self._values, counts = np.unique(sample, return_counts=True)
        self._below = np.concatenate(([0.0], np.cumsum(counts) / sample.size))

    def cdf(self, value: npt.ArrayLike) -> Array:
        return self._below[np.searchsorted(self._values, value, side="right")]

    def pdf(self, value: npt.ArrayLike) -> Array:  # noqa: ARG002
        raise ValueError("an empirical law has atoms and no density")

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        index = np.searchsorted(self._below[1:], quantile, side="left")
        return self._values[np.minimum(index, self._values.size - 1)]

    def mean(self) -> float:
        return float(self._values @ np.diff(self._below))

    def support(self) -> tuple[float, float]:
        return float(self._values[0]), float(self._values[-1])

    def atoms(self) -> tuple[float, ...]:
        return tuple(self._values.tolist())

    def breaks(self) -> Array:
        return self._below


@dataclass(frozen=True)
class PosteriorMean:
    """A buyer's mean cost where it knows the cost with probability `informed`, else nothing.

    G(s) = informed F(s) + (1 − informed) 1{s ≥ E θ}: the "truth or noise" of MODEL section 4.
    """

    cost: Law
    informed: float

    def cdf(self, value: npt.ArrayLike) -> Array:
        noise = np.asarray(value) >= self.cost.mean()
        return np.asarray(self.informed * self.cost.cdf(value) + (1 - self.informed) * noise)

    def pdf(self, value: npt.ArrayLike) -> Array:
        if self.informed < 1:
            raise ValueError("the law of posterior means has an atom at the mean cost and no density")
        return self.cost.pdf(value)

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        level = np.asarray(quantile, dtype=np.float64)
        scale = max(self.informed, np.finfo(float).tiny)
        low = self.cost.ppf(np.clip(level / scale, 0, 1))
        high = self.cost.ppf(np.clip((level - 1 + self.informed) / scale, 0, 1))
        return np.asarray(np.clip(self.cost.mean(), high, low))

    def mean(self) -> float:
        return self.cost.mean()

    def support(self) -> tuple[float, float]:
        if self.informed > 0:
            return self.cost.support()
        return self.mean(), self.mean()

    def atoms(self) -> tuple[float, ...]:
        own: tuple[float, ...] = ()
        if self.informed > 0:
            own = self.cost.atoms()
        if self.informed < 1:
            return tuple(sorted({*own, self.mean()}))
        return own

    def breaks(self) -> Array:
        own = self.cost.breaks()
        below = float(self.cost.cdf(self.mean()))
        low = np.minimum(own, below)
        high = np.maximum(own, below)
        return np.unique(np.concatenate((self.informed * low, self.informed * high + 1 - self.informed)))


@dataclass(frozen=True)
class NetValue:
    """What a ticket is worth to a buyer, `discount` (`reward` − θ), θ drawn from `cost`.

    Of atoms, `cdf` counts those within 1e-12 ETH of the cost that a value stands for.
    ValueError where some cost is above the reward or the discount is not positive.
    """

    cost: Law
    reward: float
    discount: float = 1.0

    def __post_init__(self) -> None:
        if self.reward < self.cost.support()[1]:
            raise ValueError(f"reward {self.reward} is below the highest cost {self.cost.support()[1]}")
        if self.discount <= 0:
            raise ValueError(f"discount must be positive, not {self.discount}")

    def cdf(self, value: npt.ArrayLike) -> Array:
        cost = self.reward - np.asarray(value) / self.discount
        if self.cost.atoms():
            cost = cost - ROUNDING
        return 1 - self.cost.cdf(cost)

    def pdf(self, value: npt.ArrayLike) -> Array:
        return self.cost.pdf(self.reward - np.asarray(value) / self.discount) / self.discount

    def ppf(self, quantile: npt.ArrayLike) -> Array:
        return self.discount * (self.reward - self.cost.ppf(1 - np.asarray(quantile)))

    def mean(self) -> float:
        return self.discount * (self.reward - self.cost.mean())

    def support(self) -> tuple[float, float]:
        low, high = self.cost.support()
        return self.discount * (self.reward - high), self.discount * (self.reward - low)

    def atoms(self) -> tuple[float, ...]:
        return tuple(self.discount * (self.reward - cost) for cost in reversed(self.cost.atoms()))

    def breaks(self) -> Array:
        return 1 - self.cost.breaks()[::-1]


def refuse_atoms(law: Law, asker: str) -> None:
    """ValueError, naming who asked, where the law has atoms."""
    if law.atoms():
        raise ValueError(f"{asker} needs a law without atoms; this one has one at {law.atoms()[0]:g}")


def refuse_few(count: int, least: int, what: str) -> None:
    """ValueError where there are fewer than `least` of `what`."""
    if count < least:
        raise ValueError(f"{what} must be at least {least}, not {count}")
