"""Between the seed of a slot and its draw all can tell who is drawn, and nobody can do anything about it.

Each act is tried on the contract once the beacon knows the seed of slot 1; the draw must be that of the protocol
in Python, to which none of it happened."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chain.evm.abi import Tail
from chain.evm.machine import Reverted
from chain.protocol import open_slot, process_expiry
from chain.transfer import TRANSFER, Transfer, transfer_values
from market.messages import NO_LISTING, listing_hash
from tests.lab.conformance.test_contract_findings import Scene
from tests.lab.conformance.test_out_of_step import ahead

Act = tuple[object, ...]
"""A function of the contract, the account that calls it, what it is called with."""


def words(scene: Scene, *messages: Any) -> tuple[object, ...]:
    """Signed messages and their signatures."""
    pairs = ((one.values(scene.both.addresses), Tail.of_bytes(one.signature)) for one in messages)
    return tuple(word for values, signature in pairs for word in (tuple(values), signature))


def give_back(scene: Scene) -> Act:
    return "giveBack", 2, *words(scene, scene.ask(1, 0, side="return"))


def mint(_: Scene) -> Act:
    return "mint", 0, 1


def expire(_: Scene) -> Act:
    return "expire", 0, 1


def sell(scene: Scene) -> Act:
    return "sell", 0, scene.undrawn(0), 7, *words(scene, scene.offer(2, None, listing=NO_LISTING))


def settle(scene: Scene) -> Act:
    return "settle", 0, *words(scene, scene.ask(1, 50), scene.bid(2, 50))


def award(scene: Scene) -> Act:
    listing = scene.listing(1)
    bid = scene.offer(2, None, listing=listing_hash(listing, scene.both.addresses))
    return "award", 0, *words(scene, listing, bid), 70


def transfer_from(scene: Scene) -> Act:
    return "transferFrom", 1, scene.both.addresses[1], scene.both.addresses[2], scene.undrawn(1)


def transfer_signed(scene: Scene) -> Act:
    transfer = Transfer(1, 2, scene.undrawn(1), 1)
    values = transfer_values(scene.state, transfer)
    signed = scene.sign(1, TRANSFER, transfer, values)
    return "transferSigned", 2, *values, Tail.of_bytes(signed.signature)


def tried(scene: Scene, act: Act) -> str:
    """The reason of the revert, if the contract refuses it."""
    name, caller, *arguments = act
    assert isinstance(name, str)
    assert isinstance(caller, int)
    try:
        scene.both.tickets.call(name, scene.both.addresses[caller], *arguments)
    except Reverted as refused:
        return str(refused)
    return ""


def draws(scene: Scene) -> tuple[list[int], list[int]]:
    """Ticket + 1 and urn of the draw that is held now, on both sides."""
    open_slot(scene.state)
    block = scene.state.slot + scene.state.rules.ahead
    tickets = scene.both.tickets
    tickets.call("openSlot", scene.both.addresses[0])
    answer = tickets.call("drawOf", scene.both.addresses[0], block)
    ours = scene.state.draws[block]
    theirs = [int.from_bytes(answer[at : at + 32], "big") for at in (0, 32)]
    return [0 if ours.ticket is None else ours.ticket + 1, ours.urn], theirs


@pytest.mark.parametrize("lookahead", [0, 2])
@pytest.mark.parametrize("act", [give_back, mint])
def test_what_changes_the_urn_is_refused_from_the_seed_to_the_draw(act: Callable[[Scene], Act], lookahead: int):
    """The owner of a ticket that was not drawn gave one back, and had the draw held again for the haircut."""
    scene = Scene(supply=7, lookahead=lookahead)
    scene.both.leave_empty()
    scene.both.tickets.open_block(1)
    assert tried(scene, act(scene)) == "seed_known"
    ours, theirs = draws(scene)
    assert ours == theirs
    assert tried(scene, act(scene)) == ""


@pytest.mark.parametrize("act", [sell, settle, award, transfer_from, transfer_signed])
def test_who_has_a_ticket_makes_no_difference_to_the_draw(act: Callable[[Scene], Act]):
    scene = Scene(supply=7)
    scene.both.leave_empty()
    scene.both.tickets.open_block(1)
    assert tried(scene, act(scene)) == ""
    ours, theirs = draws(scene)
    assert ours == theirs


def test_what_has_expired_is_burned_before_the_draw_whenever_that_is():
    """Nobody has a choice there: no slot opens before all of it is gone, so that it may wait for the seed."""
    scene = Scene(supply=9, maturity=5)
    for _ in range(4):
        scene.next_slot()
    scene.both.leave_empty()
    expired = process_expiry(scene.state)
    scene.both.tickets.open_block(5)
    assert len(expired) > 1
    assert len(scene.state.urn) > 1
    for _ in expired:
        assert tried(scene, ("openSlot", 0)) == "block_open"
        assert tried(scene, expire(scene)) == ""
    ours, theirs = draws(scene)
    assert ours == theirs


def test_before_slot_0_what_has_expired_stays_for_its_draw():
    """Slot 0 opens with it: burning it first would be the protocol's choice, when it knows the seed."""
    both = ahead()
    both.first_draws()
    for act in (both.close_slot, both.mint_too_many, lambda: both.mint((0,))):
        accepted = both.accepted
        act()
        assert both.accepted == accepted
    assert len(both.state.urn) == 3
    both.open_slot()
    both.leave_empty()
    both.close_slot()
    assert both.accepted == 5
