"""What a ticket is worth, against the same written out event by event."""

from __future__ import annotations

from fractions import Fraction

import pytest

from chain.ticket import NEVER, Series
from strategies.valuation import (
    discount,
    known_block,
    lottery_value,
    mean_surplus,
    own_value,
    possible_blocks,
    sale_value,
    urn_size,
)
from tests.strategies.views import SLOT, setup, view

RATE = 0.25
DELTA = Fraction(4, 5)
LIVE, DRAWN = Series(False, 12), Series(True, 12)


def drawn_and_then_worth(surplus: int, urn: int, draws: int, lookahead: int) -> Fraction:
    """The present value of `surplus` at a lottery ticket's block, draw by draw.

    Of the draws to come one a block picks it with chance 1 / `urn`; its block comes `lookahead` blocks after.
    """
    value, undrawn = Fraction(0), Fraction(1)
    for draw in range(1, draws + 1):
        value += undrawn / urn * surplus * DELTA ** (draw + lookahead)
        undrawn *= 1 - Fraction(1, urn)
    return value


def lottery(series: Series, surplus: float = 1000, rate: float = RATE, **rules: object) -> float:
    return lottery_value(view(), setup(**rules), series, surplus, rate)


@pytest.mark.parametrize(("supply", "lookahead"), [(6, 2), (6, 0), (2, 1), (33, 3)])
@pytest.mark.parametrize("draws", [0, 1, 2, 7])
def test_a_lottery_ticket_is_worth_what_its_draws_are(supply, lookahead, draws):
    series = Series(False, SLOT + lookahead + draws)  # the next draw is that of block SLOT + lookahead + 1
    expected = drawn_and_then_worth(1000, supply - lookahead, draws, lookahead)
    assert lottery(series, supply=supply, lookahead=lookahead) == pytest.approx(float(expected), rel=1e-12)


def test_a_lottery_ticket_without_discount_is_worth_the_chance_that_it_is_drawn():
    assert lottery(Series(False, SLOT + 3), rate=0.0, supply=2, lookahead=0) == pytest.approx(1000 * (1 - 1 / 8))
    assert lottery(Series(False, NEVER), rate=0.0) == pytest.approx(1000)
    assert lottery(Series(False, SLOT - 3)) == 0


def test_a_lottery_ticket_that_never_expires_is_worth_all_its_draws():
    expected = drawn_and_then_worth(1000, 4, 400, 2)
    assert lottery(Series(False, NEVER)) == pytest.approx(float(expected), rel=1e-12)


def test_the_only_ticket_of_an_urn_is_drawn_next():
    assert lottery(Series(False, NEVER), supply=3, lookahead=2) == pytest.approx(1000 * 0.8**3)
    assert lottery(Series(False, NEVER), rate=0.0, supply=1, lookahead=0) == 1000


def test_an_urn_has_what_is_not_drawn_yet_and_an_elastic_one_what_is_there():
    assert urn_size(view(urn=50), setup(supply=6, lookahead=2)) == 4
    assert urn_size(view(urn=50), setup(supply=6, lookahead=2, is_elastic=True)) == 50
    assert urn_size(view(urn=0), setup(supply=6, lookahead=2, is_elastic=True)) == 4


# Which block


@pytest.mark.parametrize(
    ("draw", "series", "block"),
    [
        ("maturity", LIVE, 12),
        ("lottery", LIVE, None),
        ("lottery", DRAWN, 12),
        ("claim", LIVE, 12),
        ("claim", Series(False, NEVER), None),
        ("claim", DRAWN, 12),
        ("epoch", LIVE, None),
    ],
)
def test_a_tickets_block_is_known_where_it_is_drawn_or_certain(draw, series, block):
    assert known_block(setup(draw=draw), series) == block
    assert possible_blocks(view(), setup(draw=draw), series) == (None if block is None else (block,))


@pytest.mark.parametrize(
    ("last", "window", "blocks"),
    [(15, 4, [12, 13, 14, 15]), (13, 4, [11, 12, 13]), (11, 4, [11]), (10, 4, [10]), (20, 1, [20])],
)
def test_a_ticket_of_a_window_has_the_blocks_that_are_left_of_it(last, window, blocks):
    rules = setup(draw="randea", window=window)
    assert list(possible_blocks(view(), rules, Series(False, last)) or ()) == blocks
    assert possible_blocks(view(), rules, Series(True, last)) == (last,)


# To oneself, and to others


def test_to_oneself_a_known_block_is_worth_its_surplus_over_the_own_cost_discounted():
    assert own_value(view(), setup(draw="maturity"), LIVE, 0.0) == 12_000 - 300
    assert own_value(view(), setup(draw="maturity"), LIVE, RATE) == pytest.approx(11_700 * 0.8**2)
    assert own_value(view(), setup(draw="maturity"), Series(False, SLOT), RATE) == 10_000 - 100


def test_a_block_that_one_cannot_build_is_worth_nothing():
    assert own_value(view(costs_gwei=()), setup(draw="maturity"), LIVE, 0.0) == 0
    assert own_value(view(), setup(draw="maturity"), Series(False, 14), 0.0) == 0  # a cost not known yet


def test_a_window_is_worth_the_mean_of_its_blocks():
    rules = setup(draw="randea", window=3)
    expected = (10_800 * 0.8 + 11_700 * 0.8**2 + 12_600 * 0.8**3) / 3
    assert own_value(view(), rules, Series(False, 13), RATE) == pytest.approx(expected)


def test_in_a_lottery_the_surplus_is_that_of_the_next_block_to_be_drawn_at_a_typical_cost():
    typical = 1000 * (SLOT + 2 + 1) - 400  # uniform costs on 0 … 800
    assert mean_surplus(view(), setup()) == pytest.approx(typical)
    series = Series(False, SLOT + 2 + 5)
    expected = float(drawn_and_then_worth(1, 4, 5, 2)) * typical
    assert own_value(view(), setup(), series, RATE) == pytest.approx(expected)


def test_to_others_it_is_worth_the_surplus_of_the_second_best():
    second = 400  # of three costs, uniform on 0 … 800
    assert sale_value(view(), setup(draw="maturity"), LIVE, RATE) == pytest.approx((12_000 - second) * 0.8**2)
    series = Series(False, SLOT + 2 + 5)
    expected = float(drawn_and_then_worth(1, 4, 5, 2)) * (13_000 - second)
    assert sale_value(view(), setup(), series, RATE) == pytest.approx(expected)


def test_a_discount_is_one_over_one_plus_the_rate_a_block():
    assert [discount(RATE, blocks) for blocks in (0, 1, 3)] == pytest.approx([1, 0.8, 0.512])
    assert discount(0.0, 9) == 1


def test_a_cost_of_all_blocks_is_the_own_one_of_a_block_that_is_still_to_be_drawn():
    """V = ν Σ …, with ν = (R − θ)^+ of the own θ where that is one for the run, of a draw of the law else."""
    series = Series(False, SLOT + 2 + 4)
    known = view(costs_gwei=(300, 300))
    assert own_value(known, setup(has_fixed_costs=True), series, RATE) == pytest.approx(
        lottery(series, 1000 * (SLOT + 3) - 300)
    )
    drawn = own_value(known, setup(), series, RATE)
    assert drawn == pytest.approx(lottery(series, 1000 * (SLOT + 3) - 400), rel=1e-6)
    unknown = view(costs_gwei=())
    assert own_value(unknown, setup(has_fixed_costs=True), series, RATE) == pytest.approx(drawn)
