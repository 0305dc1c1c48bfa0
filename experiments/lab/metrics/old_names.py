"""Names that metrics had in earlier versions, and what they are called now. Nothing answers to an old one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from chain.near_names import near
from chain.wording import one_line
from experiments.lab.config.errors import InputError

OLD_NAMES = {
    "mev_capture": "capture_cash",
    "running_capture": "capture",
    "reward_eth": "reward",
    "protocol_revenue_eth": "protocol_revenue",
    "mean_price_eth": "mean_secondary_price",
    "mean_primary_price_eth": "mean_primary_price",
    "mean_block_price_eth": "mean_block_price",
    "hhi_proposals": "hhi",
    "nakamoto_proposals": "nakamoto",
    "tickets_expired": "expired_tickets",
    "empty_blocks": "empty_slots",
}
"""Old to new. What was a percentage is a share now, from 0 to 1."""


OF_AGENTS = frozenset(
    {f"{kind}{name}" for kind in ("", "expected_") for name in ("profit", "profits", "profit_eth")}
)
WHERE_PROFITS_ARE = "in Python see result.profits and result.expected_profits, in a run's summary.json profit_eth"


def check_name(name: str, where: str, known: Iterable[str] = ()) -> None:
    """Raises `InputError` for a name that no metric has, nor is in `known`; `where` it was given."""
    from experiments.lab.metrics.registry import BY_NAME  # all metrics, of no use to who has no name to check

    if name in BY_NAME or name in known:
        return
    raise InputError(f"{where}: {unknown(name, [*BY_NAME, *known])}")


def unknown(name: str, choices: Iterable[str]) -> str:
    """What is said of a name that no metric has, of those that there are."""
    if name in OLD_NAMES:
        return renamed(name)
    if name in OF_AGENTS:
        return f"{name!r} is of each agent, and no metric; {WHERE_PROFITS_ARE}"
    return f"there is no metric {name!r}{near(name, list(choices))}; `et-testbed metrics` lists them"


def renamed(name: str) -> str:
    """What an old name is called now."""
    return f"{name!r} is called {OLD_NAMES[name]!r} now; see the table in CHANGELOG.md"


def unknown_agent(name: str, choices: Iterable[str]) -> str:
    """What is said of a name that no agent has, of those that there are."""
    return f"there is no agent {name!r}{near_or_all(name, list(choices))}"


def near_or_all(name: str, choices: Sequence[str]) -> str:
    """The names that come near, or else all."""
    return near(name, choices) or f"; there are {one_line(', '.join(choices))}"


class UnknownName(InputError, KeyError):
    """A name that is not there, where a frame or a table of figures is asked for it: a `KeyError`, as of any."""


class Figures(dict[str, Any]):
    """Figures by name. One that is asked for by its old name raises an `UnknownName` that names the new one.

    `elsewhere`: for figures that are not here the words that say where they are; `why`: those that say why there
    are no others.
    """

    elsewhere: Mapping[str, str] = MappingProxyType({})
    why = ""

    if not TYPE_CHECKING:  # a checker is to see a misspelt name

        def __getattr__(self, name: str) -> Any:
            way = f"; write [{name!r}]" if name in self else ""
            raise AttributeError(f"figures by name have no attribute {name!r}{way}")

    def __missing__(self, name: str) -> Any:
        if name in OLD_NAMES:
            raise UnknownName(renamed(name))
        if name in self.elsewhere:
            raise UnknownName(self.elsewhere[name])
        if self.why:
            raise UnknownName(f"there is no {name!r}: {self.why}")
        raise UnknownName(f"there is no {name!r}{near_or_all(str(name), list(map(str, self)))}")
