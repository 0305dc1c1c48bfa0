"""What docs/slot_auction.md shows a newcomer, done as it says."""

from __future__ import annotations

import re
import tomllib

import pytest

from experiments import run
from experiments.lab.tournament import read_entrants, tournament
from tests.places import DOCS

TEXT = (DOCS / "slot_auction.md").read_text(encoding="utf-8")


def block(language, word):
    """The block of code in that language that has the word in it."""
    return next(found for found in re.findall(rf"```{language}\n(.*?)```", TEXT, re.S) if word in found)


@pytest.fixture
def half(tmp_path, monkeypatch):
    (tmp_path / "half.py").write_text(block("python", "class Half"))
    (tmp_path / "slot.toml").write_text(block("toml", "[[agents]]"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_own_builder_passes_its_contract(half, et_testbed):
    told = et_testbed("check", f"{half / 'half.py'}:Half", "--views", "50")
    assert told.returncode == 0, told.stdout
    assert "ok   open auctions:" in told.stdout
    (half / "odd.py").write_text((half / "half.py").read_text().replace("return None", "return -1"))
    assert et_testbed("check", f"{half / 'odd.py'}:Half", "--views", "50").returncode == 1


def test_a_file_alone_is_answered_with_what_to_add(et_testbed):
    told = et_testbed("check", "half.py")
    assert told.returncode == 2
    assert "half.py:MyStrategy" in told.stderr


def test_an_own_builder_plays_a_tournament(half):
    entrants = read_entrants("last_minute,half.py:Half")
    ranked = tournament(half / "slot.toml", entrants, (1, 2), overrides=["blocks=12"], backend_name="sequential")
    assert {row.label for row in ranked.standings()} == {"last_minute", "half.py:Half"}
    assert max(row.payoff["mean"] for row in ranked.standings()) > 0


def test_all_terms_that_the_docs_name_are_those_of_a_config():
    terms = tomllib.loads(block("toml", "[market.slot_auction]"))
    agents = [{"strategy": "at_maturity", "role": "seller"}, {"strategy": "naive", "role": "builder"}]
    result = run({**terms, "blocks": 3, "agents": agents}, signatures="off")
    assert len(result.blocks) == 3
