"""The execution ticket: the part that the protocol signs at mint, and the part that the ledger keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from chain.eip712 import UINT64_MAX, Domain, StructType
from chain.errors import BadSignature
from chain.near_names import tells_near
from chain.signatures import recover

NEVER = UINT64_MAX  # the last block of a ticket without maturity
LAST_SLOT = 2**63 - 1  # the last slot that a table can hold
DRAWN = -1
"""When a drawn ticket is due among undrawn ones: before all of them."""

TICKET = StructType(
    "Ticket",
    [
        ("serial", "uint64"),
        ("mintBlock", "uint64"),
        ("firstBlock", "uint64"),
        ("lastBlock", "uint64"),
        ("rulesId", "bytes32"),
        ("chainId", "uint64"),
    ],
)


@tells_near()
class Ticket(NamedTuple):
    """The signed part of a ticket; it never changes.

    `mint_block` is the slot of the mint, −1 at genesis (signed as 2^64 − 1).
    `first_block … last_block` are the blocks at which it may propose; without maturity the last is `NEVER`.
    """

    serial: int
    mint_block: int
    first_block: int
    last_block: int
    rules_id: bytes
    chain_id: int
    signature: bytes = b""

    @property
    def span(self) -> str:
        """The blocks at which it may propose, in words."""
        if self.last_block == NEVER:
            return f"any block from {self.first_block} on"
        return f"blocks {self.first_block} … {self.last_block}"

    def fields(self) -> tuple[int, int, int, int, bytes, int]:
        """The signed values, in the order of `TICKET`."""
        return (
            self.serial,
            self.mint_block & UINT64_MAX,
            self.first_block,
            self.last_block,
            self.rules_id,
            self.chain_id,
        )

    def digest(self) -> bytes:
        """The EIP-712 digest, from the ticket's own fields alone."""
        return Domain(self.chain_id).digest(TICKET, self.fields())

    def verify(self, protocol: bytes) -> None:
        """Raises `BadSignature` unless the key of the address `protocol` signed this ticket."""
        signer = recover(self.digest(), self.signature)
        if signer != protocol:
            raise BadSignature(f"ticket {self.serial} is signed by 0x{signer.hex()}, not by the protocol")


@tells_near(ticket=Ticket)
class Title:
    """The ledger's part of a live ticket: who owns it and what has become of it.

    `nonce` counts the transfers: a message that names an older one is void.
    `listing` is the order or auction that holds the ticket in escrow, or None.
    `drawn_for` is the block that it is to propose next, or None while it is undrawn; `used` are the blocks of its
    round before that one, `missed` those of them that nobody proposed.
    `forfeited` is what its owner has lost of the collateral behind it, Gwei.
    `sold_slot` is the slot in which the protocol sold it; −1 at genesis, and while it is unsold.
    `builder` is who bought the right to build that block, ahead of time, or None.
    `due` is the last block that it may propose, −1 from its draw on: then it is due before all others.
    `batch` is the number of the batch of its owner's tickets that it lies in.
    `picture` is a place for a frozen copy that a viewer made; it is emptied with every change.
    """

    __slots__ = (
        "batch",
        "builder",
        "drawn_for",
        "due",
        "forfeited",
        "listing",
        "missed",
        "nonce",
        "owner",
        "picture",
        "price_gwei",
        "sold_slot",
        "ticket",
        "used",
    )

    def __init__(self, ticket: Ticket, owner: int) -> None:
        self.ticket = ticket
        self.owner = owner
        self.nonce = 0
        self.listing: int | None = None
        self.drawn_for: int | None = None
        self.due = ticket.last_block
        self.used = 0
        self.missed = 0
        self.forfeited = 0
        self.builder: int | None = None
        self.price_gwei = 0  # what the primary market was paid for it
        self.sold_slot = -1
        self.batch = 0
        self.picture: Any = None

    @property
    def series(self) -> Series:
        """The tickets it is fungible with."""
        return series_of(self.ticket.last_block, self.drawn_for)


@tells_near()
class Series(NamedTuple):
    """Tickets of one expiry and status. A drawn ticket is alone in its series, that of the block which it is to
    propose next: what is left of a round is another good after each of its blocks."""

    drawn: bool
    block: int

    def __str__(self) -> str:
        if self.drawn:
            return f"drawn:{self.block}"
        if self.block == NEVER:
            return "never"
        return f"expiry:{self.block}"


class BuildingRight(Series):
    """The right to build one block, for sale by itself. It is equal to the series of a ticket that has that block
    next, which may have others after it."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def building_right(block: int) -> BuildingRight:
    """That of a block: all who look at its sale ask for it."""
    return BuildingRight(True, block)


@lru_cache(maxsize=4096)
def series_of(last_block: int, drawn_for: int | None) -> Series:
    """That of a ticket by its last block, and the block that it is drawn for, if any."""
    if drawn_for is None:
        return Series(False, last_block)
    return Series(True, drawn_for)
