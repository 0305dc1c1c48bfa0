"""What is wrong with a rule beside its first fault, so that all is told in one round.

A check ends at the first broken promise. Where there is one, short trials by themselves show what it hid: in each
something else comes first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from inspect import unwrap
from typing import Any

from experiments.lab.assembly.outside_memory import OutsideMemory

TRIALS = 60
MOST = 8
"""Kinds of faults that are told."""

KEEPS = "the rule keeps "
PLACE = re.compile(r"^(?:history|sale) \d+(?:, \w+ -?\d+)?: ")
VALUE = re.compile(r"(\.py:\d+)|-?\d[\d,.]*")


def all_faults(first: Exception, trial: Callable[[int], object], rule: Any) -> list[str]:
    """The first fault, and one of each other kind that `trial` of `rule` raises for one of some seeds."""
    outside = OutsideMemory(unwrap(rule)) if callable(rule) else None
    found = {kind_of(str(first)): str(first)}
    for seed in range(TRIALS):
        if len(found) == MOST:
            break
        try:
            trial(seed)
        except type(first) as fault:
            found.setdefault(kind_of(str(fault)), str(fault))
    kept = None if outside is None else outside.changed()
    if kept is not None and not any(kind.startswith(KEEPS) for kind in found):
        found[KEEPS] = f"{KEEPS}{kept}, and no checkpoint holds that"
    return list(found.values())


def kind_of(fault: str) -> str:
    """A fault without where it was found and with which numbers; of a line of the user's own, its number stays."""
    return VALUE.sub(lambda match: match[1] or "#", PLACE.sub("", fault))
