"""What a ticket is worth: present values, in Gwei at the present slot.

Sources: MODEL sections 4 and 6 as written out in docs/model.md; Burian and Crapis (2024) for tickets in a lottery.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache, partial

from chain.last_answer import last_answer
from chain.rewards import Outlook
from chain.state import DrawFacts
from chain.ticket import NEVER, BuildingRight, Series
from market.cost_laws import PublicCost
from market.view import View
from strategies.ranked_cost import RankedCost, average_surplus, second_best, typical
from strategies.setup import Setup, rest_of_round


def own_value(view: View, setup: Setup, series: Series, discount_rate: float) -> float:
    """A ticket to someone who proposes with it: δ^(T−t) E[(R_T − θ)^+], θ the own cost where it is known; of a
    round, the sum over the blocks that are left of it.

    For a ticket in the lottery, the value of keeping it until it is drawn or expires.
    """
    if discount_rate == 0 and type(series) is BuildingRight:  # as below: builders ask it of every block
        return block_surplus(view, series.block)
    facts = setup.own_facts or setup.facts  # asked for every ticket: the field costs less than the property
    if is_in_lottery(series, facts):
        return kept_value(view, setup, series, discount_rate)
    blocks = blocks_of_right(series, facts, setup.round)
    if blocks is not None:
        if len(blocks) == 1 and discount_rate == 0:
            return block_surplus(view, blocks.start)
        if discount_rate == 0:
            return view.expected_worth(blocks)
        return total_value(view.slot, blocks, partial(block_surplus, view), discount_rate)
    assert facts.window is not None
    blocks = blocks_among(view, series, facts.window)
    return mean_value(view.slot, blocks, partial(block_surplus, view), discount_rate)


def is_in_lottery(series: Series, facts: DrawFacts) -> bool:
    """Whether its tickets are still to be drawn, and nobody knows for which blocks."""
    if facts.window is not None or series.drawn:
        return False
    return series.block == NEVER or not facts.has_claims


def kept_value(view: View, setup: Setup, series: Series, discount_rate: float) -> float:
    """A ticket in the lottery to someone who keeps it until it is drawn or expires."""
    if setup.has_fixed_costs:
        return lottery_value(view, setup, series, own_surplus(view, setup), discount_rate)
    outlook, slot, urn = view.outlook, view.market.slot, urn_size(view, setup)
    return typical_value(outlook, slot, urn, series.block, setup.lookahead, setup.round, setup.cost, discount_rate)


@last_answer
def typical_value(
    outlook: Outlook,
    slot: int,
    urn: int,
    last_block: int,
    lookahead: int,
    size: int,
    law: PublicCost,
    discount_rate: float,
) -> float:
    """The same where costs are drawn from the law block by block: as much to all who know the same."""
    surplus = typical_surplus(outlook, slot, lookahead, size, law)
    return expected_value(surplus, slot, urn, last_block, lookahead, size, discount_rate)


def block_surplus(view: View, block: int) -> float:
    """E[(R − θ)^+] of a block, Gwei, θ the own cost; 0 where one cannot exploit it."""
    cost = view.cost(block)
    if cost is None:
        return 0.0
    return view.outlook.expected_surplus(block, cost)


def sale_value(view: View, setup: Setup, series: Series, discount_rate: float) -> float:
    """A ticket to someone who will sell it to `setup.buyers` competing buyers: δ^(T−t) E[(R_T − θ_(2))^+].

    θ_(2) is the second-lowest of their costs.
    """
    blocks = certain_blocks(setup, series)
    if blocks is not None:
        return total_sale(view.outlook, view.market.slot, blocks, setup.cost, setup.buyers, discount_rate)
    cost = second_best(setup.cost, setup.buyers)
    blocks = blocks_of_window(view, setup, series)
    if blocks is not None:
        return mean_value(
            view.slot, blocks, lambda block: average_surplus(view.outlook, block, cost), discount_rate
        )
    return lottery_value(view, setup, series, next_surplus(view, setup, cost), discount_rate)


@last_answer
def total_sale(
    outlook: Outlook, slot: int, blocks: range, law: PublicCost, buyers: int, discount_rate: float
) -> float:
    """The sum of δ^(b−t) E[(R_b − θ_(2))^+] over blocks that are sold: the same to all who know the same."""
    cost = second_best(law, buyers)
    return total_value(slot, blocks, lambda block: average_surplus(outlook, block, cost), discount_rate)


def certain_blocks(setup: Setup, series: Series) -> range | None:
    """The blocks that come with the series for certain: the one whose building is sold; of a ticket one, or
    what is left of its round; None where that is not known."""
    return blocks_of_right(series, setup.own_facts or setup.facts, setup.round)


@lru_cache(maxsize=1024, typed=True)  # a right to build is equal to a ticket of its block, and less than it
def blocks_of_right(series: Series, facts: DrawFacts, size: int) -> range | None:
    """The same under a draw rule of which these facts are known, with rounds of so many blocks."""
    if isinstance(series, BuildingRight):
        return range(series.block, series.block + 1)
    block = first_block(series, facts, size)
    if block is None:
        return None
    return rest_of_round(block, size)


def possible_blocks(view: View, setup: Setup, series: Series) -> Sequence[int] | None:
    """The blocks, equally likely, that a ticket of the series may propose; None in a lottery."""
    block = known_block(setup, series)
    if block is not None:
        return (block,)
    return blocks_of_window(view, setup, series)


def blocks_of_window(view: View, setup: Setup, series: Series) -> range | None:
    """Those among which a ticket is dealt one; None in a lottery."""
    window = setup.facts.window
    return None if window is None else blocks_among(view, series, window)


def blocks_among(view: View, series: Series, window: int) -> range:
    """Those of a window of so many blocks that are still to come; its last one, where none is."""
    first = max(series.block - window + 1, view.slot + 1)
    return range(min(first, series.block), series.block + 1)


def mean_value(slot: int, blocks: Sequence[int], surplus: Callable[[int], float], discount_rate: float) -> float:
    """The mean of δ^(b−t) `surplus(b)` over equally likely blocks b."""
    values = [discount(discount_rate, block - slot) * surplus(block) for block in blocks]
    return sum(values) / len(values)


def total_value(slot: int, blocks: Sequence[int], surplus: Callable[[int], float], discount_rate: float) -> float:
    """The sum of δ^(b−t) `surplus(b)` over the blocks b of a right."""
    if discount_rate == 0:
        return sum(map(surplus, blocks))  # the same, without a power for each
    return sum(discount(discount_rate, block - slot) * surplus(block) for block in blocks)


def known_block(setup: Setup, series: Series) -> int | None:
    """The block that a ticket of the series will propose, or the first of its round; None where it is not certain;
    with claims, its last one."""
    return first_block(series, setup.facts, setup.round)


def first_block(series: Series, facts: DrawFacts, size: int) -> int | None:
    """The same under a draw rule of which these facts are known, with rounds of so many blocks."""
    if series.drawn:
        return series.block
    if facts.window == 1:
        return series.block - size + 1
    if facts.has_claims and series.block != NEVER:
        return series.block
    return None


def lottery_value(view: View, setup: Setup, series: Series, surplus: float, discount_rate: float) -> float:
    """V = ν δ^L Σ_{k=1}^{D} (1/u)(1 − 1/u)^(k−1) δ^k with u = N − L tickets in the urn and D draws to come.

    Of rounds of B blocks, one is drawn in the first slot of each: ν is that of a block, δ^B stands for δ, and each
    block counts by its own date. Source: Burian and Crapis (2024), Economic analysis of execution tickets, with
    expiry after D draws.
    """
    urn = urn_size(view, setup)
    return expected_value(surplus, view.slot, urn, series.block, setup.lookahead, setup.round, discount_rate)


def expected_value(
    surplus: float, slot: int, urn: int, last_block: int, lookahead: int, size: int, discount_rate: float
) -> float:
    """The same of a ticket whose last block is this one, in an urn of so many."""
    ahead, drawn, blocks = chances_of_draw(slot, max(urn, 1), last_block, lookahead, size, discount_rate)
    return surplus * ahead * drawn * blocks


@lru_cache(maxsize=1024)
def chances_of_draw(
    slot: int, urn: int, last_block: int, lookahead: int, size: int, discount_rate: float
) -> tuple[float, float, float]:
    """The three factors of a lottery ticket's value beside ν, of which it is the product: see `lottery_value`."""
    draws = None
    if last_block != NEVER:
        last = (last_block + 1) // size - 1
        draws = max(last - lookahead - slot // size, 0)
    ahead, drawn = until_drawn(urn, draws, lookahead, size, discount_rate)
    return ahead, drawn, blocks_in_time(slot % size, size, discount_rate)


@lru_cache(maxsize=1024)
def until_drawn(
    urn: int, draws: int | None, lookahead: int, size: int, discount_rate: float
) -> tuple[float, float]:
    """δ^L, and Σ_{k=1}^{D} (1/u)(1 − 1/u)^(k−1) δ^k; δ is that of a round, `draws` None: D without end."""
    delta = discount(discount_rate, size)
    ratio = (1 - 1 / urn) * delta
    share = 1.0
    if draws is not None:
        share = 1 - ratio**draws
    total = share
    if ratio < 1:
        total = delta / urn * share / (1 - ratio)
    return delta**lookahead, total


@lru_cache(maxsize=1024)
def blocks_in_time(begun: int, size: int, discount_rate: float) -> float:
    """The blocks of the present round, of which so many are over, each with its δ^(b−t); 1, where a round is one
    block."""
    return sum(discount(discount_rate, place - begun) for place in range(size))


def urn_size(view: View, setup: Setup) -> int:
    """The tickets in the urn at a draw: N − L, or of an elastic supply as many as now (none yet: as aimed at)."""
    now = 0
    if setup.is_elastic:
        now = view.market.urn
    return now or setup.supply - setup.lookahead


def own_surplus(view: View, setup: Setup) -> float:
    """E[(R − θ)^+] of a block that is still to be drawn: θ the own cost, where it is one for all blocks, or else
    one draw from the law."""
    cost = fixed_cost(view, setup)
    if cost is None:
        return mean_surplus(view, setup)
    blocks = round_ahead(view.slot, setup.lookahead, setup.round)
    return sum(view.outlook.expected_surplus(block, cost) for block in blocks) / len(blocks)


def fixed_cost(view: View, setup: Setup) -> int | None:
    """The own θ, Gwei, where it is one for all blocks of the run; None where it is not, or one has none."""
    if not setup.has_fixed_costs or not view.costs_gwei:
        return None
    return int(view.costs_gwei[0])


def mean_surplus(view: View, setup: Setup) -> float:
    """E[(R − θ)^+] of a future block, θ one draw from the law of costs."""
    return typical_surplus(view.outlook, view.slot, setup.lookahead, setup.round, setup.cost)


@last_answer
def typical_surplus(outlook: Outlook, slot: int, lookahead: int, size: int, law: PublicCost) -> float:
    """E[(R − θ)^+], θ one draw from the law, of the next round of so many blocks to be drawn, a block."""
    return surplus_over(outlook, round_ahead(slot, lookahead, size), typical(law))


def next_surplus(view: View, setup: Setup, cost: RankedCost) -> float:
    """E[(R − θ)^+], θ the ranked cost, of the next block to be drawn, or the average over its round."""
    return surplus_over(view.outlook, round_ahead(view.slot, setup.lookahead, setup.round), cost)


def round_ahead(slot: int, lookahead: int, size: int) -> range:
    """The next block to be drawn, or the round of `size` blocks."""
    number = slot // size + 1 + lookahead
    return range(number * size, (number + 1) * size)


def surplus_over(outlook: Outlook, blocks: range, cost: RankedCost) -> float:
    """E[(R − θ)^+], θ the ranked cost, on average over blocks."""
    return sum(average_surplus(outlook, block, cost) for block in blocks) / len(blocks)


def discount(rate: float, blocks: int) -> float:
    """δ^blocks with δ = 1/(1 + rate)."""
    return float((1.0 + rate) ** -blocks)
