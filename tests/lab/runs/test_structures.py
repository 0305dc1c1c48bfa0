"""The three market structures, and the accounting that holds in all of them."""

from __future__ import annotations

import numpy as np
import pytest

from experiments import run

BUYERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 4, "endowment_eth": 1e4}
SELLER = {"strategy": "at_maturity", "role": "seller", "count": 2, "endowment_eth": 1e4}
ONE = {"reward": {"process": "constant", "value": 1.0}, "cost": {"low": 0.1, "high": 0.5}}


@pytest.fixture(scope="module")
def runs():
    structures = {"structure": ["pbs", "et", "et_expost"]}
    return run({"blocks": 300, "agents": [SELLER, BUYERS], "market": structures, **ONE}, signatures="off")


def test_a_ticket_sold_at_maturity_brings_what_the_block_brings_just_in_time(runs):
    """The seed's equivalence in its simplest form, block by block: same θ, same price."""
    spot = runs["pbs"].trades.set_index("slot").price_gwei
    for name in ("et", "et_expost"):
        trades = runs[name].trades
        resales = trades[trades.market == "secondary"].set_index("slot").price_gwei
        assert resales.equals(spot)


def test_the_right_goes_to_whom_it_is_worth_most(runs):
    for result in runs.structures.values():
        assert result.summary["efficiency"] == 1.0
        assert set(result.blocks.status) == {"proposed"}


def test_only_the_tickets_bring_the_protocol_revenue(runs):
    assert runs["pbs"].summary["protocol_revenue"] == 0
    assert runs["pbs"].summary["tickets_minted"] == 0
    for name in ("et", "et_expost"):
        primary = runs[name].trades[runs[name].trades.market == "primary"].price_gwei.sum() / 1e9
        assert runs[name].summary["protocol_revenue"] == pytest.approx(primary, abs=1e-9)
        assert primary > 100


@pytest.mark.parametrize(
    ("resale", "timings"), [("ex_ante", {"ex_ante"}), ("ex_post", {"ex_post"}), ("never", set())]
)
def test_resale_happens_only_when_it_is_allowed(resale, timings):
    sellers = [{"strategy": name, "role": "seller"} for name in ("at_once", "at_maturity", "undercut")]
    result = run({"blocks": 80, "agents": [*sellers, BUYERS], "market": {"resale": resale}}, signatures="off")
    assert set(result.trades[result.trades.market == "secondary"].timing) == timings
    assert len(result.violations) == 0


@pytest.mark.parametrize("structure", ["pbs", "et", "et_expost"])
def test_the_payments_alone_give_every_balance(structure, population):
    chain = {"draw": "lottery", "maturity": 12, "supply": 10, "refund": 0.4}
    agents = [{**group, "missed_proposal": 0.1} for group in population]
    config = {"blocks": 120, "agents": agents, "market": {"structure": structure}, "cost": {"entry": 0.0005}}
    result = run({**config, **({} if structure == "pbs" else {"chain": chain})}, signatures="off")
    pots: dict[str, int] = {}
    for payer, payee, gwei in result.payments[["payer", "payee", "amount_gwei"]].itertuples(index=False):
        pots[payer] = pots.get(payer, 0) - gwei
        pots[payee] = pots.get(payee, 0) + gwei
        assert pots[payer] >= 0 or payer in ("endowments", "rewards", "refunds")
    sources = sum(-pots.pop(name, 0) for name in ("endowments", "rewards", "refunds"))
    assert sum(pots.values()) == sources
    blocks = result.blocks
    genesis = result.trades[result.trades.slot == -1].price_gwei.sum()
    assert pots.get("burned", 0) == blocks.primary_gwei.sum() + genesis
    exploited = blocks[blocks.builder.notna()]
    entries = result.payments[result.payments.reason == "entry"].amount_gwei.sum()
    assert pots["spent"] == exploited.cost_gwei.sum() + entries
    assert (blocks.status == "missed").sum() > 0
    if structure != "pbs":
        assert result.summary["expired_tickets"] > 10
        assert blocks.refund_gwei.sum() > 0


def test_missed_proposals_come_at_their_rate_and_burn_their_tickets():
    agents = [SELLER, {**BUYERS, "missed_proposal": 0.25}]
    result = run({"blocks": 1200, "agents": agents, **ONE}, signatures="off")
    missed = (result.blocks.status == "missed").mean()
    assert abs(missed - 0.25) <= 4 * np.sqrt(0.25 * 0.75 / 1200)
    ends = result.tickets.end.value_counts()
    assert ends["missed"] == (result.blocks.status == "missed").sum()
    assert (result.blocks.live == 33).all()


def test_buyers_alone_buy_from_the_protocol_and_build():
    config = {"blocks": 50, "agents": [{"strategy": "truthful", "role": "buyer", "count": 5}]}
    for structure in ("pbs", "et", "et_expost"):
        result = run({**config, "market": {"structure": structure}})
        assert (result.blocks.status == "proposed").all()
        assert result.summary["efficiency"] > 0.99
        assert len(result.trades) > 20


def test_a_costs_law_for_the_run_gives_each_agent_one_cost():
    result = run(
        {
            "blocks": 60,
            "agents": [SELLER, BUYERS],
            "cost": {"low": 0.1, "high": 0.5, "per": "run"},
            "reward": ONE["reward"],
        }
    )
    built = result.blocks.dropna(subset=["builder"])
    assert built.groupby("builder", observed=True).cost_gwei.nunique().max() == 1
