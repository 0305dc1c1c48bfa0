"""Functions of the face: a call with a wrong argument is told in one line, with what comes near."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from chain.near_names import near
from experiments.lab.config.errors import InputError

P = ParamSpec("P")
T = TypeVar("T")


class WrongCall(InputError, TypeError):
    """A call with arguments that a function does not take: a `TypeError`, as of any function."""


def tells_arguments(function: Callable[P, T]) -> Callable[P, T]:
    """The function; called with arguments that it does not take it raises a `WrongCall`."""
    taken = inspect.signature(function)

    @wraps(function)
    def checked(*given: P.args, **named: P.kwargs) -> T:
        try:
            taken.bind(*given, **named)
        except TypeError as error:
            raise WrongCall(f"{function.__name__}: {fault_of(taken, named, str(error))}") from None
        return function(*given, **named)

    return checked


def tells_making(kind: type[T]) -> type[T]:
    """The class; made of arguments that it does not take it raises a `WrongCall`."""
    make: Callable[..., None] = kind.__init__
    taken = inspect.signature(kind)

    @wraps(make)
    def made(self: T, *given: Any, **named: Any) -> None:
        try:
            taken.bind(*given, **named)
        except TypeError as error:
            raise WrongCall(f"{kind.__name__}: {fault_of(taken, named, str(error))}") from None
        make(self, *given, **named)

    setattr(kind, "__init__", made)  # noqa: B010  (a checker knows the method as it is)
    return kind


def fault_of(taken: inspect.Signature, named: Mapping[str, Any], otherwise: str) -> str:
    """What is wrong with a call: an argument that there is not, or `otherwise`."""
    names = list(taken.parameters)
    unknown = [name for name in named if name not in names]
    if not unknown:
        return f"{otherwise}; it takes {', '.join(names)}"
    told = (f"there is no argument {name!r}{near(name, names)}" for name in unknown)
    return f"{'; '.join(told)}; there are {', '.join(names)}"
