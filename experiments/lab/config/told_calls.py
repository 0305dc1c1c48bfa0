"""Functions of the face: a call with a wrong argument is told in one line, with what comes near."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from chain.near_names import near, public_names, suggestion
from experiments.lab.config.argument_kinds import wrong_arguments
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
        check_call(function.__name__, taken, given, named)
        return function(*given, **named)

    return checked


def tells_making(kind: type[T]) -> type[T]:
    """The class; made of arguments that it does not take it raises a `WrongCall`."""
    make: Callable[..., None] = kind.__init__
    taken = inspect.signature(kind)

    @wraps(make)
    def made(self: T, *given: Any, **named: Any) -> None:
        check_call(kind.__name__, taken, given, named)
        make(self, *given, **named)

    setattr(kind, "__init__", made)  # noqa: B010  (a checker knows the method as it is)
    return kind


class UnknownAttribute(InputError, AttributeError):
    """A name that an object of the face does not have."""


def refuse_attribute(owner: object, name: str) -> Any:
    """`__getattr__` of such objects. Raises `UnknownAttribute`, with what comes near; of a name that notebooks,
    pickles and copies ask for, and of a property that failed, the error that Python has for it."""
    kind = type(owner)
    if name.startswith("_") or hasattr(kind, name):
        return object.__getattribute__(owner, name)
    there = {own: own for own in [*public_names(kind), *getattr(owner, "__dict__", ())] if not own.startswith("_")}
    raise UnknownAttribute(f"{a(kind.__name__)} has no {name!r}{suggestion(name, there)}")


def a(noun: str) -> str:
    """With its article: `a Solution`, `an Answer`."""
    return f"an {noun}" if noun[0] in "AEIOU" else f"a {noun}"


def check_call(name: str, taken: inspect.Signature, given: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """Raises a `WrongCall` for arguments that there are not, that are missing, or that are of another kind."""
    try:
        bound = taken.bind(*given, **named)
    except TypeError as error:
        raise WrongCall(f"{name}: {fault_of(taken, named, str(error))}") from None
    if lines := [f"{name}: {line}" for line in wrong_arguments(bound)]:
        raise WrongCall(*lines)


def fault_of(taken: inspect.Signature, named: Mapping[str, Any], otherwise: str) -> str:
    """What is wrong with a call: an argument that there is not, or `otherwise`."""
    names = [name for name in taken.parameters if name != "self"]
    takes_any = any(each.kind is each.VAR_KEYWORD for each in taken.parameters.values())
    unknown = [] if takes_any else [name for name in named if name not in names]
    if not unknown:
        return f"{otherwise}; it takes {', '.join(names)}"
    told = (f"there is no argument {name!r}{near(name, names)}" for name in unknown)
    return f"{'; '.join(told)}; there are {', '.join(names)}"
