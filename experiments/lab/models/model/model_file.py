"""Reading a model file, with errors that name the key and the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from chain.home import expanded
from chain.near_names import near
from chain.wording import shown
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import section, wanted_of
from experiments.lab.config.law_keys import OWN, OWN_FORM
from experiments.lab.config.refusals import Misfits
from experiments.lab.config.reward import PROCESSES as REWARDS
from experiments.lab.config.reward import OwnRewardKeys, is_own
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.config.toml_file import read_toml, refuse_base
from experiments.lab.config.without_numpy import without_numpy
from experiments.lab.models.model.model_laws import from_folder, has_law, make_process, own_costs_of
from experiments.lab.models.model.round_spec import SOLVED_REWARDS, VALUES, RoundFile, RoundModel
from experiments.lab.models.model.spec import COSTS, Model, ModelFile, OwnCostKeys
from strategies.finding import locate

TAGS: dict[str, Mapping[str, type[BaseModel]]] = {
    "cost": {**COSTS, OWN: OwnCostKeys},
    "reward": {**REWARDS, OWN: OwnRewardKeys},
    "value": VALUES,
}


AnyModel = TypeVar("AnyModel", Model, RoundModel)

TOLD_CONFIG = "is a config of runs; `et-testbed run` and `et-testbed sweep` take it"
START = "`et-testbed init --kind model` writes a model to start from"


@tells_arguments
def read_model(
    source: Model | RoundModel | Path | str | Mapping[str, Any], folder: Path | str | None = None
) -> Model | RoundModel:
    """A checked model from a TOML file or a dict of the same shape; a replayed file is found from its folder, of a
    dict from `folder`, and then from where one is. One that is read already stays as it is. Raises `InputError`.
    """
    if isinstance(source, (Model, RoundModel)):
        return source
    if isinstance(source, Mapping):
        refuse_base(source, "the model")
        return make_model(without_numpy(source), "the model", Path() if folder is None else expanded(folder))
    file = expanded(source)
    return make_model(read_toml(file, START), str(source), file.parent)


def read_ticket_model(source: Model | Path | str | Mapping[str, Any], folder: Path | str | None = None) -> Model:
    """The same of a ticket. Raises `InputError`, also for a round."""
    model = read_model(source, folder)
    if isinstance(model, RoundModel):
        raise InputError('model.exercise: "round" has no block of a sale to choose; solve and simulate take it')
    return model


def make_model(data: Mapping[str, Any], name: str, folder: Path) -> Model | RoundModel:
    """A checked model from plain data. Raises `InputError`, with a line for each key that is no good."""
    shape = file_shape(data)
    try:
        model = shape.model_validate(data).model
    except ValidationError as error:
        lines = told_place(data) or faults_of_keys(error, shape)
        raise InputError(*(f"{name}: {line}" for line in lines)) from None
    if isinstance(model, RoundModel):
        return checked_round(found_from(model, folder), name)
    return checked_ticket(found_from(model, folder), name)


def file_shape(data: Mapping[str, Any]) -> type[ModelFile] | type[RoundFile]:
    """What a file of this exercise has."""
    table = data.get("model")
    if isinstance(table, Mapping) and table.get("exercise") == "round":
        return RoundFile
    return ModelFile


def checked_round(model: RoundModel, name: str) -> RoundModel:
    """The model, if the theory has its laws. Raises `InputError`."""
    if model.reward is None:
        return model
    try:
        process = make_process(model)
    except ValueError as error:
        raise InputError(f"{name}: {told_of_law(error, 'model.reward: ')}") from None
    if not has_law(process):
        raise InputError(
            f'{name}: model.reward: process = "{model.reward.process}" has no law in closed form; use one of '
            f"{', '.join(SOLVED_REWARDS)}"
        )
    check_own_costs(model, name)
    return model


def checked_ticket(model: Model, name: str) -> Model:
    """The model, if its laws are good. Raises `InputError`."""
    try:
        make_process(model)
    except ValueError as error:
        raise InputError(f"{name}: {told_of_law(error, 'model.reward: ')}") from None
    check_own_costs(model, name)
    return model


def found_from(model: AnyModel, folder: Path) -> AnyModel:
    """The model with its files as they are found from anywhere."""
    reward = model.reward
    if reward is not None and is_own(reward):
        model = with_key(model, "reward", "process", from_folder(reward.process, folder))
    elif reward is not None and "file" in reward.taken:
        model = with_key(model, "reward", "file", str(locate(reward.file, folder)))
    if isinstance(model.cost, OwnCostKeys):
        model = with_key(model, "cost", "distribution", from_folder(model.cost.distribution, folder))
    return model


def with_key(model: AnyModel, table: str, key: str, value: str) -> AnyModel:
    """The model with another value of a key."""
    return model.model_copy(update={table: getattr(model, table).model_copy(update={key: value})})


def check_own_costs(model: Model | RoundModel, name: str) -> None:
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


def faults_of_keys(error: ValidationError, shape: type[BaseModel]) -> list[str]:
    """A line for each key that is no good; one that is missing is not told where another is likely to mean it."""
    found: dict[tuple[str, ...], list[ErrorDetails]] = {}
    for fault in error.errors():
        found.setdefault(keys_of(fault["loc"]), []).append(fault)
    extra = [keys for keys, faults in found.items() if faults[0]["type"] == "extra_forbidden"]
    meant = [
        keys for keys in found if any(keys[:-1] == other[:-1] and near(other[-1], keys[-1:]) for other in extra)
    ]
    told = [keys for keys in found if keys in extra or keys not in meant or found[keys][0]["type"] != "missing"]
    return [line for keys in told for line in describe(keys, found[keys], shape)]


def keys_of(loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The way to a fault, without parts of pydantic's own."""
    return tuple(str(part) for place, part in enumerate(loc) if not is_branch(loc, place))


def describe(path: Sequence[str], faults: Sequence[ErrorDetails], shape: type[BaseModel]) -> list[str]:
    """What is wrong with one key: the key, the value, what is wrong, and the near match of a wrong name."""
    fault = faults[0]
    key = ".".join(path) or "the file"
    if fault["type"] == "extra_forbidden":
        names = list(table_at(fault["loc"], shape).model_fields)
        return [f"{key}: no such key{near(path[-1], names)}; there are {', '.join(names)}"]
    if fault["type"] in ("union_tag_invalid", "union_tag_not_found"):
        tag = fault["ctx"]["discriminator"].removesuffix("()").strip("'")
        return [f"{key}.{tag}: {wrong_tag(fault['ctx'], path[-1])}"]
    if fault["type"] == "value_error":
        why = fault["ctx"]["error"]
        return [f"{key}: {message}" for message in (why.args if isinstance(why, Misfits) else [why])]
    if fault["type"] == "missing":
        return [f"{key}: missing{wanted_of(table_at(fault['loc'], shape), path[-1])}"]
    choices = [other["ctx"]["expected"] for other in faults if is_choice(other, fault["loc"])]
    message = fault["msg"][0].lower() + fault["msg"][1:] + "".join(f", or {choice}" for choice in choices)
    return [f"{key}: {message}, not {shown(fault['input'])}"]


def wrong_tag(context: Mapping[str, Any], table: str) -> str:
    """What is said of the name of a law that is missing or that there is not."""
    names = [name for name in TAGS[table] if name != OWN]
    if "tag" not in context:
        return f"missing; name one of {', '.join(names)}"
    tag = context["tag"]
    own = f"; {OWN_FORM}" if OWN in TAGS[table] else ""
    return f"{shown(tag)} is not one of {', '.join(names)}{near(tag, names)}{own}"


def is_choice(other: Mapping[str, Any], place: tuple[int | str, ...]) -> bool:
    """Whether a fault is that of the other branch of `a number or one of these words`."""
    return bool(other["type"] == "literal_error" and other["loc"][:-1] == place[:-1] and other["loc"] != place)


def is_branch(loc: tuple[int | str, ...], place: int) -> bool:
    """Whether a part of pydantic's path is no key: the tag of a law, a branch of a union."""
    part = str(loc[place])
    return (place > 0 and part in TAGS.get(str(loc[place - 1]), ())) or any(mark in part for mark in "[(-")


def table_at(loc: tuple[int | str, ...], shape: type[BaseModel]) -> type[BaseModel]:
    """The table that the last key of a path was looked for in."""
    table = shape
    for before, part in zip(("", *loc), loc[:-1], strict=False):
        if str(part) in TAGS.get(str(before), ()):
            table = TAGS[str(before)][str(part)]
        elif str(part) in table.model_fields:
            table = section(table.model_fields[str(part)].annotation) or table
    return table


def told_place(data: Mapping[str, Any]) -> list[str]:
    """What to do with the keys of a model that do not stand under [model], or with a config of runs."""
    there = {*Model.model_fields, *RoundModel.model_fields}
    beside = [key for key in data if key in there]
    runs = [key for key in data if key in Config.model_fields]
    if "model" not in data and (set(runs) - there or (runs and set(beside) <= set(runs))):
        return [TOLD_CONFIG]
    return [f"put these under [model]: {', '.join(beside)}"] if beside else []
