"""What is said of a name that an object has not.

Python's own words give way where an exception is told, not where it is raised: a class with a `__getattr__` is
slow to give whatever it is asked for, also what it has.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

REFUSALS: dict[type, Callable[[str], str]] = {}
"""By class, what is said of a name that its objects have not."""


def plain_attribute(error: BaseException, text: str) -> str:
    """What an exception says of a name that an object has not, with what there is of nearly that name, where its
    class has words for that. Any other text as it is."""
    if type(error) is not AttributeError or type(error.name) is not str or error.name.startswith("_"):
        return text
    refusal = refusal_of(type(error.obj))
    if refusal is None or not text.endswith(f" object has no attribute '{error.name}'"):
        return text
    return refusal(error.name)


def refusal_of(kind: type) -> Callable[[str], str] | None:
    """The words of a class, or of one that it inherits from. Classes are not asked whether they are equal: that of
    a user's own may have its own mind."""
    kinds = _BASES.__get__(kind)
    return next((words for taught, words in REFUSALS.items() if any(base is taught for base in kinds)), None)


_BASES: Any = type.__dict__["__mro__"]
