"""Wallets: made, listed, taken in and used, and their keys seen nowhere."""

from __future__ import annotations

import json
import stat

import pytest
from eth_account import Account

from chain.signatures import Key
from experiments import InputError, TestbedProvider, run
from experiments.lab.assembly.keys import create_wallet, find_wallet, list_wallets, open_key, parse_secret

SECRET = "17" * 32
ADDRESS = Account.from_key(SECRET).address


@pytest.fixture(autouse=True)
def quickly(monkeypatch, tmp_path):
    """Key files that are quick to open, in a folder of the test's own."""
    monkeypatch.setenv("ETH_ACCOUNT_KDF", "pbkdf2")
    monkeypatch.setenv("ET_TESTBED_WALLETS", str(tmp_path / "wallets"))
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "open sesame")


@pytest.fixture
def anna(tmp_path):
    return create_wallet("anna", bytes.fromhex(SECRET), "open sesame", tmp_path / "wallets")


def test_a_wallet_is_for_its_user_alone_and_opens_with_its_password(anna):
    assert stat.S_IMODE(anna.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(anna.path.parent.stat().st_mode) == 0o700
    assert SECRET not in anna.path.read_text()
    assert open_key(anna.path, "open sesame").secret == bytes.fromhex(SECRET)
    assert Account.decrypt(anna.path.read_text(), "open sesame") == bytes.fromhex(SECRET)
    assert anna.address == ADDRESS


def test_those_in_a_folder_are_listed_and_found_by_name_or_path(anna, tmp_path):
    (tmp_path / "wallets" / "other.json").write_text('{"crypto": {}, "address": "none"}')
    (tmp_path / "wallets" / "broken.json").write_text("{")
    assert list_wallets(tmp_path / "wallets") == [anna]
    assert find_wallet("anna", tmp_path / "wallets") == find_wallet(str(anna.path), tmp_path) == anna.path
    with pytest.raises(InputError, match=r"ben: neither a file nor a wallet in .*; wallets there: anna"):
        find_wallet("ben", tmp_path / "wallets")


def test_nothing_is_written_over(anna, tmp_path):
    before = anna.path.read_bytes()
    with pytest.raises(InputError, match=f"{ADDRESS} is there already, as 'anna'"):
        create_wallet("ben", bytes.fromhex(SECRET), "x", tmp_path / "wallets")
    with pytest.raises(InputError, match="is there already; choose another name"):
        create_wallet("anna", bytes.fromhex("18" * 32), "x", tmp_path / "wallets")
    with pytest.raises(InputError, match="no name of a wallet"):
        create_wallet("../anna", bytes.fromhex("18" * 32), "x", tmp_path / "wallets")
    assert anna.path.read_bytes() == before
    assert [path.name for path in (tmp_path / "wallets").iterdir()] == ["anna.json"]


@pytest.mark.parametrize("text", ["", "17" * 31, "0x" + "17" * 33, "zz" * 32, "00" * 32, "ff" * 32])
def test_what_is_no_private_key_is_refused_and_not_shown(text):
    with pytest.raises(InputError, match="no private key") as caught:
        parse_secret(text)
    assert not text or text not in str(caught.value)


@pytest.mark.parametrize("text", [SECRET, f"0x{SECRET}", f" 0x{SECRET.upper()}\n"])
def test_a_private_key_is_read_with_or_without_its_prefix(text):
    assert Key(parse_secret(text)).address.hex() == ADDRESS[2:].lower()


def test_on_the_command_line(et_testbed, tmp_path):
    made = et_testbed("wallet", "new", "anna")
    assert made.returncode == 0, made.stderr
    again = et_testbed("wallet", "new", "anna")
    assert (again.returncode, again.stdout) == (2, "")
    assert "is there already; choose another name" in again.stderr
    (tmp_path / "geth.json").write_text(json.dumps(Account.encrypt(SECRET, "open sesame")))
    taken = et_testbed("wallet", "import", "ben", "--file", str(tmp_path / "geth.json"))
    assert ADDRESS in taken.stdout
    listed = json.loads(et_testbed("wallet", "list", "--json").stdout)
    assert [(each["name"], each["address"]) for each in listed] == [
        ("anna", made.stdout.split()[1]),
        ("ben", ADDRESS),
    ]


def test_a_private_key_comes_on_standard_input_only(et_testbed, tmp_path):
    (tmp_path / "key").write_text(SECRET)
    with (tmp_path / "key").open() as given:
        taken = et_testbed("wallet", "import", "anna", stdin=given)
    assert ADDRESS in taken.stdout, taken.stderr
    with (tmp_path / "key").open() as given:
        refused = et_testbed("wallet", "import", "x", env={"ET_TESTBED_PASSWORD": ""}, stdin=given)
    assert refused.returncode == 2
    assert "a wallet needs a password" in refused.stderr
    as_word = et_testbed("wallet", "import", "anna", SECRET)
    assert as_word.returncode == 2


def test_a_participant_plays_with_a_key_file(anna):
    provider = TestbedProvider({"blocks": 5}, keys=[anna.path])
    assert [account.address for account in provider.accounts] == [ADDRESS]
    with pytest.raises(InputError, match="takes no accounts"):
        TestbedProvider(run({"blocks": 2}, signatures="off"), keys=[anna.path])


def test_a_wrong_password_says_neither_password_nor_key(anna, monkeypatch):
    monkeypatch.setenv("ET_TESTBED_PASSWORD", "wrong sesame")
    with pytest.raises(
        InputError, match=r"anna\.json: no key file, or not the password in ET_TESTBED_PASSWORD"
    ) as caught:
        TestbedProvider({"blocks": 5}, keys=[anna.path])
    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize(
    "content", ["[]", "5", '"x"', '{"crypto": {}, "version": 2}', "[" * 10_000, " " * 20_000, "{"]
)
def test_what_is_no_key_file_is_refused(tmp_path, content):
    (tmp_path / "odd.json").write_text(content)
    assert list_wallets(tmp_path) == []
    with pytest.raises(InputError, match=r"odd\.json: no key file, or not the password"):
        open_key(tmp_path / "odd.json", "open sesame")


def test_keys_are_in_no_file_of_a_run(anna, tmp_path):
    """Every file of a run that was cut off, checkpoint and all, searched for a key in hex and as bytes."""
    agent = {"strategy": "truthful", "role": "buyer", "keystore": str(anna.path)}
    config = {"blocks": 12, "agents": [agent, {"strategy": "at_once", "role": "seller"}]}
    result = run(config, out=tmp_path / "run", progress=lambda _, done, __: done < 9, checkpoint_seconds=0)
    assert not result.finished
    files = [path for path in (tmp_path / "run").rglob("*") if path.is_file()]
    assert (tmp_path / "run" / "checkpoint.pickle") in files
    for path in files:
        content = path.read_bytes()
        assert SECRET.encode() not in content, path
        assert bytes.fromhex(SECRET) not in content, path
