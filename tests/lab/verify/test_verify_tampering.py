"""What a forger may do to rows and to the manifest, with digests and summary redone: it is noticed, or inert."""

from __future__ import annotations

import copy
import json
import random
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from experiments import InputError, run
from experiments.lab.runs.schema import SCHEMAS
from experiments.lab.verify import audit_run, verify_run
from tests.lab.verify.test_verify_columns import AGENTS, TERMS, Forger

TABLES = [schema.name for schema in SCHEMAS if schema.name != "signals"]
WAYS = ("deleted", "duplicated", "swapped", "reordered")
INERT = re.compile(
    r"versions\..*|turns\..*|files\..*|config\.isolation\..*|config\.chain\.(window|epoch|gas_price_gwei|genesis_time)"
    r"|config\.cost\.volatility|config\.agents\.[23]\.primary_entry_eth"  # who bids for no ticket of the protocol
    r"|config\.market\.reserve\.(share|window)"
    r"|config\.market\.((dutch|eip1559|amm|elowsson|genesis|slot_auction)\..*|just_in_time)"
    r"|config\.agents\.\d+\.(specialisation\..*|can_build|password_env|strategy|signal_sigma|signal_per|parameters\..*|missed_proposal)"
)
"""What the audit lets pass in the manifest of this run, as docs/runs.md says: keys of what the run has not, how it
was carried out, and how agents play, of which their messages are the only trace."""


@pytest.fixture(scope="module")
def sound(tmp_path_factory) -> Path:
    """A run in which everything happens."""
    out = tmp_path_factory.mktemp("tamper") / "lottery"
    terms = [*TERMS["lottery"], "cost.entry=0.0001", "cost.primary_entry=0.00002", "seed=3"]
    run({"agents": AGENTS}, blocks=24, overrides=terms, out=out)
    assert audit_run(out).is_sound
    return out


@pytest.fixture
def forger(sound, tmp_path) -> Forger:
    return Forger(sound, tmp_path / "forged")


def rows_of(way: str, length: int, dice: random.Random) -> list[int]:
    """The rows that a forged table has, by their places in the true one."""
    rows = list(range(length))
    one, other = dice.sample(rows, 2)
    if way == "deleted":
        del rows[one]
    elif way == "duplicated":
        rows.insert(one, one)
    elif way == "swapped":
        rows[one], rows[other] = other, one
    else:
        dice.shuffle(rows)
    return rows


def forge_rows(forger: Forger, table: str, way: str, dice: random.Random) -> bool:
    """Whether what was done to the table is another table at all."""
    stored = pq.read_table(forger.source / "tables" / f"{table}.parquet")
    changed = stored.take(rows_of(way, stored.num_rows, dice))
    pq.write_table(changed, forger.path / "tables" / f"{table}.parquet")
    forger.seal(table)
    return bool(changed.to_pylist() != stored.to_pylist())


def is_noticed(path: Path) -> bool:
    """By the audit; or, for what leaves one trace alone, by another run."""
    try:
        return not (audit_run(path).is_sound and verify_run(path).is_sound)
    except InputError:
        return True


def check_rows(forger: Forger, table: str, way: str, seed: int) -> None:
    dice = random.Random(f"{table}.{way}.{seed}")
    assert not forge_rows(forger, table, way, dice) or is_noticed(forger.path), f"{table}: {way} went unnoticed"


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("way", WAYS)
def test_rows_that_are_not_as_they_were_are_noticed(forger, table, way):
    check_rows(forger, table, way, 0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 20))
@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("way", WAYS)
def test_rows_that_are_not_as_they_were_are_noticed_anywhere(forger, table, way, seed):
    check_rows(forger, table, way, seed)


def scalars(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where the scalars of a JSON document stand."""
    if isinstance(value, dict):
        pairs: Any = value.items()
    elif isinstance(value, list):
        pairs = enumerate(value)
    else:
        yield path
        return
    for key, below in pairs:
        yield from scalars(below, (*path, key))


def other(value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return value + 1
    if isinstance(value, float):
        return value * 1.5 + 0.01
    if isinstance(value, str):
        return value[:-1] + ("1" if value.endswith("0") else "0")
    return 1


def forge_manifest(source: Path, target: Path, place: tuple[Any, ...]) -> None:
    about = json.loads((source / "manifest.json").read_text())
    document = copy.deepcopy(about)
    *above, last = place
    inside = document
    for key in above:
        inside = inside[key]
    inside[last] = other(inside[last])
    (target / "manifest.json").write_text(json.dumps(document))


def is_let_pass(sound: Path, target: Path, place: tuple[Any, ...]) -> bool:
    """Whether the audit says nothing of a scalar that was changed."""
    forge_manifest(sound, target, place)
    try:
        return audit_run(target).is_sound
    except InputError:
        return False


def check_scalars(sound: Path, target: Path, places: list[tuple[Any, ...]]) -> None:
    shutil.copytree(sound, target)
    passed = [".".join(map(str, place)) for place in places if is_let_pass(sound, target, place)]
    assert [name for name in passed if not INERT.fullmatch(name)] == []


def test_a_few_scalars_of_the_manifest_are_noticed_or_inert(sound, tmp_path):
    places = list(scalars(json.loads((sound / "manifest.json").read_text())))
    check_scalars(sound, tmp_path / "forged", random.Random(8).sample(places, 25))


@pytest.mark.slow
def test_every_scalar_of_the_manifest_is_noticed_or_inert(sound, tmp_path):
    places = list(scalars(json.loads((sound / "manifest.json").read_text())))
    assert len(places) > 150
    check_scalars(sound, tmp_path / "forged", places)
