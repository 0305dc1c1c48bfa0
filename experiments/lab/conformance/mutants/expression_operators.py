"""Changes of expressions: other comparisons, numbers, operations, conditions and answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from experiments.lab.conformance.mutants.typed_source import (
    Edit,
    TypedSource,
    is_number,
    is_test,
    kind,
    parent,
    type_name,
)

COMPARED = {
    "Lt": "<=",
    "LtE": "<",
    "Gt": ">=",
    "GtE": ">",
    "Eq": "!=",
    "NotEq": "==",
    "In": "not in",
    "NotIn": "in",
}
CALCULATED = {
    "Add": "-",
    "Sub": "+",
    "Mult": "+",
    "FloorDiv": "*",
    "Mod": "//",
    "LShift": ">>",
    "RShift": "<<",
    "BitAnd": "|",
    "BitOr": "&",
    "BitXor": "|",
}
EXTREMES = {"min": "max", "max": "min"}


def comparison(source: TypedSource, place: Any) -> Iterator[Edit]:
    """`<` is `<=`, `==` is `!=`, and so on. A whole condition of equality is `negated`, or its check `dropped`."""
    for node in source.expressions(place, "Compare"):
        operation = kind(node.op)
        if operation not in ("Eq", "NotEq") or not is_test(node):
            yield Edit("comparison", *source.between(node.left, node.right), COMPARED[operation])


def half_equality(source: TypedSource, place: Any) -> Iterator[Edit]:
    """`==` between numbers is `<=`, and is `>=`; not where it is about the least or the largest number."""
    for node in source.expressions(place, "Compare"):
        if kind(node.op) == "Eq" and is_number(node.left) and not is_limit(node.right):
            for other in ("<=", ">="):
                yield Edit("half equality", *source.between(node.left, node.right), other)


def is_limit(node: Any) -> bool:
    """Whether it is a constant, and the least or the largest of its type."""
    limits = {0, 2 ** int(type_name(node).strip("uint") or 0) - 1}
    return bool(node.has_folded_value and node.get_folded_value().value in limits)


def negated(source: TypedSource, place: Any) -> Iterator[Edit]:
    """A branch is taken where it is not."""
    for node in place.get_descendants():
        if kind(node) == "If":
            yield Edit("negated condition", *source.span(node.test), f"not ({source.words(node.test)})")


def operand(source: TypedSource, place: Any) -> Iterator[Edit]:
    """One of two conditions does not count."""
    for node in source.expressions(place, "BoolOp"):
        for left in node.values:
            yield Edit("dropped operand", *source.span(node), f"({source.words(left)})")


def negation(source: TypedSource, place: Any) -> Iterator[Edit]:
    """What must not be must be."""
    for node in source.expressions(place, "UnaryOp"):
        if kind(node.op) == "Not" and not (kind(parent(node)) == "If" and is_test(node)):
            yield Edit("dropped negation", *source.span(node), source.words(node.operand))


def constant(source: TypedSource, place: Any) -> Iterator[Edit]:
    """A number is one more, what is true false, another letter ends a text; bounds of loops are left."""
    for node in source.expressions(place, "Int", "NameConstant", "Hex", "Str"):
        if getattr(parent(node), "arg", None) != "bound":
            yield Edit("constant", *source.span(node), another(node, source.words(node)))


def another(node: Any, words: str) -> str:
    if kind(node) == "Int":
        return str(node.value + 1)
    if kind(node) == "NameConstant":
        return str(not node.value)
    quote = words[-1] if kind(node) == "Str" else ""
    last = words[len(words) - len(quote) - 1]
    return words[: len(words) - len(quote) - 1] + ("1" if last != "1" else "2") + quote


def arithmetic(source: TypedSource, place: Any) -> Iterator[Edit]:
    """`+` is `-`, and so on."""
    for node in source.expressions(place, "BinOp"):
        if kind(node.op) in CALCULATED:
            yield Edit("arithmetic", *source.between(node.left, node.right), CALCULATED[kind(node.op)])


def accumulation(source: TypedSource, place: Any) -> Iterator[Edit]:
    """`+=` is `-=`, and so on."""
    for node in place.get_descendants():
        if kind(node) == "AugAssign":
            operation = kind(node.op)
            other = {"BitOr": "^"}.get(operation, CALCULATED[operation])
            yield Edit("accumulation", *source.between(node.target, node.value), f"{other}=")


def extreme(source: TypedSource, place: Any) -> Iterator[Edit]:
    """The least is the most."""
    for node in source.expressions(place, "Call"):
        name = getattr(node.func, "id", None)
        if name in EXTREMES:
            yield Edit("extreme", *source.span(node.func), EXTREMES[name])


def answer(source: TypedSource, place: Any) -> Iterator[Edit]:
    """A function says always yes, or always no, or one more than is."""
    for node in place.get_descendants():
        if kind(node) == "Return" and node.value is not None and kind(node.value) != "NameConstant":
            words = source.words(node.value)
            others = [f"({words}) + 1"] if is_number(node.value) else []
            if type_name(node.value) == "bool":
                others = ["False", "True"]
            for other in others:
                yield Edit("answer", *source.span(node.value), other)
