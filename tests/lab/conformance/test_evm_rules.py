"""What the contract does beside the protocol's own rules: numbers, roles, wei and the views of ERC-721."""

from __future__ import annotations

import json
from functools import partial
from random import Random
from urllib.parse import unquote

import pytest
from eth_abi import decode, encode

from chain.approvals import PERMIT, permit_values
from chain.beacon import compute_index
from chain.evm import abi
from chain.evm.abi import Tail, word
from chain.evm.machine import Reverted
from chain.evm.ticket_contract import ResaleFlags as Sales
from chain.evm.ticket_contract import TicketContract, contract_rules, share
from chain.evm.token_uri import token_uri
from chain.genesis_gift import HandOut
from chain.money import WEI_PER_GWEI
from chain.rules import draw_rule
from chain.state import Rules
from experiments.lab.conformance.twin.pair import Pair
from experiments.lab.conformance.twin.player import play
from market.auction import Auction
from market.messages import BID, NO_LISTING, SignedBid
from market.resale_times import RESALE

NO_INDEX = 2**256 - 1
ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141  # of secp256k1
OUTSIDER = b"\x0e" * 20


def pair(**more: object) -> Pair:
    rules = Rules(**({"supply": 3, "maturity": 2, "lookahead": 0, "draw": draw_rule("maturity")} | more))
    return Pair(rules, RESALE["both"], seed=1)


@pytest.fixture
def tickets() -> TicketContract:
    return pair().tickets


@pytest.mark.parametrize("bound", [1, 2, 3, 5, 7, 100, 2**64 - 1, 2**255, 2**255 + 1, 2**256 - 1])
def test_the_index_of_a_word_is_the_beacons_also_where_it_is_rejected(tickets, bound):
    words = [0, 1, bound - 1, bound % 2**256, 2**256 - 1, 2**256 - 2, 2**256 // bound * bound - 1]
    for number in words:
        ours = compute_index(word(number), bound)
        theirs = int.from_bytes(tickets.call("computeIndex", OUTSIDER, word(number), bound), "big")
        assert theirs == (NO_INDEX if ours is None else ours)


@pytest.mark.parametrize(
    ("price", "rate"),
    [(10, 0.3), (3, 1 / 3), (2**53 + 1, 0.5), (2**60 + 3, 0.7), (7, 5e-324)]
    + [(price, 1.0) for price in (2**53 + 1, 2**53 + 3, 2**54 + 1, 2**54 + 3, 2**54 + 5, 2**55 + 4, 2**55 + 12)],
)
def test_a_refund_is_the_product_of_doubles(price, rate):
    """Of three tickets one is drawn and two expire."""
    both = pair(draw=draw_rule("lottery"), maturity=1, refund=rate)
    both.genesis()
    both.deposit(1, 3 * price)
    for serial in range(3):
        both.sell(serial, price, partial(signed_bid, both, serial, price))
    both.first_draws()
    both.open_slot()
    both.leave_empty()
    both.close_slot()
    assert both.agreed == both.accepted == 9
    assert both.state.ledger.free(1) == 2 * int(price * rate)


def signed_bid(both: Pair, nonce: int, price: int, auction: Auction | None) -> SignedBid:
    bid = SignedBid(1, 0 if auction is None else auction.id, NO_LISTING, price, 0, nonce)
    key = both.state.accounts[1].key
    return bid._replace(signature=both.state.signatures.sign(key, BID, bid.values(both.addresses)))


@pytest.mark.parametrize("rate", [0.0, 1.0, 0.5, 0.1, 1 / 3, 5e-324])
def test_a_share_is_the_same_double(rate):
    mantissa, shift = share(rate)
    assert mantissa < 2**64
    assert mantissa / 2**shift == rate if shift < 1024 else rate == 5e-324


def test_rules_that_the_contract_does_not_have_are_refused():
    rules = Rules(3, 2, 0, draw_rule("claim"))
    with pytest.raises(ValueError, match="not by 'claim/earliest_expiry'"):
        contract_rules(rules, Sales(ex_ante=True, ex_post=True))


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("mint", (1,)),
        ("openSlot", ()),
        ("drawFirst", (0,)),
        ("leaveEmpty", ()),
        ("expire", (1,)),
        ("handOut", (0, OUTSIDER, 0, Tail.of_bytes(b""))),
        ("sell", (0, 0, (OUTSIDER, 0, bytes(32), 0, 0, 0), Tail.of_bytes(b""))),
    ],
)
def test_only_the_protocol_runs_the_protocol(tickets, function, arguments):
    with pytest.raises(Reverted, match="not_protocol"):
        tickets.call(function, OUTSIDER, *arguments)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        ("sellFirst", (0, OUTSIDER, 0)),
        ("trade", (0, OUTSIDER, OUTSIDER, 0)),
        ("takeBack", (0, OUTSIDER, 0, 0)),
    ],
)
def test_only_the_exchange_moves_what_it_sells(tickets, function, arguments):
    with pytest.raises(Reverted, match="not_exchange"):
        tickets.call(function, OUTSIDER, *arguments)


def test_a_slot_opens_when_the_last_one_is_settled():
    both = pair()
    protocol = both.addresses[0]
    both.genesis()
    both.first_draws()
    both.open_slot()
    with pytest.raises(Reverted, match="block_open"):
        both.tickets.call("openSlot", protocol)
    with pytest.raises(Reverted, match="supply_full"):
        both.tickets.call("mint", protocol, 1)


def test_money_comes_in_whole_gwei_and_goes_out_again():
    both = pair()
    one = both.addresses[1]
    with pytest.raises(Reverted, match="bad_amount"):
        both.tickets.send_wei("deposit", one, WEI_PER_GWEI + 1, one)
    both.deposit(1, 50)
    both.withdraw(1, 20)
    assert both.tickets.balance == 30 * WEI_PER_GWEI
    assert both.agreed == both.accepted == 2


def test_the_contract_has_the_money_of_its_accounts():
    for seed in range(2):
        both = play(seed, 200)
        ledger = both.state.ledger
        money = sum(ledger.free(account) + ledger.escrowed(account) for account in range(5))
        assert both.tickets.balance >= money * WEI_PER_GWEI


def test_token_uri_holds_the_fields_of_a_ticket():
    both = play(3, 200)
    for title in both.state.titles.live.values():
        (uri,) = decode(["string"], both.tickets.call("tokenURI", OUTSIDER, title.ticket.serial))
        assert uri == token_uri(title, both.state.rules.round)
        assert not set(uri) & set(' "{}')
        fields = json.loads(unquote(uri.partition(",")[2]))
        assert int(fields["lastBlock"]) == title.ticket.last_block


def test_a_contract_that_takes_no_tickets_is_not_given_one():
    both = pair()
    both.genesis()
    one = both.addresses[1]
    both.hand_out(HandOut(1, 0, 0))
    with pytest.raises(Reverted):
        both.tickets.call("safeTransferFrom", one, one, both.tickets.address, 0)
    both.tickets.call("safeTransferFrom", one, one, both.addresses[2], 0)
    assert both.tickets.call("ownerOf", OUTSIDER, 0)[12:] == both.addresses[2]


@pytest.mark.parametrize(
    ("identifier", "is_there"),
    [(0x01FFC9A7, 1), (0x80AC58CD, 1), (0x5B5E139F, 1), (0x5604E225, 1), (0xFFFFFFFF, 0)],
)
def test_it_says_which_interfaces_it_has(tickets, identifier, is_there):
    padded = identifier.to_bytes(4, "big").ljust(32, b"\0")
    assert int.from_bytes(tickets.call("supportsInterface", OUTSIDER, padded), "big") == is_there


def test_nobody_has_no_tickets_to_count(tickets):
    with pytest.raises(Reverted, match="bad_owner"):
        tickets.call("balanceOf", OUTSIDER, b"\0" * 20)


def test_arguments_are_laid_out_as_the_abi_says():
    rng = Random(1)
    for _ in range(50):
        data, numbers = rng.randbytes(rng.randint(0, 70)), [rng.getrandbits(256) for _ in range(rng.randint(0, 3))]
        ours = abi.encode((1, (OUTSIDER, 7), Tail.of_bytes(data), True, Tail.of_words(numbers)))
        kinds = ["uint256", "(address,uint8)", "bytes", "bool", "uint256[]"]
        assert ours == encode(kinds, [1, ("0x" + OUTSIDER.hex(), 7), data, True, numbers])


def test_protocol_and_contract_refuse_a_permit_with_a_high_s():
    """A pair raises `Disagreement` where one refuses what the other takes."""
    both = pair()
    both.genesis()
    owner = both.state.titles.live[0].owner
    key, deadline = both.state.accounts[owner].key, 2**200
    digest = both.state.signatures.domain.digest(PERMIT, permit_values(OUTSIDER, 0, 0, deadline))
    signature = key.sign(digest)
    mirrored = signature[:32] + (ORDER - int.from_bytes(signature[32:64], "big")).to_bytes(32, "big")
    mirrored += bytes([55 - signature[64]])
    before = both.accepted
    both.permit(OUTSIDER, OUTSIDER, 0, deadline, mirrored)
    assert both.accepted == before
    both.permit(OUTSIDER, OUTSIDER, 0, deadline, signature)
    assert both.accepted == before + 1
