"""Words that no run writes, and times before it begins, under digests that fit: a fault each, and no traceback."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from experiments import InputError, run
from experiments.lab.verify import audit_run
from experiments.lab.verify.trace import trace_ticket
from tests.lab.verify.test_verify_columns import WILD, Forger

AGENTS = [
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 4}},
    {"strategy": "truthful", "role": ["buyer", "builder"]},
    {"strategy": WILD, "count": 2},
]
LABELS = {
    "blocks": ("status", "proposer", "builder"),
    "tickets": ("owner", "end"),
    "orders": ("maker", "side", "tif", "outcome"),
    "trades": ("market", "venue", "timing", "seller", "buyer"),
    "auctions": ("market", "format", "seller", "outcome", "winner"),
    "bids": ("bidder", "outcome"),
    "transfers": ("reason", "giver", "taker"),
    "payments": ("reason", "payer", "payee"),
    "violations": ("phase", "agent", "code"),
}


@pytest.fixture(scope="module", params=["ecdsa", "off"])
def sound(request, tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("odd") / request.param
    terms = ["chain.draw=lottery", "chain.supply=8", "chain.maturity=6", "seed=3"]
    run({"agents": AGENTS}, blocks=8, overrides=terms, out=out, signatures=request.param)
    assert audit_run(out).is_sound
    return out


def changed(forger: Forger, table: str, column: str, new: object, with_a: str = "") -> int:
    """Change the last row of a table that has a value in `column` (and in `with_a`); where that is."""
    stored = pq.read_table(forger.source / "tables" / f"{table}.parquet")
    values = stored.column(column).to_pylist()
    beside = stored.column(with_a or column).to_pylist()
    row = max(place for place, value in enumerate(beside) if value is not None and values[place] is not None)
    forger.write(table, column, stored, [*values[:row], new, *values[row + 1 :]])
    return row


@pytest.mark.parametrize(("table", "column"), [(table, name) for table in LABELS for name in LABELS[table]])
def test_a_word_that_no_run_writes_is_a_fault(sound, tmp_path, table, column):
    forger = Forger(sound, tmp_path / "forged")
    changed(forger, table, column, "nonsense")
    fault = audit_run(forger.path).fault
    assert fault is not None


@pytest.mark.parametrize(
    ("table", "column", "says"),
    [
        ("orders", "tif", "gtc, ioc, fok or post_only"),
        ("auctions", "format", "first_price, second_price, english"),
    ],
)
def test_it_is_told_which_words_there_are(sound, tmp_path, table, column, says):
    forger = Forger(sound, tmp_path / "forged")
    changed(forger, table, column, "nonsense", "nonce")
    fault = audit_run(forger.path).fault
    assert (fault.table, fault.column, fault.found) == (table, column, "nonsense")
    assert str(fault.expected).startswith(says)


def test_a_time_before_the_run_is_a_fault(sound, tmp_path):
    forger = Forger(sound, tmp_path / "forged")
    stored = pq.read_table(sound / "tables" / "violations.parquet")
    forger.write("violations", "slot", stored, [-(2**63), *stored.column("slot").to_pylist()[1:]])
    assert str(audit_run(forger.path).fault).startswith("violations, row 0, slot: there is -9223372036854775808")


def traced(place: Path) -> None:
    for serial in pq.read_table(place / "tables" / "tickets.parquet").column("ticket").to_pylist():
        trace_ticket(place, serial)


@pytest.mark.parametrize(
    ("table", "column", "new"),
    [("auctions", "market", "nonsense"), ("bids", "bidder", "nonsense"), ("auctions", "opened_slot", None)],
)
def test_a_trace_of_it_is_one_line(sound, tmp_path, table, column, new):
    forger = Forger(sound, tmp_path / "forged")
    changed(forger, table, column, new, "auction")
    with pytest.raises(InputError, match=rf"{table}, row \d+, {column}: there is .*; the table was changed or"):
        traced(forger.path)
