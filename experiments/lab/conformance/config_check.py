"""A check of a config before it is run: whether `run` takes it, all its values, and what it will take."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from chain.held_folder import HeldFolder
from chain.wording import one_line
from experiments.lab.assembly.assembly import assemble, begin_isolated
from experiments.lab.assembly.box import open_box
from experiments.lab.assembly.every_fault import read_whole, telling_all
from experiments.lab.assembly.run_warnings import run_warnings
from experiments.lab.config.config import Config
from experiments.lab.config.effort import Effort, effort_of
from experiments.lab.config.loading import as_data, folder_of
from experiments.lab.config.market import Structure
from experiments.lab.config.overrides import apply


class ConfigReport(NamedTuple):
    """What a config says, key by key as `run` reads it, which of the keys are left to their defaults, what it will
    take, and what a run of it warns of. Its text is short; `toml_lines` has the values."""

    name: str
    values: dict[str, Any]
    defaults: frozenset[str]
    effort: Effort
    warnings: tuple[str, ...]

    def __str__(self) -> str:
        warned = (f"warning: {told}" for told in self.warnings)
        verdict = f"{one_line(self.name)}: valid; nothing was played"
        return "\n".join([verdict, *warned, *self.effort.lines(), self.about_values])

    @property
    def about_values(self) -> str:
        """How many there are, and how to see them."""
        given = len(self.values) - len(self.defaults)
        return f"{given} of {len(self.values)} values are set, the others are defaults; --values prints them all"

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        defaults = sorted(self.defaults)
        effort = self.effort._asdict()
        return {
            "config": self.name,
            "valid": True,
            "expected": effort,
            "values": self.values,
            "defaults": defaults,
            "warnings": list(self.warnings),
        }


def check_config(source: Path | Config | Mapping[str, Any], overrides: Sequence[str] = ()) -> ConfigReport:
    """Put a config together as a run does, in all its structures, and play nothing: in a folder that holds of the
    user's own files what a run would take along, and no others.

    Executes strategies and rules of the user's own: they are loaded, made and told the rules. Raises `InputError`
    where `run` does.
    """
    config = read_whole(source, overrides)
    folder = folder_of(source)
    with open_box(folder) as box, telling_all(config, folder):
        packed = box.pack(config)
        told = [warnings_of(packed, structure, box.place) for structure in config.market.structures]
    warnings = tuple(dict.fromkeys(chain(*told)))
    values = dict(flat(config.model_dump(mode="json"), ""))
    data = as_data(source)
    for override in overrides:
        apply(data, override)
    given = dict(flat(data, ""))
    name = str(source) if isinstance(source, Path) else "the config"
    return ConfigReport(name, values, frozenset(values) - frozenset(given), effort_of(config), warnings)


def warnings_of(config: Config, structure: Structure, folder: Path) -> list[str]:
    """Put one structure together, and take it apart again. Returns what a run of it warns of."""
    with HeldFolder() as tables:
        engine = assemble(config, structure, tables, folder, "off", strict=False)
        try:
            begin_isolated(engine)
            return list(run_warnings(engine))
        finally:
            for agent in engine.agents.values():
                agent.close()


def flat(data: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, Any]]:
    """The values of a config by their keys with dots; a group of agents is `agents.0`, and its parameters are one
    value."""
    for key, value in data.items():
        name = f"{prefix}{key}"
        if name == "agents":
            for number, group in enumerate(value):
                yield from ((f"agents.{number}.{field}", item) for field, item in group.items())
        elif isinstance(value, Mapping):
            yield from flat(value, f"{name}.")
        else:
            yield name, value


def toml_lines(values: Mapping[str, Any], defaults: frozenset[str]) -> Iterator[str]:
    """All values by their keys as `--set` takes them, those of `defaults` marked."""
    for name, value in values.items():
        mark = "  # default" if name in defaults else ""
        if value is None:
            yield f"# {name}: left out"
        else:
            yield f"{name} = {toml(value)}{mark}"


def toml(value: Any) -> str:
    """One value as TOML writes it."""
    if isinstance(value, Mapping):
        inner = ", ".join(f"{key} = {toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
