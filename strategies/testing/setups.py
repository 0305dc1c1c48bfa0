"""Rules of a game to try a strategy under."""

from __future__ import annotations

import numpy as np

from chain.money import eth_to_gwei
from chain.rules import draw_rule
from market.cost_laws import UniformCost
from market.resale_times import RESALE
from strategies.setup import Setup

DRAWS = ("maturity", "lottery", "claim")
"""Draw rules to try a strategy under: tickets with a date, with none, and with one to choose."""

FURTHER = 0.3
"""How often there is each of the rarer ways to part with a ticket."""

ROUND_DRAWS = ("maturity", "lottery")
SIZES = (2, 3, 5)
"""Blocks of a round, and the draw rules that have such."""

MOST_ROUNDS = 4
"""Of a ticket's life."""


def plain_setup(rng: np.random.Generator, account: int = 1) -> Setup:
    """A lottery for 33 tickets that never expire, resold at any time, among five buyers."""
    cost = UniformCost(0, eth_to_gwei(0.02))
    return Setup("tester", account, rng, 33, None, 0, "lottery", RESALE["both"], 5, cost, 0, True)


def varied_setup(rng: np.random.Generator, own: np.random.Generator) -> Setup:
    """Rules drawn at random; `own` becomes the strategy's generator."""
    draw = str(rng.choice(DRAWS))
    rule = draw_rule(draw)
    maturity = None
    if rule.needs_maturity or rng.random() < 0.5:
        maturity = int(rng.choice([1, 8, 32]))
    low, high = sorted(rng.choice([0.0, 0.01, 0.1, 2.0], 2).tolist())
    return plain_setup(own)._replace(
        supply=maturity + 1 if rule.facts.is_dated and maturity else int(rng.integers(4, 64)),
        maturity=maturity,
        lookahead=int(rng.integers(0, 2 if maturity == 1 else 3)),
        draw=draw,
        resale=RESALE[str(rng.choice(list(RESALE)))],
        buyers=int(rng.integers(1, 7)),
        cost=UniformCost(eth_to_gwei(low), eth_to_gwei(high)),
        entry_gwei=int(rng.choice([0, 1, 1_000_000])),
        can_sell_block=bool(rng.random() < 0.5),
        collateral_gwei=int(rng.choice([0, 0, 1, 10**8])),
    )


def in_rounds(setup: Setup, rng: np.random.Generator) -> Setup:
    """The same rules with tickets for rounds of a few blocks, under a draw rule that has such."""
    draw = str(rng.choice(ROUND_DRAWS))
    is_dated = draw_rule(draw).facts.is_dated
    maturity = min(setup.maturity or MOST_ROUNDS, MOST_ROUNDS) if is_dated or setup.maturity else None
    return setup._replace(
        draw=draw,
        round=int(rng.choice(SIZES)),
        maturity=maturity,
        lookahead=min(setup.lookahead, 1),
        supply=maturity + 1 if is_dated and maturity else setup.supply,
    )


def with_further_sales(setup: Setup, rng: np.random.Generator) -> Setup:
    """The same rules, in which the building alone may be sold as well, or the protocol takes tickets back."""
    building = bool(rng.random() < FURTHER)
    takes_back = rng.random() < FURTHER and not setup.facts.is_dated
    return setup._replace(resale=setup.resale._replace(building=building), haircut=0.1 if takes_back else None)
