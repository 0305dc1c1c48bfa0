"""The signed messages of the market and how they hash. Amounts in Gwei, times in slots."""

from __future__ import annotations

from typing import NamedTuple

from chain.eip712 import StructType
from chain.ticket import Series
from market.auctions import CODES
from market.time_in_force import TIFS

ANYONE = b"\x00" * 20
NO_TICKET = 2**64 - 1
NO_LISTING = b"\x00" * 32  # what a bid in a sale of the protocol is for

SOLD = ("ticket", "building", "block")
"""What a listing sells: a ticket, the building of its block ahead of time, that of the present block. The place of
each is its number in what is signed, for ever."""

SOLD_IN = {"secondary": "ticket", "building": "building", "block": "block"}
"""What is sold in each market of holders."""

SIDES = ("bid", "ask", "claim", "return")

ORDER = StructType(
    "Order",
    [
        ("maker", "address"),
        ("taker", "address"),
        ("side", "uint8"),
        ("timeInForce", "uint8"),
        ("drawn", "bool"),
        ("seriesBlock", "uint64"),
        ("ticket", "uint64"),
        ("transferNonce", "uint64"),
        ("price", "uint64"),
        ("validFrom", "uint64"),
        ("validUntil", "uint64"),
        ("nonce", "uint64"),
    ],
)

LISTING = StructType(
    "Listing",
    [
        ("seller", "address"),
        ("sells", "uint8"),
        ("format", "uint8"),
        ("ticket", "uint64"),
        ("transferNonce", "uint64"),
        ("block", "uint64"),
        ("reserve", "uint64"),
        ("start", "uint64"),
        ("tick", "uint64"),
        ("deadline", "uint64"),
        ("nonce", "uint64"),
    ],
)

SLOT_BID = StructType(
    "SlotBid",
    [("builder", "address"), ("auction", "uint64"), ("slot", "uint64"), ("ms", "uint64"), ("price", "uint64")],
)

BID = StructType(
    "Bid",
    [
        ("bidder", "address"),
        ("auction", "uint64"),
        ("listing", "bytes32"),
        ("price", "uint64"),
        ("validUntil", "uint64"),
        ("nonce", "uint64"),
    ],
)


def or_else(value: int | None, nothing: int) -> int:
    """A number as a signed message has it, which has `nothing` in place of None."""
    if value is None:
        return nothing
    return value


class Order(NamedTuple):
    """An order in the book for one ticket of `series`: an ask names it, a bid takes any.

    `price` is the worst that its maker accepts, whatever it trades against.

    A claim is an order to the protocol: side "claim", the block in `valid_from` and `valid_until`. So is a return:
    side "return", the least that its maker takes in `price`.
    """

    maker: int
    side: str
    tif: str
    series: Series
    ticket: int | None
    transfer_nonce: int
    price: int
    valid_from: int
    valid_until: int
    nonce: int
    signature: bytes = b""

    def values(self, addresses: list[bytes]) -> tuple[object, ...]:
        """The signed values, in the order of `ORDER`."""
        return (
            addresses[self.maker],
            ANYONE,
            SIDES.index(self.side),
            TIFS[self.tif].code,
            self.series.drawn,
            self.series.block,
            or_else(self.ticket, NO_TICKET),
            self.transfer_nonce,
            self.price,
            self.valid_from,
            self.valid_until,
            self.nonce,
        )


class Listing(NamedTuple):
    """A seller's terms for an auction: of a ticket, or (ticket None) of an endowed block. It `sells` one of
    `SOLD`, and is settled in the slot of its `deadline` or the next one. `start` is where a clock begins; of a
    block, whose sale has none, what its seller gives back to those who bid."""

    seller: int
    sells: str
    format: str
    ticket: int | None
    transfer_nonce: int
    block: int | None
    reserve: int
    start: int
    tick: int
    deadline: int
    nonce: int
    signature: bytes = b""

    def values(self, addresses: list[bytes]) -> tuple[object, ...]:
        """The signed values, in the order of `LISTING`."""
        return (
            addresses[self.seller],
            SOLD.index(self.sells),
            CODES[self.format],
            or_else(self.ticket, NO_TICKET),
            self.transfer_nonce,
            or_else(self.block, NO_TICKET),
            self.reserve,
            self.start,
            self.tick,
            self.deadline,
            self.nonce,
        )


class SignedBid(NamedTuple):
    """A bid in an auction, good until slot `valid_until`. `listing`: the hash of what it is for, `NO_LISTING` in a
    sale of the protocol, where it may win any of the tickets that are sold together."""

    bidder: int
    auction: int
    listing: bytes
    price: int
    valid_until: int
    nonce: int
    signature: bytes = b""

    def values(self, addresses: list[bytes]) -> tuple[object, ...]:
        """The signed values, in the order of `BID`."""
        return addresses[self.bidder], self.auction, self.listing, self.price, self.valid_until, self.nonce


def listing_hash(listing: Listing, addresses: list[bytes]) -> bytes:
    """The struct hash of a listing, by which bids name it, 32 bytes."""
    return LISTING.hash_struct(listing.values(addresses))


def bid_until(market: str, deadline: int) -> int:
    """The last slot of a bid in an auction of a market, by the slot of its deadline, −1 at genesis.

    A holder's sale that comes in after the close of its own last session ends with the next one.
    """
    if market in ("secondary", "building"):
        return deadline + 1
    return max(deadline, 0)


class SlotBid(NamedTuple):
    """A bid in the open auction of a block, for the relay to take in at a time (ms since the auction opened)."""

    builder: int
    auction: int
    slot: int
    ms: int
    price: int
    signature: bytes = b""

    def values(self, addresses: list[bytes]) -> tuple[object, ...]:
        """The signed values, in the order of `SLOT_BID`."""
        return addresses[self.builder], self.auction, self.slot, self.ms, self.price


Message = Order | Listing | SignedBid


def struct_type(message: Message) -> StructType:
    """The EIP-712 type that the message is signed as."""
    return _TYPES[type(message)]


_TYPES: dict[type, StructType] = {Order: ORDER, Listing: LISTING, SignedBid: BID}
