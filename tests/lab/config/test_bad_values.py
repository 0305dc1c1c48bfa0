"""Values that ended a run with a traceback, a hang or a message about something else: one clear line each."""

from __future__ import annotations

from typing import Literal

import pytest
from pydantic import BaseModel, ValidationError

from experiments import run
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import faults_of
from experiments.lab.config.loading import read_config
from experiments.lab.config.size import size_of

DEEP = "a = " + "[" * 100 + "]" * 100
VERY_DEEP = "a = " + "[" * 5000 + "]" * 5000
DOTTED = ".".join(["a"] * 5000) + " = 1"

FILES = {
    "block-count = 3": "block-count: no such key",
    "[chain]\nmy-key = 3": "chain.my-key: no such key",
    "[reward]\nprocess = 'constant'\nconstant = 3": "reward.constant: no such key; there are process, value",
    "[[agents]]\nstrategy = 'keep'\nmy-key = 3": "agents.0.my-key: no such key",
    "[[agents]]\nstrategy = 'keep'\ncapacity = 3": "parameter stands in a table of them: parameters = { capacity",
    "[agents]\nstrategy = 'keep'": "agents: is a single table; write [[agents]], in double brackets",
    "[reward]\nproces = 'constant'": "reward.process: missing; 'proces' is no such key; name one of",
    "seed = true": "seed is true; it must be a number",
    "[market.slot_auction]\naccess = [false, 1.0]": "access is [false, 1.0]; it must be a number",
    "agents = 3": "agents: input should be a valid tuple, not 3",
    "base = 3": "base is 3; it must be the name of a file",
    DEEP: "more than 20 deep",
    VERY_DEEP: "more than 20 deep",
    DOTTED: "more than 20 deep",
    "seed = " + "9" * 5000: "4300 digits",
    "[model]\nmaturity = 3": "`et-testbed solve` and `et-testbed simulate` take it",
}

OVERRIDES = {
    "my-key=3": "my-key: no such key",
    "chain.my-key=3": "chain.my-key: no such key",
    "agents.0.my-key=3": "agents.0.my-key: no such key",
    "agents.0.strategy=bots.Mine": "a class in a file of your own is named bots.py:Mine",
    "agents.99.count=3": "'99' is not one of 0 … 7",
    "agents.².count=3": "'²' is not one of 0 … 7",
    "reward.process=[1]": "reward.process: '[1]' is not one of constant",
    "seed=true": "seed is true; it must be a number",
    "seed=" + "9" * 5000: "4300 digits",
    ".".join(["a"] * 100) + "=1": "no key lies more than 20 tables deep",
    "chain.x=" + "[" * 100 + "]" * 100: "no key lies more than 20 tables deep",
    "chain.draw=" + "x" * 4000: "is not one of maturity, lottery",
    "chain.draw=" + "x" * 4000 + ".py:draw": "chain.draw: there is no file xxx",
    "chain.draw=..:draw": "cannot be imported",
    "agents.0.strategy=" + "x" * 4000: "no seller is called 'xxx",
    "chain.supply=100000001": "chain.supply: input should be less than or equal to 10000000, not 100000001",
    "agents.0.count=100000": "agents.0.count: input should be less than or equal to 20000, not 100000",
    "agents.0.parameters.capacity=1e300": "agents.0.parameters.capacity: unable to parse input string",
    "agents.0.parameters.capacity=true": "capacity is true; it must be a number",
    "agents.0.parameters.reserve_eth=1e300": "reserve_eth is 1e+300; it must be at least 0 and at most 9e+08",
    "agents.0.parameters.reserve_eth=nan": "agents.0.parameters: reserve_eth is nan; it must be a finite number",
    "market.primary_parameters.target=inf": "market.primary_parameters: target is inf; it must be a finite number",
    "agents.6.parameters.series=900000000": "series is 900000000; it must be at least 1 and at most 10000",
    "agents.5.latency_ms=100000000000000000000": "latency_ms",
    "agents.5.specialisation=[nan, 0]": "specialisation.0",
    "chain.slot_seconds=1e-9": "slot_seconds",
}


@pytest.mark.parametrize(("text", "says"), FILES.items(), ids=range(len(FILES)))
def test_a_file_is_refused_in_one_line(text, says, et_testbed, tmp_path):
    (tmp_path / "c.toml").write_text(text)
    assert_refused(et_testbed("run", "c.toml", cwd=tmp_path), "error: c.toml: ", says)


@pytest.mark.parametrize(("override", "says"), OVERRIDES.items(), ids=range(len(OVERRIDES)))
def test_an_override_is_refused_in_one_line(override, says, et_testbed, tmp_path):
    assert_refused(et_testbed("run", "--blocks", "2", "--set", override, cwd=tmp_path), "error: ", says)


def assert_refused(done, begins: str, says: str) -> None:
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert line.startswith(begins)
    assert says in line
    assert len(line) < 1000


def test_many_arms_are_refused():
    group = {"strategy": "timing_learner", "role": "seller", "parameters": {"arms": 10**12}}
    with pytest.raises(InputError, match="arms is 1000000000000; it must be at least 2 and at most 1000"):
        run({"agents": [group]}, blocks=2)


@pytest.mark.parametrize("draw", ["lottery", "epoch"])
def test_a_ticket_takes_part_in_a_draw(draw, et_testbed):
    done = et_testbed("run", "--set", f"chain.draw={draw}", "--set", "chain.maturity=0", "--blocks", "2")
    assert_refused(
        done, "error: ", f'maturity is 0; under draw = "{draw}" a ticket takes part in at least one draw'
    )


@pytest.mark.parametrize("ring", [["a.toml"], ["a.toml", "b.toml"], ["a.toml", "b.toml", "c.toml"]])
def test_a_base_that_leads_back_is_refused(ring, et_testbed, tmp_path):
    for name, base in zip(ring, ring[1:] + ring[:1], strict=True):
        (tmp_path / name).write_text(f'base = "{base}"\n')
    done = et_testbed("run", "a.toml", cwd=tmp_path)
    assert_refused(done, "error: ", f"{ring[-1]}: base = 'a.toml' leads back to a file that is based on this one")


def test_more_rewards_than_an_account_can_hold_are_refused(et_testbed):
    reward = ("--set", "reward.process=constant", "--set", "reward.value=1e8")
    done = et_testbed("run", "--blocks", "110", *reward)
    assert_refused(done, "error: ", "the rewards of 110 blocks, 1.1e+10 ETH, are more than an account can hold")


def test_rewards_that_grow_beyond_an_account_end_the_run_in_one_line(et_testbed):
    reward = ("process=ar1", "mean=1000.0", "start=9e8", "phi=0.999", "sigma=0.0")
    options = [word for key in reward for word in ("--set", f"reward.{key}")]
    done = et_testbed("run", "--blocks", "90", *options, "--set", "market.structure=pbs", "--quiet")
    assert_refused(done, "error: ", "more than the account can hold")
    assert "--strict" not in done.stderr


def test_a_mark_of_the_byte_order_is_no_part_of_a_config(et_testbed, tmp_path):
    (tmp_path / "c.toml").write_bytes(b"\xef\xbb\xbfblocks = 2\n")
    done = et_testbed("run", "c.toml", "--quiet", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_folder_of_a_run_is_no_config_and_the_commands_for_it_are_named(et_testbed, tmp_path):
    run({"blocks": 2}, out=tmp_path / "done")
    assert_refused(et_testbed("run", "done", cwd=tmp_path), "error: done: is a folder", "`verify`, `report`")


def test_in_another_folder_a_config_is_pointed_out(et_testbed, tmp_path):
    assert_refused(et_testbed("run", ".", cwd=tmp_path), "error: .: is a folder", "name a TOML file")
    (tmp_path / "c.toml").write_text("")
    assert_refused(et_testbed("run", ".", cwd=tmp_path), "error: .: is a folder", "e.g. c.toml")


def test_a_device_without_end_is_refused(et_testbed):
    assert_refused(et_testbed("run", "/dev/zero"), "error: /dev/zero: not TOML", "more than 16,777,216 bytes")


def test_several_faults_are_told_a_line_each(et_testbed):
    wrong = ("chain.supply=x", "seed=-1", "blocks=0", "chain.my-key=1", "market.secondary=often")
    done = et_testbed("run", *(word for key in wrong for word in ("--set", key)))
    assert done.returncode == 2
    keys = [line.split(": ")[2] for line in done.stderr.splitlines()]
    assert keys == ["seed", "blocks", "chain.supply", "chain.my-key", "market.secondary"]


def test_several_refusals_of_a_section_are_told_one_for_each_key():
    with pytest.raises(InputError) as caught:
        read_config({"chain": {"refund": 0.5, "missed_fee_eth": 1.0, "lookahead": 40}})
    assert [line.split()[3] for line in caught.value.args] == ["refund", "missed_fee_eth", "lookahead"]


def test_the_faults_of_several_groups_are_told():
    agents = [
        {"strategy": "at_onc", "role": "seller"},
        {"strategy": "truthful", "role": "buyer"},
        {"strategy": "shade", "role": "buyer", "parameters": {"facto": 1, "discount": 2}},
    ]
    with pytest.raises(InputError) as caught:
        run({"agents": agents}, blocks=2)
    keys = [line.split(": ")[0] for line in caught.value.args]
    assert keys == ["agents.0.strategy", "agents.2.parameters.facto", "agents.2.parameters.discount"]


def test_of_very_many_faults_the_first_are_told():
    with pytest.raises(InputError) as caught:
        read_config({f"key{number}": 1 for number in range(100)})
    assert len(caught.value.args) == 21
    assert caught.value.args[-1] == "… and 80 more faults"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([1.0, 2.0, 3.0], "endowment_eth: tuple should have at most 2 items"),
        ("much", "endowment_eth: input should be a valid number, unable to parse"),
        ([1.0, "much"], "endowment_eth.1: input should be a valid number, unable to parse"),
        (-1, "endowment_eth: input should be greater than or equal to 0, not -1"),
    ],
)
def test_of_two_kinds_of_value_that_is_meant_which_it_resembles(value, says):
    with pytest.raises(InputError) as caught:
        read_config({"agents": [{"strategy": "keep", "endowment_eth": value}]})
    (line,) = caught.value.args
    assert says in line


def test_a_number_or_a_word_is_refused_with_both():
    with pytest.raises(InputError, match=r"chain.maturity: .*, or 'none', not 'never'"):
        read_config({"chain": {"maturity": "never"}})


def test_a_large_run_says_what_memory_it_takes(et_testbed):
    large = Config.model_validate({"chain": {"draw": "lottery", "supply": 2_000_000}})
    assert size_of(large) == "2,000,000 tickets and 12 agents: expect about 5.0 GB of memory"
    assert size_of(Config()) is None
    agents = ("--set", "agents.5.count=1000", "--set", "chain.maturity=2", "--set", "market.structure=pbs")
    done = et_testbed("run", "--blocks", "1", "--quiet", "--signatures", "off", *agents)
    assert done.stderr == "0 tickets and 1,007 agents: expect about 0.2 GB of memory\n"


class Parted(BaseModel):
    """Keys of several kinds, all of which have to be there."""

    mode: Literal["fast", "slow"]
    often: int | Literal["always"]
    place: str | Literal["here"]
    by_role: dict[Literal["buyer", "seller"], str]


def test_a_choice_of_words_that_is_missing_is_told_with_its_words():
    with pytest.raises(ValidationError) as told:
        Parted.model_validate({})
    assert faults_of(told.value, Parted, {}) == [
        "mode: missing; name one of fast, slow",
        "often: missing; give a number, or always",
        "place: missing",
        "by_role: missing",
    ]
