"""A live ticket as the auditor follows it."""

from __future__ import annotations

from chain.ticket import NEVER, Series
from experiments.lab.verify.rows import TicketRow


class Deed:
    """A live ticket. `row` is what the table will say of it when its life has ended."""

    __slots__ = (
        "builder",
        "drawn_for",
        "forfeited",
        "listing",
        "missed",
        "nonce",
        "owner",
        "price_gwei",
        "row",
        "sold_slot",
    )

    def __init__(self, row: TicketRow, owner: str) -> None:
        self.row = row
        self.owner = owner
        self.nonce = 0
        self.price_gwei = 0
        self.sold_slot = -1
        self.drawn_for: int | None = None  # the next block that it is to propose
        self.missed = 0  # blocks of its round that nobody proposed
        self.forfeited = 0  # what its owner has lost of the collateral behind it, Gwei
        self.builder: str | None = None  # who bought the building of that block ahead of time
        self.listing: str | None = None  # what holds it in escrow

    @property
    def serial(self) -> int:
        return self.row.ticket

    @property
    def last_block(self) -> int:
        return NEVER if self.row.last_block is None else self.row.last_block

    @property
    def series(self) -> Series:
        return Series(False, self.last_block) if self.drawn_for is None else Series(True, self.drawn_for)

    def end_of_round(self, protocol: str, blocks: int) -> str:
        """How the ticket ends of a round of so many blocks that is over."""
        if self.owner == protocol:
            return "unsold"
        return "missed" if self.missed == blocks else "proposed"
