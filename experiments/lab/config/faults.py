"""What is wrong with a config, a line for each key: the key, the value, what is wrong, a near match of a name."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chain.near_names import near
from chain.wording import one_line, shown
from experiments.lab.config.law_keys import OWN_FORM
from experiments.lab.config.refusals import Misfits

Keys = tuple[str, ...]


def faults_of(error: ValidationError, model: type[BaseModel], data: object, at: str = "") -> list[str]:
    """A line for each key of `data` that is no good for `model`; `at`: the key in a config that has the data."""
    found = by_key(error, data).items()
    return [line for keys, faults in found for line in told(keys, faults, model, data, named(keys, at))]


def named(keys: Keys, at: str) -> str:
    """What a key is called."""
    parts = [part if part.isprintable() else repr(part) for part in keys]
    return one_line(".".join([at, *parts] if at else parts)) or "config"


def by_key(error: ValidationError, data: object) -> dict[Keys, list[ErrorDetails]]:
    """The faults of each key. Where a key may be one thing or another, that is several, and the deepest count."""
    found: dict[Keys, list[ErrorDetails]] = {}
    for fault in error.errors(include_url=False):
        found.setdefault(keys_of(fault, data), []).append(fault)
    outer = {keys[:length] for keys in found for length in range(len(keys))}
    return {keys: faults for keys, faults in found.items() if keys not in outer}


def keys_of(fault: ErrorDetails, data: object) -> Keys:
    """The way to a fault through the data. Parts of pydantic's own, such as branches of a union, are left out."""
    keys: list[str] = []
    here: Any = data
    for part in fault["loc"]:
        if is_in(part, here):
            here = here[part]
            keys.append(str(part))
    if fault["type"] == "missing":
        keys.append(str(fault["loc"][-1]))
    return tuple(keys)


def is_in(part: int | str, here: Any) -> bool:
    """Whether there is such a key or place."""
    if isinstance(here, Mapping):
        return part in here
    return isinstance(here, (list, tuple)) and isinstance(part, int) and part < len(here)


def told(
    keys: Keys, faults: Sequence[ErrorDetails], model: type[BaseModel], data: object, name: str
) -> Iterator[str]:
    """What is wrong with one key, which is called `name`."""
    fault = likeliest(faults)
    match fault["type"]:
        case "extra_forbidden":
            names = list(table_at(keys[:-1], model, data).model_fields)
            hint = own_hint(keys[-1], names)
            yield f"{name}: no such key{near(keys[-1], names)}; there are {', '.join(names)}{hint}"
        case "union_tag_invalid" | "union_tag_not_found":
            field = table_at(keys[:-1], model, data).model_fields[keys[-1]]
            yield tag_fault(name, fault, sections(field.annotation))
        case "tuple_type" if isinstance(fault["input"], Mapping):
            yield f"{name}: is a single table; write [[{name}]], in double brackets, above each of a list"
        case "value_error":
            why = fault["ctx"]["error"]
            for message in why.args if isinstance(why, Misfits) else [why]:
                yield f"{name}: {message}"
        case "missing":
            table = table_at(keys[:-1], model, data)
            yield f"{name}: missing{wanted_of(table, keys[-1])}"
        case _:
            yield f"{name}: {message_of(fault, faults)}, not {shown(fault['input'])}{code_hint(fault['input'])}"


def wanted_of(table: type[BaseModel], key: str) -> str:
    """What to say of a key that is missing: its words, where it is a choice of some; else nothing."""
    field = table.model_fields.get(key)
    kinds = [] if field is None else kinds_in(field.annotation)
    words = list(dict.fromkeys(word for kind in kinds if get_origin(kind) is Literal for word in get_args(kind)))
    if not words or str in kinds:
        return ""
    number = "give a number, or " if int in kinds or float in kinds else ""
    return f"; {number}name one of {', '.join(map(str, words))}" if words[1:] else f"; {number}{words[0]}"


def kinds_in(annotation: Any) -> list[Any]:
    """What an annotation takes, one thing or another."""
    if get_origin(annotation) in (Union, UnionType, Annotated):
        return [kind for part in get_args(annotation) for kind in kinds_in(part)]
    return [annotation]


def code_hint(value: object) -> str:
    """What helps where code itself stands in the place of its name."""
    name = getattr(value, "__name__", None)
    if not callable(value) or not isinstance(name, str):
        return ""
    return f"; write it to a file and name it, 'my_file.py:{one_line(name)}'"


def likeliest(faults: Sequence[ErrorDetails]) -> ErrorDetails:
    """That of the branch whose kind of value it is."""
    of_kind = [fault for fault in faults if not fault["type"].endswith("_type")]
    return (of_kind or list(faults))[0]


def message_of(fault: ErrorDetails, faults: Sequence[ErrorDetails]) -> str:
    """Pydantic's message, with the words that would do as well."""
    others = [other for other in faults if other["type"] == "literal_error" and other is not fault]
    words = "".join(f", or {other['ctx']['expected']}" for other in others)
    return one_line(fault["msg"][0].lower() + fault["msg"][1:]) + words


def tag_fault(name: str, fault: ErrorDetails, kinds: Sequence[type[BaseModel]]) -> str:
    """A table whose kind is unknown, or not said."""
    key = fault["ctx"]["discriminator"].removesuffix("()")
    names = [get_args(kind.model_fields[key].annotation) for kind in kinds]
    there = ", ".join(name[0] for name in names if name)
    if fault["type"] == "union_tag_not_found":
        return f"{name}.{key}: missing{misspelt(key, fault['input'])}; name one of {there}"
    return f"{name}.{key}: {shown(fault['ctx']['tag'])} is not one of {there}; {OWN_FORM}"


def misspelt(key: str, table: object) -> str:
    """`; 'proces' is no such key`, where a table has one that is nearly called so."""
    there = map(str, table) if isinstance(table, Mapping) else ()
    found = difflib.get_close_matches(key, list(there), n=1)
    return f"; {shown(found[0])} is no such key" if found else ""


def own_hint(key: str, names: Sequence[str]) -> str:
    """Where a key belongs that is a parameter rather than one of the section's own."""
    if "parameters" not in names:
        return ""
    return f"; a parameter stands in a table of them: parameters = {{ {one_line(key)} = … }}"


def table_at(keys: Keys, model: type[BaseModel], data: object) -> type[BaseModel]:
    """The section that the way through the data leads to."""
    here: Any = data
    for key in keys:
        if isinstance(here, Mapping):
            here = here[key]
            model = fitting(sections(model.model_fields[key].annotation), here) or model
        else:
            here = here[int(key)]
    return model


def fitting(kinds: Sequence[type[BaseModel]], table: object) -> type[BaseModel] | None:
    """Of several sections the one whose own name for its kind the table has."""
    if len(kinds) == 1:
        return kinds[0]
    return next((kind for kind in kinds if isinstance(table, Mapping) and names_its_kind(kind, table)), None)


def names_its_kind(kind: type[BaseModel], table: Mapping[str, Any]) -> bool:
    """Whether a key of the table says that it is of this kind, as `process` does."""
    return any(
        get_args(field.annotation) == (table.get(key),) for key, field in kind.model_fields.items() if key in table
    )


def sections(annotation: Any) -> list[type[BaseModel]]:
    """The sections inside an annotation, e.g. in `tuple[Agents, ...]` or `Phases | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for part in get_args(annotation) for found in sections(part)]


def section(annotation: Any) -> type[BaseModel] | None:
    """The one section inside an annotation; None where there is none, or a choice of several."""
    inner = sections(annotation)
    return inner[0] if len(inner) == 1 else None
