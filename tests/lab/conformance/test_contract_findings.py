"""What an audit found: the protocol in Python and the contract both refuse it.

A pair raises `Disagreement` where they differ."""

from __future__ import annotations

from typing import Any

import pytest

from chain.approvals import PERMIT, permit_values
from chain.evm.abi import Tail
from chain.evm.machine import Reverted
from chain.genesis_gift import HAND_OUT, HandOut, hand_out_values, sign_hand_out
from chain.money import WEI_PER_GWEI
from chain.present_right import get_right
from chain.protocol import PROPOSAL, Proposal, proposal_values
from chain.rules import draw_rule
from chain.state import Rules
from chain.ticket import NEVER
from chain.transfer import TRANSFER, Transfer, transfer_values
from experiments.lab.conformance.twin.pair import Pair
from market.auction import Auction
from market.messages import BID, LISTING, ORDER, Listing, Order, SignedBid, listing_hash
from market.resale_times import RESALE

OUTSIDER = b"\x0e" * 20
MONEY = 10**12  # Gwei
NOBODY = b"\0" * 20


class Scene:
    """Tickets 0, 1, 2 of a lottery, of accounts 1, 2, 1; slot 0 is open."""

    def __init__(self, **more: Any) -> None:
        terms = {"supply": 3, "maturity": None, "lookahead": 0, "draw": draw_rule("lottery"), "haircut": 0.0}
        self.both = Pair(Rules(**(terms | more)), RESALE["both"], seed=1)
        self.state = self.both.state
        self.nonces = [0] * 5
        self.both.genesis()
        for account in (1, 2):
            self.both.deposit(account, MONEY)
        for serial, account in enumerate((1, 2, 1)):
            self.both.hand_out(HandOut(account, serial, 0))
        self.both.first_draws()
        self.both.open_slot()

    def sign(self, account: int, kind: Any, message: Any, values: Any = None) -> Any:
        values = message.values(self.both.addresses) if values is None else values
        return message._replace(
            signature=self.state.signatures.sign(self.state.accounts[account].key, kind, values)
        )

    def nonce(self, account: int) -> int:
        self.nonces[account] += 1
        return self.nonces[account]

    def undrawn(self, account: int) -> int:
        live = self.state.titles.live
        return next(serial for serial in self.state.urn if live[serial].owner == account)

    def ask(self, account: int, price: int, **changes: Any) -> Order:
        title = self.state.titles.live[self.undrawn(account)]
        terms = (title.series, title.ticket.serial, title.nonce, price, 0, NEVER)
        return self.order(Order(account, "ask", "gtc", *terms, self.nonce(account))._replace(**changes))

    def bid(self, account: int, price: int, **changes: Any) -> Order:
        title = self.state.titles.live[self.state.urn[0]]
        terms = (title.series, None, 0, price, 0, NEVER)
        return self.order(Order(account, "bid", "gtc", *terms, self.nonce(account))._replace(**changes))

    def order(self, order: Order) -> Order:
        return self.sign(order.maker, ORDER, order)

    def listing(self, account: int, **changes: Any) -> Listing:
        serial = self.undrawn(account)
        what = ("ticket", "first_price", serial, self.state.titles.live[serial].nonce, None)
        listing = Listing(account, *what, 0, 0, 1, self.state.slot, self.nonce(account))
        return self.sign(account, LISTING, listing._replace(**changes))

    def offer(self, account: int, auction: Auction | None, **changes: Any) -> SignedBid:
        offered = bytes(32) if auction is None else auction.offered
        number = 0 if auction is None else auction.id
        bid = SignedBid(account, number, offered, 100, self.state.slot + 1, self.nonce(account))
        return self.sign(account, BID, bid._replace(**changes))

    def proposal(self, reward: int) -> Proposal:
        right = get_right(self.state)
        assert right is not None
        assert right.ticket is not None
        nonce = self.state.titles.live[right.ticket].nonce
        proposal = Proposal(self.state.slot, right.proposer, right.ticket, nonce, right.proposer, reward)
        return self.sign(right.proposer, PROPOSAL, proposal, proposal_values(self.state, proposal))

    def refused(self, operation: Any, *arguments: Any) -> bool:
        """Whether both refuse it, with the same reason."""
        before = self.both.accepted
        operation(*arguments)
        return self.both.accepted == before

    def next_slot(self) -> None:
        self.both.leave_empty()
        self.both.close_slot()
        self.both.open_slot()


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.mark.parametrize("tif", ["gtc", "ioc"])
def test_an_order_names_the_worst_price_that_it_takes(scene, tif):
    """2^64 − 1 stood for a market order: a bid then paid whatever anyone asked."""
    anything = 2**64 - 1
    assert scene.refused(scene.both.settle, scene.ask(1, MONEY), scene.bid(2, anything, tif=tif))
    assert scene.refused(scene.both.settle, scene.bid(2, 0), scene.ask(1, anything, tif=tif))
    assert not scene.refused(scene.both.settle, scene.ask(1, 50), scene.bid(2, 50, tif=tif))


@pytest.mark.parametrize("change", [{"sells": "building", "block": 5}, {"block": 5}, {"sells": "block"}])
def test_the_sale_of_a_block_is_not_the_sale_of_its_ticket(scene, change):
    listing = scene.listing(1, **change)
    offered = listing_hash(listing, scene.both.addresses)
    assert scene.refused(scene.both.award, listing, lambda auction: scene.offer(2, auction, listing=offered))
    assert not scene.refused(scene.both.award, scene.listing(1), lambda auction: scene.offer(2, auction))


def test_a_losing_bid_of_another_auction_buys_nothing(scene):
    old = listing_hash(scene.listing(1), scene.both.addresses)
    award = scene.both.award
    assert scene.refused(award, scene.listing(1), lambda auction: scene.offer(2, auction, listing=old))
    assert scene.refused(award, scene.listing(1), lambda auction: scene.offer(2, auction, listing=bytes(32)))


def test_bids_and_listings_end():
    """With the slot after that of the deadline, for what came in after its close."""
    scene = Scene(supply=40)
    late = scene.listing(1)
    award = scene.both.award
    assert scene.refused(award, scene.listing(1), lambda auction: scene.offer(2, auction, valid_until=0))
    scene.next_slot()
    scene.next_slot()
    bid = scene.offer(2, None, listing=listing_hash(late, scene.both.addresses))
    words = (
        *listing_words(scene, late),
        tuple(bid.values(scene.both.addresses)),
        Tail.of_bytes(bid.signature),
        50,
    )
    with pytest.raises(Reverted, match="auction_closed"):
        scene.both.tickets.call("award", scene.both.addresses[0], *words)


def listing_words(scene: Scene, listing: Listing) -> tuple[object, ...]:
    return tuple(listing.values(scene.both.addresses)), Tail.of_bytes(listing.signature)


@pytest.mark.parametrize("change", [{"valid_from": 1}, {"valid_until": 2**63}, {"tif": "ioc"}])
def test_a_return_is_good_in_its_time_and_on_its_terms(scene, change):
    order = scene.ask(1, 0, side="return", **change)
    assert scene.refused(scene.both.give_back, order)
    assert not scene.refused(scene.both.give_back, scene.ask(1, 0, side="return"))


def test_a_return_that_is_over_is_refused(scene):
    scene.next_slot()
    assert scene.refused(scene.both.give_back, scene.ask(1, 0, side="return", valid_until=0))


def test_a_drawn_ticket_is_not_given_to_the_protocol_before_its_slot_is_missed(scene):
    """Who did paid no fee; nor does nobody get one, who would leave the ticket in the urn."""
    right = get_right(scene.state)
    assert right is not None
    proposer, serial = right
    address = scene.both.addresses[proposer]
    assert scene.refused(scene.both.transfer_from, address, proposer, 0, serial)
    transfer = Transfer(proposer, 0, serial, 1)
    signed = scene.sign(proposer, TRANSFER, transfer, transfer_values(scene.state, transfer))
    assert scene.refused(scene.both.transfer, signed)
    nobody = scene.sign(proposer, TRANSFER, transfer, (address, NOBODY, serial, 1))
    with pytest.raises(Reverted, match="bad_taker"):
        scene.both.tickets.call(
            "transferSigned", OUTSIDER, address, NOBODY, serial, 1, Tail.of_bytes(nobody.signature)
        )


STAKES = {"collateral": 1000, "missed_fee": 700}


def staked() -> Scene:
    """A scene whose first tickets were taken with collateral."""
    both = Pair(Rules(3, None, 0, draw_rule("lottery"), **STAKES), RESALE["both"], seed=1)
    scene = Scene.__new__(Scene)
    scene.both, scene.state, scene.nonces = both, both.state, [0] * 5
    both.genesis()
    for account in (1, 2, 3):
        both.deposit(account, MONEY)
    for serial in range(3):
        both.hand_out(sign_hand_out(both.state, HandOut(1, serial, 0)))
    both.first_draws()
    both.open_slot()
    assert (both.accepted, both.agreed) == (9, 9)
    return scene


def test_the_fee_for_a_slot_is_put_on_nobody_who_did_not_ask_for_the_ticket():
    """Its owner gave the drawn ticket to anyone with money, who paid for the missed slot."""
    scene = staked()
    drawn = scene.state.draws[0].ticket
    owner, taker, stranger = scene.both.addresses[1:4]
    assert scene.refused(scene.both.transfer_from, owner, 1, 2, drawn)
    assert scene.refused(scene.both.safe_transfer, owner, 1, 2, drawn)
    scene.both.approve(owner, stranger, drawn)
    assert scene.refused(scene.both.transfer_from, stranger, 1, 2, drawn)
    transfer = Transfer(1, 2, drawn, 1)
    signed = scene.sign(1, TRANSFER, transfer, transfer_values(scene.state, transfer))
    assert scene.refused(scene.both.transfer, signed, owner)
    assert not scene.refused(scene.both.transfer, signed, taker)
    scene.both.leave_empty()
    assert scene.state.ledger.free(2) == MONEY - 700


def test_who_is_approved_takes_a_ticket_with_its_collateral():
    scene = staked()
    scene.both.approve(scene.both.addresses[1], scene.both.addresses[2], 0)
    assert not scene.refused(scene.both.transfer_from, scene.both.addresses[2], 1, 2, 0)


def test_collateral_at_genesis_is_one_that_the_account_signed_for():
    both = Pair(Rules(3, None, 0, draw_rule("lottery"), **STAKES), RESALE["both"], seed=1)
    both.genesis()
    both.deposit(1, MONEY)
    both.hand_out(HandOut(1, 0, 0))
    assert both.accepted == 2
    both.hand_out(sign_hand_out(both.state, HandOut(1, 0, 0)))
    assert (both.accepted, both.state.ledger.free(1)) == (3, MONEY - 1000)


def test_a_price_at_genesis_is_one_that_the_account_signed():
    both = Pair(Rules(3, 2, 0, draw_rule("maturity")), RESALE["both"], seed=1)
    both.genesis()
    both.deposit(1, MONEY)
    dear = sign_hand_out(both.state, HandOut(1, 0, MONEY))
    for wrong in (HandOut(1, 0, MONEY), dear._replace(price=5), dear._replace(ticket=1)):
        both.hand_out(wrong)
    assert both.accepted == 2
    assert both.state.ledger.free(1) == MONEY
    both.hand_out(dear)
    assert (both.accepted, both.state.ledger.free(1)) == (3, 0)
    key = both.state.accounts[1].key
    assert dear.signature == both.state.signatures.sign(key, HAND_OUT, hand_out_values(both.state, dear))


def test_nothing_is_handed_out_after_block_0(scene):
    scene.both.leave_empty()
    scene.both.close_slot()
    fresh = max(scene.state.urn)
    assert scene.refused(scene.both.hand_out, HandOut(1, fresh, 0))


@pytest.mark.parametrize("brought", [0, 49, 51])
def test_a_proposal_is_for_the_reward_that_its_proposer_signed(scene, brought):
    """Anyone may bring it: with nothing, it left its builder without the reward."""
    proposal = scene.proposal(50)
    assert scene.refused(scene.both.propose, proposal, brought * WEI_PER_GWEI)
    assert scene.refused(scene.both.propose, proposal, 50 * WEI_PER_GWEI + 1)
    assert not scene.refused(scene.both.propose, proposal, 50 * WEI_PER_GWEI)


def test_a_permit_is_used_up(scene):
    """What the owner takes back after it stays taken back."""
    terms = (0, scene.state.titles.live[0].nonce, 2**200)
    values = permit_values(OUTSIDER, *terms)
    signature = scene.state.signatures.sign(scene.state.accounts[1].key, PERMIT, values)
    permit = (OUTSIDER, OUTSIDER, 0, 2**200, signature)
    assert not scene.refused(scene.both.permit, *permit)
    scene.both.approve(scene.both.addresses[1], NOBODY, 0)
    assert scene.refused(scene.both.permit, *permit)
    folded = signature[:32] + bytes([signature[32] | (signature[64] - 27) << 7]) + signature[33:64]
    assert scene.refused(scene.both.permit, *permit[:-1], folded)
    terms = (OUTSIDER, 0, 2**200, Tail.of_bytes(bytes(65)))
    with pytest.raises(Reverted, match="nonce_used"):
        scene.both.tickets.call("permit", OUTSIDER, *terms)


def test_who_is_the_maker_is_not_for_who_settles_to_say(scene):
    """Of two orders that both may rest the price would be that of the caller's choice."""
    ask, bid = scene.ask(1, 40), scene.bid(2, 60)
    words = [(tuple(order.values(scene.both.addresses)), Tail.of_bytes(order.signature)) for order in (bid, ask)]
    for first, second in (words, words[::-1]):
        with pytest.raises(Reverted, match="not_protocol"):
            scene.both.tickets.call("settle", OUTSIDER, *first, *second)
    brief = scene.bid(2, 60, tif="ioc")
    taker = tuple(brief.values(scene.both.addresses)), Tail.of_bytes(brief.signature)
    with pytest.raises(Reverted, match="not_crossed"):
        scene.both.tickets.call("settle", OUTSIDER, *taker, *words[1])
    before = int.from_bytes(scene.both.tickets.call("funds", OUTSIDER, scene.both.addresses[1]), "big")
    scene.both.tickets.call("settle", OUTSIDER, *words[1], *taker)
    after = int.from_bytes(scene.both.tickets.call("funds", OUTSIDER, scene.both.addresses[1]), "big")
    assert after - before == 40
