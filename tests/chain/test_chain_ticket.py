"""The ticket: what the protocol signed, and what it is fungible with."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chain.account import derive_accounts
from chain.eip712 import UINT64_MAX, Domain
from chain.errors import BadSignature
from chain.randomness import Streams
from chain.rules import draw_rule
from chain.state import OwnRule
from chain.ticket import NEVER, TICKET, Ticket, Title

PROTOCOL, SOMEONE = derive_accounts(Streams(3), ["someone"])
WIDTHS = {"serial": 64, "mint_block": 64, "first_block": 64, "last_block": 64, "chain_id": 64}
BYTES = {"rules_id": 32, "signature": 65}
numbers = st.integers(0, UINT64_MAX)


def signed(ticket: Ticket) -> Ticket:
    return ticket._replace(signature=PROTOCOL.key.sign(ticket.digest()))


tickets = st.builds(
    Ticket,
    serial=numbers,
    mint_block=st.integers(-1, UINT64_MAX - 1),
    first_block=numbers,
    last_block=numbers,
    rules_id=st.binary(min_size=32, max_size=32),
    chain_id=numbers,
).map(signed)
bits = st.sampled_from([*WIDTHS, *BYTES]).flatmap(
    lambda name: st.tuples(st.just(name), st.integers(0, (WIDTHS.get(name) or 8 * BYTES[name]) - 1))
)


def flip(ticket: Ticket, name: str, bit: int) -> Ticket:
    value = getattr(ticket, name)
    if isinstance(value, bytes):
        other = (int.from_bytes(value, "big") ^ 1 << bit).to_bytes(len(value), "big")
        return ticket._replace(**{name: other})
    return ticket._replace(**{name: value & UINT64_MAX ^ 1 << bit})


@given(tickets, bits)
@settings(max_examples=300)
def test_a_flipped_bit_anywhere_in_a_ticket_is_refused(ticket, where):
    ticket.verify(PROTOCOL.address)
    with pytest.raises(BadSignature):
        flip(ticket, *where).verify(PROTOCOL.address)


@given(tickets)
@settings(max_examples=30)
def test_a_ticket_needs_nothing_but_itself_and_holds_of_one_signer(ticket):
    assert ticket.digest() == Domain(ticket.chain_id).digest(TICKET, ticket.fields())
    with pytest.raises(BadSignature, match=f"ticket {ticket.serial} is signed by"):
        ticket.verify(SOMEONE.address)


def test_the_chain_mints_tickets_that_verify(make_chain):
    chain = make_chain(draw="lottery", maturity=None).genesis()
    for _ in range(3):
        chain.slot()
    protocol, one = (account.address for account in chain.state.accounts[:2])
    live = [title.ticket for title in chain.state.titles.live.values()]
    assert {ticket.rules_id for ticket in live} == {chain.state.rules.identity()}
    for ticket in live:
        ticket.verify(protocol)
        with pytest.raises(BadSignature):
            ticket.verify(one)


def test_rules_that_differ_have_different_ids(make_chain):
    variants = [
        make_chain(draw="lottery", supply=5, maturity=3),
        make_chain(draw="claim", supply=5, maturity=3, unclaimed="empty"),
        make_chain(draw="claim", supply=5, maturity=3, unclaimed="earliest_expiry"),
        make_chain(draw="lottery", supply=6, maturity=3),
        make_chain(draw="lottery", supply=5, maturity=None),
        make_chain(draw="lottery", supply=5, maturity=3, lookahead=1),
        make_chain(draw="lottery", supply=5, maturity=3, refund=0.5),
    ]
    rules = [chain.state.rules for chain in variants]
    rules += [rules[0]._replace(draw=draw_rule("epoch", epoch=span)) for span in (3, 4)]
    rules += [rules[0]._replace(draw=draw_rule("randea", window=window)) for window in (1, 2)]
    rules += [rules[0]._replace(own=(OwnRule("chain.draw", "x.py:f", (("x.py", digest),)),)) for digest in "ab"]
    assert len({rule.identity() for rule in rules}) == len(rules)


def test_tickets_of_one_expiry_are_a_series_and_a_drawn_one_is_alone():
    titles = [Title(Ticket(serial, 0, 1, 9, b"", 1), 1) for serial in range(3)]
    titles[2].drawn_for = 4
    assert [str(title.series) for title in titles] == ["expiry:9", "expiry:9", "drawn:4"]
    assert titles[0].series == titles[1].series != titles[2].series
    assert str(Title(Ticket(0, 0, 1, NEVER, b"", 1), 1).series) == "never"
