"""Elastic supply: a ticket is minted when it is sold, at the price that the protocol quotes."""

from __future__ import annotations

import re

import pytest

from chain.money import eth_to_gwei
from experiments import run
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.verify import verify_run
from market.primary import Amm

KEEPER = {"strategy": "keep", "role": "seller", "can_build": True, "count": 3}
CHAIN = {"draw": "lottery", "supply": 6, "supply_rule": "elastic", "maturity": 20}
CONSTANT = {"process": "constant", "value": 0.1}


def elastic(folder, market, blocks=60, agents=KEEPER, **chain):
    config = {"agents": [agents], "chain": {**CHAIN, **chain}, "reward": CONSTANT, "cost": {"low": 0, "high": 0}}
    return run({**config, "market": {"resale": "never", "pbs": "off", **market}}, blocks=blocks, out=folder)


def test_tickets_are_minted_as_they_are_sold(tmp_path):
    result = elastic(tmp_path / "run", {"primary": "amm", "amm": {"start_eth": 0.09, "steepness": 5}}, maturity=3)
    assert verify_run(result.path).is_sound
    blocks, tickets = result.blocks, result.tickets.sort_values("ticket")
    sold = result.trades[result.trades.market == "primary"]
    assert list(sold.ticket) == list(tickets.ticket) == list(range(len(tickets)))
    assert list(sold.slot) == list(tickets.mint_block)
    per_slot = sold.groupby("slot").size().reindex(blocks.slot, fill_value=0)
    assert list(blocks.minted) == list(per_slot)
    assert (blocks.held == blocks.live).all()
    assert blocks.live.nunique() > 2
    ends = (
        result.tickets[result.tickets.end != "live"].groupby("end_slot").size().reindex(blocks.slot, fill_value=0)
    )
    genesis = (sold.slot == -1).sum()
    assert list(blocks.live) == list(genesis + (per_slot - ends).cumsum())


def test_the_price_is_that_of_the_market_maker_at_the_stock(tmp_path):
    """Before block 0 the stock is 0, 1, 2, …: the first ticket costs .09 e^(−6/5), the second .09 e^(−5/5); six
    are offered."""
    result = elastic(tmp_path / "run", {"primary": "amm", "amm": {"start_eth": 0.09, "steepness": 5}}, blocks=1)
    sold = result.trades[result.trades.slot == -1]
    rule = Amm(eth_to_gwei(0.09), 6, 5)
    assert list(sold.price_gwei) == [rule.quote(held) for held in range(len(sold))]
    assert sold.price_gwei.iloc[0] == 27_107_479
    assert len(sold) == 6


def test_nobody_buys_at_too_high_a_price_and_blocks_stay_empty(tmp_path):
    result = elastic(tmp_path / "run", {"primary": "eip1559", "eip1559": {"start_eth": 50.0}}, blocks=20)
    assert verify_run(result.path).is_sound
    assert set(result.blocks.status) == {"no_ticket"}
    assert (result.blocks.urn == 0).all()
    assert len(result.tickets) == 0


def test_an_eip_1559_price_brings_the_stock_to_its_target(tmp_path):
    """All value a ticket at ν/u; the price falls while fewer than 6 are held and rises while more are."""
    market = {"primary": "eip1559", "eip1559": {"start_eth": 0.3, "adjustment": 0.05}}
    result = elastic(tmp_path / "run", market, blocks=600, maturity="none")
    assert abs(result.blocks.live[200:].mean() - 6) < 1
    assert result.blocks.live.max() > 6


def test_a_cap_on_sales_holds(tmp_path):
    market = {"primary": "amm", "primary_cap": 2, "amm": {"start_eth": 0.02}}
    result = elastic(tmp_path / "run", market, blocks=20)
    assert result.blocks.minted.max() == 2
    assert verify_run(result.path).is_sound


@pytest.mark.parametrize(
    ("chain", "market", "says"),
    [
        (
            {"draw": "maturity", "supply": 33, "maturity": 32},
            {"primary": "amm"},
            "takes one ticket for each block",
        ),
        ({}, {"primary": "second_price"}, 'market.primary = "second_price" quotes no price'),
    ],
)
def test_what_cannot_be_elastic_is_refused(chain, market, says):
    with pytest.raises(InputError, match=re.escape(says)):
        read_config({"chain": {**CHAIN, **chain}, "market": market})


def test_a_target_above_the_supply_is_no_fault():
    market = {"primary": "eip1559", "eip1559": {"target": 40}}
    assert read_config({"chain": CHAIN, "market": market}).market.eip1559.target == 40
    with pytest.raises(InputError, match="no more tickets can be held"):
        read_config({"chain": {**CHAIN, "supply_rule": "fixed"}, "market": market})


def test_there_is_nothing_to_hand_out_at_genesis():
    with pytest.raises(InputError, match="no tickets before they are sold"):
        read_config({"chain": CHAIN, "market": {"primary": "amm", "genesis": {"handed_out": 0.5}}})
