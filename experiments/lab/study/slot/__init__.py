"""Many auctions of a slot, one after the other, without a chain around them."""

from experiments.lab.study.slot.mixes import WU_MARGIN, auctions_and_seed, mix
from experiments.lab.study.slot.slot_game import Seats, SlotGame, auctions, auctions_by_spread

__all__ = ["WU_MARGIN", "Seats", "SlotGame", "auctions", "auctions_and_seed", "auctions_by_spread", "mix"]
