"""Reading a model file, with errors that name the key and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from chain.home import expanded
from chain.near_names import near
from chain.rewards import PROCESSES, RewardProcess
from chain.wording import shown
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import section
from experiments.lab.config.reward import PROCESSES as REWARDS
from experiments.lab.config.toml_file import read_toml
from experiments.lab.models.model.spec import COSTS, Model, ModelFile
from strategies.finding import locate

TAGS: dict[str, Mapping[str, type[BaseModel]]] = {"cost": COSTS, "reward": REWARDS}


TOLD_CONFIG = "is a config of runs; `et-testbed run` and `et-testbed sweep` take it"


def read_model(source: Model | Path | str | Mapping[str, Any]) -> Model:
    """A checked model from a TOML file or a dict of the same shape; a replayed file is found from its folder. One
    that is read already stays as it is. Raises `InputError`.
    """
    if isinstance(source, Model):
        return source
    if isinstance(source, Mapping):
        return make_model(source, "the model", Path())
    file = expanded(source)
    return make_model(read_toml(file), str(source), file.parent)


def make_model(data: Mapping[str, Any], name: str, folder: Path) -> Model:
    """A checked model from plain data. Raises `InputError` for the first thing that is wrong with it."""
    try:
        model = ModelFile.model_validate(data).model
    except ValidationError as error:
        raise InputError(f"{name}: {TOLD_CONFIG if is_config(data) else describe(error)}") from None
    if model.reward.process == "replay":
        found = model.reward.model_copy(update={"file": str(locate(model.reward.file, folder))})
        model = model.model_copy(update={"reward": found})
    try:
        make_process(model)
    except ValueError as error:
        raise InputError(f"{name}: model.reward: {error}") from None
    return model


def make_process(model: Model) -> RewardProcess:
    """The reward process. Raises `ValueError` for parameters or a file that are no good."""
    return PROCESSES[model.reward.process](**model.reward.model_dump(exclude={"process"}))


def describe(error: ValidationError) -> str:
    """The first fault, in one line: the key, the value, what is wrong, and the near match of a wrong name.

    A key that there is not goes first: the one that is missing is likely to be meant by it.
    """
    faults = error.errors()
    fault = next((fault for fault in faults if fault["type"] == "extra_forbidden"), faults[0])
    path = [str(part) for place, part in enumerate(fault["loc"]) if not is_branch(fault["loc"], place)]
    key = ".".join(path) or "the file"
    if fault["type"] == "extra_forbidden":
        names = list(table_at(fault["loc"]).model_fields)
        return f"{key}: no such key{near(path[-1], names)}; there are {', '.join(names)}"
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        return f"{key}.{fault['ctx']['discriminator'][1:-1]}: {wrong_tag(fault['ctx'], list(TAGS[path[-1]]))}"
    if fault["type"] == "value_error":
        return f"{key}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{key}: missing"
    choices = [other["ctx"]["expected"] for other in faults if is_choice(other, fault["loc"])]
    message = fault["msg"][0].lower() + fault["msg"][1:] + "".join(f", or {choice}" for choice in choices)
    return f"{key}: {message}, not {shown(fault['input'])}"


def wrong_tag(context: Mapping[str, Any], names: list[str]) -> str:
    """What is said of the name of a law that is missing or that there is not."""
    if "tag" not in context:
        return f"missing; name one of {', '.join(names)}"
    tag = context["tag"]
    return f"{shown(tag)} is not one of {', '.join(names)}{near(tag, names)}"


def is_choice(other: Mapping[str, Any], place: tuple[int | str, ...]) -> bool:
    """Whether a fault is that of the other branch of `a number or one of these words`."""
    return bool(other["type"] == "literal_error" and other["loc"][:-1] == place[:-1] and other["loc"] != place)


def is_branch(loc: tuple[int | str, ...], place: int) -> bool:
    """Whether a part of pydantic's path is no key: the tag of a law, a branch of a union."""
    part = str(loc[place])
    return (place > 0 and part in TAGS.get(str(loc[place - 1]), ())) or any(mark in part for mark in "[(-")


def table_at(loc: tuple[int | str, ...]) -> type[BaseModel]:
    """The table that the last key of a path was looked for in."""
    table: type[BaseModel] = ModelFile
    for before, part in zip(("", *loc), loc[:-1], strict=False):
        if str(part) in TAGS.get(str(before), ()):
            table = TAGS[str(before)][str(part)]
        elif str(part) in table.model_fields:
            table = section(table.model_fields[str(part)].annotation) or table
    return table


def is_config(data: Mapping[str, Any]) -> bool:
    """Whether this is a file for `run` and `sweep`."""
    return "model" not in data and any(key in data for key in Config.model_fields)
