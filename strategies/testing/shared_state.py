"""What the agents of one strategy share without meaning to: values on its classes and in their modules."""

from __future__ import annotations

import pickle
import sys
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterator

from strategies.base import Strategy
from strategies.testing.contract_report import Check
from strategies.testing.own_line import BASES

KINDS = frozenset({int, float, str, list, dict, set, bytearray, deque, Counter, defaultdict, OrderedDict})
"""Of values that can be told from what they were."""


def shared_state(kind: type[Strategy]) -> dict[str, bytes]:
    """The values on a strategy's classes and in their modules, as they are now."""
    return {name: data for name, value in shared(kind) if (data := frozen(value)) is not None}


def shared(kind: type[Strategy]) -> Iterator[tuple[str, object]]:
    """The values by their names."""
    for owner in [base for base in kind.__mro__ if base not in BASES]:
        yield from ((f"{owner.__name__}.{name}", value) for name, value in vars(owner).items())
        module = sys.modules.get(owner.__module__)
        if module is not None:
            yield from ((name, value) for name, value in vars(module).items() if not name.startswith("__"))


def frozen(value: object) -> bytes | None:
    """A value as bytes; None where it is of no kind that is looked at, or cannot be saved."""
    if type(value) not in KINDS:
        return None
    try:
        return pickle.dumps(value)
    except Exception:  # something in it that has no copy
        return None


def check_shared(before: dict[str, bytes], after: dict[str, bytes]) -> list[Check]:
    """A warning of what a game has changed of it, if anything."""
    changed = [name for name in after if before.get(name) != after[name]]
    if not changed:
        return []
    lines = tuple(f"{name} was changed; keep it on self, set in start" for name in changed)
    rule = "what is on a class or in a module is one and the same for all agents"
    return [Check("shared state", True, rule, lines, is_warning=True)]
