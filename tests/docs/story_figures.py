"""The figures of the stories, of the folders that the commands of their pages leave behind.

They are figures of the tool's own, as the page about a sweep or a tournament saves them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import chdir
from pathlib import Path
from typing import Any

from experiments import exploit, load_sweep, load_tournament


def reserve(folder: Path) -> Any:
    """What the protocol takes in, by the share."""
    return load_sweep(folder / "swept").plot("protocol_revenue")


def beats(folder: Path) -> Any:
    """What deviations gain, as the command of the page finds them."""
    with chdir(folder):
        found = exploit(
            "patient.py:Patient", "duel.toml", training=[1, 2], held_out=range(11, 21), families=("shade",)
        )
    return found.plot()


def against(folder: Path) -> Any:
    """Who earns what against whom."""
    return load_tournament(folder / "survivors").plot("against")


def population(folder: Path) -> Any:
    """Where a population goes."""
    return load_tournament(folder / "survivors").plot("population")


FIGURES: dict[str, dict[str, Callable[[Path], Any]]] = {
    "what_would_my_rule_do.md": {"story_reserve": reserve},
    "would_my_bidder_survive.md": {
        "story_beats_patient": beats,
        "story_against": against,
        "story_population": population,
    },
}
