"""Whether all code that a config names is there: rules, formats, laws, strategies."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from chain.rules import DRAW_RULES
from chain.state import DRAW_KEY
from experiments.lab.assembly.functions import load_own
from experiments.lab.assembly.no_way_out import no_way_out
from experiments.lab.assembly.own_rules import named
from experiments.lab.assembly.seats import find_classes
from experiments.lab.config.config import Config
from experiments.lab.config.reserve_keys import RULES
from experiments.lab.config.reward import is_own
from market.primary import PRICING

KNOWN: dict[str, tuple[str, ...]] = {
    DRAW_KEY: tuple(DRAW_RULES),
    "market.primary": tuple(PRICING),
    "market.reserve.rule": tuple(RULES),
}


@no_way_out()
def check_named_code(config: Config, folder: Path) -> None:
    """Load it, make nothing of it. Raises `InputError` for the first name of which there is nothing."""
    for key, name in [*named(config), *own_laws(config)]:
        load_own(name, key, KNOWN.get(key, ()), folder)
    for index, group in enumerate(config.agents):
        if not config.isolation.covers(group):
            find_classes(group, f"agents.{index}", folder)


def own_laws(config: Config) -> Iterator[tuple[str, str]]:
    """The laws of the user's own, by their keys."""
    if is_own(config.reward):
        yield "reward.process", config.reward.process
    if config.cost.is_own:
        yield "cost.distribution", config.cost.distribution
