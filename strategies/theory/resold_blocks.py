"""Blocks of a round that its holder sells on, just in time; ETH a round. Source: MODEL section 9, P7 and P8."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from strategies.theory.block_values import RoundValues, SeenBlock, kth_best, mean_worth, pieces
from strategies.theory.laws import Array
from strategies.theory.order_statistics import rank_density
from strategies.theory.quadrature import integral, nodes_between

BELOW_ONE = 1 - 2.0**-53


@dataclass(frozen=True)
class Worths:
    """What a round is worth before its primary price, to whom it may concern.

    `holding` to a buyer that holds it; `losing_to_buyer`, `losing_to_hub` and `unsold` to a buyer if another one,
    a hub or nobody bought it; `hub` to a hub that holds it. `made_by_buyer`, `made_by_hub` and `made_unsold` are
    what is made of its blocks then, `best` what can be made.
    """

    holding: float
    losing_to_buyer: float
    losing_to_hub: float
    unsold: float
    hub: float
    made_by_buyer: float
    made_by_hub: float
    made_unsold: float
    best: float


def worths(values: RoundValues, buyers: int, reserve: str, unsold: str) -> Worths:
    """`reserve` of who sells blocks on: `own` or `none` (the own value, which a hub does not have), or `best`.

    A holder that sells without a reserve and wants the block itself bids for it, which is the same as its own
    value as reserve. `unsold`: `endowed`, an endowed validator sells the blocks just in time, or `empty`.
    ValueError for `best` where values have atoms.
    """
    best = kth_best(values, buyers, 1)
    left = (best - kth_best(values, buyers, 2)) / buyers
    resold = plain(best, left, buyers)
    if reserve == "best":
        resold = reserved(values, buyers)
    if unsold == "empty":
        left = made_unsold = 0.0
    else:
        made_unsold = best
    return replace(resold, unsold=left, made_unsold=made_unsold, best=best)


def plain(best: float, left: float, buyers: int) -> Worths:
    """Who loses has `left`, whoever holds the round. Source: MODEL section 9, P7."""
    hub = best - buyers * left
    return Worths(hub + left, left, left, 0.0, hub, best, best, 0.0, best)


def kept_unsold(values: RoundValues, buyers: int) -> Worths:
    """A round that its holder cannot sell on: who does not hold it has nothing of it."""
    mean = mean_worth(values)
    return Worths(mean, 0.0, 0.0, 0.0, 0.0, mean, 0.0, 0.0, kth_best(values, buyers, 1))


def reserved(values: RoundValues, buyers: int) -> Worths:
    """Resold with Myerson's reserve, v_0 the holder's own value and nothing for a hub.

    Source: Pai and Resnick (2024); MODEL section 9, P7 and P8 (d). ValueError where values have atoms.
    """
    total = np.zeros(4)
    for weight, block in values.seen():
        total += weight * np.array([*by_hub(block, buyers), *by_buyer(block, buyers - 1)])
    hub, made_by_hub, holding, made_by_buyer = total.tolist()
    losing = (made_by_buyer - holding) / max(buyers - 1, 1)
    lost = (made_by_hub - hub) / buyers
    return Worths(holding, losing, lost, 0.0, hub, made_by_buyer, made_by_hub, 0.0, 0.0)


def by_hub(block: SeenBlock, buyers: int) -> tuple[float, float]:
    """What one without a use for the block takes for it, and what its buyer makes of it."""
    price = block.reserve(np.zeros(1))
    taken, made = sold_at(block, buyers, price)
    return float(taken[0]), float(made[0])


def by_buyer(block: SeenBlock, rivals: int) -> tuple[float, float]:
    """What the block is worth to a buyer that holds it, and what is made of it, by it or by who buys it."""
    quantile, weight = nodes_between(block.breaks)
    value = inside(block, quantile)
    if rivals == 0:
        return float(value @ weight), float(value @ weight)
    price = block.reserve(value)
    kept = value * block.cdf(price) ** rivals
    taken, made = sold_at(block, rivals, price)
    return float((kept + taken) @ weight), float((kept + made) @ weight)


def sold_at(block: SeenBlock, buyers: int, price: Array) -> tuple[Array, Array]:
    """E[max(w_(2), r) 1{w_(1) ≥ r}] and E[w_(1) 1{w_(1) ≥ r}] at each reserve r. Source: Krishna (2010)."""
    below = block.cdf(price)
    edges = np.maximum(pieces(block.breaks, buyers), below[..., None])
    made = integral(lambda u: inside(block, u) * rank_density(u, buyers, buyers), edges)
    alone = buyers * (1 - below) * below ** (buyers - 1)
    if buyers == 1:
        return price * alone, made
    second = integral(lambda u: inside(block, u) * rank_density(u, buyers, buyers - 1), edges)
    return price * alone + second, made


def inside(block: SeenBlock, quantile: Array) -> Array:
    """Values at quantiles, those at 1 just below it: an unbounded law has none there."""
    return block.ppf(np.minimum(quantile, BELOW_ONE))
