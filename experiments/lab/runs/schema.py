"""What is recorded, written out from the code itself."""

from __future__ import annotations

from chain.genesis_gift import HAND_OUTS
from chain.ledger import PAYMENTS
from chain.records import KINDS, Schema
from chain.titles import TICKETS, TRANSFERS
from market.auction_rows import AUCTIONS, BIDS
from market.exchange import ORDERS
from market.slot.blocks import BLOCKS, SIGNALS
from market.slot.rounds import ROUNDS
from market.slot_auction.slot_market import SLOT_BIDS
from market.trades import TRADES
from market.violations import VIOLATIONS

SCHEMAS: tuple[Schema, ...] = (
    BLOCKS,
    TICKETS,
    ORDERS,
    TRADES,
    AUCTIONS,
    BIDS,
    TRANSFERS,
    PAYMENTS,
    VIOLATIONS,
    SIGNALS,
)
"""The tables of every run."""

EXTRA: tuple[Schema, ...] = (SLOT_BIDS, HAND_OUTS, ROUNDS)
"""The tables of a run whose config asks for them, or in which there is something to write."""


def table_lines(schema: Schema) -> list[tuple[str, str, str]]:
    """The columns of a table: name, stored type, meaning."""
    return [(column.name, stored(column.kind), column.meaning) for column in schema.columns]


def stored(kind: str) -> str:
    """The type of a column in the file."""
    return "category" if "dictionary" in str(KINDS[kind]) else str(KINDS[kind])
