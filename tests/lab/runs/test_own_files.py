"""A strategy brings its own modules and data files: in the run, in its folder, in a replay elsewhere."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from experiments import InputError, run, sweep
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import resume
from experiments.lab.verify import verify_run

BOT = """
from pathlib import Path

import helper
from tools.price import level
from strategies import AuctionBid, Buyer

class Bot(Buyer):
    files = ("data/weights.txt",)

    def __init__(self):
        self.factor = int((Path(__file__).parent / "data" / "weights.txt").read_text())
        self.memory = helper.Memory()

    def bid(self, view):
        from later import margin
        self.memory.seen += 1
        price = self.factor * level() + helper.NUMBER + margin() + self.memory.seen
        return [AuctionBid(auction.id, price) for auction in view.auctions]
"""


def make_bot(folder: Path, number: int) -> None:
    """A bot with a module, a package, one that is imported late, and a data file."""
    (folder / "tools").mkdir(parents=True)
    (folder / "data").mkdir()
    (folder / "bot.py").write_text(BOT)
    (folder / "helper.py").write_text(f"NUMBER = {number}\nclass Memory:\n    seen = 0\n")
    (folder / "tools" / "__init__.py").write_text("")
    (folder / "tools" / "price.py").write_text("from .base import BASE\ndef level(): return BASE\n")
    (folder / "tools" / "base.py").write_text("BASE = 10_000_000\n")
    (folder / "later.py").write_text("def margin(): return 7\n")
    (folder / "data" / "weights.txt").write_text(str(number))


SELLER = {"strategy": "at_maturity", "role": "seller", "parameters": {"capacity": 4}}
OTHER = {"strategy": "truthful", "role": "builder"}
FILES = [
    "bot.py",
    "data/weights.txt",
    "helper.py",
    "later.py",
    "tools/__init__.py",
    "tools/base.py",
    "tools/price.py",
]


def config(*names):
    agents = [SELLER, OTHER, *({"strategy": name} for name in names)]
    return {"blocks": 8, "chain": {"maturity": 3}, "agents": agents}


@pytest.fixture
def bots(tmp_path, monkeypatch):
    """Two bots in two folders, with modules of the same names; one stands elsewhere."""
    for number in (1, 2):
        make_bot(tmp_path / f"bot{number}", number)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    return tmp_path


@pytest.mark.parametrize("mode", ["none", "process"])
def test_two_bots_have_each_its_own_modules_and_data(bots, mode):
    names = [f"{bots}/bot{number}/bot.py:Bot" for number in (1, 2)]
    result = run(config(*names), overrides=[f"isolation.mode={mode}"], signatures="off", out=bots / "run")
    bids = result.bids[result.bids.bidder.isin(["bot-3", "bot-4"])]
    levels = {name: set(own.price_gwei // 10_000_000) for name, own in bids.groupby("bidder", observed=True)}
    assert levels == {"bot-3": {1}, "bot-4": {2}}
    assert not len(result.violations)
    files = {str(path.relative_to(bots / "run" / "files")) for path in (bots / "run" / "files").rglob("*.*")}
    assert files == {*FILES, *(f"folder_2/{name}" for name in FILES)}
    assert sorted(json.loads((bots / "run" / "manifest.json").read_text())["files"]) == sorted(files)


def test_elsewhere_it_is_the_same_without_the_originals(bots):
    run(config(f"{bots}/bot1/bot.py:Bot"), signatures="off", out=bots / "run")
    sent = shutil.move(bots / "run", bots / "sent")
    shutil.rmtree(bots / "bot1")
    (outcome,) = replay(sent).values()
    assert str(outcome) == "the same 10 tables"
    assert verify_run(sent).is_sound
    assert not list((sent / "files").rglob("__pycache__"))


@pytest.mark.parametrize("name", ["helper.py", "data/weights.txt"])
def test_a_replay_names_the_file_that_was_changed(bots, name):
    run(config(f"{bots}/bot1/bot.py:Bot"), signatures="off", out=bots / "run")
    file = bots / "run" / "files" / name
    file.write_text(file.read_text().replace("1", "3"))
    (outcome,) = replay(bots / "run").values()
    assert not outcome.is_same
    assert str(outcome).endswith(f"; changed since the run: {name}")


@pytest.mark.slow
def test_an_audit_that_finds_another_run_names_the_file_that_was_changed(bots):
    run(config(f"{bots}/bot1/bot.py:Bot"), signatures="off", out=bots / "run")
    file = bots / "run" / "files" / "helper.py"
    file.write_text(file.read_text().replace("1", "3"))
    assert "; changed since the run: helper.py" in str(verify_run(bots / "run"))


def test_what_is_gone_is_named_too(bots):
    run(config(f"{bots}/bot1/bot.py:Bot"), signatures="off", out=bots / "run")
    (bots / "run" / "files" / "helper.py").unlink()
    with pytest.raises(InputError, match=r"No module named 'helper'; helper\.py is not what it was"):
        replay(bots / "run")


def test_a_sweep_brings_them_along(bots):
    swept = sweep(config(f"{bots}/bot1/bot.py:Bot"), {}, [1, 2], out=bots / "sweep", keep_tables=True)
    assert swept.runs["error"].isna().all()
    shutil.rmtree(bots / "bot1")
    assert all(outcome.is_same for outcome in replay(bots / "sweep").values())
    (bots / "sweep" / "files" / "helper.py").write_text("NUMBER = 5\nclass Memory:\n    seen = 0\n")
    assert all(outcome.changed == ["helper.py"] for outcome in replay(bots / "sweep").values())


@pytest.mark.parametrize("mode", ["none", "process"])
def test_a_run_that_was_cut_off_goes_on_from_anywhere(bots, monkeypatch, mode):
    wanted = config(f"{bots}/bot1/bot.py:Bot")
    options = {"overrides": [f"isolation.mode={mode}"], "signatures": "off"}
    whole = run(wanted, **options)
    run(wanted, **options, out=bots / "run", progress=lambda _, done, __: done < 4)
    shutil.rmtree(bots / "bot1")
    monkeypatch.chdir("/")
    told: list[str] = []
    assert resume(bots / "run", tell=told.append).summary["digest"] == whole.summary["digest"]
    assert "going on from block 4" in told[0]


def test_folders_beside_the_config_stay_as_they_are(bots):
    (bots / "config.toml").write_text(
        'blocks = 4\n[[agents]]\nstrategy = "bot1/bot.py:Bot"\n[[agents]]\nstrategy = "bot2/bot.py:Bot"\n'
        '[[agents]]\nstrategy = "at_maturity"\nrole = "seller"\n'
    )
    run(bots / "config.toml", signatures="off", out=bots / "run")
    for number in (1, 2):
        assert (bots / "run" / "files" / f"bot{number}" / "helper.py").is_file()


BAD = {
    'files = ("none.txt",)': "Bot.files: there is no file 'none.txt' beside the strategy",
    'files = ("../x.txt",)': "Bot.files: '../x.txt' does not lie beside the strategy; put it there",
    "files = tuple(range(3))": r"Bot.files: write it out, as files = \(",
    'files = ("a" + "b",)': r"Bot.files: write it out, as files = \(",
    'open(__file__.replace("bot.py", "w.txt"))': r"cannot be loaded: bot.py:4 FileNotFoundError.*; a class names",
}


@pytest.mark.parametrize("line", BAD)
def test_what_is_named_wrongly_is_refused(tmp_path, line):
    (tmp_path / "w.txt").write_text("1")
    (tmp_path / "bot.py").write_text(f"from strategies import Buyer\n\nclass Bot(Buyer):\n    {line}\n")
    with pytest.raises(InputError, match=BAD[line]):
        run(config(f"{tmp_path}/bot.py:Bot"), signatures="off")
