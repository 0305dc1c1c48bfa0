"""What a ticket is worth: present values, in Gwei at the present slot.

Sources: MODEL sections 4 and 6 as written out in docs/model.md; Burian and Crapis (2024) for tickets in a lottery.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chain.ticket import NEVER, Series
from market.view import View
from strategies.ranked_cost import average_surplus, second_best, typical
from strategies.setup import Setup


def own_value(view: View, setup: Setup, series: Series, discount_rate: float) -> float:
    """A ticket to someone who proposes with it: δ^(T−t) E[(R_T − θ)^+], θ the own cost where it is known.

    For a ticket in the lottery, the value of keeping it until it is drawn or expires.
    """
    blocks = possible_blocks(view, setup, series)
    if blocks is None:
        return lottery_value(view, setup, series, mean_surplus(view, setup), discount_rate)

    def surplus(block: int) -> float:
        cost = view.cost(block)
        if cost is None:
            return 0.0
        return view.outlook.expected_surplus(block, cost)

    return mean_value(view, blocks, surplus, discount_rate)


def sale_value(view: View, setup: Setup, series: Series, discount_rate: float) -> float:
    """A ticket to someone who will sell it to `setup.buyers` competing buyers: δ^(T−t) E[(R_T − θ_(2))^+].

    θ_(2) is the second-lowest of their costs.
    """
    blocks = possible_blocks(view, setup, series)
    cost = second_best(setup.cost, setup.buyers)
    if blocks is None:
        surplus = average_surplus(view.outlook, view.slot + setup.lookahead + 1, cost)
        return lottery_value(view, setup, series, surplus, discount_rate)
    return mean_value(view, blocks, lambda block: average_surplus(view.outlook, block, cost), discount_rate)


def possible_blocks(view: View, setup: Setup, series: Series) -> Sequence[int] | None:
    """The blocks, equally likely, that a ticket of the series may propose; None in a lottery."""
    block = known_block(setup, series)
    if block is not None:
        return (block,)
    window = setup.facts.window
    if window is None:
        return None
    first = max(series.block - window + 1, view.slot + 1)
    return range(min(first, series.block), series.block + 1)


def mean_value(view: View, blocks: Sequence[int], surplus: Callable[[int], float], discount_rate: float) -> float:
    """The mean of δ^(b−t) `surplus(b)` over equally likely blocks b."""
    values = [discount(discount_rate, block - view.slot) * surplus(block) for block in blocks]
    return sum(values) / len(values)


def known_block(setup: Setup, series: Series) -> int | None:
    """The block that a ticket of the series will propose; None where it is not certain; with claims, its last
    one."""
    facts = setup.facts
    if series.drawn or facts.window == 1:
        return series.block
    if facts.has_claims and series.block != NEVER:
        return series.block
    return None


def lottery_value(view: View, setup: Setup, series: Series, surplus: float, discount_rate: float) -> float:
    """V = ν δ^L Σ_{k=1}^{D} (1/u)(1 − 1/u)^(k−1) δ^k with u = N − L tickets in the urn and D draws to come.

    Source: Burian and Crapis (2024), Economic analysis of execution tickets, with expiry after D draws.
    """
    urn = max(urn_size(view, setup), 1)
    delta = discount(discount_rate, 1)
    ratio = (1 - 1 / urn) * delta
    draws = series.block - setup.lookahead - view.slot
    share = 1.0
    if series.block != NEVER:
        share = 1 - ratio ** max(draws, 0)
    total = share
    if ratio < 1:
        total = delta / urn * share / (1 - ratio)
    return surplus * delta**setup.lookahead * total


def urn_size(view: View, setup: Setup) -> int:
    """The tickets in the urn at a draw: N − L, or of an elastic supply as many as now (none yet: as aimed at)."""
    now = 0
    if setup.is_elastic:
        now = view.market.urn
    return now or setup.supply - setup.lookahead


def mean_surplus(view: View, setup: Setup) -> float:
    """E[(R − θ)^+] of a future block, θ one draw from the law of costs."""
    return average_surplus(view.outlook, view.slot + setup.lookahead + 1, typical(setup.cost))


def discount(rate: float, blocks: int) -> float:
    """δ^blocks with δ = 1/(1 + rate)."""
    return float((1.0 + rate) ** -blocks)
