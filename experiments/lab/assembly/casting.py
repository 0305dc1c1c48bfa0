"""Who is to play under which structure, and what that is refused for."""

from __future__ import annotations

from typing import NamedTuple

from experiments.lab.assembly.seats import Seat
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.market import Structure
from experiments.lab.config.refusals import messages_about, refuses
from strategies.slot_bidding import SlotBuilder


class Casting(NamedTuple):
    """The seats of a config under one of its structures."""

    config: Config
    structure: Structure
    seats: list[Seat]

    def check(self) -> None:
        """Raises `InputError` where a market would have nobody on one of its sides, or a seat cannot be played."""
        messages = messages_about(self)
        if messages:
            raise InputError(*messages)


@refuses(Casting, "agents")
def nobody_resells(casting: Casting) -> str | None:
    """The structure is `et_expost`, and there is no buyer."""
    has_buyer = any("buyer" in seat.strategies for seat in casting.seats)
    if casting.structure != "et_expost" or has_buyer:
        return None
    return 'agents: nobody has role = "buyer", so tickets could not be resold; add a group that has'


@refuses(Casting, "market.pbs")
def no_market_at_all(casting: Casting) -> str | None:
    """The structure is `pbs`, and there is no market for blocks."""
    if casting.structure != "pbs" or casting.config.market.pbs != "off":
        return None
    return 'market.pbs is "off", but structure "pbs" is that market; set market.pbs = "sealed"'


@refuses(Casting, "agents")
def nobody_builds(casting: Casting) -> str | None:
    """Nobody can exploit a block."""
    if any(seat.can_build for seat in casting.seats):
        return None
    return "agents: nobody can exploit a block; add buyers or builders, or set can_build = true"


@refuses(Casting, "agents")
def plays_single_blocks(casting: Casting) -> str | None:
    """Tickets are for rounds of several blocks, and a strategy prices those of one block."""
    size = casting.config.chain.round
    if size == 1 or casting.structure == "pbs":
        return None
    for seat in casting.seats:
        for kind in seat.strategies.values():
            if not kind.plays_rounds:
                return (
                    f"agents: {seat.name} prices tickets of one block, and chain.round is {size}; take "
                    f"{kind.in_rounds}, or set chain.round = 1"
                )
    return None


@refuses(Casting, "isolation.strategies")
def isolated_open_bidder(casting: Casting) -> str | None:
    """Blocks are sold in open auctions, and a strategy that bids in them is isolated."""
    if casting.config.market.pbs != "slot_auction":
        return None
    for seat in casting.seats:
        if casting.config.isolation.covers(seat.group) and bids_openly(seat):
            return (
                f"isolation: {seat.name} bids in the open auction of a block, which asks it too often for a "
                'process of its own; leave it out of isolation.strategies, or set market.pbs = "sealed"'
            )
    return None


def bids_openly(seat: Seat) -> bool:
    """Whether one of its strategies bids in open auctions of blocks."""
    return any(issubclass(kind, SlotBuilder) for kind in seat.strategies.values())
