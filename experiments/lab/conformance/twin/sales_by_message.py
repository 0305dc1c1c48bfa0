"""Sales by signed messages among participants, and returns, on both sides."""

from __future__ import annotations

from functools import partial

from chain.errors import Refused
from chain.evm.abi import Tail
from experiments.lab.conformance.twin.both_sides import BothSides, ContractCall, refusal_of
from experiments.lab.conformance.twin.disagreement import Operation, compare
from experiments.lab.conformance.twin.protocol_steps import MakeBid
from market.give_back import take_return
from market.messages import Listing, Order, SignedBid
from market.primary.posted import Posted
from market.time_in_force import TIFS


class SalesByMessage(BothSides):
    """What the exchange does with orders, listings and bids."""

    def settle(self, maker: Order, taker: Order, caller: bytes | None = None) -> None:
        """Two orders one after the other, that fill each other or are both taken out again.

        Where either may be the maker the protocol brings them, and before it whom `stranger` names; else anyone,
        `caller`.
        """

        def act() -> None:
            before = self._trades.count
            self._exchange.place(maker, 0)
            self._void = [(maker.maker, maker.nonce)]
            self._exchange.place(taker, 0)
            self._void.append((taker.maker, taker.nonce))
            if self._trades.count == before:
                raise NotCrossed

        self._void = []
        self._messages = []
        refusal = refusal_of(act)
        for account in range(len(self.addresses)):
            for order in self._exchange.own_orders(account):
                self._exchange.cancel(account, order.id, 0)
        words = (*self._order_words(maker), *self._order_words(taker))
        is_open = TIFS[maker.tif] == TIFS[taker.tif] == TIFS["gtc"]
        if is_open:
            self._settle_as_stranger(refusal, words)
        caller = self._protocol if is_open or caller is None else caller
        self._check("settlement", refusal, ContractCall("settle", caller, words))

    def award(self, listing: Listing, bid: MakeBid) -> SignedBid:
        """An auction that closes with its only bid, which is returned."""
        made: list[SignedBid] = []
        before = self._trades.count
        self._void = []
        self._messages = []
        refusal = refusal_of(partial(self._hold, listing, bid, made))
        signed = made[0] if made else bid(None)
        if refusal is None and self._trades.count == before:  # a Dutch clock passed the reserve: nothing to settle
            self._heard.take()
            self._invalidate([*self._void, (signed.bidder, signed.nonce)])
            return signed
        price = self._trades.last_price if refusal is None else listing.reserve
        seller = tuple(listing.values(self.addresses)), Tail.of_bytes(listing.signature)
        self._messages.append((listing.seller, listing.nonce))
        words = (*seller, *self._bid_words(signed), price)
        self._check("award", refusal, ContractCall("award", self._protocol, words))
        return signed

    def give_back(self, order: Order, caller: bytes | None = None) -> None:
        """A return to the protocol."""
        assert order.ticket is not None
        title = self.state.titles.live.get(order.ticket)
        haircut = self.state.rules.haircut
        refund = 0 if title is None or haircut is None else Posted().refund(0, title.price_gwei, haircut)
        self._void = []
        self._messages = []
        refusal = refusal_of(partial(take_return, self.state, self.gate, order, refund))
        call = ContractCall("giveBack", caller or self._protocol, self._order_words(order))
        self._check("return", refusal, call)

    def cancel_nonces(self, account: int, word: int, mask: int) -> None:
        """An account uses up nonces of its own."""
        act = partial(self.gate.cancel, account, word, mask)
        self._step(
            "nonces cancelled", act, ContractCall("invalidateNonces", self.addresses[account], (word, mask))
        )

    def _hold(self, listing: Listing, bid: MakeBid, made: list[SignedBid]) -> None:
        """The auction in the house of the market. What it took in stands in `self._void`."""
        auction = self._house.open_sale(listing, 0)
        self._void = [(listing.seller, listing.nonce)]
        made.append(bid(auction))
        assert auction.title is not None
        try:
            self._house.enter(made[0], 0)
        except Refused:
            self._house.withdraw(auction.title)
            raise
        self._house.clear_sales(0)
        if auction.id in self._house.open:
            self._void.append((made[0].bidder, made[0].nonce))
            self._house.withdraw(auction.title)
            raise AuctionOpen

    def _settle_as_stranger(self, refusal: str | None, words: tuple[object, ...]) -> None:
        """Who is the maker is the protocol's to say. That the prices do not meet is found later."""
        stranger = self.stranger()
        if stranger is None:
            return
        outcome, _ = self._attempt(ContractCall("settle", stranger, words))
        if refusal == NotCrossed.code and outcome == refusal:
            return
        reason = "not_protocol" if refusal in (None, NotCrossed.code) else refusal
        compare(Operation(self.agreed, "settlement by a stranger", words), "outcome", reason, outcome)


class AuctionOpen(Refused):
    """An auction that is not at its end yet."""


class NotCrossed(Refused):
    """Two orders that do not fill each other."""
