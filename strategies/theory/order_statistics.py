"""The k-th lowest and k-th highest of n independent draws from one law, in the unit of the law."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import special

from strategies.theory.laws import Array, Law, refuse_few
from strategies.theory.quadrature import integral


def rank_density(quantile: Array, draws: int | Array, rank: int) -> Array:
    """Density of the rank-th lowest of n uniform draws, Beta(k, n − k + 1); 0 where n < k.

    Source: Krishna (2010), Auction theory, appendix C.
    """
    count = np.asarray(draws, dtype=np.float64)
    above = np.maximum(count - rank, 0)
    scale = special.gammaln(above + rank + 1) - special.gammaln(rank) - special.gammaln(above + 1)
    shape = special.xlogy(rank - 1, quantile) + special.xlog1py(above, -quantile)
    return np.where(count < rank, 0.0, np.exp(scale + shape))


def expected_at_rank(function: Callable[[Array], Array], law: Law, draws: int, rank: int) -> float:
    """E[function(x)], x the rank-th lowest of `draws`, by quadrature over quantiles.

    Source: x = F⁻¹(u), u the rank-th lowest uniform draw. ValueError unless 1 ≤ rank ≤ draws.
    """
    if not 1 <= rank <= draws:
        raise ValueError(f"rank must lie between 1 and the number of draws {draws}, not {rank}")
    return float(integral(lambda u: function(law.ppf(u)) * rank_density(u, draws, rank), law.breaks()))


def kth_lowest(law: Law, draws: int, rank: int) -> float:
    """E of the rank-th lowest of `draws`. ValueError unless 1 ≤ rank ≤ draws."""
    return expected_at_rank(lambda value: value, law, draws, rank)


def kth_highest(law: Law, draws: int, rank: int) -> float:
    """E of the rank-th highest of `draws`. ValueError unless 1 ≤ rank ≤ draws."""
    return kth_lowest(law, draws, draws + 1 - rank)


def second_lowest(law: Law, draws: int) -> float:
    """lo + ∫ [(1−G)^n + n G (1−G)^(n−1)] ds over the support: MODEL section 4; Krishna (2010), appendix C.

    ValueError for fewer than two draws or an unbounded law.
    """
    refuse_few(draws, 2, "draws")
    edges = value_edges(law)

    def survival(value: Array) -> Array:
        cdf = law.cdf(value)
        return (1 - cdf) ** draws + draws * cdf * (1 - cdf) ** (draws - 1)

    return float(edges[0] + integral(survival, edges))


def value_edges(law: Law) -> Array:
    """The ends of the support and the atoms between them, rising. ValueError for an unbounded law."""
    edges = np.unique([*law.support(), *law.atoms()])
    if not np.isfinite(edges).all():
        raise ValueError(f"the law must be bounded; its support is {law.support()}")
    if edges.size == 1:
        return np.repeat(edges, 2)
    return edges
