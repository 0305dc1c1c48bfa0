"""Who sits where: the agents of a config, one by one, with their strategies.

Seats are numbered from 1 in the order of the config (0 is the protocol). All randomness of an agent hangs on its
seat, so that a changed strategy leaves everyone else's draws as they were.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError, create_model

from chain.account import PROTOCOL, Account, derive_accounts
from chain.interruption import is_interruption
from chain.randomness import Streams
from chain.wording import one_line, shown, told
from experiments.lab.assembly.isolation.stand_ins import stand_ins
from experiments.lab.assembly.keys import open_key
from experiments.lab.assembly.own_parameters import Parameters, taken_by, unknown
from experiments.lab.config.agents import Agents
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import faults_of
from strategies.base import Strategy, roles_line
from strategies.finding import find_strategy, locate, snake


class Seat(NamedTuple):
    """One agent of a config. `strategies` gives the class of each of its roles."""

    number: int
    name: str
    group: Agents
    strategies: dict[str, type[Strategy]]

    @property
    def can_build(self) -> bool:
        """Whether it has a cost θ and can exploit a block."""
        if self.group.can_build is not None:
            return self.group.can_build
        return "buyer" in self.strategies or "builder" in self.strategies


def make_seats(config: Config, folder: Path) -> list[Seat]:
    """All seats of a config; paths of strategies are looked up from `folder`. Raises `InputError`."""
    seats: list[Seat] = []
    faults: list[str] = []
    for index, group in enumerate(config.agents):
        try:
            seats += seats_of(config, group, f"agents.{index}", folder, first=len(seats) + 1)
        except InputError as error:
            faults += error.args
    if faults:
        raise InputError(*faults)
    return seats


def seats_of(config: Config, group: Agents, key: str, folder: Path, first: int) -> list[Seat]:
    """The seats of one group, from number `first` on. Raises `InputError`."""
    if config.isolation.covers(group):
        kinds = stand_ins(group, key, folder)
    else:
        kinds = find_classes(group, key, folder)
        make_strategies(kinds, group.parameters, key)
    label = snake(next(iter(kinds.values())).__name__)
    numbers = range(first, first + group.count)
    return [Seat(number, f"{label}-{number}", group, kinds) for number in numbers]


def find_classes(group: Agents, key: str, folder: Path) -> dict[str, type[Strategy]]:
    """The strategy class for each role of a group. Raises `InputError`."""
    if isinstance(group.strategy, dict):
        wanted: list[tuple[str | None, str]] = list(group.strategy.items())
    else:
        roles = (group.role,) if isinstance(group.role, str) else group.role or (None,)
        wanted = [(role, group.strategy) for role in roles]
    found: dict[str, type[Strategy]] = {}
    for role, name in wanted:
        try:
            kind = find_strategy(name, role, folder)
        except ValueError as error:
            raise InputError(f"{key}.strategy: {error}") from None
        if role is not None and role not in kind.roles:
            both = f"a class that plays both says {roles_line({*kind.roles, role})}"
            plays = " and ".join(sorted(kind.roles))
            raise InputError(f"{key}.role: {shown(name)} plays {plays}, not {role}; {both}")
        found.update(dict.fromkeys([role] if role else sorted(kind.roles), kind))
    return found


def make_strategies(kinds: dict[str, type[Strategy]], given: dict[str, Any], key: str) -> dict[str, Strategy]:
    """One strategy for each role; a class that serves in several roles is one and the same there.

    Every class gets those of the parameters that it knows. Raises `InputError` for one that none knows.
    """
    models = {kind: checked_model(kind, key) for kind in kinds.values()}
    known = {name for model in models.values() for name in model.model_fields}
    if faults := unknown(given, known, f"{key}.parameters"):
        who = " and ".join(dict.fromkeys(kind.__name__ for kind in models))
        raise InputError(*(f"{fault} for {who}" for fault in faults), *wrong_values(models.values(), given, key))
    made = {kind: make_strategy(kind, model, given, key) for kind, model in models.items()}
    return {role: made[kind] for role, kind in kinds.items()}


def wrong_values(models: Iterable[Any], given: dict[str, Any], key: str) -> list[str]:
    """A line for each parameter whose value is not of its kind."""
    found = []
    for model in models:
        own = {name: value for name, value in given.items() if name in model.model_fields}
        try:
            model.model_validate(own)
        except ValidationError as error:
            found += [f"{key}.parameters.{line}" for line in faults_of(error, model, own)]
    return list(dict.fromkeys(found))


def make_strategy(kind: type[Strategy], model: Any, given: dict[str, Any], key: str) -> Strategy:
    """A strategy with checked parameters. Raises `InputError`."""
    own = {name: value for name, value in given.items() if name in model.model_fields}
    try:
        values = model.model_validate(own)
        return kind(**{name: getattr(values, name) for name in model.model_fields})
    except ValidationError as error:
        raise InputError(*(f"{key}.parameters.{line}" for line in faults_of(error, model, own))) from None
    except ValueError as error:
        raise InputError(f"{key}.parameters: {one_line(str(error))}") from None
    except BaseException as error:  # a strategy may raise anything
        if is_interruption(error):
            raise
        from strategies.testing.contract_check import too_early  # a run that begins need not load it

        raise InputError(
            f"{key}.strategy: {kind.__name__} cannot be made: {told(error)}{too_early(error)}"
        ) from error


def checked_model(kind: type[Strategy], key: str) -> Any:
    """The parameters of a strategy as a model. Raises `InputError` for annotations that make no sense."""
    try:
        return parameters_of(kind)
    except Exception as error:  # annotations of the user's own
        name = kind.__name__
        raise InputError(f"{key}.strategy: the parameters of {name} cannot be read: {told(error)}") from error


def parameters_of(kind: type[Strategy]) -> Any:
    """The parameters that a strategy's constructor takes, as a pydantic model."""
    return _made_once(kind)  # type: ignore[arg-type]  # a class is hashable, whatever its instances are


@lru_cache(maxsize=256)
def _made_once(kind: type[Strategy]) -> Any:
    if kind.__init__ is object.__init__:
        return create_model(kind.__name__, __base__=Parameters)
    return taken_by(kind.__init__, kind.__name__, beside=1)


def make_accounts(seats: Sequence[Seat], streams: Streams, folder: Path) -> list[Account]:
    """The protocol's account and one for each seat, with derived keys or the user's own."""
    accounts = derive_accounts(streams, [seat.name for seat in seats])
    for seat in seats:
        if seat.group.keystore is not None:
            path, variable = locate(seat.group.keystore, folder), seat.group.password_env
            key = open_key(path, os.environ.get(variable), variable)
            accounts[seat.number] = accounts[seat.number]._replace(key=key)
    if len({account.address for account in accounts}) < len(accounts):
        raise InputError("two agents have the same key; each needs a keystore of its own")
    return accounts


def sellers_and_builders(seats: Sequence[Seat]) -> tuple[bool, bool]:
    """Whether anyone is a seller, and whether anyone is a builder."""
    roles = {role for seat in seats for role in seat.strategies}
    return "seller" in roles, "builder" in roles


def validators(seats: Sequence[Seat]) -> tuple[int, ...]:
    """Who is endowed with blocks where there are no tickets: the sellers, or everyone where there are none."""
    sellers = tuple(seat.number for seat in seats if "seller" in seat.strategies)
    return sellers or tuple(seat.number for seat in seats)


assert PROTOCOL == 0, "seats are numbered from 1 because the protocol is account 0"
