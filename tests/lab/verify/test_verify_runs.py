"""Sound runs of every kind are found sound, and what cannot be checked is said."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from eth_account import Account

from chain.ledger import Ledger
from chain.titles import Titles
from experiments import run
from experiments.lab.runs.schema import EXTRA, SCHEMAS
from experiments.lab.verify import audit_run, verify_run
from experiments.lab.verify.audit_replay import OWN_ROLES
from experiments.lab.verify.rows import ROWS
from market.exchange import Exchange
from market.pbs import Pbs

AGENTS = [
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 4}},
    {"strategy": "at_once", "role": "seller", "missed_proposal": 0.2},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
    {"strategy": "market_maker", "role": "buyer"},
]
WILD = f"{Path(__file__).with_name('wild.py')}:Wild"
LOTTERY = ["chain.draw=lottery", "chain.supply=9", "chain.maturity=6", "chain.refund=0.5"]


def sound(path: Path) -> dict[str, list[str]]:
    """The notices of a run that is sound, by structure."""
    report = verify_run(path)
    assert report.is_sound, report
    return {part.structure: part.unchecked for part in report.parts}


def test_the_auditor_knows_every_column():
    assert {schema.name for schema in (*SCHEMAS, *EXTRA)} == set(ROWS)
    for schema in (*SCHEMAS, *EXTRA):
        assert ROWS[schema.name]._fields == ("at", *(column.name for column in schema.columns))


def test_three_structures_side_by_side(tmp_path):
    overrides = ['market.structure=["pbs","et","et_expost"]', "chain.maturity=8", "cost.entry=0.0001"]
    result = run({"agents": AGENTS}, blocks=40, overrides=overrides, out=tmp_path / "run")
    assert sound(result.path) == {"pbs": [], "et": [], "et_expost": []}
    assert sound(result.path / "et") == {"et": []}


def test_the_report_counts_what_was_checked(tmp_path):
    result = run({"agents": AGENTS}, blocks=40, overrides=LOTTERY, out=tmp_path / "run")
    report = verify_run(result.path)
    counts = report.parts[0].counts
    assert counts["payments replayed"] == len(result.payments)
    assert counts["transfers replayed"] == len(result.transfers)
    assert counts["trades matched"] == len(result.trades)
    signed = [result.tickets, result.orders, result.auctions, result.bids, result.blocks]
    assert counts["signatures recovered"] == sum(table.signature.notna().sum() for table in signed)
    assert counts["draws made again"] == counts["rewards recomputed"] == 40
    assert report.parts[0].same_again == len(SCHEMAS)
    assert json.loads(json.dumps(report.as_dict()))["structures"]["et"]["checked"] == report.parts[0].checked
    assert "sound" in str(report)


def test_an_unsigned_run_has_no_signatures_to_recover(tmp_path):
    run({"agents": AGENTS}, blocks=30, out=tmp_path / "run", signatures="off")
    (notice,) = sound(tmp_path / "run")["et"]
    assert "unsigned" in notice


def test_an_interrupted_run_is_sound_as_far_as_it_goes(tmp_path):
    overrides = ['market.structure=["et","et_expost"]']
    result = run(
        {"agents": AGENTS}, out=tmp_path / "run", overrides=overrides, progress=lambda _, done, __: done < 20
    )
    assert not result.finished
    assert sound(result.path) == {"et": []}


def test_own_rules_are_checked_as_far_as_they_can_be(tmp_path):
    (tmp_path / "rules.py").write_text(
        "from market.auctions import Award\n"
        "def newest(state, block):\n"
        "    return state.urn[-1]\n"
        "def half(lots):\n"
        "    firsts = [next(iter(lot.offers), None) for lot in lots]\n"
        "    return [first and Award(first.bidder, first.price // 2) for first in firsts]\n"
    )
    config = {"agents": AGENTS, "chain": {"draw": "rules.py:newest"}, "market": {"primary": "rules.py:half"}}
    write_config(tmp_path / "config.toml", config)
    run(tmp_path / "config.toml", blocks=30, out=tmp_path / "run")
    notices = sound(tmp_path / "run")["et"]
    assert [notice.split(" is ")[0] for notice in notices] == ["the draw rule", "the primary pricing"]
    shutil.rmtree(tmp_path / "run" / "files")
    assert any("not run again" in notice for notice in sound(tmp_path / "run")["et"])


def write_config(path: Path, config: dict[str, object]) -> None:
    lines = [
        f"{key}.{name} = {json.dumps(value)}" for key in ("chain", "market") for name, value in config[key].items()
    ]
    for group in config["agents"]:
        lines.append("[[agents]]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in group.items() if key != "parameters"]
    path.write_text("\n".join(lines))


def test_who_may_build_is_in_the_manifest(tmp_path):
    """A strategy of the user's own is not asked what it plays; a manifest of before does not say it."""
    (tmp_path / "mine.py").write_text(
        "from strategies.buyers.truthful import Truthful\nclass Mine(Truthful): ...\n"
    )
    agents = [AGENTS[1], {"strategy": f"{tmp_path}/mine.py:Mine", "count": 3}]
    run({"agents": agents}, blocks=30, out=tmp_path / "run")
    with (tmp_path / "run" / "files" / "mine.py").open("a") as file:
        file.write("# a word more\n")
    report = verify_run(tmp_path / "run")
    assert report.parts[0].unchecked == [OWN_ROLES]
    assert "et: 10 tables the same; changed since the run: mine.py" in str(report)
    shutil.rmtree(tmp_path / "run" / "files")
    roles, again = sound(tmp_path / "run")["et"]
    assert roles == OWN_ROLES
    assert "not run again: agents.1.strategy: there is no file" in again
    file = tmp_path / "run" / "manifest.json"
    about = json.loads(file.read_text())
    for account in about["accounts"]:
        del account["roles"]
    file.write_text(json.dumps(about))
    costs, *_ = sound(tmp_path / "run")["et"]
    assert costs == "costs are not recomputed: who may build is not known (mine-2)"


def test_replayed_rewards_are_checked_where_their_file_is_there(tmp_path):
    file = tmp_path / "rewards.csv"
    file.write_text("payment_eth\n" + "\n".join(str(0.01 * (1 + block % 7)) for block in range(40)))
    reward = {"process": "replay", "file": str(file)}
    run({"agents": AGENTS, "reward": reward}, blocks=30, out=tmp_path / "run")
    assert verify_run(tmp_path / "run").parts[0].counts["rewards recomputed"] == 30
    shutil.rmtree(tmp_path / "run" / "files")
    rewards, _ = sound(tmp_path / "run")["et"]
    assert "rewards are not recomputed" in rewards


def test_a_users_own_key_is_taken_as_published(tmp_path, monkeypatch):
    secret = Account.encrypt("0x" + "17" * 32, "open sesame", kdf="pbkdf2", iterations=2)
    (tmp_path / "key.json").write_text(json.dumps(secret))
    agents = [*AGENTS, {"strategy": "truthful", "role": "buyer", "keystore": str(tmp_path / "key.json")}]
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "open sesame")
    run({"agents": agents}, blocks=30, out=tmp_path / "run")
    assert sound(tmp_path / "run") == {"et": []}
    monkeypatch.delenv("ET_TESTBED_PASSWORD")
    (notice,) = sound(tmp_path / "run")["et"]
    assert "ET_TESTBED_PASSWORD" in notice


def pays_less(ledger, account, gwei, ticket=None):
    ledger._move("release", *pots(account), max(gwei - 1, 0), ticket)


def pots(account):
    return 6 + 2 * account, 5 + 2 * account


SABOTAGE = {
    "escrow keeps a Gwei": (Ledger, "release", pays_less),
    "entry is free": (Ledger, "spend", lambda *_: None),
    "refunds are not paid": (Ledger, "refund", lambda *_: None),
    "orders never expire": (Exchange, "expire", lambda *_: None),
    "proposers build for nothing": (Pbs, "_exploit", lambda _, right, *given: (right.proposer, 0, given[-1])),
    "burned tickets are not written down": (Titles, "_write", lambda *_: None),
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_a_wrong_engine_is_found_out(name, tmp_path, monkeypatch):
    """The audit shares no settlement with the engine, so that it finds what another run would only repeat."""
    monkeypatch.setattr(*SABOTAGE[name])
    run(
        {"agents": [*AGENTS, {"strategy": WILD}]},
        blocks=40,
        overrides=[*LOTTERY, "cost.entry=0.0001"],
        out=tmp_path / "run",
    )
    assert not audit_run(tmp_path / "run").is_sound
