"""The pricing rule of the user's own that a config names: a class, or a function with or without a view."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from chain.interruption import is_interruption
from chain.wording import one_line, shown, told
from experiments.lab.assembly.asked_forms import check_forms, unwritten
from experiments.lab.assembly.own_parameters import checked_parameters, unknown
from experiments.lab.config.errors import InputError
from market.primary import OfFunction, PricingRule

KEY = "market.primary_parameters"
FORMS = "write `class Mine(PricingRule)`, `def pricing(lots, view)` or `def pricing(lots)`"
LONGEST_NAME = 64


def is_without_view(found: object) -> bool:
    """Whether it is a function of the lots alone."""
    return callable(found) and not isinstance(found, type) and len(asked_for(found)) == 1


def has_view(found: object) -> bool:
    """Whether it is a function of the lots and a view; parameters of its own come after."""
    return callable(found) and not isinstance(found, type) and len(asked_for(found)) >= 2


def is_pricing_class(found: object) -> bool:
    """Whether it is a class of pricing rules that can be made."""
    return isinstance(found, type) and issubclass(found, PricingRule)


def asked_for(function: Callable[..., object]) -> list[str]:
    """The names of the arguments that a function must be given by their places."""
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        return []
    kinds = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return [one.name for one in parameters if one.kind in kinds and one.default is one.empty]


def make_own_rule(found: object, name: str, given: Mapping[str, Any], key: str = KEY) -> PricingRule:
    """A rule with a view, at the start of a run, with its parameters from the config. Raises `InputError`."""
    if isinstance(found, type):
        return made(found, name, given, key)
    if not callable(found) or not has_view(found):
        raise InputError(f"market.primary: {one_line(name)} is no pricing rule: {FORMS}")
    return OfFunction(found, checked_parameters(found, given, key, name, beside=2))


def made(kind: type, name: str, given: Mapping[str, Any], key: str) -> PricingRule:
    """One of a class. Raises `InputError`."""
    if not is_pricing_class(kind):
        raise InputError(f"market.primary: {one_line(name)} is no pricing rule: derive it from market.PricingRule")
    if missing := sorted(getattr(kind, "__abstractmethods__", ())):
        raise InputError(f"market.primary: {one_line(name)} says nothing of {unwritten(kind, missing)}")
    check_forms(kind, "market.primary", one_line(name))
    rule = constructed(kind, name, parameters_for(kind, given, key), key)
    check_name(rule.name, name)
    return rule


def parameters_for(kind: Any, given: Mapping[str, Any], key: str) -> dict[str, Any]:
    """What its constructor takes. Raises `InputError`."""
    if kind.__init__ is not object.__init__:
        return checked_parameters(kind.__init__, given, key, kind.__name__, beside=1)
    if faults := unknown(given, (), key):
        raise InputError(*faults)
    return {}


def constructed(kind: type[PricingRule], name: str, parameters: Mapping[str, Any], key: str) -> PricingRule:
    """It is made. Raises `InputError` for what its constructor raises."""
    try:
        return kind(**parameters)
    except ValueError as error:
        raise InputError(f"{key}: {one_line(str(error))}") from None
    except BaseException as error:  # it may raise anything
        if is_interruption(error):
            raise
        raise InputError(f"market.primary: {one_line(name)} cannot be made: {told(error)}") from error


def check_name(stated: object, name: str) -> None:
    """Raises `InputError` for a name by which no table can call it."""
    if stated is None or (isinstance(stated, str) and stated.isprintable() and 0 < len(stated) <= LONGEST_NAME):
        return
    raise InputError(
        f"market.primary: {one_line(name)} is called {shown(stated)}; a name has 1 to {LONGEST_NAME} letters"
    )


def refuse_parameters(given: Mapping[str, Any], name: str) -> None:
    """Raises `InputError` where a function of the lots alone is given some."""
    if given:
        raise InputError(
            f"{KEY}: {one_line(name)} takes none; a rule that takes some is `def pricing(lots, view, "
            f"{next(iter(given))})`"
        )
