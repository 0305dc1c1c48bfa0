"""Reading a config: a TOML file, overrides from the command line, and errors that say where."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from chain.home import expanded
from experiments.lab.config.agents import POPULATION
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.reward import Reward
from strategies.finding import near

PROCESSES = {kind.model_fields["process"].annotation.__args__[0]: kind for kind in get_args(get_args(Reward)[0])}


def read_config(config: Config | Mapping[str, Any] | Path | str | None, overrides: Iterable[str] = ()) -> Config:
    """A checked config: from a file, a dict, or all defaults (None), with `key.path=value` overrides.

    Raises `InputError`.
    """
    source = str(config) if isinstance(config, (Path, str)) else "the config"
    data = as_data(config)
    for override in overrides:
        apply(data, override)
    return make_config(data, source)


def folder_of(config: Config | Mapping[str, Any] | Path | str | None) -> Path:
    """From where the paths in a config are looked up: the folder of its file, or else where one is."""
    return expanded(config).parent if isinstance(config, (Path, str)) else Path()


def as_data(config: Config | Mapping[str, Any] | Path | str | None) -> dict[str, Any]:
    """A config as plain data that may be changed."""
    if isinstance(config, (Path, str)):
        return read_toml(expanded(config))
    if isinstance(config, Config):
        return config.model_dump(mode="json")
    return deepcopy(dict(config or {}))


def read_toml(path: Path) -> dict[str, Any]:
    """A TOML file as a dict, over that which its key `base` names, if any. Raises `InputError`."""
    data = parse_toml(path)
    base = data.pop("base", None)
    return data if base is None else merged(read_toml(path.parent / expanded(str(base))), data)


def merged(below: dict[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Two configs as one: where both have a table, key by key; else what is `above`."""
    both = {
        key: merged(below[key], value) if extends(value, below.get(key)) else value for key, value in above.items()
    }
    return below | both


def extends(above: Any, below: Any) -> bool:
    """Whether both are tables, and not of two processes, which have keys of their own."""
    if not isinstance(above, dict) or not isinstance(below, dict):
        return False
    return "process" not in above or above["process"] == below.get("process")


def parse_toml(path: Path) -> dict[str, Any]:
    """What one TOML file says. Raises `InputError`."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"{path}: no such file; `et-testbed init` writes a config to start from") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not TOML: {error}") from None


def make_config(data: Mapping[str, Any], source: str) -> Config:
    """A checked config from plain data. Raises `InputError` for the first thing that is wrong with it."""
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{source}: {describe(error)}") from None


def apply(data: dict[str, Any], override: str) -> None:
    """Set `a.b=value` in place; the value is read as TOML, or else as a plain word."""
    key, equals, text = override.partition("=")
    parts = [part.strip() for part in key.split(".")]
    if not equals or not all(parts):
        raise InputError(f"--set {override}: write it as key.path=value, e.g. --set chain.supply=33")
    if parts[0] == "agents" and "agents" not in data and len(parts) > 1:
        data["agents"] = deepcopy(list(POPULATION))
    table: Any = data
    for part in parts[:-1]:
        table = step(table, part, override)
    value = read_value(text.strip())
    if isinstance(table, list):
        table[position(table, parts[-1], override)] = value
    elif isinstance(table, dict):
        table[parts[-1]] = value
    else:
        raise InputError(f"--set {override}: {'.'.join(parts[:-1])} is a value, not a table")
    if parts == ["reward", "process"]:  # keys of another process would only be in the way
        keys = PROCESSES[value].model_fields if value in PROCESSES else {}
        data["reward"] = {name: old for name, old in table.items() if name in keys or name == "process"}


def step(table: Any, part: str, override: str) -> Any:
    """One step down a key path; a table that is not there yet is made."""
    if isinstance(table, list):
        return table[position(table, part, override)]
    if isinstance(table, dict):
        return table.setdefault(part, {})
    raise InputError(f"--set {override}: {part!r} lies under a value, not a table")


def position(table: list[Any], part: str, override: str) -> int:
    """An index into a list, e.g. of agents. Raises `InputError`."""
    if part.isdigit() and int(part) < len(table):
        return int(part)
    raise InputError(f"--set {override}: {part!r} is not one of 0 … {len(table) - 1}")


def read_value(text: str) -> Any:
    """`3` → 3, `true` → True, `[1, 2]` → a list, `lottery` → "lottery"."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def describe(error: ValidationError) -> str:
    """The first fault, in one line: the key, the value, what is wrong, and the near match of a wrong name."""
    fault = error.errors()[0]
    path = [str(part) for part in fault["loc"] if not is_tag(part, fault["loc"])]
    key = ".".join(path) or "config"
    if fault["type"] == "extra_forbidden":
        names = list(model_at(fault["loc"]).model_fields)
        return f"{key}: no such key{near(path[-1], names)}; there are {', '.join(names)}"
    if fault["type"] == "union_tag_invalid":
        return f"{key}.process: {fault['ctx']['tag']!r} is not one of {', '.join(PROCESSES)}"
    if fault["type"] == "union_tag_not_found":
        return f"{key}.process: missing; name one of {', '.join(PROCESSES)}"
    if fault["type"] == "value_error":
        return f"{key}: {fault['ctx']['error']}"
    if fault["type"] == "missing":
        return f"{key}: missing"
    message = fault["msg"][0].lower() + fault["msg"][1:]
    return f"{key}: {message}, not {fault['input']!r}"


def is_tag(part: object, path: tuple[int | str, ...]) -> bool:
    """Whether a part of pydantic's path is no key: the tag of a reward process, a branch of a union."""
    named = path[0] == "reward" and len(path) > 1 and part == path[1] and part in PROCESSES
    return named or (isinstance(part, str) and any(mark in part for mark in "[(-"))


def model_at(path: tuple[int | str, ...]) -> type[BaseModel]:
    """The section that the last key of a path was looked for in."""
    model: type[BaseModel] = Config
    for part in path[:-1]:
        if part in PROCESSES and model is Config:
            model = PROCESSES[str(part)]
        elif isinstance(part, str) and part in model.model_fields:
            model = section(model.model_fields[part].annotation) or model
    return model


def section(annotation: Any) -> type[BaseModel] | None:
    """The section inside an annotation, e.g. in `tuple[Agents, ...]` or `Phases | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    inner = [found for part in get_args(annotation) if (found := section(part)) is not None]
    return inner[0] if len(inner) == 1 else None
