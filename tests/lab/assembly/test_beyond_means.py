"""Amounts that nobody can pay are warned of before a run: they were meant in Gwei."""

from __future__ import annotations

import pytest

from experiments.lab.conformance.config_check import check_config

BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2, "endowment_eth": [1.0, 50.0]}
SELLERS = {"strategy": "at_maturity", "role": "seller", "count": 2, "endowment_eth": 20.0}
CHAIN = {"supply": 9, "maturity": 8}


def warnings_of(structure="et", chain=CHAIN, market=None, cost=None):
    keys = {"chain": chain, "market": {"structure": structure, **(market or {})}, "cost": cost or {}}
    return check_config({"blocks": 5, "agents": [SELLERS, BUYERS], **keys}).warnings


@pytest.mark.parametrize(
    ("changed", "key"),
    [
        ({"market": {"primary_reserve": 10_000_000}}, "market.primary_reserve is 10,000,000 ETH"),
        ({"chain": CHAIN | {"collateral_eth": 51}}, "chain.collateral_eth is 51 ETH"),
        ({"cost": {"primary_entry": 60}}, "cost.primary_entry is 60 ETH"),
        ({"cost": {"entry": 60}}, "cost.entry is 60 ETH"),
    ],
)
def test_more_than_anyone_has_is_warned_of(changed, key):
    (told,) = [line for line in warnings_of(**changed) if "nobody begins" in line]
    assert told.startswith(f"{key}, and nobody begins with more than 50 (agents.*.endowment_eth)")
    if "reserve" in key:
        assert told.endswith("10,000,000 Gwei are 0.01 ETH")


@pytest.mark.parametrize(
    "fine", [{"chain": CHAIN | {"collateral_eth": 50}}, {"structure": "pbs", "market": {"primary_reserve": 1e7}}]
)
def test_what_can_be_paid_or_is_not_asked_is_not(fine):
    assert not [line for line in warnings_of(**fine) if "nobody begins" in line]
