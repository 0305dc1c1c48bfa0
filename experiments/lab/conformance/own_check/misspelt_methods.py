"""Methods of a class of the user's own that nobody asks: called nearly like one that is asked, or otherwise."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from types import FunctionType

from chain.near_names import public_names
from experiments.lab.assembly.asked_forms import is_ours
from strategies.testing.inaction import words


def misspelt_methods(kind: type) -> list[str]:
    """A line for each, of a class that is derived from one of the testbed's."""
    asked = [name for base in kind.__mro__ if is_ours(base) for name in public_names(base)]
    return [f"{name} is never asked; {remedy(name, asked)}" for name in unasked(kind, asked)]


def unasked(kind: type, asked: list[str]) -> Iterator[str]:
    """The names of own functions that neither the testbed asks nor another of them speaks of. One that begins with
    an underscore counts where it is nearly asked."""
    own = own_functions(kind)
    spoken = {word for function in own.values() for word in words(function.__code__)}
    for name in own:
        is_known = name in asked or name in spoken or name.startswith("__")
        if not is_known and (not name.startswith("_") or nearest(name, asked)):
            yield name


def remedy(name: str, asked: list[str]) -> str:
    """The method that is called nearly like it, or all that are asked."""
    match = nearest(name, asked)
    return f"did you mean {match}?" if match else f"a rule is asked {', '.join(dict.fromkeys(asked))}"


def nearest(name: str, asked: list[str]) -> str | None:
    """The asked method that is called nearly like it."""
    return next(iter(difflib.get_close_matches(name.strip("_").lower(), asked, n=1, cutoff=0.7)), None)


def own_functions(kind: type) -> dict[str, FunctionType]:
    """The functions of a class and of the user's own classes above it."""
    bases = [base for base in reversed(kind.__mro__) if base is kind or not (is_ours(base) or base is object)]
    found = ((name, getattr(value, "fget", value)) for base in bases for name, value in vars(base).items())
    return {name: value for name, value in found if isinstance(value, FunctionType)}
