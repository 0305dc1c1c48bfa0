"""Mixes of builders, by the names of their strategies."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from experiments.lab.config.errors import InputError
from experiments.lab.study.settings import Settings
from experiments.lab.study.slot.slot_game import OWN_DELAY_MS, Seats, SlotGame
from strategies.finding import find_strategy
from strategies.margin import WU_MARGIN_ETH, WU_MARGIN_SD_ETH
from strategies.slot_bidding import SlotBuilder

WU_MARGIN = {"margin_eth": WU_MARGIN_ETH, "margin_sd_eth": WU_MARGIN_SD_ETH}
"""Parameters of builders: the margin that goes with the values of Wu et al. (2023), `SignalLaw`'s defaults."""


def mix(
    counts: Mapping[str, int],
    delay_ms: int = OWN_DELAY_MS,
    parameters: Mapping[str, Any] | None = None,
    **terms: Any,
) -> SlotGame:
    """A game of so many builders of each strategy, new ones with the same parameters. `terms`: law, relays,
    proposer, horizon_ms. Raises `InputError`."""
    seats = {
        name: Seats([make(name, parameters or {}) for _ in range(count)], delay_ms)
        for name, count in counts.items()
    }
    return SlotGame(seats, **terms)


def make(name: str, parameters: Mapping[str, Any]) -> SlotBuilder:
    """A builder; what `parameters` leave out is as its strategy has it.

    Raises `InputError` for one that cannot bid in an open auction, or has no such parameters.
    """
    kind = find_strategy(name, "builder", Path())
    if not issubclass(kind, SlotBuilder):
        raise InputError(f"{name!r} does not bid in the open auction of a slot; derive it from SlotBuilder")
    try:
        return kind(**parameters)
    except (TypeError, ValueError) as error:
        raise InputError(f"{name}: {error}") from error


def auctions_and_seed(settings: Settings, default: int) -> tuple[int, int]:
    """How many auctions a point, as `--blocks` says, and the seed. Raises `InputError` for overrides."""
    if settings.overrides:
        raise InputError(f"--set {settings.overrides[0]}: this experiment runs no config; see its own options")
    seed = settings.seed
    if seed is None:
        seed = 7
    return settings.blocks or default, seed
