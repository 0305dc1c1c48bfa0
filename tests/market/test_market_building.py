"""The right to build a block, sold ahead of time while the title stays. All accounts have 1,000 Gwei, the reward
is 100, and account n builds at a cost of 10 n; account 3 cannot."""

from __future__ import annotations

import pytest

from chain.clock import Phase
from chain.errors import NotBuilder
from chain.present_right import get_right
from chain.protocol import process_empty_block, process_proposal
from experiments import run
from experiments.lab.verify import verify_run
from market.errors import BadTerms, ResaleClosed
from market.intents import Build, OpenAuction, SellBlock, SellBuilding
from market.resale_times import RESALE


@pytest.fixture
def ahead(make_market, monkeypatch):
    """Tickets 0 and 1 of accounts 1 and 2 are drawn for blocks 0 and 1; slot 0 is open."""
    monkeypatch.setitem(RESALE, "both", RESALE["both"]._replace(building=True))
    return make_market(lookahead=1).begin()


def sell(market, ticket=1, **terms):
    """Its holder opens an auction of the building, which the desk refuses or not."""
    owner = market.titles.live[ticket].owner
    market.desk.receive(market.participant(owner), Phase.OFFER, [SellBuilding(ticket, **terms)], 0)


def sold(market, ticket=1, price=60):
    """Account 1 buys the building of the ticket's block for that."""
    sell(market, ticket, format="first_price")
    (auction,) = market.house.open.values()
    market.house.enter(market.offer(1, auction, price), 0)
    market.house.clear_sales(0)


def test_the_builder_pays_and_the_title_stays(ahead):
    sold(ahead)
    title = ahead.titles.live[1]
    assert (title.owner, title.nonce, title.builder, title.listing) == (2, 1, 1, None)
    assert [ahead.money(account) for account in (1, 2)] == [(940, 0), (1060, 0)]
    assert ahead.column("trades", "market") == ["building"]
    assert ahead.column("trades", "block") == [1]


def test_the_holder_proposes_and_the_builder_earns(ahead):
    sold(ahead)
    process_empty_block(ahead.state)
    ahead.open()
    ahead.pbs.receive(ahead.participant(2), [SellBlock(0), Build()], 0)
    assert ahead.column("violations", "message") == ["the building of the block was sold ahead of time"]
    outcome = ahead.pbs.propose(get_right(ahead.state), ahead.participant(2), 100, 0)
    assert (outcome.right.proposer, outcome.builder, outcome.cost_gwei, outcome.price_gwei) == (2, 1, 10, None)
    assert [ahead.money(account) for account in (1, 2)] == [(940 + 100 - 10, 0), (1060, 0)]
    assert ahead.ledger.is_balanced()


def test_no_one_else_may_build(ahead):
    sold(ahead)
    process_empty_block(ahead.state)
    ahead.open()
    said = ahead.refuses(NotBuilder, process_proposal, ahead.state, ahead.proposal(builder=2, reward=100), 100)
    assert said == "the building of block 1 was sold to account 1"
    process_proposal(ahead.state, ahead.proposal(builder=1, reward=100), 100)


def test_a_missed_slot_leaves_the_builder_with_nothing(ahead):
    sold(ahead)
    process_empty_block(ahead.state)
    ahead.open()
    assert ahead.pbs.propose(get_right(ahead.state), None, 100, 0).status == "missed"
    assert [ahead.money(account) for account in (1, 2)] == [(940, 0), (1060, 0)]


def test_what_is_sold_cannot_be_sold_again(ahead):
    sold(ahead)
    sell(ahead)
    ahead.desk.receive(ahead.participant(2), Phase.OFFER, [OpenAuction(1)], 0)
    ahead.refuses(ResaleClosed, ahead.exchange.place, ahead.ask(2, 1, 5), 0)
    assert ahead.column("violations", "message") == ["ticket 1: the building of its block is sold"] * 2


def test_only_the_building_of_a_drawn_ticket_up_to_its_block(ahead, make_market):
    sell(ahead, 2)
    sell(ahead, 1, slots=2)
    assert ahead.column("violations", "code") == [ResaleClosed.code, BadTerms.code]
    plain = make_market(lookahead=1, resale="ex_post").begin()
    sell(plain, 1)
    assert plain.column("violations", "code") == [ResaleClosed.code]


def test_in_a_run_lessors_propose_what_others_build(tmp_path):
    agents = [
        {"strategy": "lessor", "role": "seller", "count": 2},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 3},
    ]
    chain = {"draw": "lottery", "supply": 8, "maturity": 30, "lookahead": 2}
    config = {"agents": agents, "chain": chain, "market": {"building": "from_draw"}}
    result = run(config, blocks=40, out=tmp_path / "run")
    assert verify_run(result.path).is_sound
    ahead = result.trades[result.trades.market == "building"]
    assert len(ahead) >= 30
    assert set(ahead.block - ahead.slot) <= {0, 1, 2}
    buyer = ahead.set_index("block").buyer
    built = result.blocks.set_index("slot").loc[lambda rows: rows.builder.notna()]
    both = built.index.intersection(buyer.index)
    assert (built.builder[both].astype(str) == buyer[both].astype(str)).all()
    assert set(built.proposer.astype(str)) == {"lessor-1", "lessor-2"}
