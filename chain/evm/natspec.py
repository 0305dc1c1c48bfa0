"""What the sources of the contracts say of themselves, in NatSpec.

Of a function it stands in its docstring; of an event, a struct, a getter and the reason of a revert, which have
none in Vyper, in the comment above. Source of the format: Solidity's documentation, "NatSpec Format".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, cached_property
from typing import Any, NamedTuple

from chain.evm.bytecode import read

TAG = re.compile(r"(?:^|\n)\s*@(\S+)\s+(.*?)(?=\n\s*@\S|\s*$)", re.DOTALL)
REFUSAL = "custom:refusal"


class Tag(NamedTuple):
    """`@name text`."""

    name: str
    text: str

    @property
    def subject(self) -> str:
        """The parameter or the reason that the text begins with."""
        return self.text.split()[0]


Note = list[Tag]


def parse_note(text: str) -> Note:
    """The tags of a docstring or a comment, each on one line."""
    return [Tag(name, " ".join(words.split())) for name, words in TAG.findall(text)]


class VyperSource:
    """A source of `chain/evm`, as Vyper parses it. Raises `ImportError` without Vyper."""

    def __init__(self, name: str) -> None:
        from vyper.ast import parse_to_ast

        self._text = read(f"{name}.vy")
        self._module = parse_to_ast(self._text)
        self._lines = self._text.splitlines()

    @property
    def note(self) -> Note:
        """That of the whole contract."""
        return parse_note(self._module.doc_string.value)

    @cached_property
    def refusals(self) -> dict[str, str]:
        """What the reasons of its reverts mean."""
        comments = "\n".join(line[1:] for line in self._lines if line.startswith("#"))
        tags = (tag for tag in parse_note(comments) if tag.name == REFUSAL)
        return {tag.subject: tag.text.removeprefix(tag.subject).strip() for tag in tags}

    def nodes(self, kind: str) -> list[Any]:
        """The definitions of one kind, a class of Vyper's syntax tree, in their order."""
        return [node for node in self._module.body if type(node).__name__ == kind]

    def functions(self, decorator: str) -> list[Any]:
        """Those that are `external` or `internal`."""
        return [node for node in self.nodes("FunctionDef") if decorator in decorators(node)]

    def getters(self) -> list[Any]:
        """The variables that can be called from outside."""
        return [node for node in self.nodes("VariableDecl") if node.is_public]

    def note_of(self, node: Any) -> Note:
        """What a definition says of itself."""
        docstring = node.get("doc_string.value")
        if docstring is not None:
            return parse_note(docstring)
        return parse_note("\n".join(self._comment_above(node.lineno)))

    def aside(self, node: Any) -> str:
        """The comment at the end of the line."""
        line: str = self._lines[node.lineno - 1]
        return line.partition("# ")[2]

    def _comment_above(self, lineno: int) -> Iterable[str]:
        first = lineno - 1
        while self._lines[first - 1].startswith("# "):
            first -= 1
        return (line[2:] for line in self._lines[first : lineno - 1])


@cache
def vyper_source(name: str) -> VyperSource:
    """A source, read once."""
    return VyperSource(name)


def decorators(function: Any) -> list[str]:
    """The names of a function's decorators."""
    return [decorator.id for decorator in function.decorator_list]
