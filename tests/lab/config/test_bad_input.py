"""Bad input: exit 2 and one line that names the value and the remedy."""

from __future__ import annotations

import pytest

CASES = [
    (["nofile.toml"], "nofile.toml: no such file"),
    (["--set", "chain.supply=-1"], "chain.supply"),
    (["--set", "chain.supply=many"], "'many'"),
    (["--set", "chain.suply=33"], "did you mean 'supply'"),
    (["--set", "chain.maturity=x"], "chain.maturity"),
    (["--set", "chain.supply=40"], "supply = maturity + 1 = 33"),
    (["--set", "chain.maturity=none"], "needs a number of blocks"),
    (["--set", "chain.draw=lotery"], "did you mean 'lottery'"),
    (["--set", "chain.draw=nofile.py:draw"], "no file nofile.py"),
    (["--set", "chain.lookahead=33"], "lookahead is 33"),
    (["--set", "chain.refund=1.5"], "chain.refund"),
    (["--set", "reward.process=constant", "--set", "reward.value=nan"], "finite"),
    (["--set", "reward.process=constant", "--set", "reward.value=inf"], "finite"),
    (["--set", "reward.process=ar1", "--set", "reward.phi=1.0"], "reward.phi"),
    (["--set", "reward.process=uniform", "--set", "reward.low=2"], "low"),
    (["--set", "reward.process=guess"], "'guess' is not one of constant"),
    (["--set", "reward.process=replay", "--set", "reward.file=none.csv"], "none.csv: no such file"),
    (["--set", "cost.low=1"], "above high"),
    (["--set", "cost.high=nan"], "finite"),
    (["--set", "agents=[]"], "the list is empty"),
    (["--set", "agents.0.strategy=at_onc"], "did you mean 'at_once'"),
    (["--set", "agents.0.strategy=truthful"], "it is a buyer"),
    (["--set", "agents.0.parameters.capacty=1"], "did you mean 'capacity'"),
    (["--set", "agents.0.parameters.capacity=nan"], "capacity"),
    (["--set", "agents.0.endowment_eth=nan"], "endowment_eth"),
    (["--set", "agents.0.keystore=none.json"], "ET_TESTBED_PASSWORD"),
    (["--set", "market.structure=pbs", "--set", "market.pbs=off"], "market.pbs"),
    (["--set", "market.structure=et_expost", "--set", "market.resale=never"], "resale"),
    (["--set", "market.primary=first"], "second_price"),
    (["--set", "nonsense"], "key.path=value"),
    (["--blocks", "0"], "blocks"),
    (["--blocks", "ten"], "--blocks"),
    (["--seed", "-1"], "seed"),
    (["--signatures", "rsa"], "ecdsa"),
    (["--bloks", "3"], "--blocks"),
]


@pytest.mark.parametrize(("arguments", "hint"), CASES, ids=[" ".join(arguments) for arguments, _ in CASES])
def test_bad_input_is_one_helpful_line(et_testbed, tmp_path, arguments, hint):
    done = et_testbed("run", "--blocks", "5", *arguments, "--out", str(tmp_path / "run"), cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert hint in done.stderr
    assert not (tmp_path / "run").exists()


def test_a_reward_file_without_a_payment_column_is_refused(et_testbed, tmp_path):
    (tmp_path / "rewards.csv").write_text("block,colour\n1,red\n")
    config = '[reward]\nprocess = "replay"\nfile = "rewards.csv"\n'
    (tmp_path / "config.toml").write_text(config)
    done = et_testbed("run", str(tmp_path / "config.toml"))
    assert done.returncode == 2
    assert "colour" in done.stderr


def test_a_config_that_is_no_toml_is_refused(et_testbed, tmp_path):
    (tmp_path / "config.toml").write_text("blocks = = 3")
    done = et_testbed("run", str(tmp_path / "config.toml"))
    assert done.returncode == 2
    assert "line 1" in done.stderr


def test_nobody_to_buy_is_refused(et_testbed, tmp_path):
    (tmp_path / "config.toml").write_text('[[agents]]\nstrategy = "at_once"\n')
    done = et_testbed("run", str(tmp_path / "config.toml"))
    assert done.returncode == 2
    assert "nobody can exploit a block" in done.stderr


def test_a_run_is_never_written_over_what_is_there(et_testbed, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    done = et_testbed("run", "--blocks", "5", "--force", "--out", str(tmp_path))
    assert done.returncode == 2
    assert (tmp_path / "notes.txt").read_text() == "mine"
    run = tmp_path / "run"
    arguments = ("run", "--blocks", "5", "--quiet", "--out", str(run))
    assert et_testbed(*arguments).returncode == 0
    assert "--force" in et_testbed(*arguments).stderr
    assert et_testbed(*arguments, "--force").returncode == 0
