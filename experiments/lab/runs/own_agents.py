"""Which agents of a run play strategies of the user's own."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from experiments.lab.config.agents import is_own_strategy


def own_agents(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The names of those agents, in the order of their seats, and what their group calls the strategy."""
    names = iter([account["name"] for account in manifest["accounts"][1:]])
    found: dict[str, str] = {}
    for group in manifest["config"]["agents"]:
        seats = list(islice(names, group["count"]))
        given = group["strategy"]
        own = [name for name in ([given] if isinstance(given, str) else given.values()) if is_own_strategy(name)]
        if own:
            found.update(dict.fromkeys(seats, " and ".join(dict.fromkeys(own))))
    return found
