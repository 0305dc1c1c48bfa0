"""The keys of the protocol's rules: combinations that make no sense are refused with the reason."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.verify import verify_run

LOTTERY = {"draw": "lottery", "supply": 8, "maturity": 20}
AGENTS = [
    {"strategy": "at_once", "role": "seller", "count": 2, "missed_proposal": 0.3},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3, "missed_proposal": 0.3},
]


@pytest.mark.parametrize(
    ("chain", "says"),
    [
        ({"refund": 0.5}, 'no ticket expires undrawn: each has its block under "maturity"'),
        (
            {"draw": "lottery", "maturity": "none", "refund": 0.5},
            "no ticket expires undrawn: they have no maturity",
        ),
        ({"return_haircut": 0.1}, "what is minted for one given back would have another"),
        ({"collateral_eth": 0.1, "missed_fee_eth": 0.2}, "it is taken from collateral_eth, 0.1"),
        ({"missed_fee_eth": 0.2}, "it is taken from collateral_eth, 0"),
        ({"owner_cap": 33}, "there are 33 tickets: no one would reach it"),
    ],
)
def test_rules_that_make_no_sense_are_refused(chain, says):
    with pytest.raises(InputError, match=re.escape(says)):
        read_config({"chain": chain})


def test_without_tickets_no_building_is_sold_from_the_draw_on():
    with pytest.raises(InputError, match='structure "pbs" has no tickets to be drawn'):
        read_config({"market": {"structure": "pbs", "building": "from_draw"}})


def test_a_market_maker_that_could_be_milked_is_refused():
    """1 − e^(−1/25) = .0392 is the least haircut that leaves no profit."""
    config = {"chain": {**LOTTERY, "return_haircut": 0.039}, "market": {"primary": "amm"}}
    with pytest.raises(InputError, match=re.escape("at a profit; set at least 0.0392")):
        read_config(config)
    config["chain"]["return_haircut"] = 0.04
    assert read_config(config).chain.return_haircut == 0.04


def test_collateral_in_a_run_is_burned_for_missed_slots_alone(tmp_path):
    chain = {**LOTTERY, "collateral_eth": 0.5, "missed_fee_eth": 0.2, "owner_cap": 3}
    result = run({"agents": AGENTS, "chain": chain}, blocks=60, out=tmp_path / "run")
    assert verify_run(result.path).is_sound
    missed = (result.blocks.status == "missed").sum()
    fees = result.payments[result.payments.reason == "missed"]
    assert 0 < missed == len(fees)
    assert set(fees.amount_gwei) == {200_000_000}
    assert set(fees.payee) == {"burned"}
    assert len(result.violations) == 0


def test_no_owner_ever_holds_more_than_the_cap(tmp_path):
    result = run({"agents": AGENTS, "chain": {**LOTTERY, "owner_cap": 2}}, blocks=60, out=tmp_path / "run")
    held: Counter[str] = Counter()
    most = 0
    for giver, taker in zip(result.transfers.giver, result.transfers.taker, strict=True):
        held[giver] -= 1
        held[taker] += 1
        most = max(most, *(held[name] for name in result.summary["profit_eth"]))
    assert most == 2
