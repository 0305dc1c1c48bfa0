"""Every round of blocks that is over: what the rows of other tables come to in it."""

from __future__ import annotations

from collections.abc import Iterable

from experiments.lab.verify.deed import Deed
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import AuctionRow, BlockRow, RoundRow
from experiments.lab.verify.stored_tables import DerivedTable


class RoundAudit:
    """The table of rounds, row by row; there is none where a round is one block."""

    def __init__(self, premises: Premises, table: DerivedTable[RoundRow]) -> None:
        self._premises = premises
        self._table = table
        self._reserves: dict[int, int] = {}  # by ticket
        self._voids: dict[int, Deed] = {}  # burned unsold, by their last block
        self._deed: Deed | None = None
        self._holder: str | None = None
        self._moves = 0
        self._blocks: list[BlockRow] = []

    @property
    def count(self) -> int:
        """Rounds so far."""
        return self._table.count

    def put_up(self, lots: Iterable[AuctionRow]) -> None:
        """The protocol puts tickets up."""
        if self._premises.rules.round > 1:
            self._reserves.update((row.ticket, row.reserve_gwei) for row in lots if row.ticket is not None)

    def void(self, deed: Deed) -> None:
        """Nobody bid what the protocol asked."""
        self._voids[deed.last_block] = deed

    def begin(self, slot: int, deed: Deed | None) -> None:
        """A slot begins, whose block is that of a drawn ticket."""
        if slot % self._premises.rules.round == 0:
            self._blocks = []
            self._deed, self._holder = deed, self._held_by(deed)
            self._moves = 0 if deed is None else deed.nonce

    def end(self, row: BlockRow) -> None:
        """A block is settled; the last of a round has a row of its own."""
        self._blocks.append(row)
        if self._premises.rules.round > 1 and self._premises.rules.ends_round(row.slot):
            self._agree(row.slot)

    def close(self) -> None:
        """Raises `Fault` where there are more."""
        self._table.end()

    def _agree(self, last: int) -> None:
        deed, blocks, size = self._deed, self._blocks, self._premises.rules.round
        void = self._voids.pop(last, None)
        named = deed or void
        holder = self._held_by(deed)
        paid = [row.block_price_gwei for row in blocks if row.block_price_gwei is not None]
        self._table.expect(
            last - size + 1,
            last,
            self._status(deed, void),
            None if named is None else named.serial,
            None if named is None else self._reserves.get(named.serial),
            None if deed is None or holder is None else deed.price_gwei,
            self._holder,
            holder,
            0 if deed is None else deed.nonce - self._moves,
            sum(row.status == "proposed" for row in blocks),
            sum(row.status == "missed" for row in blocks),
            len(paid),
            sum(paid),
            sum(row.reward_gwei for row in blocks),
            sum(row.net_gwei for row in blocks),
            sum(row.best_gwei for row in blocks),
        )

    def _status(self, deed: Deed | None, void: Deed | None) -> str:
        if deed is None:
            return "no_ticket" if void is None else "void"
        return deed.end_of_round(self._premises.protocol, self._premises.rules.round)

    def _held_by(self, deed: Deed | None) -> str | None:
        """The participant that has a ticket."""
        return None if deed is None or deed.owner == self._premises.protocol else deed.owner
