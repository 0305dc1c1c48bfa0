"""The open auctions of blocks: every bid in the table, and what stood at the end."""

from __future__ import annotations

from collections.abc import Iterator

from experiments.lab.assembly import slot_terms
from experiments.lab.verify.auctions import Sale
from experiments.lab.verify.fault import Fault, agree, misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import BlockRow, SlotBidRow
from experiments.lab.verify.signatures import Signatures
from experiments.lab.verify.tables import Feed, Tables, in_order
from experiments.lab.verify.timetable import Timetable
from experiments.lab.verify.values import Values
from market.slot_auction import BidRow
from market.slot_auction import Values as Path
from market.slot_auction.events import marked
from market.slot_auction.relay import Board


class SlotBids:
    """Follows the bids of each slot, where a run records them."""

    def __init__(
        self, premises: Premises, timetable: Timetable, signatures: Signatures, values: Values, tables: Tables
    ) -> None:
        self._premises = premises
        self._timetable = timetable
        self._signatures = signatures
        self._values = values
        market = premises.config.market
        self._terms = slot_terms(premises.config)
        self.is_recorded = market.pbs == "slot_auction" and self._terms.records_bids
        rows: Iterator[SlotBidRow] = tables.rows(SlotBidRow) if self.is_recorded else iter(())
        self._rows = Feed(in_order(rows, "slot", "ms"))
        self.count = 0

    def check(self, block: BlockRow, sale: Sale | None) -> None:
        """The auction of the present block. Raises `Fault` at the first bid that cannot be true."""
        if not self.is_recorded:
            return
        rows = list(self._rows.of(block.slot))
        if sale is None:
            if rows:
                raise misfit(rows[0], "slot", "a slot whose block is for sale")
            return
        rng = self._premises.streams.generator("slot_auction", block.slot)
        end = self._terms.proposer.draw_end(rng)
        path = self._terms.law.draw(rng, self._terms.proposer.due_ms).scaled(block.reward_gwei)
        floor = max(self._terms.relay.floor_gwei, sale.row.reserve_gwei)
        names = self._premises.names
        board = Board(self._terms.relay, len(names))
        for row in rows:
            agree(row, auction=sale.row.auction)
            number = self._premises.number(row, "builder")
            if not (row.bid_gwei >= floor or row.bid_gwei == 0) or row.builder == sale.row.seller:
                raise misfit(row, "bid_gwei", f"at least {floor}", "and not the seller's own")
            if not 0 <= row.ms <= end:
                raise misfit(row, "ms", f"at most {end}", "the proposer takes the best bid then")
            self._check_value(block, row, path)
            self._signatures.slot_bid(row)
            board.take(number, row.bid_gwei, row.ms)
        self._check_marks(rows)
        self._check_end(board, sale)
        self.count += len(rows)

    def close(self) -> None:
        """Raises `Fault` where something lies behind the last slot."""
        self._rows.end()

    def _check_value(self, block: BlockRow, row: SlotBidRow, path: Path) -> None:
        """By the signals of the slot and the builder's cost, when it sent the bid."""
        cost = self._values.cost(block.slot, row.builder)
        if cost is not None:
            sent = row.ms - self._timetable.latency(row.builder) - self._terms.relay.delay_ms
            agree(row, "by the signals of the slot", value_gwei=path.less(cost).at(sent))

    def _check_marks(self, rows: list[SlotBidRow]) -> None:
        number = self._premises.number
        plain = [BidRow(row.ms, number(row, "builder"), row.bid_gwei, 0, False) for row in rows]
        for row, expected in zip(rows, marked(plain), strict=True):
            agree(row, cancelled=expected.cancelled)

    def _check_end(self, board: Board, sale: Sale) -> None:
        """What came into the sale from the auction is what stood at its end, those left out that lost a tie."""
        bids = {
            name: bid.price_gwei
            for name, bid in sale.bids.items()
            if bid.ms == self._timetable.arrival_of_bids(name)
        }
        stood = {name: gwei for name, gwei in zip(self._premises.names, board.prices, strict=True) if gwei}
        for name, gwei in bids.items():
            if stood.get(name) != gwei:
                raise misfit(
                    sale.bids[name], "price_gwei", stood.get(name), "what stood at the end of the auction"
                )
        leader = None if board.leader is None else self._premises.names[board.leader]
        missing = [
            name for name, gwei in stood.items() if name not in bids and (gwei < board.best or name == leader)
        ]
        if missing:
            raise Fault("bids", None, "bidder", "no bid", missing[0], "its bid stood at the end of the auction")
