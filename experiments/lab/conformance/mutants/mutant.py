"""A source of the contracts with one change, and all that there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from experiments.lab.conformance.mutants import expression_operators as expressions
from experiments.lab.conformance.mutants import name_operators as names
from experiments.lab.conformance.mutants import statement_operators as statements
from experiments.lab.conformance.mutants.typed_source import Edit, TypedSource

OPERATORS: tuple[Callable[[TypedSource, Any], Iterator[Edit]], ...] = (
    statements.dropped_check,
    statements.dropped_line,
    statements.order,
    expressions.negated,
    expressions.comparison,
    expressions.half_equality,
    expressions.operand,
    expressions.negation,
    expressions.constant,
    expressions.arithmetic,
    expressions.accumulation,
    expressions.extreme,
    expressions.answer,
    names.account,
    names.field,
    names.arguments,
)


class Mutant(NamedTuple):
    """What was changed in a file, where, and the whole text with the change.

    `before` and `after`: the lines that differ, without their indentation; `line`: the number of the first.
    """

    file: str
    function: str
    operator: str
    line: int
    before: str
    after: str
    text: str

    @property
    def diff(self) -> str:
        """The change as two groups of lines."""
        lines = [f"- {line}" for line in self.before.splitlines()]
        return "\n".join([*lines, *(f"+ {line}" for line in self.after.splitlines())])

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.function}: {self.operator}"


UNCHANGED = Mutant("", "", "", 0, "", "", "")
ONE_A_LINE = ("constant", "arithmetic", "comparison", "field", "swapped arguments")
"""Of what these do to one line the first will do: who notices one of them mostly notices all."""


def mutants_of(file: str, folder: Path) -> list[Mutant]:
    """All mutants of a source, each once, in the order of its lines."""
    source = TypedSource(file, folder)
    made: dict[object, Mutant] = {source.text: UNCHANGED}
    for mutant in planted(source):
        if mutant.text not in made:
            made.setdefault(place_of(mutant), mutant)
    del made[source.text]
    return sorted(made.values(), key=lambda mutant: mutant.line)


def planted(source: TypedSource) -> Iterator[Mutant]:
    """What the operators make, in functions and in constants."""
    for function in source.functions():
        for operator in OPERATORS:
            for edit in operator(source, function):
                yield mutate(source, function.name, edit)
    for declared in source.constants():
        for edit in expressions.constant(source, declared):
            yield mutate(source, declared.target.id, edit)


def place_of(mutant: Mutant) -> object:
    """What only one mutant may have: its text or, of some operators, its line."""
    if mutant.operator in ONE_A_LINE:
        return mutant.line, mutant.operator
    return mutant.text


def mutate(source: TypedSource, function: str, edit: Edit) -> Mutant:
    """The source with one edit."""
    text = source.text[: edit.start] + edit.text + source.text[edit.end :]
    start = source.text.rfind("\n", 0, edit.start) + 1
    end = source.text.find("\n", edit.end)
    before = source.text[start:end]
    after = text[start : end + len(text) - len(source.text)]
    line = source.text.count("\n", 0, start) + 1
    return Mutant(source.file, function, edit.operator, line, stripped(before), stripped(after), text)


def stripped(lines: str) -> str:
    return "\n".join(line.strip() for line in lines.splitlines())
