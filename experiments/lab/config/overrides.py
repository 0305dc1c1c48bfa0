"""`key.path=value`: one key of a config set in another way."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from copy import deepcopy
from typing import Any

from chain.wording import one_line
from experiments.lab.config.agents import POPULATION
from experiments.lab.config.errors import InputError
from experiments.lab.config.reward import PROCESSES
from experiments.lab.config.toml_file import DEEPEST, is_too_deep, parse


def apply(data: dict[str, Any], override: str) -> None:
    """Set `a.b=value` in place; the value is read as TOML, or else as a plain word. Raises `InputError`."""
    key, equals, text = override.partition("=")
    parts = [part.strip() for part in key.split(".")]
    if not equals or not all(parts):
        raise refused(override, "write it as key.path=value, e.g. --set chain.supply=33")
    try:
        value = read_value(text.strip())
    except InputError as error:
        raise refused(override, str(error)) from None
    if len(parts) > DEEPEST or is_too_deep(value):
        raise refused(override, f"no key lies more than {DEEPEST} tables deep")
    if parts[0] == "agents" and "agents" not in data and len(parts) > 1:
        data["agents"] = deepcopy(list(POPULATION))
    table = table_of(data, parts, override)
    if isinstance(table, list):
        table[position(table, parts[-1], override)] = value
    else:
        table[parts[-1]] = value
    if parts == ["reward", "process"]:
        keep_keys_of(data, value)


def table_of(data: dict[str, Any], parts: list[str], override: str) -> Any:
    """The table or list that holds the last key. Raises `InputError`."""
    table: Any = data
    for part in parts[:-1]:
        table = step(table, part, override)
    if not isinstance(table, (dict, list)):
        raise refused(override, f"{one_line('.'.join(parts[:-1]))} is a value, not a table")
    return table


def step(table: Any, part: str, override: str) -> Any:
    """One step down a key path; a table that is not there yet is made."""
    if isinstance(table, list):
        return table[position(table, part, override)]
    if isinstance(table, dict):
        return table.setdefault(part, {})
    raise refused(override, f"{one_line(repr(part))} lies under a value, not a table")


def position(table: list[Any], part: str, override: str) -> int:
    """An index into a list, e.g. of agents. Raises `InputError`."""
    if not table:
        raise refused(override, "the list is empty")
    if part.isdecimal() and len(part) < 10 and int(part) < len(table):
        return int(part)
    raise refused(override, f"{one_line(repr(part))} is not one of 0 … {len(table) - 1}")


def keep_keys_of(data: dict[str, Any], process: Any) -> None:
    """Keys of another reward process would only be in the way."""
    keys: Collection[str] = ()
    if isinstance(process, str) and process in PROCESSES:
        keys = PROCESSES[process].model_fields
    data["reward"] = {name: old for name, old in data["reward"].items() if name in keys or name == "process"}


def read_value(text: str) -> Any:
    """`3` → 3, `true` → True, `[1, 2]` → a list, `lottery` → "lottery"."""
    try:
        table = parse(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    except ValueError as error:
        raise InputError(f"{one_line(text)} cannot be read: {one_line(str(error))}") from None
    return table["value"] if len(table) == 1 else text


def refused(override: str, why: str) -> InputError:
    """What is wrong with an override."""
    return InputError(f"--set {one_line(override)}: {why}")


def read_parameters(options: Iterable[str]) -> dict[str, Any]:
    """`["margin=0.1"]` as a dict: the parameters of one strategy. Raises `InputError`."""
    found: dict[str, Any] = {}
    for option in options:
        key, equals, text = option.partition("=")
        if not equals or not key.strip():
            raise InputError(f"--set {option}: write it as name=value, e.g. --set margin=0.02")
        found[key.strip()] = read_value(text.strip())
    return found
