"""A config is checked without being played: it is valid, these are its values, this is what it will take."""

from __future__ import annotations

import json

import pytest

from experiments.lab.config.config import Config
from experiments.lab.config.effort import effort_of
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.checked import check
from experiments.lab.conformance.config_check import check_config
from tests.places import ROOT

DUEL = str(ROOT / "experiments" / "configs" / "duel.toml")


def test_a_valid_config_is_told_with_what_it_will_take_and_its_values_where_they_are_wanted(et_testbed):
    short = et_testbed("check", DUEL, "--set", "blocks=7200").stdout
    done = et_testbed("check", DUEL, "--set", "blocks=7200", "--values")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(short)
    first, size, time, memory, *_, values = short.splitlines()
    assert values.endswith(" values are set, the others are defaults; --values prints them all")
    assert first == f"{DUEL}: valid; nothing was played"
    assert size == "7,200 blocks, 4 agents, 33 tickets"
    assert time.startswith("expect about ")
    assert memory.endswith(" MB of memory")
    assert "blocks = 7200\n" in done.stdout
    assert "chain.chain_id = 1337  # default\n" in done.stdout
    assert "# chain.owner_cap: left out\n" in done.stdout


def test_what_a_run_warns_of_stands_beside_the_verdict():
    seller = {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 1}, "count": 2}
    config = {"agents": [seller, {"strategy": "truthful", "role": "buyer"}]}
    _, warning, *_ = str(check_config(config)).splitlines()
    assert warning.startswith("warning: those who bid for the protocol's tickets have room for 2")


@pytest.mark.parametrize("name", ["config.tml", "config.tom", "config.tomll"])
def test_a_slip_of_the_suffix_is_told_as_a_file_that_is_not_there(tmp_path, name):
    (tmp_path / "config.toml").touch()
    with pytest.raises(InputError) as refused:
        check(tmp_path / name)
    assert str(refused.value) == f"{tmp_path / name}: no such file; did you mean '{tmp_path / 'config.toml'}'?"


def test_a_folder_is_told_as_one(tmp_path):
    (tmp_path / "mine.toml").touch()
    with pytest.raises(InputError, match=r"is a folder; name the file in it, e\.g\. .*mine\.toml"):
        check(tmp_path)


def test_only_a_config_has_values(et_testbed):
    done = et_testbed("check", "truthful", "--views", "1", "--values")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "error: --values: is for a config; truthful is none\n"


def test_its_values_are_those_of_a_run(et_testbed):
    told = json.loads(et_testbed("check", DUEL, "--json").stdout)
    assert told["valid"]
    assert told["values"]["agents.0.parameters"]
    assert "seed" not in told["defaults"]
    assert told["expected"]["agents"] == 4
    given = [f"{key}={json.dumps(value)}" for key, value in told["values"].items() if type(value) in (int, float)]
    again = json.loads(et_testbed("check", DUEL, "--json", *(x for one in given for x in ("--set", one))).stdout)
    assert again["values"] == told["values"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("blocks = 0", "c.toml: blocks: input should be greater than or equal to 1, not 0"),
        ("[[agents]]\nstrategy = 'truthfull'", "did you mean 'truthful'?"),
        (
            "[[agents]]\nstrategy = 'truthful'\n[agents.parameters]\nx = 1",
            "agents.0.parameters.x: no such parameter; there are discount_rate for Truthful",
        ),
        ("[chain]\ndraw = 'none.py:draw'", "chain.draw: there is no file none.py"),
        ("[model]\nmaturity = 3", "is a model; `et-testbed solve` and `et-testbed simulate` take it"),
    ],
)
def test_what_a_run_refuses_is_refused(et_testbed, tmp_path, text, says):
    (tmp_path / "c.toml").write_text(text)
    done = et_testbed("check", "c.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


@pytest.mark.slow
def test_a_config_whose_strategy_hangs_is_ended_in_time(et_testbed, tmp_path):
    (tmp_path / "mine.py").write_text(
        "from strategies import Buyer\n\n\n"
        "class Hangs(Buyer):\n    def start(self, setup):\n        while True: pass\n"
    )
    (tmp_path / "c.toml").write_text("[[agents]]\nstrategy = 'mine.py:Hangs'\n")
    done = et_testbed("check", "c.toml", cwd=tmp_path)
    assert done.returncode == 1
    assert "FAIL time: mine.py:6 the config takes more than 20 s" in done.stdout


def test_more_of_anything_takes_more():
    few = effort_of(Config())
    for change in ({"blocks": 20_000}, {"chain": {"maturity": 999}}, {"market": {"structure": ["pbs", "et"]}}):
        more = effort_of(Config.model_validate(change))
        assert more.seconds > few.seconds
        assert more.memory_mb >= few.memory_mb
    assert few.unsigned_seconds < few.seconds
    many = Config.model_validate({"agents": [{"strategy": "truthful", "role": "buyer", "count": 500}]})
    assert effort_of(many).seconds > 5 * few.seconds


def test_what_a_run_of_it_warns_of_is_said_without_one(et_testbed, tmp_path):
    """Bidders that are full before the supply is sold leave the largest alone, who pays the reserve."""
    config = tmp_path / "thin.toml"
    sellers = '[[agents]]\nstrategy = "at_once"\nrole = "seller"\ncount = 2\nparameters.capacity = 3\n'
    config.write_text(f'{sellers}[[agents]]\nstrategy = "truthful"\nrole = ["buyer", "builder"]\n')
    (warned,) = json.loads(et_testbed("check", str(config), "--json").stdout)["warnings"]
    assert warned.startswith("those who bid for the protocol's tickets have room for 6, without the largest for 3")
    assert f"warning: {warned}\n" in et_testbed("check", str(config)).stdout
    room = ("--set", "agents.0.parameters.capacity=40")
    assert json.loads(et_testbed("check", str(config), "--json", *room).stdout)["warnings"] == []
