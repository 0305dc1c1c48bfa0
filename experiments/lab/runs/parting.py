"""Where two JSON documents part: the first key, with dots, at which they do not say the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple


class Parting(NamedTuple):
    """One place, and both values; None where there is none."""

    key: str
    found: Any
    expected: Any


def first_parting(found: object, expected: object) -> Parting | None:
    """The first place at which two documents differ; None where they say the same."""
    return next(partings(found, expected, ""), None)


def partings(found: object, expected: object, key: str) -> Iterator[Parting]:
    """All such places, as deep as they go; `key` is where these two are."""
    pairs = pairs_of(found, expected)
    if pairs is None:
        if found != expected:
            yield Parting(key, found, expected)
        return
    for name, one, other in pairs:
        yield from partings(one, other, f"{key}.{name}" if key else name)


def pairs_of(found: object, expected: object) -> Iterator[tuple[str, Any, Any]] | None:
    """What two things of one kind have within them, by name or number; None of what has no parts to compare."""
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        return ((str(name), found.get(name), expected.get(name)) for name in dict.fromkeys([*expected, *found]))
    if isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        return ((str(number), *pair) for number, pair in enumerate(zip(found, expected, strict=True)))
    return None
