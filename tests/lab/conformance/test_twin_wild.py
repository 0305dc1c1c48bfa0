"""Runs in which agents do anything that comes into their heads, with the contract alongside."""

from __future__ import annotations

import random

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.conformance.twin.twin import Twin
from experiments.lab.played.runs import run
from tests.lab.verify.test_verify_wild import any_agents, any_terms

REFUSED = "the contract does not have these rules"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_the_contract_agrees_with_the_engine_whatever_is_played(seed):
    dice = random.Random(seed)
    config, terms = {"blocks": 40, "agents": any_agents(dice)}, any_terms(dice)
    try:
        twin = Twin(read_config(config, terms))
    except InputError:
        pytest.skip(REFUSED)
    run(config, overrides=terms, drive=twin.drive)
    assert sum(done["draw"] for done in twin.done.values()) == 40
