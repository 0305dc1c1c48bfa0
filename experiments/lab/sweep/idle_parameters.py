"""Parameters of rules of one's own at points of a grid that has rules of the testbed's beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

TAKEN_BY = {"market.primary": "market.primary_parameters", "market.reserve.rule": "market.reserve.parameters"}
"""By the key that names a rule: that of the parameters that one of one's own takes, and no other."""


def without_idle(data: dict[str, Any], axes: Collection[str]) -> list[str]:
    """Leave out of a point's config what its rule does not take, where the grid has several rules. Returns a line
    for each, for the user."""
    found = list(idle(data, axes))
    for _, parameters, _ in found:
        *way, last = parameters.split(".")
        del table_at(data, way)[last]
    return [
        f"{parameters}: left out where {key} is {name}, which takes none of them"
        for key, parameters, name in found
    ]


def idle(data: dict[str, Any], axes: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """The key of a rule of the testbed's, that of the parameters, and the rule."""
    for key, parameters in TAKEN_BY.items():
        name = value_at(data, key)
        if key in axes and isinstance(name, str) and ":" not in name and value_at(data, parameters):
            yield key, parameters, name


def value_at(data: dict[str, Any], key: str) -> Any:
    """What stands there; None where nothing does."""
    *way, last = key.split(".")
    return table_at(data, way).get(last)


def table_at(data: dict[str, Any], way: list[str]) -> dict[str, Any]:
    """The table at the end of a way; an empty one where there is none."""
    here: Any = data
    for key in way:
        here = here.get(key, {}) if isinstance(here, dict) else {}
    return here if isinstance(here, dict) else {}
