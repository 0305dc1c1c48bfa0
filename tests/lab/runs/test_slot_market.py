"""The open auction of blocks inside a run."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import InputError, run
from experiments.lab.config.config import Config
from experiments.lab.played.replayed_run import replay
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.verify import audit_run, verify_run

SELLERS = {"strategy": "at_maturity", "role": "seller", "count": 2, "parameters": {"capacity": 6}}
BUILDERS = [
    {"strategy": {"buyer": "truthful", "builder": name}, "latency_ms": latency}
    for name, latency in (("naive", 10), ("adaptive", 10), ("latency_aware", 30), ("stealth", 20), ("learner", 10))
]
OPEN = {"pbs": "slot_auction", "slot_auction": {"bids": True}}


def config(market=None, agents=None, **keys):
    return {
        "blocks": 20,
        "seed": 3,
        "chain": {"maturity": 6},
        "reward": {"process": "mevboost"},
        "cost": {"high": 0.02},
        "market": {"structure": "pbs", **OPEN, **(market or {})},
        "agents": [SELLERS, *(agents or BUILDERS)],
        **keys,
    }


@pytest.mark.parametrize("structure", ["pbs", "et_expost"])
@pytest.mark.parametrize("signatures", ["off", "ecdsa"])
def test_a_run_is_sound(tmp_path, structure, signatures):
    wild = {"strategy": "bluff", "role": "builder", "missed_proposal": 0.1}
    market = {"structure": structure, "slot_auction": {"bids": True, "end_sd_ms": 40, "floor_eth": 0.001}}
    result = run(config(market, [*BUILDERS, wild], blocks=8), signatures=signatures, out=tmp_path / "run")
    report = verify_run(result.path)
    assert report.is_sound, report
    assert report.parts[0].counts["bids in open auctions followed"] == len(result.slot_bids) > 0
    assert result.slot_bids["signature"].notna().all() == (signatures == "ecdsa")
    assert all(outcome.is_same for outcome in replay(result.path).values())


def test_what_stands_at_the_end_is_bid_and_the_best_is_paid(tmp_path):
    result = run(config(), out=tmp_path / "run")
    rows = result.slot_bids
    last = rows.groupby(["slot", "builder"], observed=True)["bid_gwei"].last()
    sold = result.blocks[result.blocks["block_price_gwei"].notna()]
    assert len(sold) > 10
    for block in sold.to_dict("records"):
        assert block["block_price_gwei"] == last[block["slot"]].max()
        assert last[block["slot"], block["builder"]] == block["block_price_gwei"]
        assert block["block_price_gwei"] <= block["net_gwei"]  # nobody bluffs here
    assert (rows["ms"] <= 12_000).all()


def test_the_table_is_there_only_where_it_is_asked_for(tmp_path):
    told = run(config(), signatures="off", out=tmp_path / "told")
    silent = run(config({"slot_auction": {"bids": False}}), signatures="off", out=tmp_path / "silent")
    assert set(told.tables()) - set(silent.tables()) == {"slot_bids"}
    assert told.blocks.equals(silent.blocks)
    assert verify_run(silent.path).is_sound


ALL_TERMS = {
    "bids": True,
    "relay_delay_ms": [40, 0, 15],
    "access": [0.5, 0.9],
    "late_ms": 1500,
    "end_sd_ms": 200,
    "miss_at_ms": 1600,
    "min_bid_eth": 0.02,
    "stop_eth": 0.2,
    "floor_eth": 0.001,
}


@pytest.mark.parametrize(
    ("structure", "terms"),
    [("pbs", {}), ("pbs", {"cancellations": False}), ("et", {"bids": False, "stop_eth": None})],
)
def test_a_run_on_all_terms_at_once_is_sound(tmp_path, structure, terms):
    market = {"structure": structure, "slot_auction": {**ALL_TERMS, **terms}}
    result = run(
        config(market, [*BUILDERS, {"strategy": "truthful"}], blocks=14), out=tmp_path / "run", signatures="off"
    )
    report = verify_run(result.path)
    assert report.is_sound, report
    assert set(result.blocks["status"]) >= {"proposed", "missed"}
    if terms.get("bids", True):
        assert set(result.slot_bids["relay"]) == {0, 1, 2}


def test_a_late_header_misses_the_slot_and_what_goes_with_it(tmp_path):
    """Half of the slots are missed where the proposer comes at `miss_at_ms`; in none of them anyone is paid, and
    the ticket's collateral pays the fee."""
    terms = {"late_ms": 2000, "miss_at_ms": 2000}
    keys = {"blocks": 120, "chain": {"maturity": 6, "collateral_eth": 0.5}}
    result = run(
        config({"structure": "et", "slot_auction": terms}, **keys), out=tmp_path / "run", signatures="off"
    )
    blocks = result.blocks
    missed = blocks[blocks["status"] == "missed"]
    drawn = blocks["status"].isin(["missed", "proposed"]).sum()
    assert abs(len(missed) - drawn / 2) < 4 * drawn**0.5 / 2
    assert missed["builder"].isna().all()
    assert not missed["net_gwei"].any()
    assert missed["block_price_gwei"].isna().all()
    fees = result.payments[result.payments["reason"] == "missed"]
    assert len(fees) == len(missed)
    assert set(fees["amount_gwei"]) == {5 * 10**8}
    assert verify_run(result.path).is_sound
    sharp = run(config({"structure": "et", "slot_auction": {"late_ms": 2000}}, **keys), signatures="off")
    assert "missed" not in set(sharp.blocks["status"])


def test_a_builder_makes_what_reaches_it_of_the_order_flow():
    """With private signals alone, of which an access probability of a half reaches each builder, half of the value
    does on average; who builds the block makes that much of it and never pays more."""
    terms = {"access": [0.5, 0.5], "public_rate": 0, "private_rate": 0.3, "bids": True}
    keys = {"cost": {"low": 0.0, "high": 0.0}, "reward": {"process": "constant", "value": 1.0}}
    agents = [{"strategy": {"buyer": "truthful", "builder": "naive"}, "latency_ms": 10}]
    result = run(config({"slot_auction": terms}, agents, blocks=150, **keys), signatures="off")
    shares = result.blocks["net_gwei"] / result.blocks["reward_gwei"]
    assert abs(shares.mean() - 0.5) < 4 * shares.sem()
    assert (result.blocks["block_price_gwei"].dropna() <= result.blocks["net_gwei"]).all()
    assert (result.blocks["best_gwei"] >= result.blocks["net_gwei"]).all()


def test_the_proposer_keeps_a_block_that_no_bid_is_good_enough_for():
    low, high = (run(config({"slot_auction": {"min_bid_eth": eth}}), signatures="off") for eth in (0, 1000))
    assert low.summary["block_sales"] > 0
    assert high.summary["block_sales"] == 0


def test_the_auction_of_a_run_stops_at_a_bid_that_is_enough():
    rows = run(config({"slot_auction": {"bids": True, "stop_eth": 0.03}}), signatures="off").slot_bids
    for _, slot in rows.groupby("slot"):
        enough = slot[slot["bid_gwei"] >= 3 * 10**7]
        assert enough.empty or slot["ms"].max() == enough["ms"].min()
    assert (rows["bid_gwei"] >= 3 * 10**7).any()


def test_the_faster_relay_is_the_one_that_decides():
    one, two = (
        run(config({"slot_auction": {"relay_delay_ms": delay}}), signatures="off").blocks
        for delay in (5, [500, 5])
    )
    assert one["block_price_gwei"].equals(two["block_price_gwei"])


def test_without_cancellations_a_bluff_is_paid():
    agents = [*BUILDERS[:2], {"strategy": {"buyer": "truthful", "builder": "bluff"}, "latency_ms": 10}]
    keys = {"reward": {"process": "constant", "value": 0.1}}
    kept, taken_back = (
        run(config({"slot_auction": {"cancellations": on}}, agents, **keys), signatures="off").blocks
        for on in (False, True)
    )
    assert set(kept["block_price_gwei"].dropna()) == {2 * 10**8}
    assert (taken_back["block_price_gwei"].dropna() < 10**8).all()


def test_truthful_builders_pay_what_they_pay_in_a_sealed_sale_but_for_a_step():
    """A sealed bid is bid up by steps of a hundredth: second price up to one of them."""
    agents = [{"strategy": "truthful", "role": ["buyer", "builder"], "count": 4, "latency_ms": 0}]
    keys = {"reward": {"process": "uniform", "low": 0.2, "high": 0.4}, "cost": {"low": 0.0, "high": 0.1}}
    markets = ({"pbs": "sealed"}, {"pbs": "slot_auction", "slot_auction": {"relay_delay_ms": 0}})
    sealed, opened = (run(config(market, agents, **keys), signatures="off").blocks for market in markets)
    more = (opened["block_price_gwei"] - sealed["block_price_gwei"]).to_numpy(float)
    assert not np.isnan(more).any()
    assert ((more >= 0) & (more <= opened["best_gwei"].to_numpy() // 100)).all()
    assert more.any()


def test_a_block_becomes_known_alike_whoever_sells_it():
    values = []
    for structure in ("pbs", "et_expost"):
        agents = [
            {"strategy": "keep", "role": "seller", "can_build": True},
            {"strategy": "naive", "role": "builder", "parameters": {"margin_eth": 0, "margin_sd_eth": 0}},
            {"strategy": "truthful", "role": "buyer"},
        ]
        market = {"structure": structure, "resale": "ex_post"}
        result = run({**config(market, blocks=40), "agents": agents}, signatures="off")
        rows = result.slot_bids
        values.append({(row["slot"], row["ms"]): row["value_gwei"] for row in rows.to_dict("records")})
    shared = values[0].keys() & values[1].keys()
    assert len(shared) > 20
    assert all(values[0][key] == values[1][key] for key in shared)


@pytest.mark.parametrize("answer", ["raise RuntimeError('no idea')", "return -5", "return 'much'"])
def test_what_a_strategy_does_wrong_is_recorded(tmp_path, answer):
    (tmp_path / "odd.py").write_text(
        "from strategies.slot_bidding import SlotBuilder\n\n\n"
        "class Odd(SlotBuilder):\n    responds = True\n\n"
        f"    def respond(self, ms, value, best, leads):\n        {answer}\n"
    )
    agents = [*BUILDERS[:2], {"strategy": f"{tmp_path / 'odd.py'}:Odd", "role": "builder"}]
    result = run(config(agents=agents, blocks=3), signatures="off")
    assert set(result.violations["agent"]) == {"odd-5"}
    assert set(result.violations["code"]) == {"strategy_raised"}
    assert "odd-5" not in set(result.slot_bids["builder"])
    assert result.summary["block_sales"] == 3


def plain(kind):
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def forge(path, column, change):
    """Change a figure of the table's middle row, with digests to match."""
    file = path / "tables" / "slot_bids.parquet"
    table = pq.read_table(file)
    values = table.column(column).to_pylist()
    values[len(values) // 2] = change(values[len(values) // 2])
    index, field = table.schema.get_field_index(column), table.schema.field(column)
    pq.write_table(table.set_column(index, field, pa.array(values, plain(field.type)).cast(field.type)), file)
    about = json.loads((path / "manifest.json").read_text())
    about["tables"]["slot_bids"] = table_digest(file)
    about["digest"] = run_digest(about["tables"])
    (path / "manifest.json").write_text(json.dumps(about))


@pytest.mark.parametrize(
    ("column", "change"),
    [
        ("auction", lambda x: x + 1),
        ("slot", lambda x: x + 1),
        ("ms", lambda x: x + 13_000),
        ("relay", lambda x: x + 1),
        ("builder", lambda _: "at_maturity-1"),
        ("bid_gwei", lambda x: x + 7),
        ("value_gwei", lambda x: x + 1),
        ("cancelled", lambda x: not x),
        ("signature", lambda x: x[:40] + b"\1" + x[41:]),
    ],
)
def test_a_changed_bid_is_found_out(tmp_path, column, change):
    run(config(blocks=3), out=tmp_path / "run")
    forge(tmp_path / "run", column, change)
    fault = audit_run(tmp_path / "run").fault
    assert fault is not None
    assert fault.table in ("slot_bids", "bids")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("relay_delay_ms", -1),
        ("relay_delay_ms", []),
        ("late_ms", 13_000),
        ("public_rate", -1),
        ("end_sd_ms", "soon"),
        ("access", [0.9, 0.8]),
        ("miss_scale_ms", 0),
        ("stop_eth", 0),
    ],
)
def test_terms_that_make_no_sense_are_refused(key, value):
    with pytest.raises(InputError, match=f"slot_auction.{key}"):
        run(config({"slot_auction": {key: value}}))


def test_the_default_is_the_sealed_sale():
    assert Config().market.pbs == "sealed"
    assert not Config().market.slot_auction.bids
