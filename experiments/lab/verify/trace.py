"""The life of one ticket, from mint to burn, as the tables of a run tell it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from chain.home import expanded
from chain.money import gwei_to_eth
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import make_config
from experiments.lab.runs.folder import TABLES, check_kept, read_run
from experiments.lab.terminal.sheet import Sheet, SheetColumn, Shown, number, prose
from experiments.lab.verify.fault import Fault, check_known
from experiments.lab.verify.premises import make_rules
from experiments.lab.verify.rows import (
    AuctionRow,
    BidRow,
    BlockRow,
    OrderRow,
    PaymentRow,
    TicketRow,
    TradeRow,
    TransferRow,
)
from experiments.lab.verify.stored_tables import StoredTables
from experiments.lab.verify.turn_audit import TurnAudit

PROTOCOL = "protocol"
OPENINGS = {
    "primary": "puts it up for sale",
    "secondary": "opens an auction of it",
    "building": "sells the building of its block ahead of time",
    "block": "sells the building of its block",
}

ORDER_ENDS = {
    "cancelled": "takes its offer out of the book",
    "expired": "its offer in the book expires",
    "withdrawn": "its offer leaves the book: the ticket is drawn, or ends",
    "self_trade": "its offer leaves the book before its own bid",
}
PAYMENTS = {
    "reward": "earns the reward of the block",
    "cost": "spends the cost of building it",
    "refund": "is refunded a part of the primary price",
    "rebate": "is given back a part of the price of the block",
}


class Event(NamedTuple):
    """One event: slot, −1 before block 0, milliseconds into it, who did what, and for how much, ETH."""

    slot: int
    ms: int
    who: str
    what: str
    eth: float | None = None


def trace_ticket(path: Path, serial: int) -> list[Event]:
    """The events in the life of ticket `serial`, in order, from the run of one structure in the folder `path`.

    Raises `InputError` for a folder with several structures, for a ticket that there is not, and for tables with
    values that no run has.
    """
    path = expanded(path)
    about = read_run(path)
    if structures := about.get("structures"):
        there = ", ".join(structures)
        raise InputError(
            f"{path}: holds the structures {there}; name the folder of one, e.g. {path / structures[-1]}"
        )
    check_kept(path)
    names = [entry["name"] for entry in about["accounts"][1:]]
    config, tables = make_config(about["config"], str(path)), StoredTables(path / TABLES)
    try:
        life = Life(config, str(about.get("rules_id", "of an earlier version")), names, tables, serial)
        return sorted(life.events(), key=lambda event: (event.slot, event.ms))
    except Fault as fault:
        raise InputError(f"{path}: {fault}; the table was changed or damaged, run the config again") from None


def sheet_of(events: Iterable[Event]) -> Sheet:
    """The events as a table."""
    columns = (number("slot"), number("ms"), SheetColumn("who"), prose("what"), number("eth", "ETH"))
    return Sheet(columns, [(slot, ms, who, what, to_nine_digits(eth)) for slot, ms, who, what, eth in events])


def to_nine_digits(eth: float | None) -> Shown:
    """An amount to the Gwei."""
    return Shown("" if eth is None else f"{eth:z.9f}", {"": eth})


def to_json(events: Iterable[Event]) -> str:
    """The events as a JSON list of objects."""
    return json.dumps([event._asdict() for event in events], ensure_ascii=False)


class Life:
    """Reads one ticket's rows. Events of one millisecond are told in the order of cause and effect."""

    def __init__(
        self, config: Config, rules_id: str, names: Sequence[str], tables: StoredTables, serial: int
    ) -> None:
        self._ahead = config.chain.lookahead * config.chain.round
        self._size = config.chain.round
        self._has_claims = make_rules(config).draw.facts.has_claims
        self._entry = config.entry_costs
        self._numbers = {name: number for number, name in enumerate(names, 1)}
        self._end = config.chain.slot_ms
        self._phases = config.chain.times
        self._turns = TurnAudit(config, names) if config.market.sells_in_turn else None
        self._terms = f"chain {config.chain.chain_id}, rules {rules_id[:10]}…"
        self._ticket = find(tables, serial)
        self._orders = sorted(tables.matching(OrderRow, "ticket", [serial]), key=lambda row: row.order)
        self._auctions = sorted(tables.matching(AuctionRow, "ticket", [serial]), key=lambda row: row.auction)
        numbers = [row.auction for row in self._auctions]
        self._bids = sorted(tables.matching(BidRow, "auction", numbers), key=lambda row: row.bid)
        self._trades = list(tables.matching(TradeRow, "ticket", [serial]))
        self._transfers = list(tables.matching(TransferRow, "ticket", [serial]))
        self._payments = list(tables.matching(PaymentRow, "ticket", [serial]))
        self._blocks = list(tables.matching(BlockRow, "ticket", [serial]))

    def events(self) -> Iterator[Event]:
        """All events, those of one millisecond in order."""
        yield from self._mint()
        yield from self._draw()
        yield from self._order_ends()
        yield from self._order_arrivals()
        yield from self._openings()
        yield from self._bidding()
        yield from self._sales()
        yield from self._gifts()
        yield from self._failed_sales()
        yield from self._proposal()
        yield from self._money()
        yield from self._burn()

    def _mint(self) -> Iterator[Event]:
        row = self._ticket
        last = "any later one" if row.last_block is None else str(row.last_block)
        signed = "unsigned" if row.signature is None else f"signature {short(row.signature)}"
        ms = self._phases.propose if row.mint_block >= 0 else 0
        what = f"mints ticket {row.ticket} for blocks {row.first_block} to {last}, {self._terms}, {signed}"
        yield Event(row.mint_block, ms, PROTOCOL, what)

    def _draw(self) -> Iterator[Event]:
        block = self._ticket.drawn_for
        if block is None:
            return
        urn = "".join(f", of {row.urn} in the urn" for row in self._blocks[:1])
        slot, ms = self._draw_time(block)
        what = f"block {block}" if self._size == 1 else f"blocks {block} to {block + self._size - 1}"
        yield Event(slot, ms, PROTOCOL, f"draws it for {what}{urn}")

    def _draw_time(self, block: int) -> tuple[int, int]:
        """A block that was claimed before its slot's session is drawn at its start, another one after it."""
        slot = block - self._ahead
        if slot < 0:
            return -1, self._end
        if not self._has_claims:
            return slot, 0
        claims = [row for row in self._orders if row.side == "claim" and row.slot < slot]
        is_early = (
            bool(claims) and claims[-1].valid_from == block and claims[-1].transfer_nonce == self._nonce(slot)
        )
        return slot, 0 if is_early else self._phases.sell_block

    def _nonce(self, slot: int) -> int:
        """The ticket's transfer nonce when a slot begins."""
        return max((row.nonce for row in self._transfers if row.slot < slot), default=0)

    def _order_ends(self) -> Iterator[Event]:
        for row in self._orders:
            if row.outcome in ORDER_ENDS and row.end_slot is not None and row.end_ms is not None:
                yield Event(row.end_slot, row.end_ms, row.maker, ORDER_ENDS[row.outcome], eth(row.price_gwei))

    def _order_arrivals(self) -> Iterator[Event]:
        for row in self._orders:
            if row.side == "claim":
                yield Event(row.slot, row.ms, row.maker, f"claims block {row.valid_from} with it")
                continue
            if row.side == "return":
                yield Event(
                    row.slot, row.ms, row.maker, "gives it back to the protocol for at least", eth(row.price_gwei)
                )
                continue
            offer = f"offers it in the book for at least this ({row.tif})"
            yield Event(row.slot, row.ms, row.maker, offer, eth(row.price_gwei))
            if row.outcome == "killed":
                yield Event(row.slot, row.ms, row.maker, "the offer is not met, and ends")

    def _openings(self) -> Iterator[Event]:
        for row in self._auctions:
            check_known(row, "market", OPENINGS)
            what = f"{OPENINGS[row.market]} ({row.format}, auction {row.auction}) for at least"
            yield Event(row.opened_slot, row.opened_ms, row.seller, what, eth(row.reserve_gwei))

    def _bidding(self) -> Iterator[Event]:
        markets = {row.auction: row.market for row in self._auctions}
        entered: set[tuple[int, str]] = set()
        for row in self._bids:
            check_known(row, "bidder", self._numbers)
            cost = self._entry.of(markets[row.auction], self._numbers[row.bidder])
            if cost and (row.auction, row.bidder) not in entered:
                entered.add((row.auction, row.bidder))
                yield Event(row.slot, row.ms, row.bidder, f"pays to enter auction {row.auction}", eth(cost))
            what = f"bids in auction {row.auction} ({row.outcome})"
            yield Event(row.slot, row.ms, row.bidder, what, eth(row.price_gwei))

    def _sales(self) -> Iterator[Event]:
        for row in self._trades:
            if row.market in ("primary", "secondary"):
                how = row.venue if row.auction is None else f"{row.venue}, auction {row.auction}"
                what = f"buys it from {row.seller} ({row.market}, {row.timing}; {how})"
                yield Event(row.slot, row.ms, row.buyer, what, eth(row.price_gwei))

    def _gifts(self) -> Iterator[Event]:
        for row in self._transfers:
            if row.reason == "transfer":
                yield Event(row.slot, 0, str(row.giver), f"gives it to {row.taker}")

    def _failed_sales(self) -> Iterator[Event]:
        for row in self._auctions:
            if row.closed_slot is not None and row.outcome != "sold":
                what = f"auction {row.auction} ends: {row.outcome}"
                yield Event(row.closed_slot, self._close_ms(row), row.seller, what)

    def _close_ms(self, row: AuctionRow) -> int:
        if row.market not in ("secondary", "building"):
            return self._end if row.market == "primary" else self._phases.propose
        if row.outcome == "unsold":
            return self._session_end(row)
        drawn = None if self._ticket.drawn_for is None else self._draw_time(self._ticket.drawn_for)
        return drawn[1] if drawn is not None and drawn[0] == row.closed_slot else self._phases.propose

    def _session_end(self, row: AuctionRow) -> int:
        """In its seller's turn, where holders sell one after the other and that was still to come."""
        if self._turns is None:
            return self._phases.clear
        check_known(row, "seller", self._numbers)
        end = self._turns.end(row.seller)
        is_late = row.opened_slot == row.deadline and row.opened_ms > end
        return self._phases.clear if is_late else end

    def _proposal(self) -> Iterator[Event]:
        for row in self._blocks:
            built = "left unexploited" if row.builder is None else f"built by {row.builder}"
            what = {
                "proposed": f"proposes block {row.slot}, {built}",
                "missed": f"misses block {row.slot}",
                "unsold": f"has not sold it: block {row.slot} stays empty",
            }
            if self._ticket.end == "unsold" and row.proposer is not None:
                what = {status: f"{text}: nobody had bought it" for status, text in what.items()}
            check_known(row, "status", what)
            yield Event(row.slot, self._phases.propose, row.proposer or PROTOCOL, what[row.status])

    def _money(self) -> Iterator[Event]:
        for payment in self._payments:
            if payment.reason in PAYMENTS:
                who = payment.payer if payment.reason == "cost" else payment.payee
                amount = eth(payment.amount_gwei)
                yield Event(payment.slot, self._phases.propose, who, PAYMENTS[payment.reason], amount)
        for row in self._trades:
            if row.market in ("building", "block"):
                what = f"pays {row.seller} for the building of block {row.block}"
                yield Event(row.slot, row.ms, row.buyer, what, eth(row.price_gwei))

    def _burn(self) -> Iterator[Event]:
        row = self._ticket
        if row.end_slot is not None:
            ms = self._end if row.end == "void" else self._phases.propose
            yield Event(row.end_slot, ms, row.owner, f"burned: {row.end}")


def find(tables: StoredTables, serial: int) -> TicketRow:
    """The ticket's row. Raises `InputError` where there is none."""
    row = next(tables.matching(TicketRow, "ticket", [serial]), None)
    if row is not None:
        return row
    count = tables.lengths["tickets"]
    there = f"the run has tickets 0 to {count - 1}" if count else "the run has no tickets"
    raise InputError(f"there is no ticket {serial}; {there}")


def short(data: bytes) -> str:
    """The beginning of a hash or a signature."""
    return f"0x{data[:4].hex()}…"


def eth(gwei: int | None) -> float | None:
    """An amount in ETH, where there is one."""
    return None if gwei is None else gwei_to_eth(gwei)
