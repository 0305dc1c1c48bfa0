"""Changes of who and what is named: another account, another field, arguments in another order."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from experiments.lab.conformance.mutants.typed_source import Edit, TypedSource, kind, parent, type_name

SENDER, PROTOCOL = "msg.sender", "PROTOCOL"
GUARD = "self._only"
COMMUTATIVE = ("min", "max")


def account(source: TypedSource, place: Any) -> Iterator[Edit]:
    """Another account than the one that something is done for. What is compared, other operators change."""
    for node in source.expressions(place, "Name", "Attribute"):
        if type_name(node) == "address" and not is_written(node) and kind(parent(node)) != "Compare":
            words = source.words(node)
            for other in other_accounts(source, place, words):
                yield Edit("account", *source.span(node), other)


def other_accounts(source: TypedSource, place: Any, words: str) -> list[str]:
    """The caller and the protocol, in a function that is called from outside, unless it is for one of them alone;
    inside, an account that the function is given, or else the protocol."""
    given = [argument.arg for argument in place.args.args if type_name_of_argument(argument) == "address"]
    protocol = [PROTOCOL] if source.has_immutable(PROTOCOL) else []
    if not is_external(place):
        return [other for other in (*given, *protocol) if other != words][:1]
    others = [other for other in (SENDER, *protocol) if other != words]
    if GUARD not in source.words(place):
        return others
    return [other for other in others if {other, words} != {SENDER, PROTOCOL}][:1]


def field(source: TypedSource, place: Any) -> Iterator[Edit]:
    """Another field of the same type, where a function first names this one."""
    named = {source.words(node): node for node in [*source.expressions(place, "Attribute")][::-1]}
    for node in named.values():
        others = [name for name in members(node.value) if members(node.value)[name] == type_name(node)]
        if node.attr in others and len(others) > 1:
            following = others[(others.index(node.attr) + 1) % len(others)]
            end = source.span(node)[1]
            yield Edit("field", end - len(node.attr), end, following)


def arguments(source: TypedSource, place: Any) -> Iterator[Edit]:
    """Two neighbours of the same type change places."""
    for node in source.expressions(place, "Call"):
        if getattr(node.func, "id", None) in COMMUTATIVE:
            continue
        values = [*node.args, *(keyword.value for keyword in node.keywords)]
        for left, right in pairwise(values):
            ours, theirs = source.words(left), source.words(right)
            if type_name(left) == type_name(right) and ours != theirs and not is_type(left):
                start, between = source.span(left)
                middle = source.text[between : source.span(right)[0]]
                yield Edit("swapped arguments", start, source.span(right)[1], theirs + middle + ours)


def type_name_of_argument(argument: Any) -> str:
    return getattr(argument.annotation, "id", "")


def is_external(function: Any) -> bool:
    """Whether it is called from outside."""
    return any(getattr(decorator, "id", "") == "external" for decorator in function.decorator_list)


def is_written(node: Any) -> bool:
    """Whether something is assigned to it."""
    return getattr(parent(node), "target", None) is node


def is_type(node: Any) -> bool:
    return type_name(node).startswith("type(")


def members(node: Any) -> dict[str, str]:
    """The fields of a struct and their types; none of anything else."""
    struct = node._metadata.get("type")
    if kind(struct) != "StructT":
        return {}
    return {name: str(type_) for name, type_ in struct.members.items()}
