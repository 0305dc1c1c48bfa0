"""What is kept of a run that is played live."""

from __future__ import annotations

import json

import pytest
from web3.exceptions import Web3RPCError

from experiments import InputError, TestbedProvider, load, run
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.verify import verify_run

CONFIG = {"blocks": 12, "seed": 3, "market": {"structure": "et"}}


def test_one_that_nobody_took_part_in_is_the_run_of_its_config(tmp_path):
    provider = TestbedProvider(CONFIG, out=tmp_path / "live")
    for _ in range(12):
        provider.session.mine()
    live, plain = provider.finish(), run(CONFIG)
    assert live.finished
    assert live.summary["digest"] == plain.summary["digest"]
    assert verify_run(tmp_path / "live").is_sound
    assert all(outcome.is_same for outcome in replay(tmp_path / "live").values())
    assert provider.finish() is live
    with pytest.raises(InputError, match="holds a run already"):
        TestbedProvider(CONFIG, out=tmp_path / "live")
    TestbedProvider(CONFIG, out=tmp_path / "live", force=True)


def test_one_with_transactions_has_its_tables_and_takes_no_more(edge_of, tmp_path):
    provider = TestbedProvider(CONFIG, accounts=1, endowment_eth=200.0, out=tmp_path / "live")
    own = edge_of(provider)
    serial = own.buy(provider.accounts[0])
    result = provider.finish()
    assert not result.finished
    buyer = provider.session.engine.state.accounts[-1].name
    assert result.trades.buyer[result.trades.ticket == serial].tolist() == [buyer]
    assert load(tmp_path / "live").summary == result.summary
    with pytest.raises(Web3RPCError, match="the run is over"):
        own.send(own.market.functions.cancel(0), provider.accounts[0])


def test_one_of_an_earlier_version_without_a_journal_is_not_made_again(tmp_path):
    run(CONFIG, out=tmp_path / "old")
    manifest = tmp_path / "old" / "manifest.json"
    about = json.loads(manifest.read_text()) | {"finished": False, "transactions": 1}
    manifest.write_text(json.dumps(about))
    for again in (verify_run, replay, resume):
        with pytest.raises(InputError, match="took 1 transactions from outside, and has no journal"):
            again(tmp_path / "old")
