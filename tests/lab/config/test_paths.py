"""Paths that people have: with a colon in them, and with `~`."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain.home import expanded
from chain.rewards import PaymentReplay
from experiments import load, run
from experiments.lab.assembly.keys import wallet_folder
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import read_config
from experiments.lab.models.model.model_file import read_model
from experiments.lab.played.replayed_run import replay
from experiments.lab.report import write_report
from experiments.lab.sweep import load_sweep, sweep
from experiments.lab.terminal.ending import at_home
from experiments.lab.tournament import read_entrant
from experiments.lab.verify import audit_run
from strategies.finding import find_strategy

BOT = """
from strategies.buyers.shade import Shade
class Bot(Shade):
    pass
"""
RULE = """
def draw(state, block):
    return min(state.titles.live, default=None)
"""
PLACES = ["C:\\bots\\my.py", "a:b/my.py", "a:b:c/my.py", "x.py:y/my.py"]
REWARDS = "block,payment_eth\n1,0.1\n2,0.2\n3,0.3\n4,0.4\n"


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A home of the test's own, which is not where one is."""
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "home"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


def config(**more):
    agents = [
        {"strategy": "at_once", "role": "seller"},
        {"strategy": more.pop("strategy", "truthful"), "role": "buyer", "count": 2},
    ]
    return {"blocks": 3, "agents": agents, **more}


# The last colon


@pytest.mark.parametrize("place", PLACES)
def test_a_file_is_split_at_the_last_colon(tmp_path, place):
    written(tmp_path / place, BOT)
    assert find_strategy(f"{place}:Bot", "buyer", tmp_path).__name__ == "Bot"
    assert find_strategy(f"{tmp_path / place}:Bot", "buyer", Path()).__name__ == "Bot"


@pytest.mark.parametrize("place", PLACES[:2])
def test_a_file_without_its_class_is_said_to_be_one(tmp_path, place):
    written(tmp_path / place, BOT)
    with pytest.raises(ValueError, match=r"is a file; name the class in it too"):
        find_strategy(place, "buyer", tmp_path)


@pytest.mark.parametrize("place", PLACES)
def test_a_run_takes_such_files_along(tmp_path, place):
    written(tmp_path / "a:b" / "pay.csv", REWARDS)
    names = [f"{written(tmp_path / place, BOT)}:Bot", str(tmp_path / "a:b" / "pay.csv")]
    rule = f"{written(tmp_path / 'a:b' / 'rule.py', RULE)}:draw"
    wanted = config(
        strategy=names[0],
        reward={"process": "replay", "file": names[1]},
        chain={"draw": rule, "supply": 4, "maturity": 3},
    )
    result = run(wanted, out=tmp_path / "out", signatures="off")
    kept = names_in(tmp_path / "out" / "files")
    assert kept == {Path(place).name, "pay.csv", "rule.py"}
    for path in [*tmp_path.glob("a:b/*"), tmp_path / place]:
        path.unlink(missing_ok=True)
    assert all(outcome.is_same for outcome in replay(result.path).values())


@pytest.mark.parametrize("place", [*PLACES, "my.py"])
def test_entrants_and_their_parameters(tmp_path, place, monkeypatch):
    written(tmp_path / place, BOT)
    monkeypatch.chdir(tmp_path)
    for text, parameters in [("", {}), (":0.5", {"factor": 0.5}), (":factor=0.25", {"factor": 0.25})]:
        entrant = read_entrant(f"{place}:Bot{text}")
        assert (entrant.strategy, entrant.parameters) == (f"{place}:Bot", parameters)
    with pytest.raises(InputError, match="is a file; name the class in it too"):
        read_entrant(place)


@pytest.mark.parametrize(
    ("text", "strategy", "parameters"),
    [
        ("shade:0.8", "shade", {"factor": 0.8}),
        ("strategies.buyers.shade:Shade", "strategies.buyers.shade:Shade", {}),
        ("strategies.buyers.shade:Shade:factor=0.8", "strategies.buyers.shade:Shade", {"factor": 0.8}),
    ],
)
def test_entrants_without_a_file_are_read_as_ever(text, strategy, parameters):
    assert read_entrant(text)[1:] == (strategy, parameters)


def test_check_takes_such_a_file(et_testbed, tmp_path):
    written(tmp_path / PLACES[0], BOT)
    done = et_testbed("check", f"{PLACES[0]}:Bot", "--set", "factor=0.5", "--views", "3", cwd=tmp_path)
    assert done.returncode == 0, done.stderr


# The home


def test_the_home_of_nobody_is_a_name(home):
    assert expanded("~/x") == home / "x"
    assert expanded("~no-such-user/x") == Path("~no-such-user/x")
    assert expanded("a/~/x") == Path("a/~/x")


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("~/runs", "{home}/runs"),
        ("--out=~/runs", "{home}/runs"),
        ("--set=a=~", "--set=a=~"),
        ("a~b", "a~b"),
        ("-", "-"),
        ("--", "--"),
        ("", ""),
    ],
)
def test_arguments_are_expanded_as_a_shell_would(home, word, meant):
    assert at_home(word).removeprefix("--out=") == meant.format(home=home)


def test_all_that_a_config_names_may_lie_at_home(home):
    written(home / "bots" / "my.py", BOT)
    written(home / "rules" / "oldest.py", RULE)
    written(home / "pay.csv", REWARDS)
    written(home / "base.toml", "blocks = 3\nseed = 3\n")
    written(
        home / "mine.toml",
        'base = "~/base.toml"\n'
        '[chain]\ndraw = "~/rules/oldest.py:draw"\nsupply = 4\nmaturity = 3\n'
        '[reward]\nprocess = "replay"\nfile = "~/pay.csv"\n'
        '[[agents]]\nstrategy = "at_once"\n[[agents]]\nstrategy = "~/bots/my.py:Bot"\nrole = "buyer"\n',
    )
    result = run("~/mine.toml", out="~/runs/one", signatures="off")
    assert result.path == home / "runs" / "one"
    assert names_in(result.path / "files") == {"my.py", "oldest.py", "pay.csv"}
    assert load("~/runs/one").summary == result.summary
    assert audit_run("~/runs/one").is_sound
    assert all(outcome.is_same for outcome in replay("~/runs/one").values())
    assert write_report("~/runs/one", "~/page.html") == home / "page.html"
    assert read_config("~/mine.toml").seed == 3
    assert not any(Path.cwd().iterdir())


def test_a_sweep_at_home(home):
    wanted = config(strategy=f"{written(home / 'my.py', BOT)}:Bot")
    sweep(wanted, {}, [1], backend_name="sequential", out="~/swept", signatures="off")
    assert load_sweep("~/swept").path == home / "swept"
    assert (home / "swept").is_dir()


def test_rewards_models_wallets_and_entrants_at_home(home, monkeypatch):
    written(home / "pay.csv", REWARDS)
    written(home / "my.py", BOT)
    written(
        home / "model.toml",
        "[model]\nmaturity = 2\ndiscount_rate = 0\nbuyers = 2\n"
        '[model.cost]\ndistribution = "uniform"\nlow = 0\nhigh = 1\n'
        '[model.reward]\nprocess = "replay"\nfile = "~/pay.csv"\n',
    )
    assert len(PaymentReplay("~/pay.csv")) == 4
    assert read_model("~/model.toml").reward.file == str(home / "pay.csv")
    assert read_entrant("~/my.py:Bot").strategy == "~/my.py:Bot"
    monkeypatch.setenv("ET_TESTBED_WALLETS", "~/keys")
    assert wallet_folder() == home / "keys"


def test_the_command_line_at_home(et_testbed, home):
    there = Path.cwd()
    written(home / "mine.toml", "blocks = 3\n")
    for arguments in (
        ["run", "~/mine.toml", "--out=~/out", "--signatures", "off"],
        ["verify", "~/out"],
        ["report", "~/out", "--out=~/page.html"],
        ["init", "~/start"],
    ):
        done = et_testbed(*arguments, cwd=there)
        assert done.returncode == 0, done.stderr
    assert {path.name for path in home.iterdir()} == {"mine.toml", "out", "page.html", "start"}
    assert not any(there.iterdir())
