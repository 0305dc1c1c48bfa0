"""What the arguments of a public function are to be, read from its signature. Why not pydantic's `validate_call`:
it loads what annotations name, and makes numbers of texts."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import index
from os import PathLike
from typing import Any, NamedTuple

from chain.wording import shown


class Kind(NamedTuple):
    """One alternative of an annotation: what it takes, in words and as a test."""

    words: str
    fits: Callable[[Any], bool]


def is_whole(value: Any) -> bool:
    """Whether it is a whole number; True is none."""
    try:
        return not isinstance(value, bool) and index(value) is not None
    except TypeError:
        return False


def is_number(value: Any) -> bool:
    """Whether it is a number, of numpy's too."""
    return not isinstance(value, (bool, str)) and hasattr(value, "__float__")


def is_list_of_wholes(value: Any) -> bool:
    """Whether it is a list, or what serves as one."""
    return isinstance(value, (Sequence, range)) and all(map(is_whole, value))


def is_list_of_texts(value: Any) -> bool:
    """Whether it may be one; what is in it is not looked at, as it may be there once only."""
    return isinstance(value, Iterable) and not isinstance(value, (str, bytes, Mapping))


TEXTS = Kind("a list of texts", is_list_of_texts)
KINDS = {
    "None": Kind("None", lambda value: value is None),
    "int": Kind("a whole number", is_whole),
    "float": Kind("a number", is_number),
    "bool": Kind("True or False", lambda value: isinstance(value, bool)),
    "str": Kind("a text", lambda value: isinstance(value, str)),
    "Path": Kind("a path", lambda value: isinstance(value, (str, PathLike))),
    "Sequence[int]": Kind("a list of whole numbers", is_list_of_wholes),
    "Iterable[str]": TEXTS,
    "Sequence[str]": TEXTS,
    "tuple[str, ...]": TEXTS,
    "Mapping[str, Any]": Kind("a dict", lambda value: isinstance(value, Mapping)),
}
OWN = ("Config", "Model", "RoundModel", "Kept", "Settings")
"""Classes of the project, that are known by their names: to import them costs more than to call the function."""


def wrong_arguments(taken: inspect.BoundArguments) -> Iterator[str]:
    """A line for each argument that is none of what its annotation says, as far as that is known here."""
    for name, value in taken.arguments.items():
        kinds = kinds_of(taken.signature.parameters[name].annotation)
        if kinds and not any(kind.fits(value) for kind in kinds):
            words = " or ".join(dict.fromkeys(kind.words for kind in kinds))
            yield f"{name} is {shown(value)}; it takes {words}{parentheses(value, kinds)}"


def kinds_of(annotation: Any) -> list[Kind]:
    """What an annotation takes; nothing where a part of it is not known."""
    parts = annotation.split(" | ") if isinstance(annotation, str) else []
    if "Path" in parts:  # which takes a text as well
        parts = [part for part in parts if part != "str"]
    found = [KINDS.get(part) or of_own_class(part) for part in parts if part in KINDS or part in OWN]
    return found if len(found) == len(parts) else []


def of_own_class(name: str) -> Kind:
    """An object of a class of the project, or of one that is derived from it."""
    return Kind(f"a {name}", lambda value: any(kind.__name__ == name for kind in type(value).__mro__))


def parentheses(value: Any, kinds: Sequence[Kind]) -> str:
    """What helps who gives a class where an object of it is meant, or one text, or a dict, for a list of texts."""
    if TEXTS in kinds and isinstance(value, str):
        return f": [{shown(value)}]"
    if TEXTS in kinds and isinstance(value, Mapping):
        return f": {shown([f'{key}={inner}' for key, inner in value.items()])}"
    is_class = isinstance(value, type) and any(kind.words == f"a {value.__name__}" for kind in kinds)
    return f": {value.__name__}()" if is_class else ""
