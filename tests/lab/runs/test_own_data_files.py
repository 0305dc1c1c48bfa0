"""A file that a user's own code reads: what takes it along, and what is said where nothing does."""

from __future__ import annotations

import shutil

import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.conformance.checked import check
from experiments.lab.conformance.config_check import check_config
from experiments.lab.conformance.own_check.read_elsewhere import ReadElsewhere
from experiments.lab.played.replayed_run import replay
from experiments.lab.played.runs import run

BESIDE = '(Path(__file__).parent / "factors.csv").read_text()'
NAMED = 'files = ("factors.csv",)'
REMEDY = r"\.py:\d+ FileNotFoundError: .*'factors\.csv'; a class names .*: files = \(\"factors\.csv\",\)"
STANDING = r"; it is looked for where one stands: have it beside the code, name it, files = \(\"factors\.csv\",\)"
SELLER = {"strategy": "at_maturity", "role": "seller"}


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder to stand in, with a data file."""
    (tmp_path / "factors.csv").write_text("1")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def bot(home, *, on_top="", in_class="", in_start="", in_bid=""):
    """A config with a buyer of one's own that reads at one of these places."""
    (home / "bot.py").write_text(
        "from pathlib import Path\nfrom strategies import Buyer\n"
        f"{on_top}\nclass Bot(Buyer):\n    {in_class or 'pass'}\n"
        f"    def start(self, setup):\n        super().start(setup)\n        {in_start}\n"
        f"    def bid(self, view):\n        {in_bid}\n        return []\n"
    )
    return {"blocks": 3, "chain": {"maturity": 3}, "agents": [SELLER, {"strategy": f"{home}/bot.py:Bot"}]}


@pytest.mark.parametrize("isolation", ["none", pytest.param("process", marks=pytest.mark.slow)])
@pytest.mark.parametrize("place", ["on_top", "in_start"])
def test_a_check_refuses_what_a_run_refuses_and_says_how_to_have_it_along(home, place, isolation):
    config = bot(home, **{place: BESIDE}) | {"isolation": {"mode": isolation}}
    for refuses in (check_config, run):
        with pytest.raises(InputError, match=REMEDY):
            refuses(config)


def test_a_run_that_goes_on_without_the_file_has_the_remedy_on_record(home):
    violations = run(bot(home, in_bid=BESIDE), signatures="off").violations
    assert violations.message.str.fullmatch(f"bot{REMEDY}").all()
    assert len(violations)


HELPER = f"""from pathlib import Path

def beside():
    {BESIDE}

def here():
    Path("factors.csv").read_text()
"""


def test_what_a_module_beside_it_reads_is_named_in_the_class_that_needs_it(home):
    """`files` on top of the module beside it would say nothing."""
    (home / "helper.py").write_text(HELPER)
    with pytest.raises(
        InputError, match=r"helper\.py:4 .* on top, here bot\.py:Bot: files = \(\"factors\.csv\",\)"
    ):
        check_config(bot(home, on_top="import helper", in_start="helper.beside()"))
    with ReadElsewhere() as elsewhere:
        check_config(bot(home, on_top="import helper", in_start="helper.here()"))
    (line,) = elsewhere.lines
    assert 'name it in bot.py:Bot, files = ("factors.csv",), and read' in line
    assert line.startswith("helper.py:7 reads factors.csv")
    check_config(bot(home, on_top="import helper", in_class=NAMED, in_start="helper.beside()"))


RULES = {
    "chain": {"draw": "rule.py:own"},
    "market": {"primary": "rule.py:own"},
    "market.own_format": {"own_format": "rule.py:own"},
    "market.reserve": {"reserve": {"rule": "rule.py:own"}},
    "reward": {"process": "rule.py:Own"},
    "cost": {"distribution": "rule.py:Own"},
}
RULE = """
from pathlib import Path
from chain import Independent
from market import CostLaw
{named}
{read}
def own(lots, view=None):
    return None

class Own(Independent if "{key}" == "reward" else CostLaw):
    {in_class}
    {body}
"""
LAW = {
    "reward": "def sample(self, rng, count): return rng.random(count)",
    "cost": "def ppf(self, p): return p\n    def cdf(self, x): return x",
}


@pytest.mark.parametrize("key", RULES)
def test_rules_and_laws_are_checked_with_what_a_run_takes_along(home, key):
    lines = [f"{name} = {toml(value)}" for name, value in RULES[key].items()]
    (home / "c.toml").write_text("\n".join(["blocks = 3", f"[{key.partition('.')[0]}]", *lines]))
    assert "FileNotFoundError" in refusal(home, key, named=False)
    assert "FileNotFoundError" not in refusal(home, key, named=True)


def refusal(home, key, *, named):
    """What a check says against a rule that reads a file as it is imported; if it names it, anything else."""
    on_top, in_class = ("", NAMED) if key in LAW else (NAMED, "pass")
    parts = {"named": on_top if named else "", "in_class": in_class if named else "pass"}
    text = RULE.format(read=BESIDE, key=key, body=LAW.get(key, "pass"), **parts)
    (home / "rule.py").write_text(text)
    try:
        check_config(home / "c.toml")
    except InputError as error:
        return str(error)
    return ""


def toml(value):
    """A string, or a table of strings."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {toml(one)}' for key, one in value.items())} }}"
    return f'"{value}"'


@pytest.mark.slow
def test_a_draw_that_reads_as_it_is_asked_is_checked_with_what_is_named_on_top(home):
    text = f"from pathlib import Path\n{NAMED}\n\ndef draw(state, block):\n    {BESIDE}\n    return None\n"
    (home / "draw.py").write_text(text)
    assert check("draw.py:draw", histories=1).passed
    (home / "draw.py").write_text(text.replace(NAMED, ""))
    without = check("draw.py:draw", histories=1)
    assert (without.passed, NAMED in without.text) == (False, True)


@pytest.mark.slow
def test_a_check_warns_of_what_is_read_from_where_one_stands_or_around_the_folder(home):
    around = BESIDE.replace("Path(__file__)", "Path(__file__).resolve()")
    bot(home, on_top=around, in_start='Path("factors.csv").read_text()')
    warnings = check("bot.py:Bot", views=1).warnings
    assert [one.partition(";")[0] for one in warnings] == [
        "bot.py:3 reads factors.csv, which no run takes along",
        "bot.py:8 reads factors.csv, which no run takes along",
    ]


def test_a_run_warns_of_what_it_does_not_take_along(home, et_testbed):
    bot(home, in_start='Path("factors.csv").read_text()')
    (home / "c.toml").write_text('blocks = 3\n[[agents]]\nstrategy = "bot.py:Bot"\n')
    done = et_testbed("run", "c.toml", "--signatures", "off", "--quiet", "--out", "run")
    (warning,) = [line for line in done.stderr.splitlines() if "no run takes along" in line]
    assert warning.startswith("warning: bot.py:8 reads factors.csv, which no run takes along; it is looked for")


@pytest.mark.slow
def test_a_check_does_not_warn_of_what_is_taken_along(home):
    bot(home, on_top=BESIDE.replace("Path(__file__)", "Path(__file__).resolve()"), in_class=NAMED)
    assert not check("bot.py:Bot", views=1).warnings


def test_a_colleagues_replay_says_that_it_was_read_from_where_one_stood(home, monkeypatch):
    run(bot(home, in_start='Path("factors.csv").read_text()'), signatures="off", out=home / "run")
    (home / "away").mkdir()
    sent = shutil.move(home / "run", home / "away" / "run")
    monkeypatch.chdir(home / "away")
    with pytest.raises(InputError, match=STANDING) as refused:
        replay(sent)
    assert "belongs in" not in str(refused.value)
