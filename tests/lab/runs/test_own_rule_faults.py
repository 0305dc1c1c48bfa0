"""A rule of the user's own that raises, or answers what cannot be, ends a run in one line that names its own."""

from __future__ import annotations

import pytest

RULES = """
def draw(state, block):
    return state.urn[0] if block < 3 else state.nothing

def other(state, block):
    return state.urn[0] if block < 3 else 99999

def price(lots):
    return lots.nothing

def clear(lot):
    raise LookupError("no price")

def leaves(state, block):
    raise SystemExit(3)
"""
CONFIG = """blocks = 12
[chain]
supply = 6
maturity = 5
"""
CASES = {
    "a draw rule that raises": ("chain.draw=mine.py:draw", "raised mine.py:3 AttributeError"),
    "one that draws what is not there": ("chain.draw=mine.py:other", "drew 99999, which is not in the urn"),
    "one that would end the process": ("chain.draw=mine.py:leaves", "raised mine.py:15 SystemExit"),
    "a pricing rule that raises": ("market.primary=mine.py:price", "raised mine.py:9 AttributeError"),
}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("rules")
    (place / "mine.py").write_text(RULES)
    (place / "c.toml").write_text(CONFIG)
    return place


def only_line(done):
    assert (done.returncode, done.stdout) == (1, "")
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("error:")]
    assert "Traceback" not in done.stderr
    return line


@pytest.mark.parametrize(("override", "told"), CASES.values(), ids=CASES)
def test_it_ends_the_run_in_one_line(et_testbed, place, override, told):
    line = only_line(et_testbed("run", "c.toml", "--set", override, "--signatures", "off", "--quiet", cwd=place))
    assert told in line
    assert "mine.py" in line
    assert "--strict" not in line
    assert "et-testbed check" in line


def test_a_format_that_raises_does_too(et_testbed, place):
    own = ("--set", "market.own_format=mine.py:clear", "--set", "market.primary=own")
    line = only_line(et_testbed("run", "c.toml", *own, "--signatures", "off", "--quiet", cwd=place))
    assert "raised mine.py:12 LookupError: no price" in line
