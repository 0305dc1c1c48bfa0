"""Signals: what a block is worth, as it becomes known during the slot. Whole ms, Gwei."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

STEP_MS = 10
"""The step in which Wu et al. (2023) count rates and delays."""
MOST = 2**53
"""The largest value of a signal, Gwei: a lognormal draw has no bound, an account has."""

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


class BlockValues(NamedTuple):
    """What one builder knows a block to be worth: at `ms[k]`, rising, the value becomes `total[k]`, and the part
    of it that everyone knows `public[k]`. Arrays of one length; the value is 0 before the first."""

    ms: Ints
    public: Ints
    total: Ints

    def at(self, ms: int) -> int:
        """The total at a time."""
        known = int(self.ms.searchsorted(ms, "right"))
        if known:
            return int(self.total[known - 1])
        return 0

    def less(self, cost: int) -> BlockValues:
        """The same net of a cost, never below 0."""
        return BlockValues(self.ms, np.maximum(self.public - cost, 0), np.maximum(self.total - cost, 0))

    def sealed(self) -> BlockValues:
        """A copy for others to read: nobody can change it."""
        return BlockValues(*map(read_only, self))


class Signals(NamedTuple):
    """The signals of one slot in order of time: when (ms), how much (Gwei), and whether everyone sees it."""

    ms: Ints
    gwei: Ints
    is_public: Flags

    def until(self, ms: int) -> int:
        """What all signals up to a time are worth together."""
        return int(self.gwei[: int(self.ms.searchsorted(ms, "right"))].sum())

    def public_until(self, ms: int) -> int:
        """What the public ones up to a time are worth together."""
        known = int(self.ms.searchsorted(ms, "right"))
        return int(self.gwei[:known][self.is_public[:known]].sum())

    def seen(self, rng: np.random.Generator, access: tuple[float, float], builders: int) -> list[BlockValues]:
        """What each of the builders sees: the public signals, and each private one with its own access
        probability, drawn uniformly between the two of `access`."""
        low, high = access
        chance = rng.uniform(low, high, (builders, 1))
        sees = self.is_public | (rng.random((builders, len(self.ms))) < chance)
        totals = np.where(sees, self.gwei, 0).cumsum(axis=1)
        public = np.where(self.is_public, self.gwei, 0).cumsum()
        return [
            BlockValues(self.ms[row], public[row], total[row]) for row, total in zip(sees, totals, strict=True)
        ]

    def scaled(self, reward: int) -> BlockValues:
        """What a builder that sees them all knows of a block that will be worth `reward` in the end."""
        totals = self.gwei.cumsum()
        public = np.where(self.is_public, self.gwei, 0).cumsum()
        if not len(totals) or not totals[-1]:
            return BlockValues(np.zeros(1, np.int64), np.full(1, reward), np.full(1, reward))
        share = reward / float(totals[-1])
        return BlockValues(self.ms, (public * share).astype(np.int64), rising_to(totals * share, reward))


def read_only(array: Ints) -> Ints:
    """A copy in memory that is for nobody to write to: an array's own flag can be set back."""
    return np.frombuffer(array.tobytes(), array.dtype)


def rising_to(path: npt.NDArray[np.float64], last: int) -> Ints:
    """A rising path in whole Gwei that ends at `last`."""
    whole = np.minimum(path.astype(np.int64), last)
    whole[-1] = last
    return whole


class SignalLaw(NamedTuple):
    """Public and private signals: Poisson, so many in 10 ms. Each is worth a lognormal amount, in ETH, `mu` and
    `sigma` the mean and the standard deviation of its logarithm. `access` bounds the probability with which a
    builder sees a private one. The defaults are those that Wu et al. (2023) fit to the mempool.

    Slots differ beyond that where `public_rate_sd` or `value_sd` is above 0: the standard deviation of the
    logarithm of a factor, with median 1, that multiplies the public rate of a slot, or all its values.
    """

    public_rate: float = 0.082
    private_rate: float = 0.04
    public_mu: float = -11.66306
    public_sigma: float = 3.05450
    private_mu: float = -8.41975
    private_sigma: float = 1.95231
    access: tuple[float, float] = (0.8, 1.0)
    public_rate_sd: float = 0.0
    value_sd: float = 0.0

    def draw(self, rng: np.random.Generator, until_ms: int) -> Signals:
        """The signals of a slot, at ms 0 … until_ms − 1."""
        steps = max(until_ms, 0) / STEP_MS
        public, private = rng.poisson((self.rate_of_slot(rng) * steps, self.private_rate * steps)).tolist()
        count = public + private
        ms = rng.integers(0, max(until_ms, 1), count)
        logs = rng.standard_normal(count)
        logs[:public] = self.public_mu + self.public_sigma * logs[:public]
        logs[public:] = self.private_mu + self.private_sigma * logs[public:]
        if self.value_sd:
            logs += rng.normal(0, self.value_sd)
        gwei = np.minimum(np.exp(logs) * 1e9, MOST).astype(np.int64)
        order = ms.argsort(kind="stable")
        return Signals(ms[order], gwei[order], order < public)

    def rate_of_slot(self, rng: np.random.Generator) -> float:
        """Public signals of a slot in 10 ms."""
        if self.public_rate_sd:
            return self.public_rate * float(np.exp(rng.normal(0, self.public_rate_sd)))
        return self.public_rate
