"""Every signature recovered, and every nonce used once."""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

from chain.account import PROTOCOL
from chain.eip712 import StructType
from chain.errors import BadSignature, NonceUsed
from chain.genesis_gift import HAND_OUT
from chain.protocol import NO_TICKET, NOBODY, PROPOSAL
from chain.signatures import recover
from chain.ticket import NEVER, TICKET, Ticket
from experiments.lab.verify.fault import agree, check_known, misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import AuctionRow, BidRow, BlockRow, HandOutRow, OrderRow, SlotBidRow, TicketRow
from experiments.lab.verify.running_auction import RunningAuction
from market.auctions import CODES
from market.messages import (
    BID,
    LISTING,
    NO_LISTING,
    ORDER,
    SIDES,
    SLOT_BID,
    SOLD_IN,
    Listing,
    Order,
    SignedBid,
    SlotBid,
    bid_until,
    listing_hash,
)
from market.nonces import Nonces
from market.time_in_force import TIFS

Signed = TicketRow | OrderRow | AuctionRow | BidRow | BlockRow | SlotBidRow | HandOutRow
Values = Callable[[], Sequence[object]]


class SignatureAudit:
    """Rebuilds what was signed from a row and recovers who signed it; in an unsigned run there is nothing to."""

    def __init__(self, premises: Premises) -> None:
        self._premises = premises
        self._addresses = premises.addresses
        self._is_signed = premises.is_signed
        self._digest = premises.domain.digest
        self._nonces = [Nonces() for _ in premises.addresses]
        self._rules_id = premises.rules.identity()
        self.count = 0

    def ticket(self, row: TicketRow) -> None:
        """The protocol signs the fixed part of a ticket."""
        last = NEVER if row.last_block is None else row.last_block
        what = (row.ticket, row.mint_block, row.first_block, last)
        ticket = Ticket(*what, self._rules_id, self._premises.domain.chain_id)
        self._recover(row, PROTOCOL, TICKET, ticket.fields)

    def order(self, row: OrderRow) -> None:
        """The maker signs an order or a claim."""
        check_known(row, "side", SIDES)
        check_known(row, "tif", TIFS)
        maker = self._premises.number(row, "maker")
        until = NEVER if row.valid_until is None else row.valid_until
        what = (row.side, row.tif, row.series, row.ticket, row.transfer_nonce, row.price_gwei)
        order = Order(maker, *what, row.valid_from, until, row.nonce)
        self._use_nonce(row, maker, row.nonce)
        self._recover(row, maker, ORDER, lambda: order.values(self._addresses))

    def listing(self, row: AuctionRow) -> None:
        """The seller of a ticket or a block signs the terms."""
        check_known(row, "format", CODES)
        seller = self._premises.number(row, "seller")
        if row.nonce is None:
            raise misfit(row, "nonce", "the seller's nonce")
        listing = self._listing(seller, row, row.nonce)
        self._use_nonce(row, seller, row.nonce)
        self._recover(row, seller, LISTING, lambda: listing.values(self._addresses))

    def bid(self, row: BidRow, sale: RunningAuction) -> None:
        """The bidder signs a bid in an auction."""
        bidder = self._premises.numbers[row.bidder]
        until = bid_until(sale.row.market, sale.row.deadline)
        what = (row.auction, self._offered(sale), row.price_gwei, until)
        bid = SignedBid(bidder, *what, row.nonce)
        self._use_nonce(row, bidder, row.nonce)
        self._recover(row, bidder, BID, lambda: bid.values(self._addresses))

    def hand_out(self, row: HandOutRow) -> None:
        """Who takes a first ticket signs for its price."""
        account = self._premises.number(row, "account")
        values = (self._addresses[account], row.ticket, row.price_gwei)
        self._recover(row, account, HAND_OUT, lambda: values)

    def slot_bid(self, row: SlotBidRow) -> None:
        """The builder signs a bid in the open auction of a block."""
        builder = self._premises.number(row, "builder")
        bid = SlotBid(builder, row.auction, row.slot, row.ms, row.bid_gwei)
        self._recover(row, builder, SLOT_BID, lambda: bid.values(self._addresses))

    def proposal(self, row: BlockRow, serial: int | None, transfer_nonce: int, reward: int) -> None:
        """The proposer signs who builds its block, by which ticket, and what it brings, Gwei."""
        proposer = self._premises.number(row, "proposer")
        builder = NOBODY if row.builder is None else self._addresses[self._premises.number(row, "builder")]
        ticket = NO_TICKET if serial is None else serial
        values = (row.slot, self._addresses[proposer], ticket, transfer_nonce, builder, reward)
        self._recover(row, proposer, PROPOSAL, lambda: values)

    def _listing(self, seller: int, row: AuctionRow, nonce: int) -> Listing:
        what = (SOLD_IN[row.market], row.format, row.ticket, row.transfer_nonce, row.block)
        return Listing(seller, *what, *row.terms, row.deadline, nonce)

    def _offered(self, sale: RunningAuction) -> bytes:
        """The hash of the listing that a bid is for; of the protocol's sales there is none."""
        if sale.listing_hash is None:
            sale.listing_hash = self._hash_of(sale.row)
        return sale.listing_hash

    def _hash_of(self, row: AuctionRow) -> bytes:
        if row.nonce is None or not self._premises.is_signed:
            return NO_LISTING
        seller = self._premises.number(row, "seller")
        return listing_hash(self._listing(seller, row, row.nonce), self._addresses)

    def _use_nonce(self, row: OrderRow | AuctionRow | BidRow, signer: int, nonce: int) -> None:
        try:
            self._nonces[signer].use(nonce)
        except NonceUsed:
            raise misfit(row, "nonce", "a nonce that was not used before") from None

    def _recover(self, row: Signed, signer: int, kind: StructType, values: Values) -> None:
        if not self._is_signed:
            return agree(row, "the run is unsigned", signature=None)
        if row.signature is None:
            raise misfit(row, "signature", self._signed_by(signer))
        try:
            found = recover(self._digest(kind, values()), row.signature)
        except (BadSignature, ValueError, struct.error) as error:
            raise misfit(row, "signature", self._signed_by(signer), str(error)) from None
        if found != self._addresses[signer]:
            why = f"signed fields or signature changed: it is by 0x{found.hex()}"
            raise misfit(row, "signature", self._signed_by(signer), why)
        self.count += 1
        return None

    def _signed_by(self, signer: int) -> str:
        return f"a signature by {self._premises.names[signer]} over this row"
