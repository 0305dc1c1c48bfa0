"""Ownership: who holds which live ticket, what is listed, what has moved.

Minted = live + burned after every operation. A ticket belongs to the protocol until it is first sold.
"""

from __future__ import annotations

from chain.account import PROTOCOL
from chain.errors import NotOwner, TicketBurned, TicketListed, TicketMoved, UnknownTicket
from chain.near_names import tells_near
from chain.portfolio import Portfolio
from chain.records import Records, Schema
from chain.ticket import DRAWN, NEVER, Ticket, Title

TICKETS = Schema(
    "tickets",
    "One row a ticket: its signed fields and how its life went. Rows come in the order in which lives end.",
    [
        ("ticket", "integer", "serial number, from 0 in the order of mint"),
        ("mint_block", "integer", "slot of the mint; −1 at genesis"),
        ("first_block", "integer", "first block that it may propose"),
        ("last_block", "integer", "last block that it may propose; missing = no maturity"),
        ("signature", "signature", "the protocol's EIP-712 signature; missing in an unsigned run"),
        ("primary_price_gwei", "gwei", "what the primary market paid for it, burned, Gwei"),
        ("owner", "account", "its last owner"),
        ("transfers", "integer", "how often it changed hands, the primary sale among them"),
        ("drawn_for", "integer", "the block it was drawn to propose, or the first of its round, if any"),
        (
            "end",
            "label",
            "proposed, missed, unsold (drawn while the protocol had it), expired, returned, void, or live",
        ),
        ("end_slot", "integer", "slot in which it was burned; missing while live"),
    ],
)

TRANSFERS = Schema(
    "transfers",
    "Every change of hands, in order, mints and burns among them.",
    [
        ("transfer", "integer", "number of the transfer, from 0"),
        ("slot", "integer", "slot in which it happened; −1 at genesis"),
        ("ticket", "integer", "serial of the ticket"),
        ("reason", "label", "mint, genesis (handed out), primary, trade, transfer or burn"),
        ("giver", "account", "previous owner; missing at mint"),
        ("taker", "account", "next owner; missing at burn (the burn address)"),
        ("nonce", "integer", "the ticket's transfer nonce after it"),
    ],
)


@tells_near("live", "holdings", "minted", "burned", "slot")
class Titles:
    """The titles of all live tickets."""

    def __init__(self, accounts: int, records: Records) -> None:
        self.live: dict[int, Title] = {}
        self.holdings = [Portfolio() for _ in range(accounts)]
        self.minted = 0
        self.burned = 0
        self.slot = -1
        self.squares = 0  # sum over holders, the protocol left out, of the square of their tickets
        self._tickets = records.table(TICKETS)
        self._transfers = records.table(TRANSFERS)
        self._moves = 0

    @property
    def held(self) -> int:
        """The live tickets that participants hold."""
        return len(self.live) - len(self.holdings[PROTOCOL])

    def get(self, serial: int) -> Title:
        """The title of a live ticket. Raises `UnknownTicket`, `TicketBurned`."""
        title = self.live.get(serial)
        if title is not None:
            return title
        if type(serial) is int and 0 <= serial < self.minted:
            raise TicketBurned(f"ticket {serial} is burned")
        raise UnknownTicket(f"there is no ticket {serial!r}; serials so far: 0 … {self.minted - 1}")

    def owned(self, serial: int, account: int, nonce: int) -> Title:
        """The title of a ticket that `account` owns at this transfer nonce.

        Raises `NotOwner`, `TicketMoved`.
        """
        title = self.get(serial)
        if title.nonce != nonce:
            raise TicketMoved(f"ticket {serial} has moved: transfer nonce {title.nonce}, not {nonce}")
        if title.owner != account:
            raise NotOwner(f"ticket {serial} belongs to account {title.owner}, not to {account}")
        return title

    def free(self, serial: int, account: int, nonce: int) -> Title:
        """The same for a ticket that stands in no listing. Raises `TicketListed` as well."""
        title = self.owned(serial, account, nonce)
        if title.listing is not None:
            raise TicketListed(f"ticket {serial} is in escrow for listing {title.listing}")
        return title

    def mint(self, ticket: Ticket) -> Title:
        """Enter a new ticket, owned by the protocol."""
        title = self.live[ticket.serial] = Title(ticket, PROTOCOL)
        self.holdings[PROTOCOL].add(title)
        self.minted += 1
        self._record(ticket.serial, "mint", None, PROTOCOL, 0)
        return title

    def draw(self, title: Title, block: int) -> None:
        """Mark the ticket as drawn to propose `block`."""
        title.drawn_for = block
        title.due = DRAWN
        self._change(title)

    def advance(self, title: Title) -> None:
        """A block of the ticket's round is settled: it is for the next one, whose building is its owner's."""
        assert title.drawn_for is not None
        title.drawn_for += 1
        title.used += 1
        title.builder = None
        self._change(title)

    def list(self, title: Title, listing: int | None) -> None:
        """Put the ticket in escrow for a listing, or take it out (None)."""
        title.listing = listing
        self._change(title)

    def assign(self, title: Title, builder: int) -> None:
        """Give the building of the ticket's block to `builder`; the title stays, any listing of it ends."""
        title.builder = builder
        title.listing = None
        self._change(title)

    def transfer(self, title: Title, taker: int, reason: str) -> None:
        """Give the ticket to `taker`; any listing of it ends."""
        giver = title.owner
        serial = title.ticket.serial
        self._drop(giver, title)
        self._take(taker, title)
        title.owner = taker
        title.listing = None
        title.forfeited = 0
        if reason == "primary":
            title.sold_slot = self.slot
        title.nonce += 1
        self._record(serial, reason, giver, taker, title.nonce)

    def burn(self, title: Title, end: str) -> None:
        """Remove the ticket from the network for good; `end` says why."""
        serial = title.ticket.serial
        self._drop(title.owner, title)
        del self.live[serial]
        self.burned += 1
        self._record(serial, "burn", title.owner, None, title.nonce)
        self._write(title, end, self.slot)

    def close(self) -> None:
        """Write the tickets that are still live when the run ends."""
        for title in self.live.values():
            self._write(title, "live", None)

    def _change(self, title: Title) -> None:
        self.holdings[title.owner].touch(title)

    def _drop(self, account: int, title: Title) -> None:
        held = self.holdings[account]
        held.drop(title)
        if account != PROTOCOL:
            self.squares -= 2 * len(held) + 1

    def _take(self, account: int, title: Title) -> None:
        held = self.holdings[account]
        if account != PROTOCOL:
            self.squares += 2 * len(held) + 1
        held.add(title)

    def _record(self, serial: int, reason: str, giver: int | None, taker: int | None, nonce: int) -> None:
        self._transfers.append((self._moves, self.slot, serial, reason, giver, taker, nonce))
        self._moves += 1

    def _write(self, title: Title, end: str, slot: int | None) -> None:
        ticket = title.ticket
        self._tickets.append(
            (
                ticket.serial,
                ticket.mint_block,
                ticket.first_block,
                None if ticket.last_block == NEVER else ticket.last_block,
                ticket.signature or None,
                title.price_gwei,
                title.owner,
                title.nonce,
                None if title.drawn_for is None else title.drawn_for - title.used,
                end,
                slot,
            )
        )
