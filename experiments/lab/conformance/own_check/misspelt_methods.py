"""Methods of a class of the user's own that nobody asks, and that are called nearly like one that is asked."""

from __future__ import annotations

import difflib
from types import FunctionType

from chain.near_names import public_names
from experiments.lab.assembly.asked_forms import is_ours
from strategies.testing.inaction import words


def misspelt_methods(kind: type) -> list[str]:
    """A line for each, of a class that is derived from one of the testbed's."""
    asked = [name for base in kind.__mro__ if is_ours(base) for name in public_names(base)]
    own = own_functions(kind)
    spoken = {word for function in own.values() for word in words(function.__code__)}
    unknown = [name for name in own if name not in asked and name not in spoken and not name.startswith("__")]
    found = [
        (name, difflib.get_close_matches(name.strip("_").lower(), asked, n=1, cutoff=0.7)) for name in unknown
    ]
    return [f"{name} is never asked; did you mean {match[0]}?" for name, match in found if match]


def own_functions(kind: type) -> dict[str, FunctionType]:
    """The functions of a class and of the user's own classes above it."""
    bases = [base for base in reversed(kind.__mro__) if base is kind or not (is_ours(base) or base is object)]
    found = ((name, getattr(value, "fget", value)) for base in bases for name, value in vars(base).items())
    return {name: value for name, value in found if isinstance(value, FunctionType)}
