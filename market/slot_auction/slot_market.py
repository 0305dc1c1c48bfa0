"""The open auction inside a run: one for each block that is sold.

The reward of a block becomes known with the signals of its slot, the same ones whoever sells the block. A builder
values the block at what reaches it of the reward, less its own cost.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from chain.records import Records, Schema
from chain.state import State
from market.messages import SlotBid
from market.participant import Participant
from market.slot_auction.auction_result import RelayedBid, SlotAuctionResult
from market.slot_auction.block_auction import hold
from market.slot_auction.entrant import SlotEntrant
from market.slot_auction.events import cancelled
from market.slot_auction.guarded import Guarded
from market.slot_auction.order_flow import OrderFlow
from market.slot_auction.proposer import Proposer
from market.slot_auction.relay import Relay
from market.slot_auction.signals import SignalLaw
from market.slot_auction.slot_bidder import SlotBidder

SLOT_BIDS = Schema(
    "slot_bids",
    "Every valid bid in the open auctions of blocks, in order of arrival; only with market.slot_auction.bids.",
    [
        ("auction", "integer", "the auction"),
        ("slot", "integer", "slot of the block"),
        (
            "ms",
            "integer",
            "arrival: milliseconds since the auction opened, 12,000 before the proposer's slot",
        ),
        ("relay", "integer", "the relay that took it in, 0 the first of the config"),
        ("builder", "account", "who bids"),
        ("bid_gwei", "gwei", "the bid, Gwei; 0 takes the last one back"),
        ("value_gwei", "gwei", "what the builder knew the block to be worth to it when it sent the bid, Gwei"),
        ("cancelled", "flag", "whether the builder put a lower bid in its place before the auction ended"),
        ("signature", "signature", "EIP-712 signature; missing in an unsigned run"),
    ],
)


class SlotTerms(NamedTuple):
    """How the auctions of a run go. `records_bids`: every bid goes into a table."""

    law: SignalLaw = SignalLaw(access=(1.0, 1.0))
    relays: tuple[Relay, ...] = (Relay(),)
    proposer: Proposer = Proposer()
    records_bids: bool = False

    def relays_from(self, reserve: int) -> tuple[Relay, ...]:
        """The relays, where the seller takes no bid below its reserve."""
        return tuple(relay._replace(floor_gwei=max(relay.floor_gwei, reserve)) for relay in self.relays)


class Invitation(NamedTuple):
    """A participant that may bid: how, what it makes of the block in the end and at what cost (Gwei), its money
    and randomness; `report` hears of what its strategy does wrong."""

    who: Participant
    bidder: SlotBidder
    gross_gwei: int
    cost_gwei: int
    funds_gwei: int
    rng: np.random.Generator
    report: Callable[[BaseException], None]


class SlotMarket:
    """Holds the auctions of a run."""

    def __init__(self, terms: SlotTerms, flow: OrderFlow, state: State, records: Records) -> None:
        self._terms = terms
        self._flow = flow
        self._missed_slot: int | None = None
        self._state = state
        self._table = None
        if terms.records_bids:
            self._table = records.table(SLOT_BIDS)
        self._is_signed = not state.signatures.are_off

    def came_too_late(self, slot: int) -> bool:
        """Whether the proposer of a slot took its header so late that it misses the slot."""
        return self._missed_slot == slot

    def hold(self, auction: int, reserve: int, invited: Sequence[Invitation]) -> dict[int, int]:
        """The auction of the present block, whose proposer takes no bid below `reserve`.

        Returns what stands with the relay at the end, Gwei by account, without those that lost a tie for the best.
        """
        terms = self._terms
        slot = self._state.slot
        end, signals, rng = self._flow.open(slot)
        entrants = [self._entrant(one) for one in invited]
        relays = terms.relays_from(reserve)
        rows: list[RelayedBid] | None = None
        if self._is_signed or self._table is not None:
            rows = []
        result = hold(entrants, signals, end, relays, terms.proposer, rng, rows)
        self._missed_slot = None
        if result.missed:
            self._missed_slot = slot
        if rows is not None:
            self._take_in(auction, rows, entrants, [one.who for one in invited])
        return standing(result, [one.who for one in invited])

    def _entrant(self, one: Invitation) -> SlotEntrant:
        known = self._flow.seen(self._state.slot, one.who.account).scaled(one.gross_gwei)
        bidder = Guarded(one.bidder, one.report)
        known = known.less(one.cost_gwei).sealed()
        return SlotEntrant(bidder, known, one.who.latency_ms, one.rng, one.funds_gwei)

    def _take_in(
        self, auction: int, rows: list[RelayedBid], entrants: Sequence[SlotEntrant], who: Sequence[Participant]
    ) -> None:
        """Every bid is signed by its builder, and written down."""
        slot = self._state.slot
        signatures = [
            who[builder].wallet.seal(SlotBid(who[builder].account, auction, slot, ms, gwei))
            for ms, _, builder, gwei in rows
        ]
        if self._table is None:
            return
        relays = self._terms.relays
        for row, signature, is_cancelled in zip(rows, signatures, cancelled(rows), strict=True):
            ms, relay, builder, gwei = row
            sent = ms - entrants[builder].delay_ms - relays[relay].delay_ms
            place = auction, slot, ms, relay, who[builder].account
            value = entrants[builder].values.at(sent)
            self._table.append((*place, gwei, value, is_cancelled, signature or None))


def standing(result: SlotAuctionResult, who: Sequence[Participant]) -> dict[int, int]:
    """The bids that stand, Gwei by account; of several that are the best one, that which came first."""
    return {
        one.account: gwei
        for number, (one, gwei) in enumerate(zip(who, result.standing, strict=True))
        if gwei and (gwei < result.price or number == result.winner)
    }
