"""The ticket contract alone on a machine: its views, and what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from chain.approvals import PERMIT, permit_values
from chain.eip712 import Domain, keccak
from chain.evm.abi import Tail, encode, selector, word
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import ResaleFlags, contract_rules, run_beacon
from chain.genesis_gift import HAND_OUT
from chain.protocol import PROPOSAL
from chain.signatures import Key, recover
from chain.ticket import NEVER
from tests.chain.evm.test_deployment import KEY, LOTTERY, NAMES, NOBODY, OUTSIDER, PROTOCOL, Deployed
from tests.chain.evm.test_exchange_terms import BUYER, MOST, SELLER, Market

NOTHING = Tail.of_bytes(b"")
MAGIC = selector("onERC721Received(address,address,uint256,bytes)")
OTHER = b"\x0f" * 20


def handed_out(*accounts: bytes, **changes: Any) -> Deployed:
    """A lottery before block 0, whose tickets these accounts have, and the protocol the rest."""
    tickets = Deployed(LOTTERY, **changes)
    tickets.call("mint", PROTOCOL, 3)
    for serial, account in enumerate(accounts):
        tickets.call("handOut", PROTOCOL, serial, account, 0, NOTHING)
    return tickets


def refusal(tickets: Deployed, name: str, caller: bytes, *arguments: object, value: int = 0) -> str | None:
    try:
        tickets.call(name, caller, *arguments, value=value)
    except Reverted as reverted:
        return str(reverted)
    return None


def test_its_views_say_how_it_was_deployed():
    seed = Deployed().machine.deploy(run_beacon(bytes(32)), OTHER)
    tickets = Deployed()
    assert tickets.call("protocol", OUTSIDER)[12:] == PROTOCOL
    assert tickets.call("beacon", OUTSIDER)[12:] not in (bytes(20), PROTOCOL, OUTSIDER, seed)
    assert tickets.call("exchange", OUTSIDER)[12:] not in (bytes(20), PROTOCOL, OUTSIDER)
    assert tickets.call("rules", OUTSIDER) == encode((contract_rules(LOTTERY, ResaleFlags(True, True)),))
    assert int.from_bytes(tickets.call("slot", OUTSIDER), "big", signed=True) == -1
    names = {name: tickets.call(name, OUTSIDER)[64:].rstrip(b"\0") for name in ("name", "symbol")}
    assert names == {"name": b"Execution Tickets", "symbol": b"ET"}


def test_its_views_of_a_ticket_follow_it():
    tickets = handed_out(OUTSIDER, OTHER)
    assert [tickets.number("nonces", serial) for serial in range(3)] == [1, 1, 0]
    assert [tickets.call("ownerOf", OTHER, serial)[12:] for serial in range(3)] == [OUTSIDER, OTHER, PROTOCOL]
    assert [tickets.number("balanceOf", who) for who in (OUTSIDER, OTHER, PROTOCOL)] == [1, 1, 1]
    tickets.call("transferFrom", OUTSIDER, OUTSIDER, OTHER, 0)
    assert tickets.number("nonces", 0) == 2
    assert [tickets.number("balanceOf", who) for who in (OUTSIDER, OTHER, PROTOCOL)] == [0, 2, 1]
    assert tickets.number("totalSupply") == tickets.number("minted") == tickets.number("urnSize") == 3
    for view in ("ownerOf", "nonces", "getApproved", "titleOf", "tokenURI", "ticketOf", "ticketDigest"):
        assert refusal(tickets, view, OUTSIDER, 3) == "unknown_ticket"
        assert refusal(tickets, view, OUTSIDER, 2) is None


def test_an_operator_is_one_for_whom_said_so_as_long_as_it_says_so():
    tickets = handed_out(OUTSIDER, OUTSIDER, OUTSIDER)
    asked = [(OUTSIDER, OTHER), (OTHER, OUTSIDER), (PROTOCOL, OTHER), (OUTSIDER, PROTOCOL)]

    def answers() -> list[int]:
        return [int.from_bytes(tickets.call("isApprovedForAll", NOBODY, *pair), "big") for pair in asked]

    assert answers() == [0, 0, 0, 0]
    assert refusal(tickets, "approve", OTHER, BUYER.address, 0) == "not_approved"
    tickets.call("setApprovalForAll", OUTSIDER, OTHER, True)
    assert answers() == [1, 0, 0, 0]
    tickets.call("approve", OTHER, BUYER.address, 0)
    assert tickets.call("getApproved", NOBODY, 0)[12:] == BUYER.address
    tickets.call("transferFrom", BUYER.address, OUTSIDER, OTHER, 0)
    tickets.call("transferFrom", OTHER, OUTSIDER, OTHER, 1)
    tickets.call("setApprovalForAll", OUTSIDER, OTHER, False)
    assert answers() == [0, 0, 0, 0]
    assert refusal(tickets, "transferFrom", OTHER, OUTSIDER, OTHER, 2) == "not_approved"


def receiver(expected: bytes, answer: bytes) -> bytes:
    """The creation code of a contract that says `answer` to a call that begins with these bytes (the compiler puts
    zeros behind them), and nothing to any other."""
    check = b"\x36\x5f\x5f\x37\x60" + bytes([len(expected)]) + b"\x5f\x20\x7f" + keccak(expected) + b"\x14"
    body = check + b"\x63" + answer + bytes.fromhex("0260e01b5f5260205ff3")  # times the answer, as bytes4
    size = bytes([0x60, len(body)])
    return size + bytes.fromhex("600a5f39") + size + bytes.fromhex("5ff3") + body


@pytest.mark.parametrize(("answer", "reason"), [(MAGIC, None), (b"\x15\x0b\x7a\x03", "not_receiver")])
def test_a_contract_is_asked_whether_it_takes_a_ticket(answer, reason):
    tickets = handed_out(OUTSIDER)
    tickets.call("approve", OUTSIDER, OTHER, 0)
    asked = MAGIC + encode((OTHER, OUTSIDER, 0, Tail.of_bytes(b"for you")))
    there = tickets.machine.deploy(receiver(asked, answer), OTHER)
    arguments = (OUTSIDER, there, 0, Tail.of_bytes(b"for you"))
    code = selector("safeTransferFrom(address,address,uint256,bytes)") + encode(arguments)
    if reason is None:
        tickets.machine.call(OTHER, tickets.address, code)
        assert tickets.call("ownerOf", OUTSIDER, 0)[12:] == there
    else:
        with pytest.raises(Reverted, match=reason):
            tickets.machine.call(OTHER, tickets.address, code)


def test_money_goes_to_whom_it_is_for():
    tickets = Deployed(collateral=7)
    tickets.call("deposit", OUTSIDER, KEY.address, value=20 * 10**9)
    funds = {who: tickets.number("funds", who) for who in (OUTSIDER, KEY.address, PROTOCOL)}
    assert funds == {OUTSIDER: 0, KEY.address: 20, PROTOCOL: 0}
    assert refusal(tickets, "pay", KEY.address, OUTSIDER, 21) == "insufficient_funds"
    tickets.call("pay", KEY.address, OUTSIDER, 6)
    assert [tickets.number("free", who) for who in (OUTSIDER, KEY.address, PROTOCOL)] == [6, 14, 0]
    assert [tickets.number("canPay", KEY.address, amount) for amount in (0, 7, 8)] == [1, 1, 0]
    assert tickets.number("canPay", OUTSIDER, 0) == 0
    tickets.call("mint", PROTOCOL, 3)
    assert (
        refusal(tickets, "handOut", PROTOCOL, 0, BUYER.address, 0, signed(tickets, BUYER, 0, 0))
        == "insufficient_funds"
    )
    assert refusal(tickets, "handOut", PROTOCOL, 0, KEY.address, 0, NOTHING) == "bad_signature"
    tickets.call("handOut", PROTOCOL, 0, KEY.address, 0, signed(tickets, KEY, 0, 0))
    assert [tickets.number(view, KEY.address) for view in ("funds", "free")] == [14, 7]
    assert refusal(tickets, "withdraw", KEY.address, 8, KEY.address) == "insufficient_funds"
    assert refusal(tickets, "withdraw", KEY.address, 7, KEY.address) is None
    tickets.call("deposit", OUTSIDER, PROTOCOL, value=3 * 10**9)
    assert tickets.number("free", PROTOCOL) == 3


@pytest.mark.parametrize(
    ("wei", "reason"), [(10**9 * MOST, None), (10**9 * (MOST + 1), "bad_amount"), (1, "bad_amount")]
)
def test_an_amount_is_whole_gwei_and_no_more_than_a_table_holds(wei, reason):
    assert refusal(Deployed(), "deposit", OUTSIDER, OTHER, value=wei) == reason


def test_room_ends_with_the_cap_and_the_protocol_has_none():
    tickets = handed_out(OUTSIDER, OUTSIDER, OTHER, ownerCap=2)
    assert [tickets.number("hasRoom", who) for who in (OUTSIDER, OTHER, BUYER.address, PROTOCOL)] == [0, 1, 1, 0]
    assert refusal(tickets, "transferFrom", OTHER, OTHER, OUTSIDER, 2) == "cap_exceeded"


def signed(tickets: Deployed, key: Key, serial: int, price: int) -> Tail:
    digest = Domain(1, tickets.address).digest(HAND_OUT, (key.address, serial, price))
    return Tail.of_bytes(key.sign(digest))


def test_what_is_handed_out_to_whom_and_for_how_much():
    tickets = Deployed()
    tickets.call("mint", PROTOCOL, 3)
    tickets.call("deposit", OUTSIDER, KEY.address, value=10**9 * MOST)

    def says(serial: int, account: bytes, price: int, consent: Tail = NOTHING) -> str | None:
        before = tickets.machine._evm.snapshot()
        told = refusal(tickets, "handOut", PROTOCOL, serial, account, price, consent)
        tickets.machine._evm.revert(before)
        return told

    assert says(3, KEY.address, 0) == "unknown_ticket"
    assert says(0, KEY.address, MOST, signed(tickets, KEY, 0, MOST)) is None
    assert says(0, KEY.address, MOST + 1, signed(tickets, KEY, 0, MOST + 1)) == "bad_amount"
    assert says(0, KEY.address, MOST + 1) == "bad_amount"
    assert says(0, KEY.address, 5, signed(tickets, KEY, 0, 6)) == "bad_signature"
    assert says(0, KEY.address, 5, signed(tickets, KEY, 1, 5)) == "bad_signature"
    assert says(0, NOBODY, 0) == says(0, PROTOCOL, 0) == "bad_taker"
    tickets.call("handOut", PROTOCOL, 0, KEY.address, 5, signed(tickets, KEY, 0, 5))
    assert tickets.number("funds", KEY.address) == MOST - 5
    assert tickets.number("burnedGwei") == 0
    assert says(0, OUTSIDER, 0) == "ticket_moved"
    assert says(1, BUYER.address, 5, signed(tickets, BUYER, 1, 5)) == "insufficient_funds"
    tickets.call("openSlot", PROTOCOL)
    assert says(1, OUTSIDER, 0) == says(1, OUTSIDER, MOST + 1) == "block_proposed"


def test_where_there_is_collateral_its_taker_makes_the_call_also_where_there_is_no_fee():
    tickets = handed_out(collateral=9)
    tickets.call("deposit", OUTSIDER, KEY.address, value=10 * 10**9)
    tickets.call("handOut", PROTOCOL, 0, KEY.address, 0, signed(tickets, KEY, 0, 0))
    tickets.machine.give(KEY.address)
    tickets.call("deposit", OUTSIDER, OUTSIDER, value=10 * 10**9)
    assert refusal(tickets, "transferFrom", KEY.address, KEY.address, OUTSIDER, 0) == "not_approved"
    tickets.call("setApprovalForAll", KEY.address, OUTSIDER, True)
    assert refusal(tickets, "transferFrom", OUTSIDER, KEY.address, OUTSIDER, 0) is None


def test_of_two_reasons_the_first_is_told():
    """Who may call at all comes before what may be done now, and whom it is for before whether it is paid."""
    poor = Deployed(protocol=KEY.address)
    poor.call("mint", KEY.address, 1)
    assert refusal(poor, "handOut", KEY.address, 0, KEY.address, 5, signed(poor, KEY, 0, 5)) == "bad_taker"
    tickets = handed_out()
    tickets.call("openSlot", PROTOCOL)
    assert refusal(tickets, "openSlot", OUTSIDER) == "not_protocol"
    tickets.call("leaveEmpty", PROTOCOL)
    tickets.begin(tickets.block + 1)
    assert refusal(tickets, "mint", PROTOCOL, 1) == "seed_known"
    assert refusal(tickets, "mint", OUTSIDER, 1) == "not_protocol"
    assert refusal(tickets, "takeBack", OUTSIDER, 1, OUTSIDER, 0, 0) == "not_exchange"


def test_an_elastic_supply_grows_beyond_its_size():
    tickets = Deployed(elastic=True)
    tickets.call("mint", PROTOCOL, 5)
    assert tickets.number("totalSupply") == 5
    fixed = Deployed()
    assert refusal(fixed, "mint", PROTOCOL, 4) == "supply_full"


def drawn_by(tickets: Deployed, slot: int) -> int:
    return int.from_bytes(tickets.call("drawOf", OUTSIDER, slot)[:32], "big") - 1


def proposal(tickets: Deployed, key: Key, *values: object) -> tuple[tuple[object, ...], Tail]:
    return values, Tail.of_bytes(key.sign(Domain(1, tickets.address).digest(PROPOSAL, values)))


def test_what_a_proposal_may_say():
    tickets = handed_out(*[KEY.address] * 3)
    tickets.call("openSlot", PROTOCOL)
    serial = drawn_by(tickets, 0)
    assert serial > 0
    good = {"block": 0, "proposer": KEY.address, "ticket": serial, "nonce": 1, "builder": OTHER, "reward": 5}

    def says(value: int = 5, **changes: object) -> str | None:
        before = tickets.machine._evm.snapshot()
        message = proposal(tickets, KEY, *(good | changes).values())
        told = refusal(tickets, "propose", OUTSIDER, *message, value=value * 10**9)
        tickets.machine._evm.revert(before)
        return told

    assert says() is None
    assert says(block=1) == says(block=2) == "block_proposed"
    assert says(proposer=OUTSIDER) == says(ticket=serial + 1) == says(ticket=serial - 1) == "not_proposer"
    assert says(nonce=0) == says(nonce=2) == "ticket_moved"
    assert says(value=4) == says(value=6) == "bad_amount"
    assert says(builder=NOBODY) == "bad_amount"
    assert says(value=0, builder=NOBODY, reward=0) is None
    assert says(block=1, proposer=OUTSIDER) == "block_proposed"
    assert says(ticket=9, nonce=0) == "not_proposer"
    tickets.call("propose", OUTSIDER, *proposal(tickets, KEY, *good.values()), value=5 * 10**9)
    assert tickets.number("funds", OTHER) == 5
    assert says() == refusal(tickets, "leaveEmpty", PROTOCOL) == "block_proposed"
    assert refusal(tickets, "ownerOf", OUTSIDER, serial) == "ticket_burned"
    tickets.call("mint", PROTOCOL, 1)
    tickets.call("openSlot", PROTOCOL)
    assert says() == says(block=2) == "block_proposed"
    assert says(block=1, ticket=drawn_by(tickets, 1)) is None


def test_the_protocol_proposes_nothing_with_a_ticket_that_it_has_not_sold():
    tickets = Deployed(protocol=KEY.address)
    tickets.call("mint", KEY.address, 3)
    tickets.call("openSlot", KEY.address)
    own = proposal(tickets, KEY, 0, KEY.address, drawn_by(tickets, 0), 0, NOBODY, 0)
    assert refusal(tickets, "propose", OUTSIDER, *own) == "not_proposer"


def test_no_proposal_without_a_draw_and_none_before_block_0():
    tickets = Deployed(elastic=True)
    first = proposal(tickets, KEY, NEVER, KEY.address, 0, 0, NOBODY, 0)
    assert refusal(tickets, "propose", OUTSIDER, *first) == "block_proposed"
    assert refusal(tickets, "leaveEmpty", PROTOCOL) == "block_proposed"
    tickets.call("openSlot", PROTOCOL)
    nothing = proposal(tickets, KEY, 0, NOBODY, NEVER, 0, NOBODY, 0)
    assert refusal(tickets, "propose", OUTSIDER, *nothing) == "not_proposer"
    tickets.call("leaveEmpty", PROTOCOL)


def test_a_missed_slot_costs_its_owner_a_fee_and_the_protocol_none():
    tickets = Deployed(collateral=9, missedFee=4)
    tickets.call("deposit", OUTSIDER, KEY.address, value=30 * 10**9)
    tickets.call("mint", PROTOCOL, 3)
    for serial in range(3):
        tickets.call("handOut", PROTOCOL, serial, KEY.address, 0, signed(tickets, KEY, serial, 0))
    tickets.slot()
    assert (tickets.number("funds", KEY.address), tickets.number("burnedGwei")) == (26, 4)
    owned = 3
    for slot in range(1, 12):
        missed = tickets.number("burnedGwei")
        tickets.slot()
        is_sold = drawn_by(tickets, slot) < 3
        owned -= is_sold
        assert tickets.number("burnedGwei") == missed + 4 * is_sold
    assert owned < 3
    assert tickets.number("funds", KEY.address) == 30 - tickets.number("burnedGwei")
    assert tickets.number("funds", PROTOCOL) == 0


@pytest.mark.parametrize(
    ("haircut", "least", "reason"), [(0.0, 60, None), (0.0, 61, "return_refused"), (None, 0, "return_refused")]
)
def test_a_return_is_for_the_price_less_the_haircut(haircut, least, reason):
    market = Market(haircut=haircut)
    market.call("leaveEmpty", PROTOCOL)
    market.call("mint", PROTOCOL, 1)
    bid = market.offer(market.listing(), listing=bytes(32), validUntil=0)
    market.machine.call(PROTOCOL, market.exchange, encode_sale(9, 60, bid))
    assert market.says("giveBack", *market.order(BUYER, 3, {"ticket": 9, "price": least})) == reason


def encode_sale(serial: int, price: int, bid: tuple[tuple[object, ...], Tail]) -> bytes:
    return NAMES["sell"] + encode((serial, price, *bid))


def test_a_drawn_ticket_is_neither_returned_nor_sold_first():
    market = Market()
    drawn = {"ticket": market.drawn, "drawn": True, "seriesBlock": 0, "price": 0}
    assert market.says("giveBack", *market.order(SELLER, 3, drawn)) == "return_refused"
    bid = market.offer(market.listing(), listing=bytes(32), validUntil=0)
    assert market.says("sell", market.drawn, 60, *bid) == "not_owner"
    first = Deployed(LOTTERY)
    first.call("mint", PROTOCOL, 3)
    first.call("openSlot", PROTOCOL)
    market.address, market.machine = first.address, first.machine
    market.exchange = first.call("exchange", OUTSIDER)[12:]
    first.machine.give(BUYER.address)
    first.call("deposit", BUYER.address, BUYER.address, value=10**12)
    for serial in range(3):
        bid = market.offer(market.listing(), listing=bytes(32), validUntil=0)
        reason = "auction_closed" if serial == drawn_by(first, 0) else None
        assert market.says("sell", serial, 60, *bid) == reason
        assert market.says("sell", serial, 61, *bid) in (reason, "bid_too_low")


def test_nobody_signs_for_nobody():
    """Whose signature recovers to no address signs for the zero address, unless that is refused."""
    market = Market()
    market.call("deposit", OUTSIDER, NOBODY, value=10**12)
    (values, _) = market.bid(maker=NOBODY)
    nothing = Tail.of_bytes(bytes(32) + word(1) + b"\x1b")
    assert market.settle(market.ask(), (values, nothing)) == "bad_signature"


@pytest.mark.parametrize(("above", "reason"), [(0, None), (1, "bad_signature")])
def test_s_may_be_half_the_order_of_the_curve_and_no_more(above, reason):
    """A permit does not name its owner: whose address a signature recovers to is handed the ticket."""
    half = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 // 2
    tickets = Deployed()
    tickets.call("mint", PROTOCOL, 3)
    digest = Domain(1, tickets.address).digest(PERMIT, permit_values(OTHER, 0, 1, MOST))
    recovered = recover(digest, word(1) + word(half) + bytes([27 + above]))  # that of N - s and the other v
    tickets.call("handOut", PROTOCOL, 0, recovered, 0, NOTHING)
    signature = Tail.of_bytes(word(1) + word(half + above) + b"\x1b")
    assert refusal(tickets, "permit", OUTSIDER, OTHER, 0, MOST, signature) == reason
