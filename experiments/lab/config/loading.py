"""Reading a config: a TOML file or a dict, overrides, and errors that say where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chain.home import expanded
from chain.wording import one_line, shown
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import faults_of
from experiments.lab.config.overrides import apply
from experiments.lab.config.toml_file import DEEPEST, is_too_deep, read_toml, refuse_base
from experiments.lab.config.without_numpy import without_numpy


def read_config(config: Config | Mapping[str, Any] | Path | str | None, overrides: Iterable[str] = ()) -> Config:
    """A checked config: from a file, a dict, or all defaults (None), with `key.path=value` overrides.

    Raises `InputError`.
    """
    source = str(config) if isinstance(config, (Path, str)) else "the config"
    data = as_data(config)
    for override in overrides:
        apply(data, override)
    return make_config(data, source)


def folder_of(config: Config | Mapping[str, Any] | Path | str | None, folder: Path | str | None = None) -> Path:
    """From where the paths in a config are looked up: the folder of its file, else `folder`, or where one is."""
    if isinstance(config, (Path, str)):
        return expanded(config).parent
    return Path() if folder is None else expanded(folder)


def as_data(config: Config | Mapping[str, Any] | Path | str | None) -> dict[str, Any]:
    """A config as plain data that may be changed. Raises `InputError`."""
    if isinstance(config, (Path, str)):
        return read_toml(expanded(config))
    if isinstance(config, Config):
        return config.model_dump(mode="json")
    if not isinstance(config, Mapping | None):
        raise InputError(f"the config is {shown(config)}; give a dict, a Config, or the path of a file")
    data = dict(config or {})
    refuse_base(data, "the config")
    if is_too_deep(data):
        raise InputError(f"the config: tables and lists lie more than {DEEPEST} deep; no key is as deep")
    plain: dict[str, Any] = without_numpy(deepcopy(data))
    return plain


def make_config(data: Mapping[str, Any], source: str) -> Config:
    """A checked config from plain data. Raises `InputError` for all that is wrong with it, a line for each key."""
    try:
        return Config.model_validate(data)
    except ValidationError as error:
        lines = [told_model()] if is_model(data) else faults_of(error, Config, data)
        raise InputError(*(f"{one_line(source)}: {line}" for line in lines)) from None


def is_model(data: object) -> bool:
    """Whether this is a file for `solve` and `simulate`."""
    return isinstance(data, Mapping) and isinstance(data.get("model"), Mapping)


def told_model() -> str:
    """What to do with one."""
    return "is a model; `et-testbed solve` and `et-testbed simulate` take it"
