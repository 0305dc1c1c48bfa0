"""What a draw rule of the user's own says of itself, looked at before it is asked."""

from __future__ import annotations

from collections.abc import Iterator

from chain.state import DrawRule
from chain.wording import shown

FUNCTIONS = {"blocks": "(state, serial)", "early": "(state, block)", "late": "(state, block)"}
LEAST = {"span": 1, "window": 1, "most_lookahead": 0}
MAY_BE_NONE = frozenset({"late", "window", "most_lookahead"})


def faults_of_stated(rule: DrawRule) -> Iterator[str]:
    """A line for each part of it that cannot be asked: `span is 0; it must be a whole number from 1 on`."""
    for name, value in rule._asdict().items():
        if value is None and name in MAY_BE_NONE:
            continue
        if name in FUNCTIONS and not callable(value):
            yield f"{name} is {shown(value)}; it must be a function of {FUNCTIONS[name]}"
        elif name in LEAST and (type(value) is not int or value < LEAST[name]):
            yield f"{name} is {shown(value)}; it must be a whole number from {LEAST[name]} on"
