"""A source of the contracts, with the types that the compiler finds for its expressions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

OPENING, CLOSING = "([{", ")]}"
CHECKS = ("_check", "_only", "_take", "_verify")
"""How functions are called that refuse and change nothing else, or nothing that matters."""


class Edit(NamedTuple):
    """`text` stands in the place of what a source has from `start` to `end`; `operator` names the change."""

    operator: str
    start: int
    end: int
    text: str


class TypedSource:
    """The file `file` of a folder of sources. Raises `ImportError` without Vyper."""

    def __init__(self, file: str, folder: Path) -> None:
        from vyper.compiler.input_bundle import FilesystemInputBundle
        from vyper.compiler.phases import CompilerData

        bundle = FilesystemInputBundle([folder])
        made = CompilerData(bundle.load_file(file), input_bundle=bundle)
        self.file = file
        self.text: str = made.source_code
        self._module = made.annotated_vyper_module
        lines = self.text.splitlines(keepends=True)
        self._starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]

    def functions(self) -> list[Any]:
        """The functions, in their order."""
        return [node for node in self._module.body if kind(node) == "FunctionDef"]

    def constants(self) -> list[Any]:
        """The constants that the module declares."""
        declared = [node for node in self._module.body if kind(node) == "VariableDecl"]
        return [node for node in declared if node.is_constant]

    def has_immutable(self, name: str) -> bool:
        """Whether the module keeps this one from its deployment on."""
        declared = [node for node in self._module.body if kind(node) == "VariableDecl"]
        return any(node.is_immutable and node.target.id == name for node in declared)

    def expressions(self, place: Any, *kinds: str) -> Iterator[Any]:
        """The expressions of these kinds in a function or a constant, other than types and reasons of reverts."""
        for node in place.get_descendants():
            if kind(node) in kinds and "type" in node._metadata and not is_reason(node):
                yield node

    def span(self, node: Any) -> tuple[int, int]:
        """Where a node begins and ends. The compiler puts the end of some external calls before its bracket."""
        start = self._starts[node.lineno - 1] + node.col_offset
        end = self._starts[node.end_lineno - 1] + node.end_col_offset
        while unclosed(self.text[start:end]):
            end += 1
        return start, end

    def words(self, node: Any) -> str:
        """A node as it stands in the source."""
        start, end = self.span(node)
        return self.text[start:end]

    def between(self, left: Any, right: Any) -> tuple[int, int]:
        """Where the operator that stands between two nodes begins and ends."""
        start, end = self.span(left)[1], self.span(right)[0]
        gap = self.text[start:end]
        word = gap.strip(" ()\n")
        start += gap.index(word)
        return start, start + len(word)


def kind(node: Any) -> str:
    """What a node of the syntax tree is."""
    return type(node).__name__


def parent(node: Any) -> Any:
    """What a node is directly part of."""
    return node.get_ancestor()


def is_reason(node: Any) -> bool:
    """Whether it is the text with which a call is refused."""
    above = parent(node)
    return kind(above) == "Raise" or (kind(above) == "Assert" and above.msg is node)


def is_test(node: Any) -> bool:
    """Whether it is the whole condition of a branch or of a check."""
    above = parent(node)
    return kind(above) in ("If", "Assert") and above.test is node


def is_check(statement: Any) -> bool:
    """Whether a statement refuses or does nothing."""
    if kind(statement) == "Assert":
        return True
    if kind(statement) != "Expr" or kind(statement.value) != "Call":
        return False
    return getattr(statement.value.func, "attr", "").startswith(CHECKS)


def type_name(node: Any) -> str:
    """The type of an expression, by its name; nothing where it has none."""
    return str(node._metadata.get("type", ""))


def is_number(node: Any) -> bool:
    """Whether it is an integer."""
    return type_name(node).startswith(("uint", "int"))


def unclosed(text: str) -> bool:
    """Whether a bracket is open at the end of a text."""
    return count(text, OPENING) > count(text, CLOSING)


def count(text: str, letters: Iterable[str]) -> int:
    return sum(text.count(letter) for letter in letters)
