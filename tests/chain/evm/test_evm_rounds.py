"""The contracts alone on a machine, where a ticket is for a round of blocks."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from eth_abi import decode

from chain.evm.abi import Log, Tail, encode, event
from chain.evm.bytecode import BEACON, read_contract
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import ALL
from chain.evm.token_uri import token_uri
from chain.rules import draw_rule
from chain.state import Rules
from chain.ticket import Ticket, Title
from tests.chain.evm.test_deployment import KEY, NAMES, NOBODY, OUTSIDER, PROTOCOL, Deployed
from tests.chain.evm.test_exchange_terms import BUYER, MONEY, SELLER, Market
from tests.chain.evm.test_tickets_terms import drawn_by, proposal, refusal, signed

DATED = Rules(3, 2, 0, draw_rule("maturity"), round=4)
LOTTERY = Rules(3, 2, 0, draw_rule("lottery"), round=4)
STAKES = {"collateral": 9, "missedFee": 2}


def settle(tickets: Deployed, *ends: str, key: Any = KEY) -> list[Log]:
    """So many slots, each proposed by its ticket's owner or missed; the logs of how the last one ended."""
    for end in ends:
        tickets.call("openSlot", PROTOCOL)
        logs = end_block(tickets, end, key)
    return logs


def end_block(tickets: Deployed, end: str, key: Any = KEY) -> list[Log]:
    """The end of the present slot, and its logs."""
    if end == "missed":
        tickets.call("leaveEmpty", PROTOCOL)
    else:
        slot = tickets.number("slot")
        serial = drawn_by(tickets, slot)
        nonce = tickets.number("nonces", serial)
        tickets.call("propose", OUTSIDER, *proposal(tickets, key, slot, key.address, serial, nonce, NOBODY, 0))
    return tickets.machine.logs()


def dates(tickets: Deployed, serial: int) -> tuple[int, int]:
    told = tickets.call("ticketOf", OUTSIDER, serial)
    return int.from_bytes(told[64:96], "big"), int.from_bytes(told[96:128], "big")


def next_block(tickets: Deployed, serial: int) -> int:
    return int.from_bytes(tickets.call("titleOf", OUTSIDER, serial)[64:96], "big") - 1


def held(rules: Rules = DATED, **changes: Any) -> Deployed:
    """All tickets are an account's that has 100 Gwei."""
    tickets = Deployed(rules, **changes)
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("deposit", OUTSIDER, KEY.address, value=100 * 10**9)
    for serial in range(3):
        tickets.call("handOut", PROTOCOL, serial, KEY.address, 0, signed(tickets, KEY, serial, 0))
    return tickets


def used(serial: int, block: int, end: str) -> Log:
    return event("Used(uint256,uint256,string)", serial, block, data=encode((Tail.of_bytes(end.encode()),)))


def burned(serial: int, owner: bytes, end: str) -> list[Log]:
    label = encode((Tail.of_bytes(end.encode()),))
    return [
        event("Transfer(address,address,uint256)", owner, NOBODY, serial),
        event("Burned(uint256,address,string)", serial, owner, data=label),
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"round": 0}, "bad_rules"),
        ({"round": 65_536}, None),
        ({"round": 65_537}, "bad_rules"),
        ({"round": 3, "collateral": 9, "missedFee": 3}, None),
        ({"round": 3, "collateral": 8, "missedFee": 3}, "bad_rules"),
        ({"round": 2, "window": 1, "dealt": True}, "bad_rules"),
        ({"round": 1, "window": 1, "dealt": True}, None),
    ],
)
def test_what_rounds_may_be(change, reason):
    try:
        Deployed(DATED, **change)
        told = None
    except Reverted as reverted:
        told = str(reverted)
    assert told == reason


def test_dated_tickets_are_for_rounds_also_those_that_are_minted_within_one():
    tickets = held()
    assert [dates(tickets, serial) for serial in range(3)] == [(0, 3), (4, 7), (8, 11)]
    assert drawn_by(tickets, 0) == -1
    settle(tickets, *["missed"] * 4)
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 3) == (12, 15)
    settle(tickets, *["missed"] * 4, "missed")
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 4) == (20, 23)


def test_what_is_told_of_a_ticket_says_how_many_blocks_it_is_for():
    tickets = held()
    (uri,) = decode(["string"], tickets.call("tokenURI", OUTSIDER, 1))
    assert uri == token_uri(Title(Ticket(1, -1, 4, 7, bytes(32), 1), 0), 4)
    assert json.loads(unquote(uri.partition(",")[2]))["description"] == "The right to propose a round of 4 blocks"


def test_a_lottery_counts_rounds():
    tickets = held(LOTTERY, lookahead=1)
    assert dates(tickets, 0) == (0, 7)
    assert refusal(tickets, "openSlot", PROTOCOL) == "block_open"
    tickets.call("drawFirst", PROTOCOL, 1)
    assert refusal(tickets, "drawFirst", PROTOCOL, 1) == "block_proposed"
    assert [drawn_by(tickets, block) for block in (0, 3)] == [drawn_by(tickets, 1)] * 2
    assert [tickets.number("drawn"), tickets.number("urnSize"), drawn_by(tickets, 4)] == [4, 2, -1]
    settle(tickets, "missed")
    assert [tickets.number("drawn"), tickets.number("urnSize")] == [8, 1]
    settle(tickets, *["missed"] * 3)
    tickets.call("expire", PROTOCOL, ALL)
    tickets.call("mint", PROTOCOL, 1)
    assert dates(tickets, 3) == (8, 15)


def test_a_ticket_proposes_its_blocks_one_after_another_and_is_burned_after_the_last():
    tickets = held()
    for block in range(3):
        assert settle(tickets, "proposed") == [used(0, block, "proposed")]
        assert (next_block(tickets, 0), drawn_by(tickets, block)) == (block + 1, 0)
    tickets.call("openSlot", PROTOCOL)
    assert tickets.machine.logs() == []
    assert end_block(tickets, "proposed") == [used(0, 3, "proposed"), *burned(0, KEY.address, "proposed")]
    assert refusal(tickets, "ownerOf", OUTSIDER, 0) == "ticket_burned"
    settle(tickets, "missed")
    assert next_block(tickets, 1) == 5


def test_a_proposal_is_for_its_block_alone():
    tickets = held()
    first, second = (proposal(tickets, KEY, block, KEY.address, 0, 1, NOBODY, 0) for block in (0, 1))
    tickets.call("openSlot", PROTOCOL)
    assert refusal(tickets, "propose", OUTSIDER, *second) == "block_proposed"
    tickets.call("propose", OUTSIDER, *first)
    assert refusal(tickets, "propose", OUTSIDER, *second) == "block_proposed"
    tickets.call("openSlot", PROTOCOL)
    assert refusal(tickets, "propose", OUTSIDER, *first) == "block_proposed"
    assert refusal(tickets, "propose", OUTSIDER, *second) is None


@pytest.mark.parametrize(
    ("ends", "how"),
    [
        (["proposed", "missed", "missed", "missed"], "proposed"),
        (["missed", "missed", "missed", "proposed"], "proposed"),
        (["missed", "missed", "missed", "missed"], "missed"),
    ],
)
def test_a_ticket_is_missed_where_all_of_its_blocks_are(ends, how):
    tickets = held()
    settle(tickets, *["missed"] * 3, "proposed")
    tickets.call("mint", PROTOCOL, 1)
    assert settle(tickets, *ends) == [used(1, 7, ends[-1]), *burned(1, KEY.address, how)]


def test_a_ticket_that_nobody_bought_is_unsold_and_one_that_was_given_on_is_missed():
    tickets = Deployed(DATED)
    tickets.call("mint", PROTOCOL, 3)
    assert settle(tickets, "missed") == [used(0, 0, "unsold")]
    assert settle(tickets, *["missed"] * 3) == [used(0, 3, "unsold"), *burned(0, PROTOCOL, "unsold")]
    settle(tickets, "missed")
    tickets.call("transferFrom", PROTOCOL, PROTOCOL, OUTSIDER, 1)
    assert settle(tickets, *["missed"] * 3) == [used(1, 7, "missed"), *burned(1, OUTSIDER, "missed")]


def test_the_fee_is_for_each_missed_block_out_of_what_stands_behind_the_ticket():
    tickets = held(**STAKES)

    def money(account: bytes) -> list[int]:
        return [tickets.number(view, account) for view in ("funds", "free")]

    assert money(KEY.address) == [100, 73]
    settle(tickets, "missed", "proposed", "missed")
    assert [*money(KEY.address), tickets.number("burnedGwei")] == [96, 73, 4]
    tickets.machine.give(KEY.address)
    tickets.call("deposit", OUTSIDER, OUTSIDER, value=10 * 10**9)
    tickets.call("approve", KEY.address, OUTSIDER, 1)
    tickets.call("transferFrom", OUTSIDER, KEY.address, OUTSIDER, 1)
    assert money(KEY.address) == [96, 82]
    tickets.call("approve", KEY.address, OUTSIDER, 0)
    assert refusal(tickets, "transferFrom", OUTSIDER, KEY.address, OUTSIDER, 0) == "insufficient_funds"
    tickets.call("deposit", OUTSIDER, OUTSIDER, value=10 * 10**9)
    tickets.call("transferFrom", OUTSIDER, KEY.address, OUTSIDER, 0)
    assert [money(KEY.address), money(OUTSIDER)] == [[96, 87], [20, 2]]
    settle(tickets, "missed")
    assert [money(OUTSIDER), tickets.number("burnedGwei")] == [[18, 9], 6]
    settle(tickets, *["missed"] * 4)
    assert [money(OUTSIDER), tickets.number("burnedGwei")] == [[10, 10], 14]


def test_tickets_expire_once_a_round():
    tickets = held(LOTTERY._replace(maturity=1))
    settle(tickets, "missed", "missed", "missed")
    tickets.call("expire", PROTOCOL, ALL)
    assert tickets.number("urnSize") == 2
    settle(tickets, "missed")
    assert refusal(tickets, "openSlot", PROTOCOL) == "block_open"
    tickets.call("expire", PROTOCOL, ALL)
    assert tickets.number("totalSupply") == 0
    assert refusal(tickets, "openSlot", PROTOCOL) is None


def test_no_ticket_is_minted_from_the_seed_of_a_rounds_draw_on_and_between_two_draws_any_time():
    tickets = Deployed(LOTTERY._replace(supply=9), beacon=read_contract(BEACON).code + encode((10, 5)))
    tickets.call("mint", PROTOCOL, 1)
    for slot in range(4):
        tickets.begin(11 + 5 * slot)
        tickets.call("openSlot", PROTOCOL)
        tickets.call("leaveEmpty", PROTOCOL)
    for block, reason in ((26, None), (30, None), (31, "seed_known")):
        tickets.begin(block)
        assert refusal(tickets, "mint", PROTOCOL, 1) == reason


def test_what_is_left_of_a_round_is_a_series_of_its_own():
    market = Market(round=3)
    assert [drawn_by(market, block) for block in range(4)] == [market.drawn] * 3 + [-1]
    sold = [market.ask(drawn=True, seriesBlock=block, ticket=market.drawn) for block in range(3)]
    bids = [market.bid(drawn=True, seriesBlock=block) for block in range(3)]
    for block in range(3):
        told = [market.settle(ask, bid) for ask, bid in zip(sold, bids, strict=True)]
        assert told == ["order_expired"] * block + [None] + ["bad_terms"] * (2 - block)
        market.call("leaveEmpty", PROTOCOL)
        if block < 2:
            after = [market.settle(ask, bid) for ask, bid in zip(sold, bids, strict=True)]
            assert after[block : block + 2] == ["bad_terms", None]
            market.call("openSlot", PROTOCOL)
    assert market.settle(sold[2], bids[2]) == "ticket_burned"


def test_an_auction_gives_the_block_of_its_last_slot_or_is_over():
    market = Market(round=3)
    running = market.listing(ticket=market.drawn)
    later = market.listing(ticket=market.drawn, deadline=1)
    undrawn = market.listing()
    bids = [market.offer(listing, validUntil=2) for listing in (running, later, undrawn)]

    def says() -> list[str | None]:
        return [market.award(listing, bid) for listing, bid in zip((running, later, undrawn), bids, strict=True)]

    assert says() == [None, "auction_open", None]
    market.call("leaveEmpty", PROTOCOL)
    assert says() == ["auction_closed", "auction_open", None]
    market.call("openSlot", PROTOCOL)
    assert says() == ["auction_closed", None, None]
    market.call("leaveEmpty", PROTOCOL)
    assert says() == ["auction_closed", "auction_closed", None]


def test_the_buyer_of_what_is_left_proposes_it():
    market = Market(round=3)
    settled = end_block(market, "proposed", SELLER)
    assert settled == [used(market.drawn, 0, "proposed")]
    ask = market.ask(drawn=True, seriesBlock=1, ticket=market.drawn)
    bid = market.bid(drawn=True, seriesBlock=1)
    market.machine.call(PROTOCOL, market.exchange, NAMES["settle"] + encode((*ask, *bid)))
    assert market.number("funds", BUYER.address) == MONEY - 50
    assert settle(market, "proposed", key=BUYER) == [used(market.drawn, 1, "proposed")]
    last = settle(market, "missed")
    assert last == [used(market.drawn, 2, "missed"), *burned(market.drawn, BUYER.address, "proposed")]


@pytest.mark.parametrize("ends", [("proposed", "missed"), ("missed", "proposed"), ("missed", "missed")])
def test_a_round_may_have_two_blocks(ends):
    tickets = held(DATED._replace(round=2), **STAKES)
    settle(tickets, ends[0])
    fee = 2 * (ends[0] == "missed")
    assert [tickets.number(view, KEY.address) for view in ("funds", "free")] == [100 - fee, 73]
    how = "proposed" if "proposed" in ends else "missed"
    assert settle(tickets, ends[1]) == [used(0, 1, ends[1]), *burned(0, KEY.address, how)]
