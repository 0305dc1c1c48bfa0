"""A rule of the user's own as the engine asks it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chain.errors import Refused, RuleBroken
from chain.interruption import is_interruption
from chain.wording import shown, told


class BlamedRule:
    """The same function, but what it raises is said of it by name, with the user's own line."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._name = name
        self._function = function

    def __call__(self, *asked: Any) -> Any:
        """What it answers. Raises `RuleBroken`."""
        try:
            return self._function(*asked)
        except Refused:
            raise
        except BaseException as error:  # it may raise anything
            if is_interruption(error):
                raise
            raise RuleBroken(f"the rule {shown(self._name)} raised {told(error)}") from error
