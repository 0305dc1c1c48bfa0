"""What a ticket of a round is worth, block by block; and that strategies of the library trade such tickets."""

from __future__ import annotations

import numpy as np
import pytest

from chain.rewards import AR1, Lognormal, RewardPath
from chain.ticket import NEVER, BuildingRight, Series
from experiments import run
from market.view import AuctionView, TicketView
from strategies.finding import own_strategies
from strategies.ranked_cost import typical
from strategies.valuation import certain_blocks, lottery_value, next_surplus, own_value, sale_value
from tests.strategies.views import SLOT, setup, view

RATE = 0.25
DELTA = 0.8
ROUNDS = setup(draw="maturity", round=3, lookahead=0)
"""Slot 10 lies in round 3, blocks 9, 10 and 11."""


def test_rounds_are_numbered_from_the_first_block():
    assert [ROUNDS.round_of(block) for block in (-1, 0, 2, 3, SLOT)] == [-1, 0, 0, 1, 3]
    assert ROUNDS.blocks_of_round(3) == range(9, 12)
    assert ROUNDS.rest_of_round(SLOT) == range(10, 12)
    assert (ROUNDS.ahead, ROUNDS._replace(lookahead=2).ahead, ROUNDS.life) == (0, 6, 26)


def test_the_blocks_of_a_right_are_a_round_ahead_or_what_is_left_of_one():
    assert certain_blocks(ROUNDS, Series(False, 14)) == range(12, 15)
    assert certain_blocks(ROUNDS, Series(True, 10)) == range(10, 12)
    assert certain_blocks(ROUNDS, BuildingRight(True, 10)) == range(10, 11)
    assert certain_blocks(setup(round=3), Series(False, 14)) is None


def test_an_auction_of_the_building_sells_one_block_and_one_of_the_ticket_all_that_is_left():
    ticket = TicketView(7, 9, 11, 10, True)
    terms = ("second_price", 2, ticket, 10, 0, 0, 1, SLOT)
    worth = [own_value(view(), ROUNDS, AuctionView(1, market, *terms).series, 0.0) for market in MARKETS]
    assert worth == [9_900 + 10_800, 9_900, 9_900]


MARKETS = ("secondary", "building", "block")


def test_to_oneself_a_round_is_worth_the_sum_of_its_blocks_each_at_its_date():
    seen = view(costs_gwei=(100, 200, 300, 400, 500))
    expected = (12_000 - 300) * DELTA**2 + (13_000 - 400) * DELTA**3 + (14_000 - 500) * DELTA**4
    assert own_value(seen, ROUNDS, Series(False, 14), RATE) == pytest.approx(expected)
    assert own_value(seen, ROUNDS, Series(False, 14), 0.0) == seen.expected_worth(range(12, 15))
    assert seen.outlook.expected_rewards(range(12, 15)) == 39_000


@pytest.mark.parametrize("law", [Lognormal(0.1, 0.9), AR1(0.1, 0.6, 0.5)])
@pytest.mark.parametrize("blocks", [range(12, 15), range(10, 13), range(13, 17), range(14, 12), (12, 14)])
def test_a_row_of_blocks_is_worth_what_they_are_one_by_one(law, blocks):
    """Ahead, from the present one on, beyond what one knows of one's costs; and blocks that are in no row."""
    path = RewardPath(law, np.random.default_rng(0))
    for _ in range(SLOT + 1):
        path.advance()
    outlook = path.outlook()
    plain = view(costs_gwei=(10**7, 2 * 10**7, 3 * 10**7, 0, 10**6))
    seen = plain._replace(market=plain.market._replace(outlook=outlook))
    known = [(block, seen.cost(block)) for block in blocks]
    alone = [outlook.expected_surplus(block, cost) for block, cost in known if cost is not None]
    assert seen.expected_worth(blocks) == sum(alone, 0.0)


def test_to_others_it_is_worth_the_sum_of_what_the_second_best_makes():
    expected = sum((1000 * block - 400) * DELTA ** (block - SLOT) for block in (12, 13, 14))
    assert sale_value(view(), ROUNDS, Series(False, 14), RATE) == pytest.approx(expected)


@pytest.mark.parametrize(("last", "draws"), [(14, 0), (20, 2), (NEVER, 400)])
def test_in_a_lottery_it_is_worth_what_its_draws_are(last, draws):
    """Round 3 is running; with a look-ahead of 1 the next draw, in block 12, is of round 5."""
    rules = setup(round=3, lookahead=1, supply=5)
    value, undrawn = 0.0, 1.0
    for draw in range(1, draws + 1):
        blocks = rules.blocks_of_round(4 + draw)
        value += undrawn / 4 * sum(1000 * DELTA ** (block - SLOT) for block in blocks)
        undrawn *= 3 / 4
    assert lottery_value(view(), rules, Series(False, last), 1000, RATE) == pytest.approx(value, rel=1e-9)


def test_the_next_block_to_be_drawn_is_one_of_a_round():
    rules = setup(round=3, lookahead=1)
    assert next_surplus(view(), rules, typical(rules.cost)) == pytest.approx(16_000 - 400)  # blocks 15 … 17


def library():
    """The strategies that say that they play rounds, with their roles."""
    for role in ("seller", "buyer"):
        for name, kind in own_strategies(role).items():
            if kind.plays_rounds and name != "lessor":  # which offers what it has sold, with rounds or without
                yield {"strategy": name, "role": role}


@pytest.mark.slow
@pytest.mark.parametrize("draw", ["maturity", "lottery"])
def test_what_is_said_to_play_rounds_breaks_no_rule_in_them(draw):
    chain = {"draw": draw, "round": 4, "maturity": 4, "supply": 5}
    config = {"blocks": 40, "chain": chain, "agents": list(library()), "market": {"building": "from_draw"}}
    result = run(config, signatures="off")
    assert set(result.violations.code) <= {"unknown_order", "not_owner"}  # filled while it was being replaced
    assert set(result.trades.market) >= {"primary", "block"}
