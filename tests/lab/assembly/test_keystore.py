"""Users' own keys."""

from __future__ import annotations

import json

import pytest
from eth_account import Account

from experiments import InputError, run

SECRET = "0x" + "17" * 32


@pytest.fixture
def config(tmp_path):
    """A buyer with a key file (a cheap one: 2 rounds of scrypt's least)."""
    encrypted = Account.encrypt(SECRET, "open sesame", kdf="pbkdf2", iterations=2)
    (tmp_path / "key.json").write_text(json.dumps(encrypted))
    (tmp_path / "config.toml").write_text(
        "blocks = 30\n"
        '[[agents]]\nstrategy = "at_maturity"\n'
        '[[agents]]\nstrategy = "truthful"\nrole = "buyer"\ncount = 2\n'
        '[[agents]]\nstrategy = "truthful"\nrole = "buyer"\nkeystore = "key.json"\n'
    )
    return tmp_path / "config.toml"


def test_an_agent_signs_with_the_users_key(config, monkeypatch, tmp_path):
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "open sesame")
    result = run(config, out=tmp_path / "run")
    manifest = (result.path / "manifest.json").read_text()
    accounts = {account["name"]: account["address"] for account in json.loads(manifest)["accounts"]}
    assert accounts["truthful-4"] == Account.from_key(SECRET).address.lower()
    assert "17" * 32 not in manifest
    assert (result.bids.bidder == "truthful-4").sum() > 0


@pytest.mark.parametrize(("password", "hint"), [(None, "ET_TESTBED_PASSWORD"), ("wrong", "not the password")])
def test_a_key_that_cannot_be_opened_is_refused(config, monkeypatch, password, hint):
    monkeypatch.delenv("ET_TESTBED_PASSWORD", raising=False)
    if password:
        monkeypatch.setenv("ET_TESTBED_PASSWORD", password)
    with pytest.raises(InputError, match=hint):
        run(config)


def test_two_agents_with_one_key_are_refused(config, monkeypatch):
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "open sesame")
    twice = config.read_text() + '[[agents]]\nstrategy = "truthful"\nrole = "buyer"\nkeystore = "key.json"\n'
    config.write_text(twice)
    with pytest.raises(InputError, match="same key"):
        run(config)
