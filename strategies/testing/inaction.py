"""Warnings of a strategy that cannot act, or hardly as it was meant: what its author may have overlooked."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dis import Instruction, get_instructions
from itertools import pairwise
from statistics import median_low
from types import CodeType, FunctionType

from chain.money import gwei_to_eth
from chain.wording import alternatives
from market.intents import INTENTS
from market.price_remedy import LITTLE_GWEI, MUCH_GWEI
from strategies.agent import METHODS, asked
from strategies.base import Strategy, roles_line
from strategies.slot_bidding import SlotBuilder
from strategies.testing.contract_report import Check
from strategies.testing.missing_value import is_of_testbed
from strategies.testing.own_line import BASES, OwnLines
from strategies.testing.played import OF_HOLDERS, Played
from strategies.testing.seen import seen_in_all, what_was_seen

ENOUGH = 100
"""Views without a deed are worth a word from so many on,"""
IN_ALL = 500
"""and where so many were shown in all: fewer are too few draw rules and laws of rewards."""
WANTED = frozenset(kind.__name__ for kind in INTENTS) - {"Hold", "Build", "SellBlock"}
"""Intents of which it is told where they never came up."""
HOLDERS = frozenset(METHODS[phase] for phase in OF_HOLDERS)
TOLD = (*METHODS.values(), "start")
"""The methods that the testbed calls."""
MEANT = {
    "ask": "offer",
    "auction": "offer",
    "begin": "start",
    "buy": "bid, or primary for tickets of the protocol",
    "exploit": "propose",
    "list": "offer",
    "mint": "primary",
    "produce": "propose",
    "purchase": "bid, or primary for tickets of the protocol",
    "quote": "offer or bid",
    "resell": "offer",
    "reset": "start",
    "sell": "offer",
    "setup": "start",
}
"""What one may call them, and how they are called."""
ASKED = {
    METHODS[phase]: asked(sellers=False, builders=False)[phase] | roles
    for phase, roles in asked(sellers=True, builders=True).items()
}
"""The roles that are asked for each method, in some markets."""


def inaction(kind: type[Strategy], found: Played) -> list[Check]:
    """What to warn of."""
    overridden = [name for name in METHODS.values() if getattr(kind, name) is not getattr(Strategy, name)]
    lines = found.lines
    causes = [
        warning("method names", misspelt(kind, overridden, lines), "a method of another name is never asked"),
        warning("roles", list(never_asked(kind, overridden, lines)), "a method is asked of some roles alone"),
        warning("answers", list(forgotten(kind, found)), "None and an empty list are to hold"),
        warning("prices", scale(found.prices), "prices are whole Gwei"),
        warning("until", list(found.untils.faults()), "an order names the last slot in which it is good"),
    ]
    told = [check for check in causes if check.faults]
    silent = warning("acts", never_acts(overridden, found), "it is asked and holds")
    untried = warning("intents", never_tried(kind, found), "nothing is said of what it never wanted")
    rest = silent if silent.faults else untried
    return told or ([rest] if rest.faults else [])


def warning(name: str, faults: list[str], rule: str) -> Check:
    """A line with what it is about."""
    return Check(name, True, rule, tuple(faults), is_warning=True)


def misspelt(kind: type[Strategy], overridden: list[str], lines: OwnLines) -> list[str]:
    """Methods that nobody calls and that are called nearly like one that is asked; that none is asked."""
    none = f"overrides none of {', '.join(METHODS.values())}"
    found = [
        f"{place(lines, name)}{name}: {'is never asked' if overridden else none}; did you mean {match}?"
        for name, function in unused(kind).items()
        if (match := meant_by(name, function)) is not None
    ]
    return found or ([] if overridden else [none])


def meant_by(name: str, function: FunctionType) -> str | None:
    """The method that is called nearly like it, or so elsewhere; of one that is written as they are, all."""
    word = name.strip("_").lower()
    matches = difflib.get_close_matches(word, TOLD, n=1, cutoff=0.7)
    if matches or word in MEANT:
        return matches[0] if matches else MEANT[word]
    code = function.__code__
    is_written_so = code.co_varnames[: code.co_argcount] == ("self", "view") and not name.startswith("_")
    return alternatives(METHODS.values()) if is_written_so else None


def unused(kind: type[Strategy]) -> dict[str, FunctionType]:
    """The own functions of a class, and of its own bases, that none of them speaks of."""
    own = own_functions(kind)
    spoken = {word for function in own.values() for word in words(function.__code__)}
    return {
        name: function
        for name, function in own.items()
        if name not in TOLD and name not in spoken and not hasattr(SlotBuilder, name)
    }


def own_functions(kind: type[Strategy]) -> dict[str, FunctionType]:
    """The functions of a class and of its own bases."""
    bases = [base for base in reversed(kind.__mro__) if base not in BASES]
    found = ((name, value) for base in bases for name, value in vars(base).items())
    return {name: value for name, value in found if isinstance(value, FunctionType)}


def words(code: object) -> Iterator[str]:
    """The attributes that a function asks for, also within functions in it: a helper that is called like a method
    is none."""
    if isinstance(code, CodeType):
        yield from (step.argval for step in get_instructions(code) if step.opname in ("LOAD_ATTR", "LOAD_METHOD"))
    for inner in getattr(code, "co_consts", ()):
        if hasattr(inner, "co_names"):
            yield from words(inner)


def never_asked(kind: type[Strategy], overridden: list[str], lines: OwnLines) -> Iterator[str]:
    """Overridden methods that are asked of other roles."""
    if not overridden or issubclass(kind, SlotBuilder):
        return
    for name in overridden:
        if ASKED[name].isdisjoint(kind.roles):
            of = " and ".join(f"{role}s" for role in sorted(ASKED[name]))
            plays = " and ".join(sorted(kind.roles))
            where = place(lines, name)
            yield f"{where}{name}: is asked of {of}, and this plays {plays}; {way_in(kind, name, overridden)}"


def way_in(kind: type[Strategy], name: str, overridden: list[str]) -> str:
    """What makes that it is asked: another class to derive from, or, of several classes, and of methods of several
    roles, all their roles."""
    parents = {parent.__name__ for parent in kind.__mro__}
    played = sorted(role for role in ASKED[name] if role.capitalize() in parents)
    if played:
        return f"of several classes the first one's roles count: write {roles_line({*kind.roles, *played})} in it"
    asked = [other for other in overridden if not ASKED[other].isdisjoint(kind.roles)]
    if any(ASKED[name].isdisjoint(ASKED[other]) for other in asked):
        return f"one that does both says so: write {roles_line({*kind.roles, *ASKED[name]})} in it"
    return f"derive from {' or '.join(role.capitalize() for role in sorted(ASKED[name]))}"


def forgotten(kind: type[Strategy], found: Played) -> Iterator[str]:
    """Methods that always answer None, since none of their returns has a value."""
    for name, turns in found.turns.items():
        has_raised = any(fault.method == name for fault in found.raised)
        answers_none = turns.asked and turns.nothing == turns.asked and not has_raised
        if answers_none and not has_return(getattr(kind, name)):
            often = f"all {turns.asked:,} times"
            yield f"{place(found.lines, name)}{name}: answered None {often}; is its return missing?"


def has_return(method: object) -> bool:
    """Whether a return of it has a value, if only at times. Of what is no function of Python's that is not known,
    and taken to be so."""
    if not isinstance(method, FunctionType):
        return True
    return any(returns_value(*steps) for steps in pairwise(get_instructions(method)))


def returns_value(before: Instruction, step: Instruction) -> bool:
    """Whether a step returns something that is not plainly None; `return a or None` jumps to it."""
    if step.opname == "RETURN_CONST":
        return step.argval is not None
    is_none = before.opname == "LOAD_CONST" and before.argval is None and not step.is_jump_target
    return step.opname == "RETURN_VALUE" and not is_none


def never_acts(overridden: list[str], found: Played) -> list[str]:
    """That it did nothing, however often it was asked."""
    turns = [found.turns[name] for name in overridden]
    count = sum(one.asked for one in turns)
    if count < ENOUGH or len(found.answers) < IN_ALL or found.faults or any(one.acted for one in turns):
        return []
    if not found.with_tickets and "primary" in overridden and not HOLDERS.isdisjoint(overridden):
        return [f"it had no ticket in any of {count:,} views: its primary bids for none, so it has none to sell"]
    return [
        f"held in all {count:,} views in which {' and '.join(overridden)} was asked, and saw "
        f"{what_was_seen(seen_in_all(one.seen for one in turns))}; print what it compares: "
        "prices are Gwei, auction.block is None for a ticket without a date, view.cost(block) for who cannot build"
        "; a view that was kept is past: go by the one that is given"
    ]


def never_tried(kind: type[Strategy], found: Played) -> list[str]:
    """The intents that it speaks of, and that came up in no view."""
    count = len(found.answers)
    if found.faults or not found.tried:
        return []
    own = [each for each in own_functions(kind).items() if not is_of_testbed(each[1].__module__)]
    spoken = {name: method for method, function in own for name in names_in(function.__code__) if name in WANTED}
    more = f"; --views {IN_ALL * 2} shows more" if count < IN_ALL * 2 else ""
    untried = [(name, place(found.lines, method)) for name, method in spoken.items() if name not in found.tried]
    return [f"{where}{name}: in none of {count:,} views{more}" for name, where in untried]


def names_in(code: CodeType) -> Iterator[str]:
    """The names that a function speaks of, also within functions in it."""
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from names_in(inner)


def scale(prices: list[int]) -> list[str]:
    """Prices that are off by a billion."""
    named = [price for price in prices if price > 0]
    if named and max(named) <= LITTLE_GWEI:
        most = max(named)
        eth = f"{gwei_to_eth(most):z.9f}".rstrip("0")
        return [f"none of {len(named):,} is above {most} Gwei, {eth} ETH; for ETH write eth_to_gwei({most})"]
    if named and median_low(named) >= MUCH_GWEI:
        middle = median_low(named)
        return [
            f"half of {len(named):,} are {middle:,} Gwei or more, {gwei_to_eth(middle):z,.0f} ETH; are they wei?"
        ]
    return []


def place(lines: OwnLines, method: str) -> str:
    """Where a method begins, before a message."""
    found = lines.of_method(method)
    return f"{found} " if found else ""
