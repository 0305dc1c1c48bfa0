"""Every refusal has a config here that meets it, and a row in docs/runs.md that says the same."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chain.rules import DRAW_RULES
from chain.rules.randea import randea_rule
from experiments.lab.assembly.assembly import assemble
from experiments.lab.assembly.casting import Casting
from experiments.lab.assembly.stated_draw import StatedDraw
from experiments.lab.config.agents import Agents
from experiments.lab.config.chain import Chain
from experiments.lab.config.config import Config
from experiments.lab.config.cost import Cost
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.config.market import MarketSection
from experiments.lab.config.phases import Phases
from experiments.lab.config.refusals import REFUSALS
from experiments.lab.config.reserve_keys import PrimaryReserve
from tests.places import ROOT

PREFIX = {
    Phases: "chain.phases.",
    Chain: "chain.",
    Cost: "cost.",
    PrimaryReserve: "market.reserve.",
    MarketSection: "market.",
    Agents: "agents.*.",
    Config: "",
    Casting: "",
    StatedDraw: "chain.",
}
"""Where the keys of a subject stand."""

OWN = f"{ROOT}/tests/lab/config/own_draws.py"
LOTTERY = {"draw": "lottery", "supply": 8, "maturity": 20}
ELASTIC = LOTTERY | {"supply_rule": "elastic"}
SELLER = {"strategy": "at_once", "role": "seller"}
BUYER = {"strategy": "truthful", "role": "buyer"}
HANDED_OUT = {"primary": "amm", "genesis": {"handed_out": 0.5}}
OPEN_BIDDER = {"strategy": "naive", "role": "builder"}

CASES: dict[str, dict[str, Any]] = {
    "a_phase_comes_too_early": {"chain": {"phases": {"bid": 3000, "offer": 3001}}},
    "round_of_single_blocks": {"chain": {"draw": "claim", "round": 2}},
    "no_maturity": {"chain": {"draw": "claim", "maturity": "none"}},
    "no_draw_in_a_life": {"chain": LOTTERY | {"maturity": 0}},
    "supply_does_not_fit": {"chain": {"supply": 40}},
    "randea_looks_ahead": {"chain": {"draw": "randea", "lookahead": 1}},
    "window_too_long": {"chain": {"draw": "randea", "window": 34}},
    "refund_for_none": {"chain": {"refund": 0.5}},
    "dated_ticket_given_back": {"chain": {"return_haircut": 0.1}},
    "fee_above_collateral": {"chain": {"collateral_eth": 0.1, "missed_fee_eth": 0.2}},
    "elastic_dated_supply": {"chain": {"supply_rule": "elastic"}},
    "cap_out_of_reach": {"chain": {"owner_cap": 33}},
    "broken_epoch": {"chain": {"draw": "epoch", "maturity": 40}},
    "looks_beyond_the_supply": {"chain": LOTTERY | {"lookahead": 8}},
    "looks_beyond_the_maturity": {"chain": {"draw": "epoch", "epoch": 4, "maturity": 4, "lookahead": 5}},
    "proposal_after_the_slot": {"chain": {"phases": {"propose": 12_001}}},
    "no_such_law": {"cost": {"distribution": "betta"}},
    "parameters_of_no_law": {"cost": {"parameters": {"a": 1}}},
    "low_above_high": {"cost": {"low": 1.0}},
    "no_such_reserve": {"market": {"reserve": {"rule": "forcast"}}},
    "parameters_of_no_reserve": {"market": {"reserve": {"rule": "forecast", "parameters": {"share": 0.5}}}},
    "no_path": {"market": {"reserve": {"rule": "path"}}},
    "path_goes_back": {"market": {"reserve": {"rule": "path", "path": [[3, 0.1], [3, 0.2]]}}},
    "parameters_of_no_rule": {"market": {"primary": "eip1559", "primary_parameters": {"adjustment": 0.5}}},
    "no_format_for_blocks": {"market": {"block_format": "dutch"}},
    "own_format_is_missing": {"market": {"primary": "own"}},
    "no_structure": {"market": {"structure": []}},
    "structure_twice": {"market": {"structure": ["et", "et"]}},
    "building_without_a_draw": {"market": {"structure": "pbs", "building": "from_draw"}},
    "no_resale_after_the_draw": {"market": {"structure": ["et", "et_expost"], "secondary": False}},
    "clock_starts_below_the_reserve": {"market": {"primary": "dutch", "primary_reserve": 10.5}},
    "clock_starts_at_nothing": {"market": {"primary": "dutch", "dutch": {"start_eth": 0}}},
    "no_bid_of_its_own": {"market": {"primary": "first_price", "reserve": {"void": True}}},
    "voids_what_is_for_no_block": {"chain": LOTTERY, "market": {"reserve": {"void": True}}},
    "reserve_of_a_quoted_price": {"market": {"primary": "amm", "reserve": {"rule": "forecast"}}},
    "key_for_many": {"agents": [BUYER | {"count": 2, "keystore": "key.json"}]},
    "isolates_nobody": {"agents": [BUYER], "isolation": {"strategies": ["at_once"]}},
    "too_many_agents": {"agents": [BUYER | {"count": 12_000}, SELLER | {"count": 8_001}]},
    "too_much_money": {"reward": {"process": "constant", "value": 1e8}, "blocks": 110},
    "turns_take_too_long": {"agents": [SELLER, BUYER | {"count": 39}], "market": {"resale_order": "in_turn"}},
    "hands_out_against_the_rules": {"chain": LOTTERY | {"owner_cap": 3}, "market": HANDED_OUT},
    "hands_out_what_is_not_there": {"chain": ELASTIC, "market": HANDED_OUT},
    "quotes_no_price": {"chain": ELASTIC},
    "sells_alike_what_is_not": {"market": {"primary": "uniform_price"}},
    "reveals_one_block_of_a_round": {"chain": {"round": 2}, "market": {"just_in_time": True}},
    "buys_back_too_dear": {"chain": LOTTERY | {"return_haircut": 0.039}, "market": {"primary": "amm"}},
    "target_out_of_reach": {"chain": LOTTERY, "market": {"primary": "eip1559", "eip1559": {"target": 8}}},
    "nobody_resells": {"agents": [OPEN_BIDDER], "market": {"structure": "et_expost"}},
    "no_market_at_all": {"market": {"structure": "pbs", "pbs": "off"}},
    "nobody_builds": {"agents": [SELLER]},
    "plays_single_blocks": {"chain": {"round": 2}, "agents": [SELLER, {"strategy": "kelly", "role": "buyer"}]},
    "isolated_open_bidder": {
        "agents": [SELLER, OPEN_BIDDER],
        "isolation": {"mode": "process", "strategies": ["naive"]},
        "market": {"pbs": "slot_auction"},
    },
    "own_claims": {"chain": {"draw": f"{OWN}:late"}},
    "own_rule_needs_a_maturity": {"chain": {"draw": f"{OWN}:dated", "maturity": "none"}},
    "own_dates_do_not_fit": {"chain": {"draw": f"{OWN}:dated", "supply": 8}},
    "own_window_is_too_long": {"chain": {"draw": f"{OWN}:dealt", "maturity": 2, "supply": 3}},
    "own_dates_move": {"chain": {"draw": f"{OWN}:dated", "supply": 33, "return_haircut": 0.1}},
    "own_epoch_is_broken": {"chain": {"draw": f"{OWN}:epochs", "maturity": 6}},
    "own_rule_looks_too_far": {"chain": {"draw": f"{OWN}:dealt", "lookahead": 1}},
}
"""A config for each refusal, by the name of its function."""

ALL = [(subject, refusal) for subject in PREFIX for refusal in REFUSALS[subject]]


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], str]:
    """The messages that docs/runs.md lists, by key and condition."""
    text = (ROOT / "docs" / "runs.md").read_text(encoding="utf-8")
    lines = re.findall(r"^\| `([^`|]+)` \| ([^|]+) \| ([^|]+) \|$", section(text), re.M)
    return {(key, condition): message.strip() for key, condition, message in lines}


def section(text: str) -> str:
    return text.partition("## What is refused\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize(("subject", "refusal"), ALL, ids=[refusal.judge.__name__ for _, refusal in ALL])
def test_a_refusal_is_met_and_its_row_says_what_it_says(subject, refusal, rows, tmp_path):
    row = rows[PREFIX[subject] + refusal.key, refusal.condition]
    said = message_of(CASES[refusal.judge.__name__], tmp_path)
    pattern = re.escape(row.replace("``", "`")).replace("…", ".+")
    assert re.search(rf"(^|: ){pattern}$", said), said


def message_of(config: dict[str, Any], tmp_path: Any) -> str:
    """What is said about a config that is read and put together."""
    with pytest.raises(InputError) as caught:
        put_together(config, tmp_path)
    return str(caught.value)


def put_together(config: dict[str, Any], tmp_path: Any) -> None:
    made = read_config(config)
    assemble(made, made.market.structures[0], tmp_path, tmp_path, "off", strict=False)


def test_a_rule_of_the_testbeds_own_that_the_config_does_not_know_is_held_to_what_it_says(tmp_path, monkeypatch):
    """Whoever adds a rule and forgets the config's refusals is told all the same."""
    monkeypatch.setitem(DRAW_RULES, "new", lambda _: randea_rule(4)._replace(name="new"))
    assert 'draw = "new" looks at most 0 blocks ahead' in message_of(
        {"chain": {"draw": "new", "maturity": 8, "supply": 9, "lookahead": 1}}, tmp_path
    )
    assert 'draw = "new" takes supply = maturity + 1 = 9' in message_of(
        {"chain": {"draw": "new", "maturity": 8}}, tmp_path
    )


def test_every_refusal_has_a_row_and_every_row_a_refusal(rows):
    assert list(rows) == [(PREFIX[subject] + refusal.key, refusal.condition) for subject, refusal in ALL]


def test_every_config_here_is_for_a_refusal():
    assert CASES.keys() == {refusal.judge.__name__ for _, refusal in ALL}


def test_every_subject_of_the_config_is_looked_at():
    inside = {subject for subject in REFUSALS if subject.__module__.startswith("experiments.lab.config.")}
    assert inside < PREFIX.keys()
