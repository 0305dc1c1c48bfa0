"""The desk: turns a participant's intents into signed messages and hands them to the market.

An intent that is refused is recorded, costs no one else anything, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any, TypeGuard

from chain.clock import Phase
from chain.errors import ReturnRefused
from chain.ledger import MAX_GWEI
from chain.named_tuples import make
from chain.protocol import check_return, process_claim
from chain.state import State
from chain.ticket import NEVER, Series, Title
from market.auction import Auction
from market.errors import BadTerms
from market.exchange import Exchange
from market.fitting import ALLOWED, fitting
from market.gate import Gate
from market.give_back import take_return
from market.house import House
from market.intents import Ask, AuctionBid, Bid, Cancel, Claim, Hold, Intent, OpenAuction, Return, SellBuilding
from market.messages import NO_LISTING, Listing, Order, SignedBid
from market.participant import Participant
from market.primary import Rule
from market.time_in_force import tif_of_market_order
from market.violations import MOST_REFUSED, Violations

FIELDS_OF_BID = len(AuctionBid._fields)
BITS = MAX_GWEI.bit_length()
"""Of a sound number: one above `MAX_GWEI` has more, and one below 0 without end."""


class Desk:
    """Where intents arrive. `pricing` says what tickets are worth that are given back."""

    def __init__(
        self,
        *,
        state: State,
        gate: Gate,
        exchange: Exchange,
        house: House,
        violations: Violations,
        pricing: Rule,
    ) -> None:
        self._state = state
        self._gate = gate
        self._exchange = exchange
        self._house = house
        self._violations = violations
        self._pricing = pricing
        self._handlers: dict[type, Callable[[Participant, Any, int], object]] = {
            Hold: self._hold,
            AuctionBid: self._bid_in_auction,
            Bid: self._bid,
            Ask: self._ask,
            Cancel: self._cancel,
            OpenAuction: self._open_auction,
            SellBuilding: self._sell_building,
            Claim: self._claim,
            Return: self._give_back,
        }

    def receive(self, who: Participant, phase: Phase, intents: Sequence[Intent], ms: int) -> None:
        """Carry out one participant's intents, one after the other."""
        self.receive_all(phase, [(who, intents)], ms)

    def receive_all(self, phase: Phase, answers: Iterable[tuple[Participant, Sequence[Intent]]], ms: int) -> None:
        """Carry out what participants want, one answer after the other; bids that follow each other enter the
        auctions together."""
        waiting: list[SignedBid] = []
        takes_bids = AuctionBid in ALLOWED[phase]
        for who, intents in answers:
            if takes_bids and are_bids(intents):
                for intent in intents:
                    waiting.append(self._signed(who, intent))
            else:
                self._enter(waiting, phase, ms)
                waiting = []
                carry_out = partial(self.carry_out, who, phase, ms=ms)
                self._violations.try_all(intents, carry_out, ms, phase, who.account)
        self._enter(waiting, phase, ms)

    def _enter(self, bids: list[SignedBid], phase: Phase, ms: int) -> None:
        self._violations.try_bids(bids, self._house.entry.enter, ms, phase)

    def _signed(self, who: Participant, intent: AuctionBid) -> SignedBid:
        number, price = intent
        auction = self._house.open.get(number)
        if auction is None:
            offered, until = NO_LISTING, max(self._state.slot, 0)
        else:
            offered, until = auction.offered, auction.bids_until
        wallet = who.wallet
        fields = (who.account, number, offered, price, until, wallet.next_nonce(), b"")
        return wallet.sign(make(SignedBid, fields))

    def carry_out(self, who: Participant, phase: Phase, intent: Intent, ms: int) -> Any:
        """Carry out one intent. Returns the number of the bid or the order, or the auction; raises `Refused`."""
        wanted = fitting(intent, phase)
        return self._handlers[type(wanted)](who, wanted, ms)

    def _hold(self, *_: object) -> None:
        """Nothing is to be done."""

    def _cancel(self, who: Participant, intent: Cancel, ms: int) -> None:
        self._exchange.cancel(who.account, intent.order, ms)

    def _bid_in_auction(self, who: Participant, intent: AuctionBid, ms: int) -> int:
        return self._house.enter(self._signed(who, intent), ms)

    def _bid(self, who: Participant, intent: Bid, ms: int) -> int:
        series = Series(*intent.series)
        return self._place(who, "bid", intent, series, None, 0, ms)

    def _ask(self, who: Participant, intent: Ask, ms: int) -> int:
        title = self._state.titles.get(intent.ticket)
        return self._place(who, "ask", intent, title.series, intent.ticket, title.nonce, ms)

    def _place(
        self,
        who: Participant,
        side: str,
        intent: Ask | Bid,
        series: Series,
        ticket: int | None,
        moves: int,
        ms: int,
    ) -> int:
        until = NEVER if intent.until is None else intent.until
        if intent.price_gwei is None:
            tif_of_market_order(intent.tif)  # where it cannot be one, that is what is said
            raise BadTerms(
                "an order without a price takes one that its maker was shown, and none was; name a price"
            )
        terms = (side, intent.tif, series, ticket, moves, intent.price_gwei, self._state.slot, until)
        order = Order(who.account, *terms, who.wallet.next_nonce())
        return self._exchange.place(who.wallet.sign(order), ms)

    def _open_auction(self, who: Participant, intent: OpenAuction, ms: int) -> Auction:
        nonce = self._state.titles.get(intent.ticket).nonce
        prices = (intent.reserve_gwei, intent.start_gwei, intent.tick_gwei)
        deadline = self._state.slot + intent.slots
        what = ("ticket", intent.format, intent.ticket, nonce, None)
        fields = (who.account, *what, *prices, deadline, who.wallet.next_nonce(), b"")
        return self._house.open_sale(who.wallet.sign(make(Listing, fields)), ms)

    def _sell_building(self, who: Participant, intent: SellBuilding, ms: int) -> None:
        title = self._state.titles.get(intent.ticket)
        prices = (intent.reserve_gwei, intent.start_gwei, intent.tick_gwei)
        deadline = self._state.slot + intent.slots
        what = ("building", intent.format, intent.ticket, title.nonce, title.drawn_for)
        listing = Listing(who.account, *what, *prices, deadline, who.wallet.next_nonce())
        self._house.open_building(who.wallet.sign(listing), ms)

    def _claim(self, who: Participant, intent: Claim, ms: int) -> None:
        title, block = self._state.titles.get(intent.ticket), intent.block
        terms = ("claim", "gtc", title.series, intent.ticket, title.nonce, 0, block, block)
        order = who.wallet.sign(Order(who.account, *terms, who.wallet.next_nonce()))
        self._gate.check(who.account, order)
        process_claim(self._state, who.account, intent.ticket, title.nonce, block)
        self._gate.use(who.account, order)
        self._exchange.record(order, "claimed", ms)

    def _give_back(self, who: Participant, intent: Return, ms: int) -> None:
        title, slot = self._state.titles.get(intent.ticket), self._state.slot
        refund = self._refund(title, intent.least_gwei)
        terms = ("return", "gtc", title.series, intent.ticket, title.nonce, intent.least_gwei, slot, slot)
        order = who.wallet.sign(Order(who.account, *terms, who.wallet.next_nonce()))
        take_return(self._state, self._gate, order, refund)
        self._exchange.record(order, "returned", ms)

    def _refund(self, title: Title, least: int) -> int:
        """What the protocol pays for the ticket. Raises `ReturnRefused` where it pays less than `least`."""
        check_return(self._state, title)
        haircut = self._state.rules.haircut
        assert haircut is not None
        refund = self._pricing.refund(self._state.titles.held, title.price_gwei, haircut)
        if refund < least:
            raise ReturnRefused(f"the protocol pays {refund} Gwei for ticket {title.ticket.serial}, not {least}")
        return refund


def are_bids(intents: Sequence[object]) -> TypeGuard[Sequence[AuctionBid]]:
    """Whether an answer is sound bids in auctions and nothing else, so few that none is dropped unread."""
    for intent in intents:
        if type(intent) is not AuctionBid or len(intent) != FIELDS_OF_BID:
            return False
        number, price = intent
        if type(number) is not int or type(price) is not int or (number | price) >> BITS:
            return False
    return len(intents) <= MOST_REFUSED
