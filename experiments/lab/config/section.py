"""What all sections of a config are, and the kinds of numbers in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import isfinite
from typing import Annotated, Any, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from chain.wording import one_line, shown
from experiments.lab.config.refusals import Misfits, messages_about

Eth = Annotated[float, Field(ge=0, le=9e8, allow_inf_nan=False)]
Positive = Annotated[float, Field(gt=0, le=9e8, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Text = Annotated[str, Field(max_length=4096)]
Name = Annotated[Text, Field(min_length=1)]

NAMED = "a name, or `path.py:function`"


class Section(BaseModel):
    """A frozen table of the config; unknown keys are refused, and what its refusals say.

    Pydantic builds what checks it where it is first needed: most sections are checked with the whole config alone.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False, defer_build=True)

    @model_validator(mode="after")
    def stands(self) -> Self:
        messages = messages_about(self)
        if messages:
            raise Misfits(*messages)
        return self

    @model_validator(mode="before")
    @classmethod
    def holds_numbers(cls, data: Any) -> Any:
        return numbers_are_numbers(cls, data)


def numbers_are_numbers(model: type[BaseModel], data: Any) -> Any:
    """`data`, unless true or false stands there for a number: then `Misfits`."""
    fields = model.model_fields
    table = data if isinstance(data, Mapping) else {}
    messages = [
        f"{key} is {shown(value).lower()}; it must be a number"
        for key, value in table.items()
        if key in fields and has_truth(value) and is_number(fields[key].annotation)
    ]
    if messages:
        raise Misfits(*messages)
    return data


def numbers_are_finite(table: dict[str, Any]) -> dict[str, Any]:
    """`table`, unless something in it is no finite number, which no manifest could say: then `Misfits`."""
    messages = [
        f"{one_line(key)} is {shown(value)}; it must be a finite number"
        for key, value in table.items()
        if any(isinstance(part, float) and not isfinite(part) for part in deep(value))
    ]
    if messages:
        raise Misfits(*messages)
    return table


Parameters = Annotated[dict[str, Any], AfterValidator(numbers_are_finite)]
"""A table whose keys are those of something of the user's own, or of a strategy."""


def deep(value: Any) -> Iterator[Any]:
    """What is in a value, lists and tables gone through."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        for part in value:
            yield from deep(part)
    else:
        yield value


def has_truth(value: Any) -> bool:
    """Whether it is true or false, or a list with one of them."""
    parts = value if isinstance(value, (list, tuple)) else [value]
    return any(isinstance(part, bool) for part in parts)


def is_number(annotation: Any) -> bool:
    """Whether a key is a number, or a list of them."""
    kinds = set(leaves(annotation))
    return bool(kinds & {int, float}) and bool not in kinds


def leaves(annotation: Any) -> Iterator[Any]:
    """The types inside an annotation."""
    inner = get_args(annotation)
    if not inner:
        yield annotation
    for part in inner:
        yield from leaves(part)
