"""One changed figure anywhere in a run is noticed, also where digests and summary were rewritten to match."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import run
from experiments.lab.runs.digest import run_digest, table_digest
from experiments.lab.runs.schema import SCHEMAS
from experiments.lab.runs.summary import summarise
from experiments.lab.verify import Report, audit_run, verify_run

WILD = f"{Path(__file__).with_name('wild.py')}:Wild"

TERMS = {
    "lottery": [
        "chain.draw=lottery",
        "chain.supply=9",
        "chain.maturity=6",
        "chain.refund=0.5",
        "chain.lookahead=1",
    ],
    "claim": ["chain.draw=claim", "chain.supply=6", "chain.maturity=5", "chain.unclaimed=empty"],
    "unsigned": ["chain.draw=lottery", "chain.supply=9", "chain.maturity=6", "chain.refund=0.5"],
}
SIGNALLING = "signals"  # the case in which everyone sees posted prices and a volatility index
SIGNALS = ["chain.draw=epoch", "chain.maturity=32", "market.primary=eip1559", "cost.distribution=capture"]
WORTH = ["reward.process=mevboost", "cost.high=0.02", "cost.entry=0.0001", "cost.primary_entry=0.00002"]
CASES = {**TERMS, SIGNALLING: SIGNALS}
PLACES = [
    (case, schema.name, column.name)
    for case in CASES
    for schema in SCHEMAS
    for column in schema.columns
    if (schema.name == "signals") == (case == SIGNALLING)
]
CLAIMS = ("orders",)  # the table that looks otherwise under the rule `claim`; the rest of that run is slow
FEW = [
    place
    for place in PLACES
    if place[0] in ("lottery", SIGNALLING) or (place[0] == "claim" and place[1] in CLAIMS)
]

LONG = [(f"{case} long", table, column) for case, table, column in PLACES]
SIZES = {"": (10, 6), "long": (24, 5)}
"""Blocks and seed of a run: so many are enough for everything to happen, see `test_the_run_has_it_all`."""

AGENTS = [
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 4}},
    {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 3}},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3, "missed_proposal": 0.2},
    {"strategy": "market_maker", "role": "buyer", "can_build": False},
    {"strategy": WILD, "latency_ms": 70, "missed_proposal": 0.3},
]

ONE_TRACE = {
    ("violations", "slot"): "a refusal may have happened a slot later, if the next one did not happen before that",
    ("violations", "agent"): "an agent of the same latency may have been refused just so",
    ("violations", "code"): "a refusal changes nothing, so that its reason cannot be worked out",
    ("violations", "message"): "nor the text of it",
}
"""What the audit alone cannot check; another run of the config shows it."""


class Change(NamedTuple):
    """One figure and what it is changed to."""

    row: int
    old: object
    new: object


class Forger:
    """A copy of a run in which figures are changed, with digests and summary to match."""

    def __init__(self, source: Path, place: Path) -> None:
        self.source = source
        self.path = place
        shutil.copytree(source, place)

    def changes(self, table: str, column: str, dice: random.Random) -> Iterator[Change]:
        """Everything that may be done to the column in a random row; each time the rest is as it was."""
        stored = pq.read_table(self.source / "tables" / f"{table}.parquet")
        values = stored.column(column).to_pylist()
        row = dice.randrange(len(values))
        for new in others(values[row], stored.schema.field(column).type, values, dice):
            self.write(table, column, stored, [*values[:row], new, *values[row + 1 :]])
            yield Change(row, values[row], new)

    def write(self, table: str, column: str, stored: pa.Table, values: list[Any]) -> None:
        file = self.path / "tables" / f"{table}.parquet"
        field = stored.schema.field(column)
        kind = field.type.value_type if pa.types.is_dictionary(field.type) else field.type
        array = pa.array(values, kind)
        changed = array.dictionary_encode() if pa.types.is_dictionary(field.type) else array
        pq.write_table(stored.set_column(stored.schema.get_field_index(column), field, changed), file)
        self.seal(table)

    def seal(self, table: str) -> None:
        """Make the manifest and the summary fit the changed table."""
        manifest, summary = (
            json.loads((self.source / f"{name}.json").read_text()) for name in ("manifest", "summary")
        )
        manifest["tables"][table] = table_digest(self.path / "tables" / f"{table}.parquet")
        manifest["digest"] = summary["digest"] = run_digest(manifest["tables"])
        agents = [account["name"] for account in manifest["accounts"][1:]]
        with suppress(TypeError, ValueError, KeyError):  # where the summary's own figures are missing
            summary |= summarise(self.path / "tables", agents)
        (self.path / "manifest.json").write_text(json.dumps(manifest))
        (self.path / "summary.json").write_text(json.dumps(summary))

    def restore(self, table: str) -> None:
        shutil.copy(self.source / "tables" / f"{table}.parquet", self.path / "tables" / f"{table}.parquet")


def others(value: Any, kind: pa.DataType, column: list[Any], dice: random.Random) -> list[Any]:
    """What a figure may be changed to: one more or less, another label, a flipped bit, nothing, something."""
    there = sorted({other for other in column if other is not None and other != value})
    another = [dice.choice(there)] if there else []
    if value is None:
        return another or ([bytes(kind.byte_width)] if pa.types.is_fixed_size_binary(kind) else [])
    if pa.types.is_boolean(kind):
        return [None, not value]
    if pa.types.is_integer(kind) or pa.types.is_floating(kind):
        return [None, value + dice.choice((1, -1))]
    if pa.types.is_fixed_size_binary(kind):
        return [None, flipped(value, dice.randrange(8 * len(value)))]
    return [None, *another]


def flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def has_one_trace(forger: Forger, table: str, column: str, row: int) -> bool:
    """Whether the audit alone may overlook the figure: see `ONE_TRACE`, and the terms of messages without a
    signature that came to nothing, and when an ask was cancelled, which is not signed and moves no money."""
    if (table, column) in ONE_TRACE or (forger.source.name == "unsigned" and table in ("orders", "auctions")):
        return True
    if (table, column) != ("orders", "end_slot"):
        return False
    stored = pq.read_table(forger.source / "tables" / "orders.parquet").slice(row, 1).to_pylist()[0]
    return stored["side"] == "ask" and stored["outcome"] == "cancelled"


@pytest.fixture(scope="module")
def sound_run(tmp_path_factory) -> Callable[[str], Path]:
    """Where a case's run lies; each is played once."""
    return cache(lambda case: play(case, tmp_path_factory.mktemp("verify")))


@pytest.fixture
def sound(request, sound_run) -> Path:
    return sound_run(request.param)


def play(case: str, place: Path) -> Path:
    """A small run in which everything happens: books, auctions, refusals, missed blocks, expiries, entry costs."""
    name, _, length = case.partition(" ")
    blocks, seed = SIZES[length]
    out = place / name
    terms = [*CASES[name], *WORTH, f"seed={seed}"]
    signatures = "off" if name == "unsigned" else "ecdsa"
    result = run({"agents": AGENTS}, blocks=blocks, overrides=terms, out=out, signatures=signatures)
    assert audit_run(out).is_sound
    assert all(len(getattr(result, table)) for case, table, _ in PLACES if case == name)
    return out


@pytest.fixture
def forger(sound, tmp_path) -> Forger:
    return Forger(sound, tmp_path / "forged")


@pytest.mark.parametrize("sound", [*TERMS, *(f"{case} long" for case in TERMS)], indirect=True)
def test_the_run_has_it_all(sound):
    """Else a column would be checked where nothing hangs on it."""
    rows = {
        schema.name: pq.read_table(sound / "tables" / f"{schema.name}.parquet").to_pandas() for schema in SCHEMAS
    }
    assert {"filled", "cancelled", "killed"} <= set(rows["orders"].outcome)
    assert {"won", "lost", "replaced", "withdrawn"} <= set(rows["bids"].outcome)
    assert {"primary", "secondary", "block"} <= set(rows["auctions"].market)
    assert {"lock", "release", "primary", "trade", "block", "reward", "cost", "entry", "primary_entry"} <= set(
        rows["payments"].reason
    )
    assert {"proposed", "missed"} <= set(rows["blocks"].status)
    if sound.name == "claim":
        assert "claimed" in set(rows["orders"].outcome)
    else:
        assert "refund" in set(rows["payments"].reason)
        assert "expired" in set(rows["tickets"].end)


def check(forger: Forger, table: str, column: str, dice: random.Random) -> None:
    """Change the column in a random row in every way; every change is noticed."""
    for change in forger.changes(table, column, dice):
        report = audit_run(forger.path)
        if report.is_sound and has_one_trace(forger, table, column, change.row):
            report = verify_run(forger.path)
        assert names_a_place(report), f"{table}.{column}: {change} went unnoticed"


def names_a_place(report: Report) -> bool:
    return report.fault is not None and not report.is_sound and bool(report.fault.table)


@pytest.mark.parametrize(("sound", "table", "column"), FEW, ids=map(".".join, FEW), indirect=["sound"])
def test_a_changed_figure_is_noticed(forger, table, column):
    check(forger, table, column, random.Random(f"{table}.{column}"))


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(("sound", "table", "column"), LONG, ids=map(".".join, LONG), indirect=["sound"])
def test_changed_figures_are_noticed_in_many_rows(forger, table, column, seed):
    check(forger, table, column, random.Random(f"{table}.{column}.{seed}"))


@pytest.mark.parametrize("sound", ["lottery"], indirect=True)
def test_a_figure_that_the_digests_do_not_fit_is_noticed_at_once(forger):
    stored = pq.read_table(forger.source / "tables" / "trades.parquet")
    prices = stored.column("price_gwei").to_pylist()
    forger.write("trades", "price_gwei", stored, [prices[0] + 1, *prices[1:]])
    shutil.copy(forger.source / "manifest.json", forger.path / "manifest.json")
    report = audit_run(forger.path)
    assert (report.fault.table, report.fault.column) == ("manifest.json", "tables.trades")
