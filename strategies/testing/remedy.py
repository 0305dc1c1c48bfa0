"""What helps with an exception of a kind that beginners meet."""

from __future__ import annotations

import inspect
import re
from types import FunctionType

from chain.near_names import public_names
from chain.wording import kind_of
from market.making import making_remedy
from market.view import View
from strategies.base import Strategy
from strategies.setup import Setup
from strategies.slot_bidding import SlotBuilder
from strategies.testing.missing_value import remedy_of_none
from strategies.testing.own_line import BASES

NOT_YET = (
    "; setup is there after start, not in __init__: write def start(self, setup), and super().start(setup) in it"
)
NO_SETUP = "; a start of your own begins with super().start(setup)"
FROZEN = "; a view is frozen: count in a variable of your own, or with a Purse"
CALLED = re.compile(
    r"(\w+)\.(\w+)\(\) (?:takes .* arguments? but|missing \d+ required|got an unexpected|got multiple)"
)
OF_KINDS = {
    "'method' object is not subscriptable": "a method is called, by round brackets: view.cost(block)",
    "'function' object is not subscriptable": "a function is called, by round brackets",
    "'int' object is not callable": "a number is no method: leave the brackets out",
    "'float' object is not callable": "a number is no method: leave the brackets out",
    "'tuple' object is not callable": "tuples are asked by square brackets, or gone through by for",
    "tuple indices must be integers": "a tuple is gone through by for; of a series ask view.quote(series)",
    "'OwnTickets' object": "view.tickets are gone through by for",
}
"""What helps, by what the message has."""


def remedy(error: BaseException) -> str:
    """What helps with it; nothing for others."""
    text = str(error) if type(error) in (AttributeError, TypeError) else ""
    if is_without_setup(error):
        return NO_SETUP
    if "can't set attribute" in text or kind_of(error) == "FrozenInstanceError":
        return FROZEN
    if made := making_remedy(error) or way_to(error):
        return made
    if "NoneType" in text:
        return remedy_of_none(error)
    if called := CALLED.match(text):
        return written(*called.groups())
    return next((f"; {helps}" for begins, helps in OF_KINDS.items() if begins in text), "")


def is_without_setup(error: BaseException) -> bool:
    """Whether a strategy has asked for its setup, and has none."""
    return kind_of(error) == "AttributeError" and "no attribute 'setup'" in str(error)


def way_to(error: BaseException) -> str:
    """`; did you mean self.setup.rng?`, where a strategy was asked for what its setup or its view has."""
    if type(error) is not AttributeError or not isinstance(error.obj, Strategy):
        return ""
    for owner, way in ((Setup, "self.setup"), (View, "view")):
        if error.name in public_names(owner):
            return f"; did you mean {way}.{error.name}?"
    return ""


def written(owner: str, method: str) -> str:
    """`; a method is written def start(self, setup)`, as the testbed calls the method; one of its own classes is
    called so: `super().start(setup)`."""
    asked = getattr(Strategy, method, None) or getattr(SlotBuilder, method, None)
    if not isinstance(asked, FunctionType) or method.startswith("_"):
        return ""
    names = list(inspect.signature(asked).parameters)
    if owner in {base.__name__ for base in BASES}:
        return f"; it is called as super().{method}({', '.join(names[1:])})"
    return f"; a method is written def {method}({', '.join(names)})"
