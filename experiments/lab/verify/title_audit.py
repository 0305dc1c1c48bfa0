"""Who owns which ticket: every mint, transfer and burn replayed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from experiments.lab.verify.deed import Deed
from experiments.lab.verify.fault import Fault, agree, in_place, misfit
from experiments.lab.verify.now import Now
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import AuctionRow, BidRow, OrderRow, TicketRow, TransferRow
from experiments.lab.verify.signature_audit import SignatureAudit
from experiments.lab.verify.stored_tables import DerivedTable


class TitleAudit:
    """The deeds of all live tickets, and how many tickets everyone holds."""

    def __init__(
        self,
        premises: Premises,
        now: Now,
        signatures: SignatureAudit,
        tickets: Iterator[TicketRow],
        transfers: DerivedTable[TransferRow],
    ) -> None:
        self._premises = premises
        self._now = now
        self._signatures = signatures
        self._tickets = tickets
        self._transfers = transfers
        self._held: Counter[str] = Counter()
        self.wanted: Counter[str] = Counter()  # tickets that standing bids may bring
        self._ended = 0
        self.live: dict[int, Deed] = {}
        self.unsold: dict[int, Deed] = {}  # those of the protocol
        self.squares = 0
        self.minted = 0

    @property
    def held(self) -> int:
        """The live tickets that participants hold."""
        return len(self.live) - len(self.unsold)

    def mint(self) -> Deed:
        """The next ticket of the table, minted now."""
        row = next(self._tickets, None)
        if row is None:
            raise Fault("tickets", None, None, f"no ticket {self.minted}", f"one minted in slot {self._now.slot}")
        agree(row, mint_block=self._now.slot)
        self._check_dates(row)
        self._signatures.ticket(row)
        protocol = self._premises.protocol
        deed = self.live[row.ticket] = self.unsold[row.ticket] = Deed(row, protocol)
        self._record(row.ticket, "mint", None, protocol, 0)
        self.minted += 1
        return deed

    def transfer(self, deed: Deed, taker: str, reason: str) -> None:
        """The ticket changes hands, and any listing of it ends."""
        self._leave(deed)
        self._hold(taker, 1)
        deed.nonce += 1
        self._record(deed.serial, reason, deed.owner, taker, deed.nonce)
        deed.owner, deed.listing, deed.forfeited = taker, None, 0
        if reason == "primary":
            deed.sold_slot = self._now.slot

    def burn(self, deed: Deed, end: str) -> None:
        """The ticket's life ends, as its row must say."""
        self._leave(deed)
        del self.live[deed.serial]
        self._record(deed.serial, "burn", deed.owner, None, deed.nonce)
        self._agree(deed, end, self._now.slot)

    def close(self) -> None:
        """What is left is live at the end of the run."""
        for deed in self.live.values():
            self._agree(deed, "live", None)
        row = next(self._tickets, None)
        if row is not None:
            raise misfit(row, "mint_block", "a slot of the run", "more tickets than were minted")
        self._transfers.end()

    def free(self, row: OrderRow | AuctionRow, owner: str) -> Deed:
        """The deed that a listing names. Raises `Fault` unless it is the owner's, unmoved and not listed."""
        deed = self.owned(row, owner)
        if deed.listing is not None:
            raise misfit(row, "ticket", "a ticket that is not for sale", f"it stands in {deed.listing}")
        return deed

    def owned(self, row: OrderRow | AuctionRow, owner: str) -> Deed:
        """The deed that a message names. Raises `Fault` unless it is the owner's and has not moved."""
        deed = None if row.ticket is None else self.live.get(row.ticket)
        if deed is None:
            raise misfit(row, "ticket", "a live ticket")
        if deed.owner != owner:
            raise misfit(row, "ticket", f"a ticket of {owner}", f"it belongs to {deed.owner}")
        agree(row, transfer_nonce=deed.nonce)
        return deed

    def check_room(self, row: OrderRow | BidRow, column: str) -> None:
        """Raises `Fault` where a bid is for more tickets than one owner may have."""
        cap, name = self._premises.rules.owner_cap, getattr(row, column)
        if cap is not None and self._held[name] + self.wanted[name] >= cap:
            raise misfit(row, column, f"an owner with fewer than {cap} tickets, held or bid for")

    def collateral(self) -> Counter[str]:
        """What is in escrow behind the tickets that each holds, Gwei."""
        staked: Counter[str] = Counter()
        for deed in self.live.values():
            if deed.owner != self._premises.protocol:
                staked[deed.owner] += self._premises.rules.collateral - deed.forfeited
        return staked

    def _check_dates(self, row: TicketRow) -> None:
        """The first and last block of a ticket minted now, by the draw rule's own formula."""
        dates = self._premises.draw_rule.dates
        if dates is not None:
            first, last = dates(self._premises.rules, self._now.slot, row.ticket)
            agree(row, first_block=first, last_block=last)

    def _leave(self, deed: Deed) -> None:
        if self.unsold.pop(deed.serial, None) is None:
            self._hold(deed.owner, -1)

    def _hold(self, name: str, change: int) -> None:
        before = self._held[name]
        self._held[name] = after = before + change
        self.squares += after * after - before * before

    def _record(self, serial: int, reason: str, giver: str | None, taker: str | None, nonce: int) -> None:
        self._transfers.expect(self._now.slot, serial, reason, giver, taker, nonce)

    def _agree(self, deed: Deed, end: str, slot: int | None) -> None:
        in_place(deed.row, self._ended)
        self._ended += 1
        agree(
            deed.row,
            owner=deed.owner,
            primary_price_gwei=deed.price_gwei,
            transfers=deed.nonce,
            drawn_for=self._premises.first_of_round(deed.drawn_for),
            end=end,
            end_slot=slot,
        )
