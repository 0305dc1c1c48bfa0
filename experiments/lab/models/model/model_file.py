"""Reading a model file, with errors that name the key and the reason."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from chain.home import expanded
from chain.near_names import near
from chain.wording import shown
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import section
from experiments.lab.config.law_keys import OWN, OWN_FORM
from experiments.lab.config.reward import PROCESSES as REWARDS
from experiments.lab.config.reward import OwnRewardKeys, is_own
from experiments.lab.config.toml_file import read_toml
from experiments.lab.models.model.model_laws import from_folder, make_process, own_costs_of
from experiments.lab.models.model.spec import COSTS, Model, ModelFile, OwnCostKeys
from strategies.finding import locate

TAGS: dict[str, Mapping[str, type[BaseModel]]] = {
    "cost": {**COSTS, OWN: OwnCostKeys},
    "reward": {**REWARDS, OWN: OwnRewardKeys},
}


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
    model = found_from(model, folder)
    try:
        make_process(model)
    except ValueError as error:
        raise InputError(f"{name}: {told_of_law(error, 'model.reward: ')}") from None
    check_own_costs(model, name)
    return model


def found_from(model: Model, folder: Path) -> Model:
    """The model with its files as they are found from anywhere."""
    if "file" in model.reward.taken and not is_own(model.reward):
        model = with_key(model, "reward", "file", str(locate(model.reward.file, folder)))
    if is_own(model.reward):
        model = with_key(model, "reward", "process", from_folder(model.reward.process, folder))
    if isinstance(model.cost, OwnCostKeys):
        model = with_key(model, "cost", "distribution", from_folder(model.cost.distribution, folder))
    return model


def with_key(model: Model, table: str, key: str, value: str) -> Model:
    """The model with another value of a key."""
    return model.model_copy(update={table: getattr(model, table).model_copy(update={key: value})})


def check_own_costs(model: Model, name: str) -> None:
    """Raises `InputError` where a law of costs of the user's own is no good, or has no answer to what is asked."""
    if not isinstance(model.cost, OwnCostKeys):
        return
    try:
        known = own_costs_of(model.cost).known
        model.refuse_atoms(model.atoms(known.atoms_gwei))
        model.refuse_draws(is_simulated=known.is_simulated)
    except ValueError as error:
        raise InputError(f"{name}: {told_of_law(error, 'model: ')}") from None


def told_of_law(error: ValueError, key: str) -> str:
    """What is wrong with a law; what is said of the user's own says already where."""
    text = str(error)
    return text if text.startswith("model.") or isinstance(error, InputError) else f"{key}{text}"


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
        return f"{key}.{fault['ctx']['discriminator'].removesuffix('()')}: {wrong_tag(fault['ctx'], path[-1])}"
    if fault["type"] == "value_error":
        return f"{key}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{key}: missing"
    choices = [other["ctx"]["expected"] for other in faults if is_choice(other, fault["loc"])]
    message = fault["msg"][0].lower() + fault["msg"][1:] + "".join(f", or {choice}" for choice in choices)
    return f"{key}: {message}, not {shown(fault['input'])}"


def wrong_tag(context: Mapping[str, Any], table: str) -> str:
    """What is said of the name of a law that is missing or that there is not."""
    names = [name for name in TAGS[table] if name != OWN]
    if "tag" not in context:
        return f"missing; name one of {', '.join(names)}"
    tag = context["tag"]
    return f"{shown(tag)} is not one of {', '.join(names)}{near(tag, names)}; {OWN_FORM}"


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
