"""All that is wrong with a config in one round: its keys, and what they name, group by group and rule by rule.

What a key names is looked up where the keys can be read; that loads files of the user's own, as a run does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from chain.randomness import Streams
from experiments.lab.assembly.cost_paths import make_cost_law
from experiments.lab.assembly.no_way_out import no_way_out
from experiments.lab.assembly.own_rules import own_rules
from experiments.lab.assembly.primary_reserve import make_reserves
from experiments.lab.assembly.primary_rule import make_pricing
from experiments.lab.assembly.rewards import make_process
from experiments.lab.assembly.rules import make_rules
from experiments.lab.assembly.sale_formats import make_formats
from experiments.lab.assembly.seats import find_classes, make_seats, make_strategies
from experiments.lab.config.agents import Agents
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import as_data, folder_of, is_model, read_config
from experiments.lab.config.overrides import apply
from experiments.lab.config.reward import is_own

M = TypeVar("M", bound=BaseModel)
Source = Config | Mapping[str, Any] | Path | str | None


def read_whole(config: Source, overrides: Iterable[str] = ()) -> Config:
    """A checked config, as `read_config` reads it. Raises `InputError` for all that is wrong with its keys, and
    with what the others name."""
    overrides = list(overrides)
    try:
        return read_config(config, overrides)
    except InputError as error:
        raise InputError(*with_others(error.args, named_in(config, overrides))) from None


@contextmanager
def telling_all(config: Config, folder: Path) -> Iterator[None]:
    """Where a config is put together within. What that is refused for is told with all else that is wrong with
    what it names. Raises `InputError`."""
    try:
        yield
    except InputError as error:
        raise InputError(*with_others(error.args, faults_of_parts(config, folder))) from error.__cause__


def with_others(lines: Sequence[str], others: Iterable[str]) -> list[str]:
    """Lines, and those of others that are about further keys, one for each."""
    found = list(lines)
    known = {line.partition(": ")[0] for line in lines}
    for line in others:
        key = line.partition(": ")[0]
        if key not in known:
            known.add(key)
            found.append(line)
    return found


@no_way_out()
def named_in(config: Source, overrides: Iterable[str]) -> list[str]:
    """What is wrong with what a config names whose keys are at fault; nothing where it cannot be read at all."""
    try:
        data = as_data(config)
        for override in overrides:
            apply(data, override)
    except InputError:
        return []
    if is_model(data):
        return []
    folder = folder_of(config)
    return [*faults_of_groups(data, folder), *faults_of_sections(data, folder)]


def faults_of_groups(data: Mapping[str, Any], folder: Path) -> Iterator[str]:
    """A line for each fault of what the groups of agents name; none where any are isolated."""
    groups = data.get("agents")
    if "isolation" in data or not isinstance(groups, (list, tuple)):
        return
    for index, group in enumerate(groups):
        readable = readable_group(group)
        if readable is not None:
            yield from told(lambda at=f"agents.{index}", who=readable: play(who, at, folder))  # type: ignore[misc]


def play(group: Agents, key: str, folder: Path) -> object:
    """Make the strategies of a group. Raises `InputError`."""
    return make_strategies(find_classes(group, key, folder), group.parameters, key)


def readable_group(group: object) -> Agents | None:
    """A group without the keys that are at fault; None where the strategy is."""
    if not isinstance(group, Mapping):
        return None
    return readable_part(Agents, group)


def faults_of_sections(data: Mapping[str, Any], folder: Path) -> list[str]:
    """The same for rules and laws, as far as the rest can be read without the keys that are at fault."""
    rest = readable_part(Config, {key: value for key, value in data.items() if key != "agents"})
    return [] if rest is None else faults_of_rules(rest, folder)


def readable_part(model: type[M], data: Mapping[str, Any]) -> M | None:
    """What a table says without those of its keys that are at fault; None where the rest makes no sense either."""
    left = deepcopy(dict(data))
    try:
        return model.model_validate(left)
    except ValidationError as error:
        for fault in error.errors(include_url=False):
            drop(left, fault["loc"])
    try:
        return model.model_validate(left)
    except ValidationError:
        return None


def drop(table: dict[str, Any], way: Sequence[int | str]) -> None:
    """Take the last key out to which a way leads through tables."""
    for key in way:
        inner = table.get(key) if isinstance(key, str) else None
        if not isinstance(inner, dict) or key == way[-1]:
            table.pop(str(key), None)
            return
        table = inner


@no_way_out()
def faults_of_parts(config: Config, folder: Path) -> list[str]:
    """What is wrong with what a valid config names: its strategies, rules and laws, each looked at by itself."""
    return [*told(lambda: make_seats(config, folder)), *faults_of_rules(config, folder)]


def faults_of_rules(config: Config, folder: Path) -> list[str]:
    """The same without its strategies."""
    streams = Streams(config.seed)
    makers: list[Callable[[], object]] = [
        lambda: make_rules(config.chain, folder),
        lambda: own_rules(config, folder),
        lambda: make_pricing(config, folder, streams, make_formats(config.market, folder)),
        lambda: make_reserves(config, folder, streams),
        lambda: make_process(config, folder),
        lambda: make_cost_law(config.cost, folder),
    ]
    return [line for make in makers for line in told(make)]


@no_way_out()
def faults_of_own(config: Config, folder: Path) -> list[str]:
    """What is wrong with rules and laws of the user's own, their parameters too; others are told by the config."""
    market = config.market
    own = (market.has_own_primary, market.reserve.is_own, is_own(config.reward), config.cost.is_own)
    return faults_of_rules(config, folder) if any(own) else []


def told(make: Callable[[], object]) -> list[str]:
    """What is said where something cannot be made."""
    try:
        make()
    except InputError as error:
        return [str(line) for line in error.args]
    return []
