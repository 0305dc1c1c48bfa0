"""What happened in a slot of a run, heard as its tables are written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from chain.ledger import PAYMENTS
from chain.records import Records, Schema, Table
from chain.titles import TICKETS, TRANSFERS
from experiments.lab.conformance.twin.contract_logs import Fact, Row
from market.auction_rows import AUCTIONS, BIDS
from market.exchange import ORDERS
from market.slot.blocks import BLOCKS
from market.trades import TRADES

HEARD = (PAYMENTS, TRANSFERS, TICKETS, TRADES, ORDERS, AUCTIONS, BIDS, BLOCKS)


class Journal:
    """The rows of one slot in the order in which they came, and what is looked up in them."""

    def __init__(self, records: Records) -> None:
        self._facts: list[Fact] = []
        for schema in HEARD:
            self._tap(schema, records.table(schema))

    def _tap(self, schema: Schema, table: Table) -> None:
        write = table.append
        name = schema.name

        def append(row: Row) -> None:
            self._facts.append(Fact(name, row))
            write(row)

        table.append = append

    def take(self) -> SlotFacts:
        """What happened since the last time."""
        facts = self._facts
        self._facts = []
        return SlotFacts(facts)


class SlotFacts:
    """The facts of one slot, and the rows by what they are about: messages come after what they have led to."""

    def __init__(self, facts: list[Fact]) -> None:
        self.facts = facts
        rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for table, row in facts:
            if table in NAMED:
                rows[table].append(dict(zip(NAMED[table], row, strict=True)))
        self.block = rows["blocks"][0] if rows["blocks"] else {}
        self.orders = {row["order"]: row for row in rows["orders"]}
        self.returns = {row["ticket"]: row for row in rows["orders"] if row["outcome"] == "returned"}
        self.auctions = {row["auction"]: row for row in rows["auctions"]}
        self.nonces = {row["ticket"]: row["nonce"] for row in rows["transfers"] if row["reason"] == "burn"}
        self.ends = {row["ticket"]: row["end"] for row in rows["tickets"]}
        self.rewards = {row["ticket"]: row["amount_gwei"] for row in rows["payments"] if row["reason"] == "reward"}
        self.handed_out = {
            row["ticket"]: row["amount_gwei"] for row in rows["payments"] if row["reason"] == "genesis"
        }
        self._won = {(row["auction"], row["bidder"]): row for row in rows["bids"] if row["outcome"] == "won"}
        self._primary = self._match_primary(rows["trades"])

    def bid(self, trade: dict[str, Any]) -> dict[str, Any]:
        """The bid that won an auction; in the primary market it may have been made on another lot."""
        if trade["market"] == "primary":
            return self._primary[trade["trade"]]
        return self._won[trade["auction"], trade["buyer"]]

    def _match_primary(self, trades: list[dict[str, Any]]) -> dict[int, dict[str, Any]]:
        """For each primary sale one of its buyer's bids, from the lowest price on: each covers what it pays."""
        sales = defaultdict(list)
        bids = defaultdict(list)
        for trade in trades:
            if trade["market"] == "primary":
                sales[trade["buyer"]].append(trade)
        for row in self._won.values():
            if self.auctions[row["auction"]]["market"] == "primary":
                bids[row["bidder"]].append(row)
        return {
            trade["trade"]: bid
            for buyer, bought in sales.items()
            for trade, bid in zip(
                sorted(bought, key=lambda trade: trade["price_gwei"]),
                sorted(bids[buyer], key=lambda bid: bid["price_gwei"]),
                strict=True,
            )
        }


NAMED = {schema.name: [column.name for column in schema.columns] for schema in HEARD}
