"""Resale in turn, audited and traced: whose turn it is, and when, follows from the config."""

from __future__ import annotations

import pytest

from experiments import run
from experiments.lab.verify import audit_run
from experiments.lab.verify.trace import trace_ticket
from experiments.lab.verify.turn_audit import TurnAudit

SELLER = {
    "strategy": "at_once",
    "role": "seller",
    "count": 3,
    "latency_ms": 50,
    "parameters": {"reserve_eth": 0.027},
}
BUYER = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2, "latency_ms": 20}
CONFIG = {
    "chain": {"draw": "lottery", "supply": 9, "maturity": 6},
    "market": {"resale_order": "in_turn"},
    "agents": [SELLER, BUYER],
}
TURN = 2 * 51


@pytest.fixture(scope="module")
def result(tmp_path_factory):
    return run(CONFIG, blocks=40, out=tmp_path_factory.mktemp("turns") / "run", signatures="off")


def test_sales_are_had_in_turns_that_are_known(result):
    assert audit_run(result.path).is_sound
    sales = result.trades[result.trades.market == "secondary"]
    assert len(set(sales.ms)) > 1
    assert set(sales.ms) <= {(place + 1) * TURN - 1 for place in range(5)}


@pytest.mark.parametrize(
    "ends",
    [
        lambda self: zip(map(self.end, self._starts), reversed(self._starts), strict=True),
        lambda self: ((5000, name) for name in self._starts),
    ],
)
def test_turns_of_another_order_or_length_are_noticed(ends, result, monkeypatch):
    monkeypatch.setattr(TurnAudit, "ends", ends)
    assert not audit_run(result.path).is_sound


def test_a_trace_says_when_a_sale_without_a_buyer_ended(result):
    unsold = result.auctions[(result.auctions.market == "secondary") & (result.auctions.outcome == "unsold")]
    assert len(unsold)
    for row in unsold.head(5).itertuples():
        ends = [
            event for event in trace_ticket(result.path, row.ticket) if f"auction {row.auction} ends" in event.what
        ]
        assert [(event.slot, event.ms) for event in ends] == [(row.closed_slot, row.opened_ms + 51)]
