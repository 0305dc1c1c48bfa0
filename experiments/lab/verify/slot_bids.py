"""The open auctions of blocks: every bid in the table, what stood at the end, and whether that was too late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter

from experiments.lab.verify.fault import Fault, agree, misfit
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.rows import BlockRow, SlotBidRow
from experiments.lab.verify.running_auction import RunningAuction
from experiments.lab.verify.signature_audit import SignatureAudit
from experiments.lab.verify.stored_tables import Feed, StoredTables, in_order
from experiments.lab.verify.timetable import Timetable
from experiments.lab.verify.value_audit import Values
from market.slot_auction import Relay, RelayedBid
from market.slot_auction.block_auction import quality
from market.slot_auction.events import cancelled
from market.slot_auction.relay import Board


class SlotBids:
    """Follows the bids of each slot, where a run records them.

    `missed` says of the last slot whether its proposer took its header too late; None where it cannot be known.
    """

    def __init__(
        self,
        premises: Premises,
        timetable: Timetable,
        signatures: SignatureAudit,
        values: Values,
        tables: StoredTables,
    ) -> None:
        self._premises = premises
        self._timetable = timetable
        self._signatures = signatures
        self._values = values
        self._terms = premises.config.market.slot_auction.terms()
        self._flow = premises.config.market.flow(premises.streams)
        self.is_recorded = self._flow is not None and self._terms.records_bids
        rows: Iterator[SlotBidRow] = tables.rows(SlotBidRow) if self.is_recorded else iter(())
        self._rows = Feed(in_order(rows, "slot", "ms"))
        self.missed: bool | None = False
        self.count = 0

    def check(self, block: BlockRow, sale: RunningAuction | None) -> None:
        """The auction of the present block. Raises `Fault` at the first bid that cannot be true."""
        self.missed = False
        rows = list(self._rows.of(block.slot))
        if self._flow is None or sale is None:
            if rows:
                raise misfit(rows[0], "slot", "a slot whose block is for sale")
            return
        proposer = self._terms.proposer
        end, _, rng = self._flow.open(block.slot)
        luck = 1.0 if proposer.miss_at_ms is None else float(rng.random())
        if self.is_recorded:
            end = self._follow(block, sale, rows, end)
        is_known = self.is_recorded or proposer.stop_gwei is None or proposer.miss_at_ms is None
        self.missed = luck < proposer.miss_chance(end) if is_known else None

    def close(self) -> None:
        """Raises `Fault` where something lies behind the last slot."""
        self._rows.end()

    def _follow(self, block: BlockRow, sale: RunningAuction, rows: list[SlotBidRow], end: int) -> int:
        """Every bid at its relay. Returns when the auction ended, ms."""
        relays = self._terms.relays_from(sale.row.reserve_gwei)
        boards = [Board(relay, len(self._premises.names)) for relay in relays]
        stop = self._terms.proposer.stop_gwei
        for ms, bids in groupby(rows, key=attrgetter("ms")):
            for row in bids:
                if not 0 <= ms <= end:
                    raise misfit(row, "ms", f"at most {end}", "the proposer takes the best bid then")
                self._check_bid(block, sale, row, relays)
                boards[row.relay].take(self._premises.number(row, "builder"), row.bid_gwei, ms)
                self.count += 1
            if stop is not None and max(board.best for board in boards) >= stop:
                end = min(end, ms)
        self._check_marks(rows)
        self._check_end(boards, sale)
        return end

    def _check_bid(self, block: BlockRow, sale: RunningAuction, row: SlotBidRow, relays: Sequence[Relay]) -> None:
        agree(row, auction=sale.row.auction)
        if not 0 <= row.relay < len(relays):
            raise misfit(row, "relay", f"from 0 to {len(relays) - 1}")
        floor = relays[row.relay].floor_gwei
        if not (row.bid_gwei >= floor or row.bid_gwei == 0) or row.builder == sale.row.seller:
            raise misfit(row, "bid_gwei", f"at least {floor}", "and not the seller's own")
        self._check_value(block, row, relays[row.relay])
        self._signatures.slot_bid(row)

    def _check_value(self, block: BlockRow, row: SlotBidRow, relay: Relay) -> None:
        """By the signals that reach the builder and its cost, when it sent the bid."""
        cost = self._values.cost(block.slot, row.builder)
        gross = self._values.gross_of(block.slot, block.reward_gwei, row.builder)
        if self._flow is None or cost is None or gross is None:
            return
        known = self._flow.seen(block.slot, self._premises.number(row, "builder")).scaled(gross).less(cost)
        sent = row.ms - self._timetable.latency(row.builder) - relay.delay_ms
        agree(row, "by the signals of the slot", value_gwei=known.at(sent))

    def _check_marks(self, rows: list[SlotBidRow]) -> None:
        number = self._premises.number
        bids = [RelayedBid(row.ms, row.relay, number(row, "builder"), row.bid_gwei) for row in rows]
        for row, expected in zip(rows, cancelled(bids), strict=True):
            agree(row, cancelled=expected)

    def _check_end(self, boards: Sequence[Board], sale: RunningAuction) -> None:
        """What came into the sale from the auction is what stood at its end with the relay that the proposer
        chose, those left out that lost a tie."""
        bids = {
            name: bid.price_gwei
            for name, bid in sale.bids.items()
            if bid.ms == self._timetable.arrival_of_bids(name)
        }
        board = max(boards, key=lambda one: quality(one.close()))
        is_taken = board.best >= self._terms.proposer.min_bid_gwei
        prices = board.prices if is_taken else [0] * len(board.prices)
        stood = {name: gwei for name, gwei in zip(self._premises.names, prices, strict=True) if gwei}
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
