"""Rules drawn at random, of those that the contract has."""

from __future__ import annotations

from random import Random

from chain.rules import draw_rule
from chain.state import DrawRule, Rules

ROUNDS = (1, 2, 5)
"""Blocks of a round."""


def random_rules(rng: Random) -> Rules:
    """Any rules that the contract has."""
    supply = rng.randint(2, 7)
    draw = rng.choice(["lottery", "lottery", "maturity", "randea"])
    kind = draw_rule(draw)
    lookahead = 0 if kind.most_lookahead == 0 else rng.randint(0, min(2, supply - 1))
    is_elastic = not kind.facts.is_dated and rng.random() < 0.2
    maturity: int | None = supply - 1
    rule: DrawRule = draw_rule(draw, window=rng.randint(1, supply))
    if not kind.facts.is_dated:
        maturity = rng.choice([None, rng.randint(1, 4), rng.randint(5, 20)])
    collateral = rng.choice([0, 0, 10**9, 10**13])
    size = 1 if draw == "randea" else rng.choice(ROUNDS)
    return Rules(
        supply=supply,
        maturity=maturity,
        lookahead=lookahead,
        draw=rule,
        refund=rng.choice([0.0, 0.5, 1 / 3, rng.random()]),
        haircut=rng.choice([None, 0.0, 0.1, rng.random()]),
        collateral=collateral,
        missed_fee=rng.randint(0, collateral // size),
        owner_cap=rng.choice([None, None, rng.randint(1, 3)]),
        elastic=is_elastic,
        round=size,
        void=draw == "maturity" and rng.random() < 0.5,
    )
