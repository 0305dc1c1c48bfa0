"""What a config is refused for although each of its keys could stand.

A refusal is a short function, registered with what it looks at: a section of the config, or what an assembly has
put together of it. Its docstring is the condition, its answer the message, or None. docs/runs.md lists them all.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")


class Refusal(NamedTuple):
    """`key` is the one to change; `judge` returns the message where the subject is refused."""

    key: str
    condition: str
    judge: Callable[[Any], str | None]


REFUSALS: dict[type, list[Refusal]] = {}
"""The refusals by the class of their subject, in the order in which they are tried."""


def refuses(subject: type[T], key: str) -> Callable[[Callable[[T], str | None]], Callable[[T], str | None]]:
    """Registers a function as a refusal of `subject`."""

    def register(judge: Callable[[T], str | None]) -> Callable[[T], str | None]:
        condition = " ".join(inspect.cleandoc(judge.__doc__ or "").split())
        REFUSALS.setdefault(subject, []).append(Refusal(key, condition, judge))
        return judge

    return register


class Misfits(ValueError):
    """What a section is refused for, a message each."""


def messages_about(subject: object) -> list[str]:
    """What the subject is refused for, one message for each key that is to be changed."""
    found: dict[str, str] = {}
    for refusal in REFUSALS.get(type(subject), ()):
        message = refusal.judge(subject)
        if message is not None:
            found.setdefault(refusal.key, message)
    return list(found.values())
