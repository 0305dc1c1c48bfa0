"""What a strategy's file sets for the whole process as it is loaded is felt by nobody else."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

import numpy as np
import pytest

from experiments import load, run

BOT = """
import os, warnings
import numpy as np
from strategies import AuctionBid, Buyer

{line}

class Bot(Buyer):
    def bid(self, view):
        {body}
        return [AuctionBid(auction.id, 10_000_000) for auction in view.auctions]
"""
LINES = {
    "folder": "os.chdir(os.path.dirname(os.path.abspath(__file__)))",
    "numbers": 'np.seterr(all="raise")',
    "warnings": 'warnings.simplefilter("error")',
}
SEATS = {"seller": "at_maturity", "builder": "truthful"}


def play(folder: Path, line: str = "", body: str = "pass") -> None:
    """From `folder`, with what it is kept in named from there."""
    (folder / "bots").mkdir()
    (folder / "bots" / "bot.py").write_text(BOT.format(line=line, body=body))
    agents = [{"strategy": name, "role": role} for role, name in SEATS.items()]
    config = {"blocks": 6, "chain": {"maturity": 3}, "agents": [*agents, {"strategy": "bots/bot.py:Bot"}]}
    run(config, out="kept", signatures="off")


@pytest.mark.parametrize("kind", LINES)
def test_a_run_goes_on_as_if_nothing_had_been_set(kind, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(), np.errstate():
        warnings.simplefilter("ignore")
        before = np.geterr(), list(warnings.filters)
        play(tmp_path, LINES[kind])
        assert (np.geterr(), list(warnings.filters)) == before
    assert Path.cwd() == tmp_path
    assert load("kept").finished
    assert (load("kept").bids.bidder == "bot-3").any()


def test_what_it_silences_stays_silent(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with warnings.catch_warnings(), np.errstate():
        play(tmp_path, 'np.seterr(divide="ignore")\nwarnings.filterwarnings("ignore", "of my own library")')
        assert np.geterr()["divide"] == "ignore"
        assert warnings.filters[0][0] == "ignore"


def test_what_a_strategy_makes_of_numbers_in_its_turn_does_not_end_the_run(tmp_path, monkeypatch):
    """The rewards of mevboost are drawn with powers that fall below the least number."""
    monkeypatch.chdir(tmp_path)
    with np.errstate():
        play(tmp_path, body='np.seterr(all="raise")')
        assert "raise" not in np.geterr().values()
    assert load("kept").finished


def test_a_run_is_kept_where_it_was_asked_for_wherever_a_strategy_goes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    moving = 'Buyer = type("Moving", (Buyer,), {"start": lambda self, setup: os.chdir("/")})'
    play(tmp_path, moving)
    assert Path.cwd() == Path("/")
    assert load(tmp_path / "kept").finished
    assert not os.path.exists("/kept")
