"""What agents were expected to earn: their profits without the luck of the blocks that they held."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from experiments.lab.runs.fortune import read_fortunes

Profits = Mapping[str, float]
"""ETH, by agent."""


def expected_profits(folders: Mapping[str, Path], profits: Mapping[str, Profits]) -> dict[str, Profits]:
    """By structure, whose folders and profits are given by name, ETH; NaN where luck cannot be told, as where
    holders choose their blocks or rewards have no law.

    Of structures of one run, since without tickets is expected what is under the first one that has some. Raises
    `InputError` where their tables are not there.
    """
    fortunes = read_fortunes(folders)
    lucks = {name: fortunes[name].luck if name in fortunes else None for name in folders}
    return {name: less_luck(profits[name], luck) for name, luck in lucks.items()}


def less_luck(profits: Profits, luck: Profits | None) -> dict[str, float]:
    """Profits less luck, both by agent; NaN where that is not known."""
    if luck is None:
        return dict.fromkeys(profits, float("nan"))
    return {agent: profit - luck.get(agent, 0.0) for agent, profit in profits.items()}
