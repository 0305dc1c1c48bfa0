"""A live run is made again from its journal: after a kill, by `replay`, by `verify`, behind web3.py."""

from __future__ import annotations

import json
import shutil

import pytest
from web3 import Web3

from experiments import InputError, TestbedProvider, load
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.runs.live_journal import JOURNAL
from experiments.lab.verify import verify_run

CONFIG = {
    "blocks": 30,
    "seed": 3,
    "chain": {"gas_price_gwei": 2},
    "agents": [{"strategy": "truthful", "role": "buyer", "count": 2}],
}
CALLS = {"evm_mine": [], "evm_mine of several": [{"blocks": 3}], "evm_increaseTime": [36]}
TRANSACTION = '{"slot": 4, "kind": "transaction", "raw": "0x02c0"}\n'
DAMAGES = {
    "no JSON": (3, "{]\n"),
    "no object": (3, "[]\n"),
    "unknown kind": (3, '{"slot": 2, "kind": "evm_mine"}\n'),
    "another slot": (3, '{"slot": 7, "kind": "slot"}\n'),
    "true for a slot": (3, '{"slot": true, "kind": "slot"}\n'),
    "no transaction": (3, TRANSACTION.replace("4", "2", 1)),
    "twice the same": (2, None),
    "deep": (3, "[" * 100_000 + "\n"),
}


def play(own):
    """A history with every kind of call: two purchases, a gift, an ask that is withdrawn, refusals."""
    anna, ben = own.provider.accounts
    tickets, market = own.tickets.functions, own.market.functions
    serial = own.buy(anna)
    own.done(tickets.transferFrom(anna.address, ben.address, serial), anna)
    own.send(market.list(serial, 10**18), ben)
    own.send(market.list(serial, 1), ben)
    own.web3.provider.make_request("evm_mine", [{"blocks": 2}])
    own.send(tickets.approve(anna.address, serial), ben)
    own.web3.provider.make_request("evm_increaseTime", [24])
    own.buy(ben)


@pytest.fixture
def ended(edge_of, tmp_path):
    """A live run that was ended in its midst."""
    provider = TestbedProvider(CONFIG, accounts=2, endowment_eth=200.0, out=tmp_path / "live")
    play(edge_of(provider))
    return provider.finish()


def as_if_killed(result):
    """The folder as a process leaves it that is killed: no digest, no summary, tables in parts."""
    about = json.loads((result.path / "manifest.json").read_text())
    for key in ("tables", "digest", "blocks_done"):
        del about[key]
    (result.path / "manifest.json").write_text(json.dumps(about))
    (result.path / "summary.json").unlink()
    shutil.rmtree(result.path / "tables")


def test_it_is_replayed_verified_and_ended_again(ended):
    told = []
    assert ended.summary["blocks"] == 7
    assert all(outcome.is_same for outcome in replay(ended.path).values())
    report = verify_run(ended.path)
    assert report.is_sound, report
    assert not [notice for part in report.parts for notice in part.notices if "not run again" in notice]
    assert resume(ended.path, tell=told.append).summary == ended.summary
    assert told == [f"{ended.path}: a live run: playing its journal, and ending it after 7 blocks"]
    again = TestbedProvider(load(ended.path))
    assert Web3(again).eth.block_number == 7
    assert again.session.finish().summary["digest"] == ended.summary["digest"]


@pytest.mark.parametrize("call", CALLS)
def test_slots_are_played_again_whatever_played_them(call, edge_of, tmp_path):
    provider = TestbedProvider(CONFIG, accounts=2, endowment_eth=200.0, out=tmp_path / "live")
    own = edge_of(provider)
    own.send(own.market.functions.bidInSale(0, 10**19), provider.accounts[0])
    provider.make_request(call.split()[0], CALLS[call])
    clean = provider.finish()
    as_if_killed(clean)
    assert resume(clean.path).summary == clean.summary
    assert clean.summary["blocks"] == (1 if call == "evm_mine" else 3)


def test_one_that_was_killed_before_its_first_block_has_none(tmp_path):
    clean = TestbedProvider(CONFIG, accounts=1, out=tmp_path / "live").finish()
    as_if_killed(clean)
    assert resume(clean.path).summary == clean.summary
    assert all(outcome.is_same for outcome in replay(clean.path).values())


def test_a_last_line_that_was_cut_off_is_dropped_and_said(ended):
    as_if_killed(ended)
    with (ended.path / JOURNAL).open("a") as file:
        file.write('{"slot": 7, "kind": "tran')
    with pytest.raises(InputError, match="line 14 is damaged: it is cut off"):
        TestbedProvider(ended)
    told = []
    assert resume(ended.path, tell=told.append).summary == ended.summary
    assert 'the last line of the journal was cut off, and is dropped: \'{"slot": 7, "kind": "tran\'' in told[0]
    assert all(outcome.is_same for outcome in replay(ended.path).values())


@pytest.mark.parametrize("damage", DAMAGES)
def test_any_other_damage_is_refused_with_its_line(damage, ended):
    number, line = DAMAGES[damage]
    journal = ended.path / JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    lines[number - 1] = line or lines[number - 2]
    journal.write_text("".join(lines))
    for again in (resume, replay, TestbedProvider):
        with pytest.raises(InputError, match=f"journal.jsonl: line {number} is damaged") as refused:
            again(load(ended.path) if again is TestbedProvider else ended.path)
        assert len(str(refused.value)) < 500
    assert load(ended.path).summary == ended.summary


def test_a_journal_that_is_missing_or_too_short_is_named(ended):
    journal = ended.path / JOURNAL
    journal.write_text("".join(journal.read_text().splitlines(keepends=True)[:-1]))
    with pytest.raises(InputError, match="has 6 blocks, the manifest 7"):
        replay(ended.path)
    journal.unlink()
    for again in (resume, replay):
        with pytest.raises(InputError, match="cannot be read: No such file"):
            again(ended.path)
    assert load(ended.path).summary == ended.summary


def test_a_journal_that_leaves_out_a_transaction_does_not_fit(ended):
    """The last purchase is gone from it: the tables have rows that another run does not give."""
    journal = ended.path / JOURNAL
    lines = journal.read_text().splitlines(keepends=True)
    journal.write_text("".join([*lines[:-2], lines[-1]]))
    assert not all(outcome.is_same for outcome in replay(ended.path).values())
    report = verify_run(ended.path)
    assert not report.is_sound
    assert "which only another run by the journal follows" in report.verdict
