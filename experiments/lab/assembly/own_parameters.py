"""What a function or class of the user's own takes, as a model that checks it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_type_hints

from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model, model_validator

from chain.near_names import near
from chain.wording import one_line, told
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import faults_of
from experiments.lab.config.section import numbers_are_numbers


class Parameters(BaseModel):
    """What it takes, checked."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def holds_numbers(cls, data: Any) -> Any:
        return numbers_are_numbers(cls, data)


def taken_by(function: Callable[..., Any], name: str, beside: int) -> type[Parameters]:
    """The parameters of a function but for the first ones, of which there are `beside`."""
    hints = get_type_hints(function)
    fields: dict[str, Any] = {
        name: (hints.get(name, Any), Field(... if parameter.default is parameter.empty else parameter.default))
        for name, parameter in list(inspect.signature(function).parameters.items())[beside:]
        if parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
    }
    return create_model(name, __base__=Parameters, **fields)


def checked_parameters(
    function: Callable[..., Any], given: Mapping[str, Any], key: str, name: str, beside: int
) -> dict[str, Any]:
    """What the config gives of them in its table `key`, in the types that the function states, and its defaults.
    Raises `InputError`."""
    try:
        model = taken_by(function, name, beside)
    except Exception as error:  # annotations of the user's own
        raise InputError(f"{key}: the parameters of {name} cannot be read: {told(error)}") from error
    faults = unknown(given, model.model_fields, key)
    own = {name: value for name, value in given.items() if name in model.model_fields}
    try:
        values = model.model_validate(own)
    except ValidationError as error:
        raise InputError(*faults, *faults_of(error, model, own, key)) from None
    if faults:
        raise InputError(*faults)
    return {name: getattr(values, name) for name in model.model_fields}


def unknown(given: Iterable[str], known: Iterable[str], key: str) -> list[str]:
    """A line for each parameter that there is not."""
    there = sorted(known)
    return [
        f"{key}.{one_line(name)}: no such parameter{near(name, there)}; there are {', '.join(there) or 'none'}"
        for name in given
        if name not in there
    ]
