"""What a checkpoint would make of a rule of the user's own."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import TypeVar

from chain.interruption import is_interruption
from chain.wording import told

Rule = TypeVar("Rule")


def checkpointed(rule: Rule, fault: Callable[[str], Exception]) -> Rule:
    """A copy of `rule` by pickling. Raises `fault` with the reason where there is none."""
    try:
        copy: Rule = pickle.loads(pickle.dumps(rule))
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise
        raise fault(f"the rule does not pickle: {told(error)}; keep plain data in self") from error
    return copy
