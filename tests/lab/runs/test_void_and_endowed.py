"""Unsold tickets that are burned and blocks that are endowed, in runs: audited, told, refused, held to theory."""

from __future__ import annotations

from math import sqrt

import pyarrow.parquet as pq
import pytest

from experiments import InputError, Twin, run
from experiments.lab.config.loading import read_config
from experiments.lab.verify import audit_run
from experiments.lab.verify.trace import trace_ticket
from tests.lab.verify.test_verify_columns import Forger

AHEAD = {"draw": "maturity", "maturity": 3, "supply": 4, "lookahead": 1}
NEXT = {"draw": "maturity", "maturity": 0, "supply": 1}


def played(out, chain=AHEAD, void=True, unsold="empty", reserve=0.02, signatures="off", **more):
    market = {"primary_reserve": reserve, "reserve": {"void": void}, "unsold": unsold, **more.pop("market", {})}
    config = {"blocks": 25, "chain": chain, "market": market, **more}
    return run(config, signatures=signatures, out=out)


@pytest.mark.parametrize("unsold", ["empty", "endowed"])
def test_each_unsold_ticket_is_burned_after_its_only_sale_and_its_block_has_none(unsold, tmp_path):
    result = played(tmp_path / "run", unsold=unsold, signatures="ecdsa" if unsold == "endowed" else "off")
    assert audit_run(result.path).is_sound
    lots = result.auctions[result.auctions.market == "primary"]
    assert lots.ticket.is_unique
    void = result.tickets[result.tickets.end == "void"]
    assert 0 < len(void) < len(lots)
    assert set(void.ticket) == set(lots.ticket[lots.outcome == "unsold"])
    blocks = result.blocks.set_index("slot")
    here = void.last_block[void.last_block < 25]
    assert blocks.ticket[here].isna().all()
    assert set(blocks.status[here]) == {"no_ticket" if unsold == "empty" else "proposed"}
    assert (blocks.builder[here].notna().any()) == (unsold == "endowed")


def test_where_nobody_buys_endowed_blocks_are_those_of_pbs(tmp_path):
    rows = []
    for structure in ("et", "pbs"):
        market = {"structure": structure}
        result = played(tmp_path / structure, void=False, unsold="endowed", reserve=50, market=market)
        assert audit_run(result.path).is_sound
        rows.append(result.blocks[["proposer", "builder", "reward_gwei", "net_gwei", "status"]].astype(object))
    assert rows[0].equals(rows[1])


def test_under_a_lottery_a_ticket_that_nobody_bought_ends_unsold_and_its_block_is_proposed(tmp_path):
    chain = {"draw": "lottery", "supply": 4, "maturity": "none"}
    missed = [{"strategy": "keep", "role": "seller", "count": 2, "can_build": True, "missed_proposal": 0.3}]
    result = played(tmp_path / "run", chain, void=False, unsold="endowed", agents=missed)
    assert audit_run(result.path).is_sound
    assert set(result.tickets.end) >= {"unsold", "proposed"}
    assert set(result.blocks.status) == {"proposed", "missed"}


def test_a_ticket_that_was_not_burned_is_found_out(tmp_path):
    result = played(tmp_path / "run")
    forger = Forger(result.path, tmp_path / "forged")
    stored = pq.read_table(result.path / "tables" / "tickets.parquet")
    ends = ["unsold" if end == "void" else end for end in stored.column("end").to_pylist()]
    forger.write("tickets", "end", stored, ends)
    assert "void" in str(audit_run(forger.path))


def told_of(path, serial):
    return "; ".join(event.what for event in trace_ticket(path, serial))


def test_trace_tells_what_became_of_it(tmp_path):
    result = played(tmp_path / "run")
    serial = int(result.tickets.ticket[result.tickets.end == "void"].iloc[0])
    told = told_of(result.path, serial)
    assert told.index("ends: unsold") < told.index("burned: void")
    result = played(tmp_path / "endowed", void=False, unsold="endowed", reserve=50)
    serial = int(result.tickets.ticket[result.tickets.end == "unsold"].iloc[0])
    assert "nobody had bought it" in told_of(result.path, serial)


def test_the_twin_says_why_it_cannot():
    with pytest.raises(InputError, match="the block of an unsold ticket stays empty"):
        Twin(read_config({"blocks": 3, "chain": AHEAD, "market": {"unsold": "endowed"}}))


BUYERS = {"strategy": "truthful", "role": "buyer", "can_build": True, "endowment_eth": 1e5}


def sold_just_in_time(reserve, count, reward, cost, blocks):
    market = {
        "just_in_time": True,
        "secondary": False,
        "primary_reserve": reserve,
        "reserve": {"void": True},
    }
    agents = [BUYERS | {"count": count}]
    config = {"seed": 3, "blocks": blocks, "chain": NEXT, "market": market, "agents": agents}
    result = run({**config, "reward": reward, "cost": cost}, signatures="off")
    lots = result.auctions[result.auctions.market == "primary"]
    revenue = lots.price_gwei.astype(float).fillna(0) / 1e9
    return revenue, (lots.outcome == "unsold").astype(float)


def assert_mean(values, expected):
    assert abs(values.mean() - expected) <= 4 * values.std() / sqrt(len(values))


@pytest.mark.slow
@pytest.mark.parametrize("reserve", [0.3, 0.5, 0.8])
def test_revenue_and_void_share_of_two_uniform_buyers(reserve):
    constant, uniform = {"process": "constant", "value": 1.0}, {"low": 0.0, "high": 1.0}
    revenue, void = sold_just_in_time(reserve, 2, constant, uniform, 8000)
    assert_mean(revenue, 1 / 3 + reserve**2 - 4 * reserve**3 / 3)
    assert_mean(void, reserve**2)


@pytest.mark.slow
def test_the_best_reserve_against_one_buyer_of_lognormal_worth():
    lognormal = {"process": "lognormal", "mean": 1.0, "sigma": 0.905}
    revenue, void = sold_just_in_time(0.770067, 1, lognormal, {"low": 0.0, "high": 0.0}, 8000)
    assert_mean(revenue, 0.334938)
    assert_mean(void, 0.565054)
