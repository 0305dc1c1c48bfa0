"""Mixes of builders, by the names of their strategies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.lab.config.errors import InputError
from experiments.lab.study.settings import Settings
from experiments.lab.study.slot.slot_game import OWN_DELAY_MS, Seats, SlotGame
from strategies.finding import find_strategy
from strategies.slot_bidding import SlotBuilder


def mix(counts: Mapping[str, int], delay_ms: int = OWN_DELAY_MS, **terms: Any) -> SlotGame:
    """A game of so many builders of each strategy, new ones. `terms`: law, relays, proposer, horizon_ms."""
    return SlotGame(
        {name: Seats([make(name) for _ in range(count)], delay_ms) for name, count in counts.items()}, **terms
    )


def make(name: str) -> SlotBuilder:
    """A builder with the defaults of its strategy. Raises `InputError` for one that cannot bid in an open
    auction."""
    kind = find_strategy(name, "builder", Path())
    if not issubclass(kind, SlotBuilder):
        raise InputError(f"{name!r} does not bid in the open auction of a slot; derive it from SlotBuilder")
    return kind()


def auctions_and_seed(settings: Settings, default: int) -> tuple[int, int]:
    """How many auctions a point, as `--blocks` says, and the seed. Raises `InputError` for overrides."""
    if settings.overrides:
        raise InputError(f"--set {settings.overrides[0]}: this experiment runs no config; see its own options")
    seed = settings.seed
    if seed is None:
        seed = 7
    return settings.blocks or default, seed
