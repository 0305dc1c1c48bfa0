"""A rule of the user's own as the engine asks it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from chain.errors import RuleBroken
from chain.interruption import is_interruption
from chain.wording import shown, told
from experiments.lab.assembly.outside_memory import OutsideMemory
from market.auctions.clearing import many
from market.making import making_remedy


class BlamedRule:
    """The same function, but what it raises is said of it by name, with the user's own line.

    It goes into no checkpoint where it has changed what lies outside of it: then `RemembersOutside` is raised.
    """

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._name = name
        self._function = function
        self._outside = OutsideMemory(function)

    def __call__(self, *asked: Any) -> Any:
        """What it answers. Raises `RuleBroken`."""
        return blamed(self._name, self._function, *asked)

    def __getstate__(self) -> tuple[str, Callable[..., Any]]:
        self._outside.check(self._name)
        return self._name, self._function

    def __setstate__(self, state: tuple[str, Callable[..., Any]]) -> None:
        self._name, self._function = state
        self._outside = OutsideMemory(self._function)


class BlamedList(BlamedRule):
    """A function that answers with many. A generator is gone through here, so that what it raises is its own."""

    def __call__(self, *asked: Any) -> list[Any]:
        """What it answers. Raises `RuleBroken`."""
        return blamed_list(self._name, self._function, *asked)


def blamed_list(name: str, function: Callable[..., Any], *asked: Any) -> list[Any]:
    """All that a function of the rule `name` answers. Raises `RuleBroken`."""
    answers: list[Any] = blamed(name, as_list, function, *asked)
    return answers


def as_list(function: Callable[..., Iterable[Any]], *asked: Any) -> list[Any]:
    """What a function answers. Raises `RuleBroken` for one thing that is no list."""
    return many(function(*asked))


def blamed(name: str, function: Callable[..., Any], *asked: Any) -> Any:
    """What a function of the rule `name` answers. Raises `RuleBroken`."""
    try:
        return function(*asked)
    except RuleBroken:
        raise
    except BaseException as error:  # it may raise anything
        if is_interruption(error):
            raise
        raise RuleBroken(f"the rule {shown(name)} raised {told(error)}{making_remedy(error)}") from error
