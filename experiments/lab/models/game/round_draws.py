"""What buyers' values of the blocks of rounds turn out to be, and what is made of a block that is sold on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from experiments.lab.models.model.round_laws import reward_paths, value_law
from experiments.lab.models.model.round_spec import RoundModel
from experiments.lab.models.model.theory_terms import cost_law
from strategies.theory.block_values import AskedCost, ByLaw
from strategies.theory.laws import Array

BATCH = 2_000_000
"""Values that are drawn at once, at the most."""

TABLE = 801


@dataclass(frozen=True)
class DrawnValues:
    """Values, shape (rounds, blocks, buyers), and rewards, (rounds, blocks, 1), 0 where values have a law."""

    values: Array
    rewards: Array


@dataclass(frozen=True)
class BlockDraws:
    """The values of a model's blocks."""

    model: RoundModel

    def batches(self, rounds: int, rng: np.random.Generator) -> Iterator[DrawnValues]:
        """So many rounds at a time that they fit into memory."""
        most = max(BATCH // (self.model.blocks * self.model.buyers), 1)
        for start in range(0, rounds, most):
            yield self.draw(min(most, rounds - start), rng)

    def draw(self, rounds: int, rng: np.random.Generator) -> DrawnValues:
        """Of rounds that are independent of each other."""
        model = self.model
        chances = rng.random((rounds, model.blocks, model.buyers))
        if model.value is not None:
            return DrawnValues(value_law(model.value).ppf(chances), np.zeros((rounds, model.blocks, 1)))
        assert model.cost is not None
        shocks = rng.random((rounds, model.blocks))
        rewards = reward_paths(model, np.maximum(shocks, np.finfo(float).tiny))[..., None]
        return DrawnValues(np.maximum(rewards - cost_law(model.cost).ppf(chances), 0.0), rewards)

    def best_reserve(self, own: Array, rewards: Array) -> Array:
        """Myerson's, of a holder worth `own`: with costs it depends on R − v_0 alone."""
        if self.model.value is not None:
            return np.interp(own, *self.reserves)
        return rewards - self.asked.at(rewards - own)

    @cached_property
    def reserves(self) -> tuple[Array, Array]:
        """Reserves by v_0, where values have a law."""
        assert self.model.value is not None
        law = value_law(self.model.value)
        own = np.append(0.0, law.ppf(np.linspace(0.0, 1 - 1e-9, TABLE)))
        return own, ByLaw(law).reserve(own)

    @cached_property
    def asked(self) -> AskedCost:
        """The costs that reserves ask for, where values are rewards less costs."""
        assert self.model.cost is not None
        return AskedCost(cost_law(self.model.cost))


def resold_by_hub(values: Array, price: Array) -> tuple[Array, Array]:
    """What a block brings and what its buyer makes of it, (rounds, blocks), at a reserve `price` of that shape."""
    ranked = np.sort(values, axis=2)
    best = ranked[..., -1]
    second = ranked[..., -2] if values.shape[2] > 1 else np.zeros_like(best)
    sold = best >= price
    return np.where(sold, np.maximum(second, price), 0.0), np.where(sold, best, 0.0)


def resold_by_buyer(own: Array, others: Array, price: Array) -> tuple[Array, Array]:
    """What a block is worth to its holder, kept or sold, and what is made of it."""
    if others.shape[2] == 0:
        return own, own
    paid, made = resold_by_hub(others, price)
    sold = others.max(axis=2) >= price
    return np.where(sold, paid, own), np.where(sold, made, own)
