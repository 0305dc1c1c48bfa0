"""The life of one ticket."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from experiments import InputError, run
from experiments.lab.verify.trace import sheet_of, to_json, trace_ticket

AGENTS = [
    {"strategy": "undercut", "role": "seller", "parameters": {"capacity": 4}},
    {"strategy": "at_once", "role": "seller", "missed_proposal": 0.3},
    {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
    {"strategy": "market_maker", "role": "buyer"},
    {"strategy": f"{Path(__file__).with_name('wild.py')}:Wild"},
]
COSTS = ["cost.entry=0.0001", "cost.primary_entry=0.00001"]
TERMS = {
    "lottery": [
        "chain.draw=lottery",
        "chain.supply=9",
        "chain.maturity=6",
        "chain.refund=0.5",
        "chain.lookahead=1",
    ],
    "claim": ["chain.draw=claim", "chain.supply=6", "chain.maturity=5", *COSTS],
}


@pytest.fixture(scope="module", params=TERMS)
def result(request, tmp_path_factory):
    out = tmp_path_factory.mktemp("trace") / "run"
    return run({"agents": AGENTS}, blocks=40, overrides=TERMS[request.param], out=out)


def lives(result):
    """The events of every ticket, by serial."""
    return {serial: trace_ticket(result.path, serial) for serial in result.tickets.ticket}


def test_a_life_begins_with_the_mint_and_ends_with_the_burn(result):
    for row in result.tickets.itertuples():
        events = trace_ticket(result.path, row.ticket)
        assert events[0].slot == row.mint_block
        assert f"mints ticket {row.ticket}" in events[0].what
        assert [(event.slot, event.ms) for event in events] == sorted((event.slot, event.ms) for event in events)
        burns = [event for event in events if event.what.startswith("burned")]
        assert [burn.what for burn in burns] == ([] if row.end == "live" else [f"burned: {row.end}"])
        assert not burns or events[-1].what.startswith(("burned", "puts it up"))


def test_every_sale_and_every_bid_is_told(result):
    told = [event for events in lives(result).values() for event in events]
    sales = [event for event in told if event.what.startswith(("buys it", "pays "))]
    sold = sorted(result.trades.price_gwei / 1e9)
    assert sorted(event.eth for event in sales if "to enter" not in event.what) == pytest.approx(sold)
    assert sum(event.what.startswith("bids in auction") for event in told) == len(result.bids)
    assert sum(event.what.startswith("draws it") for event in told) == result.tickets.drawn_for.notna().sum()
    entries = result.payments.reason.isin(["entry", "primary_entry"]).sum()
    assert sum(event.what.startswith("pays to enter") for event in told) == entries
    refunds = (result.payments.reason == "refund").sum()
    assert sum("refunded" in event.what for event in told) == refunds


def test_an_owner_bought_the_ticket_before(result):
    for events in lives(result).values():
        owner = "protocol"
        for event in events:
            if event.what.startswith("buys it"):
                assert f"from {owner} " in event.what
                owner = event.who
            elif event.what.startswith(("claims", "offers it", "puts it up", "opens an auction", "burned")):
                assert event.who == owner


def test_what_is_shown_and_printed_is_the_same(result):
    events = trace_ticket(result.path, 0)
    printed = json.loads(to_json(events))
    assert [tuple(event.values()) for event in printed] == [tuple(event) for event in events]
    records = list(sheet_of(events).records())
    assert [tuple(record.values()) for record in records] == [tuple(event) for event in events]


def test_a_ticket_that_there_is_not_is_refused(result):
    last = len(result.tickets) - 1
    with pytest.raises(InputError, match=f"there is no ticket 9999; the run has tickets 0 to {last}"):
        trace_ticket(result.path, 9999)
    with pytest.raises(InputError, match="there is no ticket -1"):
        trace_ticket(result.path, -1)


def test_one_of_several_structures_is_to_be_chosen(tmp_path):
    run({"agents": AGENTS[:3]}, blocks=5, overrides=['market.structure=["pbs","et"]'], out=tmp_path / "run")
    with pytest.raises(InputError, match=r"holds the structures pbs, et; name the folder of one, e.g. .*run/et"):
        trace_ticket(tmp_path / "run", 0)
    assert trace_ticket(tmp_path / "run" / "et", 0)
    with pytest.raises(InputError, match="the run has no tickets"):
        trace_ticket(tmp_path / "run" / "pbs", 0)


def test_a_folder_without_a_run_is_refused(tmp_path):
    with pytest.raises(InputError, match="no run lies there"):
        trace_ticket(tmp_path, 0)
