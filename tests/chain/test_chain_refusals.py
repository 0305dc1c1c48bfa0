"""What the chain refuses: each with its own error, and nothing changes."""

from __future__ import annotations

import numpy as np
import pytest

from chain import errors
from chain.errors import (
    BadAmount,
    BadSignature,
    BlockProposed,
    ClaimRefused,
    NotOwner,
    NotProposer,
    Refused,
    RuleBroken,
    TicketBurned,
    TicketListed,
    TicketMoved,
    UnknownTicket,
)
from chain.protocol import (
    process_claim,
    process_draw,
    process_empty_block,
    process_late_draw,
    process_proposal,
    process_slot,
)
from chain.rules import faults_of_stated
from chain.state import DrawRule
from chain.transfer import process_transfer


def test_every_refusal_has_a_code_of_its_own():
    refusals = [thing for thing in vars(errors).values() if isinstance(thing, type) and issubclass(thing, Refused)]
    assert TicketMoved.code == "ticket_moved"
    assert len({refusal.code for refusal in refusals}) == len(refusals) > 10


# Transfers


def test_a_replayed_transfer_even_if_the_ticket_came_back(chain):
    there = chain.transfer(1, 2, ticket=1)
    process_transfer(chain.state, there)
    assert chain.state.titles.live[1].owner == 2
    process_transfer(chain.state, chain.transfer(2, 1, ticket=1))
    chain.refuses(TicketMoved, process_transfer, there)
    assert chain.state.titles.live[1].owner == 1


def test_a_transfer_of_someone_elses_ticket(chain):
    chain.refuses(NotOwner, process_transfer, chain.transfer(2, 3, ticket=1))


def test_a_transfer_signed_by_someone_else(chain):
    forged = chain.transfer(2, 3, ticket=1)._replace(giver=1)
    chain.refuses(BadSignature, process_transfer, forged)
    good = chain.transfer(1, 3, ticket=1)
    chain.refuses(BadSignature, process_transfer, good._replace(taker=2))
    chain.refuses(BadSignature, process_transfer, good._replace(signature=b""))
    process_transfer(chain.state, good)


def test_a_transfer_of_a_listed_ticket_which_is_good_again_after_the_listing(chain):
    transfer = chain.transfer(1, 2, ticket=1)
    chain.state.titles.list(chain.state.titles.live[1], 77)
    chain.refuses(TicketListed, process_transfer, transfer)
    chain.state.titles.list(chain.state.titles.live[1], None)
    process_transfer(chain.state, transfer)


def test_a_transfer_of_a_burned_and_of_an_unknown_ticket(chain):
    transfer = chain.transfer(1, 2, ticket=0)
    process_empty_block(chain.state)
    chain.refuses(TicketBurned, process_transfer, transfer)
    assert "serials so far: 0 … 2" in chain.refuses(
        UnknownTicket, process_transfer, chain.transfer(1, 2, ticket=3)
    )


# Proposals


def test_a_replayed_proposal(chain):
    proposal = chain.proposal(reward=5)
    process_proposal(chain.state, proposal, 5)
    chain.refuses(BlockProposed, process_proposal, proposal, 5)
    chain.close()
    chain.open()
    chain.refuses(BlockProposed, process_proposal, proposal, 5)
    assert chain.state.ledger.free(1) == 1005


def test_a_proposal_of_another_block(chain):
    for block in (-1, 1):
        values = chain.proposal(reward=5)._replace(block=block)
        chain.refuses(BlockProposed, process_proposal, values, 5)


def test_a_proposal_after_the_slot_was_missed(chain):
    proposal = chain.proposal(reward=5)
    process_empty_block(chain.state)
    chain.refuses(BlockProposed, process_proposal, proposal, 5)
    chain.refuses(BlockProposed, process_empty_block)


def test_a_proposal_without_the_right(chain):
    chain.refuses(NotProposer, process_proposal, chain.proposal(proposer=2), 5)
    chain.refuses(NotProposer, process_proposal, chain.proposal(ticket=1), 5)
    chain.refuses(NotProposer, process_proposal, chain.proposal(ticket=None), 5)


def test_a_proposal_by_whom_the_ticket_has_left(chain):
    stale = chain.proposal(reward=5)
    process_transfer(chain.state, chain.transfer(1, 2, ticket=0))
    chain.refuses(NotProposer, process_proposal, stale, 5)
    process_transfer(chain.state, chain.transfer(2, 1, ticket=0))
    chain.refuses(TicketMoved, process_proposal, stale, 5)


def test_a_proposal_that_the_proposer_did_not_sign(chain):
    chain.refuses(BadSignature, process_proposal, chain.proposal(signer=2), 5)
    chain.refuses(BadSignature, process_proposal, chain.proposal(reward=5)._replace(builder=2), 5)


def test_another_reward_than_was_signed_after_which_the_proposal_is_still_good(chain):
    proposal = chain.proposal(reward=5)
    for reward in (-1, 0.5, 2**63, 0, 4, 6):
        chain.refuses(BadAmount, process_proposal, proposal, reward)
    process_proposal(chain.state, proposal, 5)


# Claims


@pytest.fixture
def claims(make_chain):
    """Three tickets of account 1 for blocks 0 … 4; in slot 2, after its draw. Block 3 is that of ticket 3."""
    chain = make_chain(draw="claim", supply=4, maturity=4, lookahead=1, unclaimed="empty").genesis()
    chain.slot()
    chain.slot()
    process_slot(chain.state)
    process_claim(chain.state, 1, 3, 1, 3)
    process_draw(chain.state)
    return chain


def test_claims_out_of_the_window(claims):
    for block in (-1, 5, 10**6, "3", 3.0, None):
        assert "is for blocks 0 … 4" in claims.refuses(ClaimRefused, process_claim, 1, 0, 1, block)
    process_claim(claims.state, 1, 0, 1, 4)


def test_claims_of_settled_blocks(claims):
    for block in (0, 1, 2, 3):
        assert "is settled" in claims.refuses(ClaimRefused, process_claim, 1, 0, 1, block)


def test_a_claim_of_a_drawn_ticket(claims):
    assert "is drawn for block 3" in claims.refuses(ClaimRefused, process_claim, 1, 3, 1, 4)


def test_a_claim_of_someone_elses_of_a_moved_and_of_a_burned_ticket(claims):
    claims.refuses(NotOwner, process_claim, 2, 0, 1, 4)
    claims.refuses(TicketMoved, process_claim, 1, 0, 0, 4)
    claims.refuses(UnknownTicket, process_claim, 1, 9, 1, 4)
    claims.propose()
    claims.close()
    claims.open()
    process_late_draw(claims.state)
    claims.propose()
    claims.refuses(TicketBurned, process_claim, 1, 3, 1, 4)


@pytest.mark.parametrize("draw", ["maturity", "lottery", lambda state, block: None])  # noqa: ARG005
def test_claims_under_another_rule(make_chain, draw):
    chain = make_chain(draw=draw).genesis()
    assert "only under 'claim'" in chain.refuses(ClaimRefused, process_claim, 1, 1, 1, 1)


# Rules of one's own


@pytest.mark.parametrize("nonsense", [0, 3, 99, -1, "1", 1.0, True, np.float64(1), [1], (), b""])
def test_a_rule_that_returns_what_is_not_in_the_urn(make_chain, nonsense):
    """Of the tickets 0 … 3, ticket 0 is burned and ticket 3 drawn for the present block."""
    picks = iter([0, 3, nonsense])
    chain = make_chain(draw=lambda state, block: next(picks), supply=4, maturity=9, lookahead=1).genesis()  # noqa: ARG005
    chain.slot()
    process_slot(chain.state)
    message = chain.refuses(RuleBroken, process_draw)
    assert message.startswith(f"the rule 'custom' drew {nonsense!r}, which is not in the urn; return one of its")


@pytest.mark.parametrize(
    ("part", "change"),
    [
        ("urn", lambda state: state.urn.pop()),
        ("urn", lambda state: state.urn.append(99)),
        ("slot", lambda state: setattr(state, "slot", 99)),
        ("beacon", lambda state: setattr(state, "beacon", None)),
        ("beacon and urn", lambda state: setattr(state, "beacon", state.urn.pop())),
    ],
)
def test_a_rule_that_changes_what_draws_rest_on_is_told_which(make_chain, part, change):
    chain = make_chain(draw=lambda state, block: change(state), supply=4, maturity=9)  # noqa: ARG005
    with pytest.raises(RuleBroken, match=f"^the rule 'custom' changed the state's {part}; it may only read it$"):
        chain.genesis().slot()


def test_a_number_of_numpy_is_the_serial_that_it_is(make_chain):
    chain = make_chain(draw=lambda state, block: np.array(state.urn)[-1], supply=4, maturity=9).genesis()  # noqa: ARG005
    chain.slot()
    drawn = chain.state.draws[chain.state.slot].ticket
    assert (type(drawn), drawn) == (int, 3)


SOUND = DrawRule("mine", lambda state, serial: (0, 9), lambda state, block: None)  # noqa: ARG005


@pytest.mark.parametrize(
    ("part", "value", "fault"),
    [
        ("span", 0, "span is 0; it must be a whole number from 1 on"),
        ("span", 2.0, "span is 2.0; it must be a whole number from 1 on"),
        ("window", -1, "window is -1; it must be a whole number from 1 on"),
        ("most_lookahead", "3", "most_lookahead is '3'; it must be a whole number from 0 on"),
        ("blocks", None, "blocks is None; it must be a function of (state, serial)"),
        ("early", [], "early is []; it must be a function of (state, block)"),
    ],
)
def test_a_rule_that_says_what_cannot_be(part, value, fault):
    assert list(faults_of_stated(SOUND._replace(**{part: value}))) == [fault]


def test_a_rule_that_says_what_can_be():
    assert not list(faults_of_stated(SOUND._replace(span=4, window=None, most_lookahead=0)))
