"""Every key of a config, written out from the config itself: a list, and the JSON Schema that editors read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from experiments.lab.config.config import Config
from experiments.lab.config.faults import section
from experiments.lab.config.reward import PROCESSES

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ConfigKey(NamedTuple):
    """One key of a config: where it stands, its default as TOML would write it, and what it means."""

    name: str
    default: str
    meaning: str


def config_keys() -> list[ConfigKey]:
    """Every key of the config, in the order of the file."""
    return list(_keys(Config, ""))


def json_schema() -> dict[str, Any]:
    """What a config file may hold, as JSON Schema (draft 2020-12); `base` names a file that it goes over."""
    schema = Config.model_json_schema()
    base = {"type": "string", "description": "a config file; what stands here goes over it"}
    schema["properties"] = {"base": base, **schema["properties"]}
    return {"$schema": DIALECT, **schema, "title": "a config of et-testbed"}


def _keys(model: type[BaseModel], prefix: str) -> Iterator[ConfigKey]:
    for name, field in model.model_fields.items():
        if name == "reward":
            yield from _reward_keys()
        elif (inner := section(field.annotation)) is not None:
            yield from _keys(inner, f"{prefix}{name}{'[]' if name == 'agents' else ''}.")
        else:
            yield ConfigKey(prefix + name, as_toml(field), field.description or "")


def _reward_keys() -> Iterator[ConfigKey]:
    yield ConfigKey("reward.process", '"mevboost_2026"', f"R_t: one of {', '.join(PROCESSES)}")
    for process, model in PROCESSES.items():
        for name, field in model.model_fields.items():
            if name != "process":
                yield ConfigKey(f"reward.{name}", as_toml(field), f"({process}) {field.description}")


def as_toml(field: Any) -> str:
    """A field's default."""
    default = field.get_default(call_default_factory=True)
    if default is PydanticUndefined:
        return "(needed)"
    if default is None:
        return "(left out)"
    if isinstance(default, bool):
        return str(default).lower()
    return f'"{default}"' if isinstance(default, str) else str(default)
