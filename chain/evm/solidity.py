"""The contracts' interfaces in Solidity, as their Vyper sources have them."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from chain.evm.natspec import REFUSAL, Note, Tag, VyperSource, decorators, vyper_source
from chain.evm.reverts import reasons

WIDTH = 118
INDENT = "    "
ELEMENTARY = {"Bytes": "bytes", "String": "string"}
VIEWS = ("view", "pure", "payable")  # what Solidity says of a function as Vyper does
HEAD = """\
// SPDX-License-Identifier: MIT
// Made from {name}.vy by `python -m chain.evm.compile`.
pragma solidity ^0.8.20;
"""


class Parameter(NamedTuple):
    """One of a function or a getter, in Vyper's types."""

    name: str
    annotation: Any


def interface(name: str) -> str:
    """The Solidity file of a contract of this folder: its interface, and the reasons of its reverts."""
    source = vyper_source(name)
    structs = shown_structs(source)
    blocks = [
        *(struct_lines(source, node) for node in source.nodes("StructDef") if node.name in structs),
        *(event_lines(source, node) for node in source.nodes("EventDef")),
        *(lines for node in source.functions("external") for lines in function_lines(name, node)),
        *(getter_lines(source, node) for node in source.getters()),
    ]
    return "\n".join(
        [
            HEAD.format(name=name),
            *contract_lines(f"interface I{name}", source.note, blocks),
            *refusal_lines(name, source),
        ]
    )


def contract_lines(head: str, note: Note, blocks: Iterable[list[str]]) -> Iterator[str]:
    yield from note_lines([tag for tag in note if tag.name not in ("license", REFUSAL)])
    yield f"{head} {{"
    for count, lines in enumerate(blocks):
        if count:
            yield ""
        yield from (INDENT + line for line in lines)
    yield "}\n"


def refusal_lines(name: str, source: VyperSource) -> Iterator[str]:
    """A library of the reasons that the contract itself gives."""
    if not source.refusals:
        return
    note = [Tag("title", f"The reasons of the reverts of {name}, as `Error(string)` has them")]
    blocks = (
        [*note_lines([Tag("dev", text)]), f'string internal constant {reason.upper()} = "{reason}";']
        for reason, text in source.refusals.items()
    )
    yield from contract_lines(f"library {name}Refusals", note, blocks)


def shown_structs(source: VyperSource) -> set[str]:
    """Those that functions take or return, and what is in them."""
    structs = {node.name: node for node in source.nodes("StructDef")}
    taken = [argument.annotation for node in source.functions("external") for argument in node.args.args]
    returned = [node.returns for node in source.functions("external") if node.returns]
    found: set[str] = set()
    names = [annotation.id for annotation in (*taken, *returned) if annotation.get("id")]
    while names:
        name = names.pop()
        if name in structs and name not in found:
            found.add(name)
            names += [field.annotation.id for field in structs[name].body]
    return found


def struct_lines(source: VyperSource, struct: Any) -> list[str]:
    fields = (
        f"{INDENT}{solidity_type(field.annotation)} {field.target.id}; // {source.aside(field)}"
        for field in struct.body
    )
    return [*note_lines(source.note_of(struct)), f"struct {struct.name} {{", *fields, "}"]


def event_lines(source: VyperSource, event: Any) -> list[str]:
    fields = [event_field(field) for field in event.body]
    return [*note_lines(source.note_of(event)), *call_lines(f"event {event.name}", fields, "")]


def event_field(field: Any) -> str:
    annotation = field.annotation
    if annotation.get("func.id") == "indexed":
        return f"{solidity_type(annotation.args[0])} indexed {field.target.id}"
    return f"{solidity_type(annotation)} {field.target.id}"


def function_lines(contract: str, function: Any) -> Iterator[list[str]]:
    """A function, once for each number of arguments with which it may be called."""
    source = vyper_source(contract)
    parameters = [Parameter(argument.arg, argument.annotation) for argument in function.args.args]
    note = source.note_of(function)
    refused = reasons(contract, function)
    if refused:
        note.append(Tag("custom:reverts", ", ".join(refused)))
    kinds = [decorator for decorator in decorators(function) if decorator in VIEWS]
    for left_out in range(len(function.args.defaults), -1, -1):
        given = parameters[: len(parameters) - left_out]
        yield declaration(function.name, note, given, function.returns, kinds)


def getter_lines(source: VyperSource, variable: Any) -> list[str]:
    note = source.note_of(variable)
    names = [tag.subject for tag in note if tag.name == "param"]
    keys, value = getter_types(variable.annotation)
    parameters = [Parameter(name, key) for name, key in zip(names, keys, strict=True)]
    return declaration(variable.target.id, note, parameters, value, ["view"])


def getter_types(annotation: Any) -> tuple[list[Any], Any]:
    """The keys of a variable, and what is there."""
    if annotation.get("value.id") != "HashMap":
        return [], annotation
    key, value = annotation.slice.elements
    keys, found = getter_types(value)
    return [key, *keys], found


def declaration(name: str, note: Note, parameters: list[Parameter], returned: Any, kinds: list[str]) -> list[str]:
    names = [parameter.name for parameter in parameters]
    shown = [tag for tag in note if tag.name != "param" or tag.subject in names]
    fields = [f"{located(annotation, 'calldata')} {name}" for name, annotation in parameters]
    tail = " ".join(["", "external", *kinds])
    if returned is not None:
        tail += f" returns ({located(returned, 'memory')})"
    return [*note_lines(shown), *call_lines(f"function {name}", fields, tail)]


def located(annotation: Any, place: str) -> str:
    """A type with where it lies, if it is not one word."""
    shown = solidity_type(annotation)
    if shown in ("bytes", "string") or shown.endswith("[]") or shown[0].isupper():
        return f"{shown} {place}"
    return shown


def solidity_type(annotation: Any) -> str:
    """Vyper's type in Solidity's words. Raises `KeyError` for one that no contract here shows."""
    if annotation.get("id"):
        return str(annotation.id)
    kind = annotation.value.id
    if kind == "DynArray":
        return solidity_type(annotation.slice.elements[0]) + "[]"
    return ELEMENTARY[kind]


def call_lines(head: str, fields: list[str], tail: str) -> list[str]:
    """`head(field, field) tail;` on one line where it fits."""
    line = f"{head}({', '.join(fields)}){tail};"
    if len(INDENT + line) <= WIDTH:
        return [line]
    return [f"{head}(", *with_commas(fields), f"){tail};"]


def with_commas(fields: list[str]) -> Iterator[str]:
    for field in fields[:-1]:
        yield f"{INDENT}{field},"
    yield INDENT + fields[-1]


def note_lines(note: Note) -> list[str]:
    fold: Callable[[str], list[str]] = textwrap.TextWrapper(
        WIDTH - len(INDENT),
        initial_indent="/// ",
        subsequent_indent="///   ",
        break_long_words=False,
        break_on_hyphens=False,
    ).wrap
    return [line for tag in note for line in fold(f"@{tag.name} {tag.text}")]
