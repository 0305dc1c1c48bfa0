"""A market that thickens: buyers arrive as Poisson(λ t), the holder sells once. Present values in ETH."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array
from strategies.theory.quadrature import nodes_between

REACH = 60.0


def thickening_sale_values(
    types: Types, arrival_rate: float, blocks: npt.ArrayLike, seller_rate: float, growth: npt.ArrayLike = 1.0
) -> Array:
    """S(t) = δ_S^t/growth Σ_k P(k; λ t) E[w_(2:k)], shape of `blocks`; buyers know their costs.

    `growth` is (1 + d_B)^(T−t) where the value is of block T, 1 where it is of the block of the sale.
    Source: MODEL section 8, market thickness. ValueError where λ or a block is negative.
    """
    block = np.asarray(blocks, dtype=np.float64)
    crowd = arrival_rate * block
    if (crowd < 0).any():
        raise ValueError(f"arrival rate {arrival_rate} and blocks must not be negative")
    return np.asarray((1 + seller_rate) ** -block / np.asarray(growth) * second_of_crowd(types, crowd))


def second_of_crowd(types: Types, crowd: Array) -> Array:
    """E[w_(2) 1{at least two}] among a Poisson number of buyers with mean Λ, shape of `crowd`.

    Buyers ranked up to u are Poisson(Λ u), so the second-best rank has density Λ² u e^(−Λ u) on [0, 1].
    Source: thinning, Kingman (1993), Poisson processes.
    """
    mean = crowd[..., None]
    near = np.minimum(1.0, REACH / np.maximum(mean, REACH))
    known = types.edges(np.ones(1))
    edges = np.concatenate((near, np.broadcast_to(known, (*crowd.shape, known.size))), axis=-1)
    rank, weight = nodes_between(np.sort(edges, axis=-1))
    density = mean**2 * rank * np.exp(-mean * rank)
    return np.asarray((types.value_at(rank, 1.0) * density * weight).sum(axis=-1))
