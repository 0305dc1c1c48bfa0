"""The audit of runs in which agents do anything that comes into their heads: it must agree with the engine."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from experiments import run
from experiments.lab.verify import audit_run
from market.primary import QUOTED
from tests.places import ROOT

WILD = f"{Path(__file__).with_name('wild.py')}:Wild"
BY_LOT = ["second_price", "second_price", "posted", "first_price", "dutch", "tullock"]
OF_ONE_GOOD = ["uniform_price", "pay_as_bid", "eip1559", "amm", "elowsson"]
OLDEST = f"{ROOT}/experiments/examples/oldest_first.py:draw"


def any_agents(dice: random.Random) -> list[dict[str, Any]]:
    def latency() -> int:
        return dice.choice([0, 1, 50, 50, 700, 3000, 4000, 8000, 9000, 20000]) if dice.random() < 0.4 else 50

    def seat(strategy: str, **more: Any) -> dict[str, Any]:
        chance = dice.choice([0.0, 0.0, 0.3])
        return {"strategy": strategy, "latency_ms": latency(), "missed_proposal": chance, **more}

    wild = [seat(WILD, endowment_eth=dice.choice([0.3, 2, 100])) for _ in range(dice.choice([2, 3, 4]))]
    roles = [["seller", "buyer"], "seller", "buyer", "builder"]
    wild[0]["role"] = dice.choice(roles)
    return [*wild, seat("truthful", role="buyer"), seat("undercut"), seat("market_maker")]


def any_terms(dice: random.Random) -> list[str]:
    draw = dice.choice(["maturity", "lottery", "lottery", "claim", "claim", "epoch", "epoch", "randea", OLDEST])
    structure = dice.choice(["pbs", "et", "et", "et_expost"])
    choices = {
        "chain.maturity": [4, 8, 12] if draw == "epoch" else [3, 5, 8, 12],
        "chain.epoch": [1, 2, 4],
        "chain.refund": [0.0] if draw in ("maturity", "randea") else [0.0, 0.5, 1.0],
        "chain.unclaimed": ["empty", "earliest_expiry"],
        "chain.lookahead": [0] if draw == "randea" else [0, 0, 1, 2, 3],
        "chain.window": [1, 2, 4],
        "chain.collateral_eth": [0.0, 0.0, 0.05],
        "chain.slot_seconds": [12.0, 12.0, 2.5],
        "market.pbs": ["sealed"] if structure == "pbs" else ["sealed", "sealed", "off"],
        "market.resale": ["both", "ex_post"]
        if structure == "et_expost"
        else ["both", "both", "ex_ante", "ex_post"],
        "market.primary": BY_LOT if draw in ("maturity", "randea") else [*BY_LOT, *OF_ONE_GOOD],
        "market.just_in_time": ["false", "false", "true"],
        "market.building": ["just_in_time"] if structure == "pbs" else ["just_in_time", "from_draw"],
        "market.primary_reserve": [0.0, 0.01, 0.1],
        "cost.entry": [0.0, 0.001],
        "cost.per": ["block", "run"],
        "cost.high": [0.02, 0.3],
        "reward.process": ["mevboost", "constant", "uniform", "ar1", "lognormal"],
        "seed": list(range(1000)),
    }
    terms = [f"{key}={dice.choice(values)}" for key, values in choices.items()]
    supply = [] if draw in ("maturity", "randea") else [f"chain.supply={dice.choice([5, 8, 12])}"]
    elastic = ["chain.supply_rule=elastic", f"market.primary={dice.choice(['eip1559', 'amm', 'elowsson'])}"]
    more = [
        *dice.choice([[], ["chain.owner_cap=2"], ["chain.owner_cap=3"]]),
        *(elastic if supply and dice.random() < 0.3 else []),
        *(["chain.return_haircut=0.25"] if supply and dice.random() < 0.5 else []),
        *(["chain.missed_fee_eth=0.02"] if "chain.collateral_eth=0.05" in terms and dice.random() < 0.5 else []),
    ]
    may_have_rounds = draw in ("maturity", "lottery") and "market.just_in_time=false" in terms
    if may_have_rounds and not any(term.startswith("chain.missed_fee_eth") for term in more):
        more.append(f"chain.round={dice.choice([1, 2, 5])}")
    return [f"market.structure={structure}", f"chain.draw={draw}", *supply, *terms, *more]


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(12, 200))]
)
def test_the_audit_agrees_with_the_engine_whatever_is_played(seed, tmp_path):
    dice = random.Random(seed)
    result = run({"agents": any_agents(dice)}, blocks=40, overrides=any_terms(dice), out=tmp_path / "run")
    report = audit_run(result.path)
    assert report.is_sound, report


@pytest.mark.parametrize(
    "seed", [*range(2, 5), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(5, 60))]
)
def test_the_audit_agrees_where_holders_sell_in_turn(seed, tmp_path):
    dice = random.Random(seed)
    agents = [seat | {"latency_ms": dice.choice([0, 1, 50])} for seat in any_agents(dice)]
    terms = [*any_terms(dice), "market.resale_order=in_turn"]
    result = run({"agents": agents}, blocks=40, overrides=terms, out=tmp_path / "run", signatures="off")
    report = audit_run(result.path)
    assert report.is_sound, report


def any_reserve(dice: random.Random, terms: list[str]) -> list[str]:
    """A reserve rule that goes with the terms, and what becomes of what nobody buys."""
    set_so = dict(term.split("=", 1) for term in terms)
    is_quoted = set_so["market.primary"] in QUOTED
    may_void = set_so["chain.draw"] == "maturity" and set_so["market.primary"] == "second_price"
    return [
        f"market.reserve.rule={'fixed' if is_quoted else dice.choice(['fixed', 'path', 'forecast', 'trailing'])}",
        f"market.reserve.path={dice.choice(['[[0,0.02]]', '[[3,0.01],[20,0.2]]'])}",
        f"market.reserve.share={dice.choice([0.2, 0.8, 1.1])}",
        f"market.reserve.of={dice.choice(['price', 'top_bid', 'bid'])}",
        f"market.reserve.statistic={dice.choice(['mean', 'median', 'max'])}",
        f"market.reserve.window={dice.choice([1, 5, 30])}",
        f"market.reserve.void={dice.choice(['true', 'false']) if may_void else 'false'}",
        f"market.unsold={dice.choice(['empty', 'endowed'])}",
    ]


@pytest.mark.parametrize(
    "seed", [*range(2), *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 60))]
)
def test_the_audit_agrees_at_any_reserve_whoever_has_what_nobody_buys(seed, tmp_path):
    dice = random.Random(seed)
    agents, terms = any_agents(dice), any_terms(dice)
    terms += any_reserve(dice, terms)
    result = run({"agents": agents}, blocks=40, overrides=terms, out=tmp_path / "run", signatures="off")
    report = audit_run(result.path)
    assert report.is_sound, report
