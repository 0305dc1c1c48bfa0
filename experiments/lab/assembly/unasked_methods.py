"""Methods of the user's own strategies that nobody asks: no seat of the class has the role for them."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from experiments.lab.assembly.asked_forms import written_methods
from experiments.lab.assembly.isolation.stand_ins import StandIn
from experiments.lab.assembly.seats import Seat, sellers_and_builders
from strategies.agent import METHODS, Asked, asked
from strategies.base import Strategy, roles_line
from strategies.finding import SHELVES


class SeatedClass(NamedTuple):
    """What all seats of one class play: the class, the first of them, the roles that any of them has, and its
    methods that nobody asks, each with a role for which it would be asked."""

    kind: type[Strategy]
    seat: Seat
    roles: frozenset[str]
    idle: dict[str, str]

    def and_in(self, other: SeatedClass) -> SeatedClass:
        """The same class in two runs: idle is what neither of them asks."""
        idle = {method: role for method, role in self.idle.items() if method in other.idle}
        return self._replace(roles=self.roles | other.roles, idle=idle)


class UnaskedMethods:
    """What nobody asks in any of some runs, one or the points of a sweep, by their seats."""

    def __init__(self) -> None:
        self._parts: dict[str, SeatedClass] = {}

    def take(self, seats: Sequence[Seat]) -> None:
        """One more run."""
        for name, part in parts(seats).items():
            known = self._parts.get(name)
            self._parts[name] = part if known is None else known.and_in(part)

    def lines(self) -> tuple[str, ...]:
        """One for each class that has some, with the way to have them asked.

        Of a class that is derived from one of the testbed's only what it writes itself is told: the testbed's own
        play the roles that somebody chose.
        """
        return tuple(unasked(part) for part in self._parts.values() if part.idle)


def unasked_methods(seats: Sequence[Seat]) -> tuple[str, ...]:
    """The lines of one run."""
    found = UnaskedMethods()
    found.take(seats)
    return found.lines()


def parts(seats: Sequence[Seat]) -> dict[str, SeatedClass]:
    """Who plays what, by the name in the config: each group loads a class of its own of the same file."""
    when = asked(*sellers_and_builders(seats))
    first: dict[str, tuple[type[Strategy], Seat]] = {}
    played: defaultdict[str, set[str]] = defaultdict(set)
    for seat in seats:
        for role, kind in seat.strategies.items():
            name = seat.group.named(role)
            first.setdefault(name, (kind, seat))
            played[name].update(seat.strategies)
    return {
        name: SeatedClass(kind, seat, frozenset(played[name]), idle_of(kind, played[name], when))
        for name, (kind, seat) in first.items()
    }


def idle_of(kind: type[Strategy], played: set[str], when: Asked) -> dict[str, str]:
    """The methods of a class for which none of its seats has the role, with one that is asked."""
    own = own_methods(kind)
    return {
        METHODS[phase]: most_fit(roles, kind)
        for phase, roles in when.items()
        if played.isdisjoint(roles) and METHODS[phase] in own
    }


def unasked(part: SeatedClass) -> str:
    """What to say of one class."""
    kind, seat, played, idle = part
    wanted = frozenset(idle.values())
    way = " and ".join(ways(kind, seat, wanted))
    return (
        f"{kind.__name__}: nobody asks its {' and its '.join(idle)}: that is for the {listed(wanted)}, and it "
        f"plays {listed(played)} alone; {way}"
    )


def own_methods(kind: type[Strategy]) -> frozenset[str]:
    """The methods of the user's own code, also where another class stands for that."""
    return kind.written if issubclass(kind, StandIn) else written_methods(kind)


def most_fit(roles: frozenset[str], kind: type[Strategy]) -> str:
    """One of the roles, one that the class plays where there is such."""
    return in_order(roles & kind.roles or roles)[0]


def ways(kind: type[Strategy], seat: Seat, wanted: frozenset[str]) -> Iterator[str]:
    """What to write, in the class and in the config."""
    if not wanted <= kind.roles:
        yield f"write {roles_line(kind.roles | wanted)} in it"
    if isinstance(seat.group.strategy, dict):
        yield f"name it for the {listed(wanted)} in its [[agents]], too"
    elif seat.group.role is not None:
        yield f"write role = {json.dumps(in_order({*seat.strategies, *wanted}))} in its [[agents]]"


def listed(roles: Collection[str]) -> str:
    """`seller and buyer`."""
    return " and ".join(in_order(roles))


def in_order(roles: Collection[str]) -> list[str]:
    """Sellers first, builders last."""
    return [role for role in SHELVES if role in roles]
