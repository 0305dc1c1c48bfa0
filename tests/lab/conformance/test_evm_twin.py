"""The protocol and the contract on the same random histories, and that what differs is found."""

from __future__ import annotations

import re
from collections import Counter
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chain.approvals import Approvals
from chain.beacon import Beacon
from chain.eip712 import keccak
from chain.ledger import Ledger
from chain.signatures import Ecdsa
from chain.titles import Titles
from experiments.lab.conformance.twin import __main__ as command
from experiments.lab.conformance.twin.disagreement import Disagreement
from experiments.lab.conformance.twin.player import play, play_all
from experiments.lab.conformance.twin.random_rules import ROUNDS
from market.messages import ORDER
from market.nonces import Nonces

LENGTH = 400
HARD_TO_FIND = 3_000  # operations

seeds = given(seed=st.integers(0, 2**32))


@pytest.mark.parametrize("histories", [8, pytest.param(50, marks=pytest.mark.slow)])
def test_protocol_and_contract_agree_on_thousands_of_operations_half_of_them_valid(histories) -> None:
    """More of them than the faults below take to be found."""
    pairs = []
    untimed = settings(
        max_examples=histories,
        deadline=None,
        database=None,
        derandomize=histories < 50,  # the share of so few histories varies by some hundredths
        suppress_health_check=list(HealthCheck),
    )
    untimed(seeds(lambda seed: pairs.append(play(seed, LENGTH))))()
    operations = sum(pair.agreed for pair in pairs)
    assert operations >= histories * LENGTH > HARD_TO_FIND
    assert 0.45 <= sum(pair.accepted for pair in pairs) / operations <= 0.6
    assert {pair.state.rules.round for pair in pairs} == {1, 2, 5}


@pytest.mark.slow
def test_rounds_of_one_two_and_five_blocks_agree_on_a_hundred_thousand_operations() -> None:
    agreed: Counter[int] = Counter()
    for played in play_all(count(), 2_000):
        agreed[played.round] += played.operations
        if agreed.total() >= 100_000:
            break
    assert agreed.keys() == set(ROUNDS)
    assert min(agreed.values()) >= 15_000


def word_of_the_next_slot(monkeypatch):
    word = Beacon.word
    monkeypatch.setattr(Beacon, "word", lambda self, slot, *rest: word(self, slot + 1, *rest))


def a_drawn_ticket_may_be_drawn_again(monkeypatch):
    from chain import protocol

    remove = protocol.remove_from_urn

    def remove_and_put_back(state, serial):
        remove(state, serial)
        if len(state.urn) == 1:
            state.urn.append(serial)
            state.urn.sort()

    monkeypatch.setattr(protocol, "remove_from_urn", remove_and_put_back)


def tickets_expire_a_slot_late(monkeypatch):
    from chain import protocol

    last = protocol.get_last_drawn
    monkeypatch.setattr(protocol, "get_last_drawn", lambda state: last(state) - 1)


def refunds_are_a_gwei_too_high(monkeypatch):
    refund = Ledger.refund
    monkeypatch.setattr(
        Ledger, "refund", lambda self, account, gwei, ticket=None: refund(self, account, gwei + 1, ticket)
    )


def transfers_do_not_raise_the_nonce(monkeypatch):
    transfer = Titles.transfer

    def at_the_same_nonce(self, title, taker, reason):
        transfer(self, title, taker, reason)
        title.nonce -= 1

    monkeypatch.setattr(Titles, "transfer", at_the_same_nonce)


def any_signature_will_do(monkeypatch):
    monkeypatch.setattr(Ecdsa, "verify", lambda *_: None)


def messages_can_be_used_twice(monkeypatch):
    monkeypatch.setattr(Nonces, "use", lambda *_: None)


def the_primary_price_is_given_back(monkeypatch):
    monkeypatch.setattr(Ledger, "burn", Ledger.release)


def missed_slots_cost_nothing(monkeypatch):
    monkeypatch.setattr("chain.protocol.forfeit_fee", lambda *_: None)


def the_cap_is_one_too_high(monkeypatch):
    from chain import cap

    room = cap.get_room

    def one_more(state, account):
        left = room(state, account)
        return None if left is None else left + 1

    monkeypatch.setattr(cap, "get_room", one_more)


def tickets_live_a_block_longer(monkeypatch):
    from chain import minting

    draft = minting.draft_ticket

    def dated_later(state, serial):
        ticket = draft(state, serial)
        if state.rules.maturity is None:
            return ticket
        return ticket._replace(last_block=ticket.last_block + 1)

    monkeypatch.setattr(minting, "draft_ticket", dated_later)


def approvals_outlive_a_transfer(monkeypatch):
    monkeypatch.setattr(
        Approvals, "get_approved", lambda self, title: self._tickets.get(title.ticket.serial, (0, b"\0" * 20))[1]
    )


def orders_are_hashed_as_another_type(monkeypatch):
    monkeypatch.setattr(ORDER, "type_hash", keccak(b"Order(address maker)"))


def a_round_with_a_missed_block_is_missed(monkeypatch):
    from chain import protocol

    end = protocol.get_end

    def stricter(title):
        return "missed" if title.missed and end(title) == "proposed" else end(title)

    monkeypatch.setattr(protocol, "get_end", stricter)


def who_buys_the_rest_of_a_round_posts_what_was_left(monkeypatch):
    transfer = Titles.transfer

    def and_keep(self, title, *rest):
        forfeited = title.forfeited
        transfer(self, title, *rest)
        title.forfeited = forfeited

    monkeypatch.setattr(Titles, "transfer", and_keep)


FAULTS = [
    word_of_the_next_slot,
    a_drawn_ticket_may_be_drawn_again,
    tickets_expire_a_slot_late,
    refunds_are_a_gwei_too_high,
    transfers_do_not_raise_the_nonce,
    any_signature_will_do,
    messages_can_be_used_twice,
    the_primary_price_is_given_back,
    missed_slots_cost_nothing,
    the_cap_is_one_too_high,
    tickets_live_a_block_longer,
    approvals_outlive_a_transfer,
    orders_are_hashed_as_another_type,
    a_round_with_a_missed_block_is_missed,
    who_buys_the_rest_of_a_round_posts_what_was_left,
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.__name__)
def test_a_fault_in_the_rules_is_found(fault, monkeypatch):
    fault(monkeypatch)
    with pytest.raises(Disagreement):
        list(play_all(range(HARD_TO_FIND // LENGTH), LENGTH))


def test_the_command_plays_until_so_many_operations_agreed(capsys, monkeypatch):
    monkeypatch.setattr(command, "LENGTH", 60)
    command.main(100)
    last = capsys.readouterr().out.rstrip().rpartition("\r")[2]
    assert int(last.partition(" agreed, ")[0]) in range(100, 300)
    assert re.search(r"; \d+ with rounds of \d$", last)
