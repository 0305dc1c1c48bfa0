"""Rounds on the protocol and its book are rounds on paper, and what is done otherwise is noticed."""

from __future__ import annotations

import pytest

from chain.titles import Titles
from experiments.lab.conformance.round_check import RoundFault, check_rounds

KINDS = {"sold", "void", "given", "returned", "bid", "ask", "filled", "cancelled", "leased", "proposed", "missed"}


def test_protocol_and_paper_agree():
    done = check_rounds(operations=2_000)
    assert done.total() >= 2_000
    assert done.keys() >= KINDS


@pytest.mark.slow
def test_they_agree_on_a_hundred_thousand_operations():
    done = check_rounds(operations=100_000, seed=10_000)
    assert min(done[kind] for kind in KINDS) > 100


def stays_where_it_is(self, title):  # noqa: ARG001
    title.used += 1


def keeps_its_builder(self, title):  # noqa: ARG001
    title.drawn_for += 1
    title.used += 1


@pytest.mark.parametrize("advance", [stays_where_it_is, keeps_its_builder])
def test_a_block_that_is_used_otherwise_is_noticed(advance, monkeypatch):
    monkeypatch.setattr(Titles, "advance", advance)
    with pytest.raises(RoundFault, match=r"rounds of [25], history .*, slot .*: after"):
        check_rounds()
