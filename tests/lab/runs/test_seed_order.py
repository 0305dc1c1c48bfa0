"""When a run asks its beacon for words: no one acts between a word and its draw."""

from __future__ import annotations

from pathlib import Path

import pytest

from chain.beacon import Beacon
from experiments import run
from market import give_back

GIVING_BACK = f"{Path(__file__).with_name('giving_back.py')}:GivingBack"


@pytest.mark.parametrize("lookahead", [0, 2])
def test_a_return_comes_before_the_next_word_is_asked_for(monkeypatch, lookahead):
    """Whoever gives a ticket back in slot s knows the words up to block s + L, whose draws are held."""
    asked: list[int] = []
    known: list[tuple[int, int]] = []  # slot of a return, and the last word that was asked for by then
    below, take = Beacon.below, give_back.process_return

    def heard(self, n, block, key=""):
        asked.append(block)
        return below(self, n, block, key)

    def noted(state, *terms):
        known.append((state.slot, asked[-1]))
        take(state, *terms)

    monkeypatch.setattr(Beacon, "below", heard)
    monkeypatch.setattr(give_back, "process_return", noted)
    chain = {"draw": "lottery", "supply": 6, "maturity": 4, "lookahead": lookahead, "return_haircut": 0.1}
    agents = [{"strategy": GIVING_BACK, "count": 2, "latency_ms": latency} for latency in (0, 700)]
    run({"blocks": 20, "chain": chain, "agents": agents}, signatures="off")
    assert asked == list(range(20 + lookahead))
    assert {slot for slot, _ in known} > set(range(2, 18))
    assert all(word == slot + lookahead for slot, word in known)
