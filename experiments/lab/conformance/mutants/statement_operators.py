"""Changes of statements: one is left out, or two checks change places."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from experiments.lab.conformance.mutants.typed_source import Edit, TypedSource, is_check, kind

DROPPED = ("Expr", "Assign", "AugAssign", "Log", "Break", "Continue")


def dropped_check(source: TypedSource, place: Any) -> Iterator[Edit]:
    """What is refused is not."""
    for node in place.get_descendants():
        if kind(node) == "Assert":
            yield Edit("dropped check", *source.span(node), "pass")


def dropped_line(source: TypedSource, place: Any) -> Iterator[Edit]:
    """A statement is not carried out."""
    for node in place.get_descendants():
        if kind(node) in DROPPED or (kind(node) == "Return" and node.value is None):
            yield Edit("dropped line", *source.span(node), "pass")


def order(source: TypedSource, place: Any) -> Iterator[Edit]:
    """Two checks with different reasons change places: of what is wrong in two ways another one is told."""
    for block in blocks(place):
        for first, second in pairwise(block):
            if is_check(first) and is_check(second) and reason_of(first) != reason_of(second):
                start, end = source.span(first)
                middle = source.text[end : source.span(second)[0]]
                words = source.words(second) + middle + source.words(first)
                yield Edit("order of checks", start, source.span(second)[1], words)


def reason_of(check: Any) -> object:
    """What an `assert` says; of a function that checks, itself."""
    return getattr(getattr(check, "msg", check), "value", check)


def blocks(place: Any) -> Iterator[list[Any]]:
    """The statements of a function that follow each other."""
    for node in [place, *place.get_descendants()]:
        for name in ("body", "orelse"):
            if isinstance(getattr(node, name, None), list):
                yield getattr(node, name)
