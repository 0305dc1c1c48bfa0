"""Who takes a ticket at a price before block 0 has signed for it, and the audit looks."""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import run
from experiments.lab.verify import audit_run
from tests.lab.verify.test_verify_columns import Forger

CONFIG = {
    "blocks": 4,
    "chain": {"draw": "lottery", "supply": 6, "maturity": 6},
    "market": {"structure": "et", "genesis": {"handed_out": 0.5, "price_eth": 0.01}},
    "agents": [{"strategy": "truthful", "role": "buyer", "count": 3}],
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("hand_outs") / "run"
    run(CONFIG, out=out)
    return out


def test_a_price_at_genesis_is_signed_for(sound):
    rows = pq.read_table(sound / "tables" / "hand_outs.parquet").to_pylist()
    assert [row["ticket"] for row in rows] == [0, 1]
    assert {row["price_gwei"] for row in rows} == {10**7}
    assert audit_run(sound).is_sound


@pytest.mark.parametrize("column", ["ticket", "account", "price_gwei", "signature"])
def test_a_changed_consent_is_found_out(sound, tmp_path, column):
    forger = Forger(sound, tmp_path / "forged")
    for _ in forger.changes("hand_outs", column, random.Random(1)):
        assert not audit_run(forger.path).is_sound
    forger.restore("hand_outs")


def test_a_missing_consent_is_found_out(sound, tmp_path):
    forger = Forger(sound, tmp_path / "forged")
    table = pq.read_table(sound / "tables" / "hand_outs.parquet")
    for part in (table.slice(0, 1), table.slice(0, 0)):
        pq.write_table(part, forger.path / "tables" / "hand_outs.parquet")
        forger.seal("hand_outs")
        assert not audit_run(forger.path).is_sound


@pytest.mark.parametrize("change", [{"signatures": "off"}, {"overrides": ["market.genesis.price_eth=0"]}])
def test_what_nobody_signed_has_no_table(tmp_path, change):
    run(CONFIG, out=tmp_path / "run", **change)
    assert not (tmp_path / "run" / "tables" / "hand_outs.parquet").exists()
    assert audit_run(tmp_path / "run").is_sound
