"""The tables of auctions and of the bids in them."""

from __future__ import annotations

from chain.records import Records, Schema
from market.auction import Auction, StandingBid
from market.auctions import FORMATS, OWN, Payment

AUCTIONS = Schema(
    "auctions",
    "Every auction that was opened, in the order in which they closed.",
    [
        ("auction", "integer", "number of the auction, from 0"),
        ("market", "label", "primary, secondary, block (just in time) or building (ahead of time)"),
        (
            "format",
            "label",
            f"{', '.join(FORMATS)}, {OWN} (of the user's own); of the primary market: its pricing rule",
        ),
        ("seller", "account", "who sells"),
        ("ticket", "integer", "the ticket for sale, or with which the block is proposed"),
        ("transfer_nonce", "integer", "that ticket's transfer nonce at the opening"),
        ("block", "integer", "the block for sale, in the markets of blocks"),
        ("opened_slot", "integer", "slot of the opening"),
        ("opened_ms", "integer", "milliseconds into that slot"),
        ("deadline", "integer", "slot in whose session it closes"),
        ("reserve_gwei", "gwei", "lowest price, Gwei"),
        ("start_gwei", "gwei", "price from which the Dutch clock falls; of a block: what bidders get back, Gwei"),
        ("tick_gwei", "gwei", "step of a clock, Gwei"),
        ("nonce", "integer", "the seller's nonce; missing where the protocol sells"),
        ("signature", "signature", "the seller's EIP-712 signature of the listing, if any"),
        ("bids", "integer", "bids that stood at the close"),
        ("outcome", "label", "sold, unsold or withdrawn"),
        ("winner", "account", "who won, if anyone"),
        ("price_gwei", "gwei", "what the winner paid, Gwei"),
        ("closed_slot", "integer", "slot of the close; missing = open at the end of the run"),
    ],
)

BIDS = Schema(
    "bids",
    "Every bid that was taken in, in the order in which auctions closed or bids were replaced.",
    [
        ("bid", "integer", "number of the bid, from 0 in order of arrival"),
        ("auction", "integer", "the auction"),
        ("slot", "integer", "slot of arrival; −1 before block 0"),
        ("ms", "integer", "milliseconds into that slot"),
        ("bidder", "account", "who bids"),
        ("price_gwei", "gwei", "the bid, Gwei"),
        ("nonce", "integer", "the bidder's nonce"),
        ("signature", "signature", "EIP-712 signature; missing in an unsigned run"),
        ("outcome", "label", "won, lost, replaced, withdrawn or open"),
    ],
)


class AuctionRows:
    """Writes an auction when it has closed, and each of its bids when it has ended."""

    def __init__(self, records: Records) -> None:
        self._auctions = records.table(AUCTIONS)
        self._bids = records.table(BIDS)

    def write(self, auction: Auction, outcome: str, sale: Payment | None, closed_slot: int | None) -> None:
        """An auction as it ended; `closed_slot` None: it is open at the end of the run. Where blocks are
        sold there is one in each: the row is in the order of `AUCTIONS`, without its names."""
        listing = auction.listing
        winner, price = (None, None) if sale is None else (sale.bidder, sale.price)
        moves, nonce, signature = 0, None, None
        if listing is not None:
            moves, nonce, signature = listing.transfer_nonce, listing.nonce, listing.signature or None
        what = (auction.id, auction.market, auction.format, auction.seller, auction.serial, moves, auction.block)
        terms = (*auction.opened, auction.deadline, *auction.terms, nonce, signature)
        self._auctions.append((*what, *terms, len(auction.bids), outcome, winner, price, closed_slot))

    def write_bid(self, standing: StandingBid, outcome: str) -> None:
        """A bid that stands no more. There are many: the row is in the order of `BIDS`, without its names."""
        number, slot, ms, bid = standing
        bidder, auction, _, price, _, nonce, signature = bid
        self._bids.append((number, auction, slot, ms, bidder, price, nonce, signature or None, outcome))
