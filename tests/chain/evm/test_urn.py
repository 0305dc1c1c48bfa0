"""The urn of the ticket contract: words of 256 tickets, windows, and what is drawn of them."""

from __future__ import annotations

import pytest

from chain.beacon import compute_index
from chain.eip712 import keccak
from chain.evm.abi import word
from chain.evm.ticket_contract import run_beacon
from chain.ticket import NEVER
from tests.chain.evm.test_deployment import OUTSIDER, PROTOCOL, Deployed
from tests.chain.evm.test_tickets_terms import drawn_by, refusal

SEED = b"\x05" * 32  # what the beacon of a deployment says


def test_an_urn_of_several_words_is_drawn_from_and_emptied_in_the_order_of_serials():
    """Of 600 tickets, in three words of the urn; a list stands beside it."""
    tickets, urn = Deployed(supply=600, maturity=33), list(range(600))
    tickets.call("mint", PROTOCOL, 600)
    for slot in range(33):
        draw(tickets, urn, slot)
        tickets.call("mint", PROTOCOL, 1)
        urn.append(600 + slot)
    while urn[0] < 600:
        assert refusal(tickets, "openSlot", PROTOCOL) == "block_open"
        tickets.call("expire", PROTOCOL, 100)
        urn = [*[serial for serial in urn if serial < 600][100:], *[serial for serial in urn if serial >= 600]]
        assert tickets.number("urnSize") == len(urn)
    assert refusal(tickets, "ownerOf", OUTSIDER, 599) == "ticket_burned"
    for slot in range(33, 40):
        draw(tickets, urn, slot)
        tickets.call("expire", PROTOCOL, 100)
        urn = [serial for serial in urn if serial - 600 >= slot - 32]
        assert tickets.number("urnSize") == len(urn)


def test_the_first_ticket_of_another_word_of_the_urn_is_drawn():
    def places(seed: bytes) -> int | None:
        return compute_index(keccak(seed + bytes(8) + bytes(4)), 257)

    seed = next(seed for seed in map(word, range(10_000)) if places(seed) == 256)
    tickets = Deployed(supply=257, beacon=run_beacon(seed))
    tickets.call("mint", PROTOCOL, 257)
    tickets.call("openSlot", PROTOCOL)
    assert drawn_by(tickets, 0) == 256


@pytest.mark.parametrize("dealt", [True, False])
def test_the_tickets_of_a_window_are_dealt_among_its_blocks(dealt):
    """Twelve in windows of four: another window's are never drawn; undealt, the lowest is."""
    tickets, urn = Deployed(supply=12, window=4, maturity=11, dealt=dealt), list(range(12))
    tickets.call("mint", PROTOCOL, 12)
    for slot in range(16):
        mine = [serial for serial in urn if serial // 4 == slot // 4]
        draw(tickets, mine if dealt else mine[:1], slot)
        urn.remove(drawn_by(tickets, slot))
        tickets.call("mint", PROTOCOL, 1)
        urn.append(12 + slot)
        first = (12 + slot) // 4 * 4
        assert dates(tickets, 12 + slot) == (slot, first, first + 3)


@pytest.mark.parametrize(("maturity", "lives"), [(5, 5), (NEVER, None)])
def test_a_ticket_is_good_from_the_first_block_that_is_not_drawn_yet(maturity, lives):
    tickets = Deployed(supply=9, lookahead=2, maturity=maturity)
    tickets.call("mint", PROTOCOL, 9)
    tickets.begin(1)
    tickets.call("drawFirst", PROTOCOL, 2)
    assert dates(tickets, 0) == (NEVER, 0, lives - 1 if lives else NEVER)
    for slot in range(2):
        tickets.slot()
        first = slot + 1 + 2
        assert dates(tickets, 9 + slot) == (slot, first, first + lives - 1 if lives else NEVER)


def dates(tickets: Deployed, serial: int) -> tuple[int, ...]:
    """Of a ticket: the block of its mint, its first and its last one."""
    words = tickets.call("ticketOf", OUTSIDER, serial)
    return tuple(int.from_bytes(words[at : at + 32], "big") for at in (32, 64, 96))


def draw(tickets: Deployed, urn: list[int], slot: int) -> None:
    """A slot, and the draw that is due by the word of the beacon's seed."""
    tickets.call("openSlot", PROTOCOL)
    index = compute_index(keccak(SEED + slot.to_bytes(8, "big") + bytes(4)), len(urn))
    assert index is not None
    assert drawn_by(tickets, slot) == urn.pop(index)
    tickets.call("leaveEmpty", PROTOCOL)
