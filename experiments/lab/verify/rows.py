"""The rows of a run's tables as the auditor reads them; `at` is a row's place in the stored table, from 0.

What the columns mean is in `experiments.lab.runs.schema`. Which of them may be missing is in the types, and is
checked.
"""

from __future__ import annotations

from types import NoneType
from typing import NamedTuple, TypeVar, get_args, get_type_hints

from chain.ticket import NEVER, Series
from market.auctions import Terms


class BlockRow(NamedTuple):
    at: int
    slot: int
    reward_gwei: int
    status: str
    ticket: int | None
    urn: int | None
    draw_word: bytes
    proposer: str | None
    builder: str | None
    signature: bytes | None
    cost_gwei: int | None
    block_price_gwei: int | None
    net_gwei: int
    best_gwei: int
    primary_gwei: int
    refund_gwei: int
    minted: int
    expired: int
    live: int
    held: int
    squares: int


class TicketRow(NamedTuple):
    at: int
    ticket: int
    mint_block: int
    first_block: int
    last_block: int | None
    signature: bytes | None
    primary_price_gwei: int
    owner: str
    transfers: int
    drawn_for: int | None
    end: str
    end_slot: int | None

    @property
    def slot(self) -> int:
        return self.mint_block


class OrderRow(NamedTuple):
    at: int
    order: int
    slot: int
    ms: int
    maker: str
    side: str
    tif: str
    drawn: bool
    series_block: int | None
    ticket: int | None
    transfer_nonce: int
    price_gwei: int
    valid_from: int
    valid_until: int | None
    nonce: int
    signature: bytes | None
    outcome: str
    end_slot: int | None
    end_ms: int | None

    @property
    def series(self) -> Series:
        return Series(self.drawn, NEVER if self.series_block is None else self.series_block)

    @property
    def last(self) -> int:
        """The last slot at which it may stand."""
        return min(NEVER if self.valid_until is None else self.valid_until, self.series.block)


class TradeRow(NamedTuple):
    at: int
    trade: int
    slot: int
    ms: int
    market: str
    venue: str
    timing: str
    ticket: int | None
    block: int | None
    age: int | None
    to_maturity: int | None
    seller: str
    buyer: str
    price_gwei: int
    auction: int | None
    maker_order: int | None
    taker_order: int | None


class AuctionRow(NamedTuple):
    at: int
    auction: int
    market: str
    format: str
    seller: str
    ticket: int | None
    transfer_nonce: int
    block: int | None
    opened_slot: int
    opened_ms: int
    deadline: int
    reserve_gwei: int
    start_gwei: int
    tick_gwei: int
    nonce: int | None
    signature: bytes | None
    bids: int
    outcome: str
    winner: str | None
    price_gwei: int | None
    closed_slot: int | None

    @property
    def slot(self) -> int:
        return self.opened_slot

    @property
    def ms(self) -> int:
        return self.opened_ms

    @property
    def terms(self) -> Terms:
        return Terms(self.reserve_gwei, self.start_gwei, self.tick_gwei)


class BidRow(NamedTuple):
    at: int
    bid: int
    auction: int
    slot: int
    ms: int
    bidder: str
    price_gwei: int
    nonce: int
    signature: bytes | None
    outcome: str


class TransferRow(NamedTuple):
    at: int
    transfer: int
    slot: int
    ticket: int
    reason: str
    giver: str | None
    taker: str | None
    nonce: int


class PaymentRow(NamedTuple):
    at: int
    payment: int
    slot: int
    reason: str
    payer: str
    payee: str
    amount_gwei: int
    ticket: int | None


class SlotBidRow(NamedTuple):
    at: int
    auction: int
    slot: int
    ms: int
    relay: int
    builder: str
    bid_gwei: int
    value_gwei: int
    cancelled: bool
    signature: bytes | None


class ViolationRow(NamedTuple):
    at: int
    slot: int
    ms: int
    phase: str
    agent: str
    code: str
    message: str


class SignalRow(NamedTuple):
    at: int
    slot: int
    quote_gwei: int | None
    volatility: float | None


class HandOutRow(NamedTuple):
    at: int
    ticket: int
    account: str
    price_gwei: int
    signature: bytes

    @property
    def slot(self) -> int:
        """Before block 0."""
        return -1


class RoundRow(NamedTuple):
    at: int
    round: int
    first_block: int
    last_block: int
    status: str
    ticket: int | None
    reserve_gwei: int | None
    price_gwei: int | None
    first_holder: str | None
    last_holder: str | None
    resales: int
    proposed: int
    missed: int
    sold: int
    block_price_gwei: int
    reward_gwei: int
    net_gwei: int
    best_gwei: int

    @property
    def slot(self) -> int:
        return self.last_block


Row = (
    SignalRow
    | BlockRow
    | TicketRow
    | OrderRow
    | TradeRow
    | AuctionRow
    | BidRow
    | TransferRow
    | PaymentRow
    | ViolationRow
    | SlotBidRow
    | HandOutRow
    | RoundRow
)
Arrival = TicketRow | OrderRow | AuctionRow | BidRow

R = TypeVar("R", bound=Row)

ROWS: dict[str, type[Row]] = {
    "blocks": BlockRow,
    "tickets": TicketRow,
    "orders": OrderRow,
    "trades": TradeRow,
    "auctions": AuctionRow,
    "bids": BidRow,
    "transfers": TransferRow,
    "payments": PaymentRow,
    "violations": ViolationRow,
    "signals": SignalRow,
    "slot_bids": SlotBidRow,
    "hand_outs": HandOutRow,
    "rounds": RoundRow,
}
_NAMES: dict[type, str] = {kind: name for name, kind in ROWS.items()}


def name_of(kind: type[R]) -> str:
    """The table that rows of a kind come from."""
    return _NAMES[kind]


def table_of(row: Row) -> str:
    """The table that a row comes from."""
    return _NAMES[type(row)]


def needed_columns(kind: type[R]) -> tuple[str, ...]:
    """The columns that have a value in every row."""
    hints = get_type_hints(kind)
    return tuple(name for name in kind._fields[1:] if NoneType not in get_args(hints[name]))
