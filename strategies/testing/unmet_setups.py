"""Rules under which a strategy has had no ticket that it could sell: it is shown a scene more of each."""

from __future__ import annotations

from functools import cache
from itertools import count

from market.view import View
from strategies.setup import Setup
from strategies.testing.scene import FORTUNES, Scene

Kind = tuple[str, bool]
"""A draw rule, and whether its tickets expire."""

KINDS: tuple[Kind, ...] = (("maturity", True), ("lottery", True), ("lottery", False), ("claim", True))
FIRST = 999
"""The seeds of these scenes are above those of all others."""
MOST = 3
"""So many scenes of a kind are tried: in some there is no money for the collateral of a ticket."""


def kind_of(setup: Setup) -> Kind:
    """What kind of rules these are."""
    return setup.draw, setup.maturity is not None


def has_to_sell(setup: Setup, view: View) -> bool:
    """Whether one has a ticket that may be sold now."""
    return any(not ticket.listed and setup.resale.allows(ticket.drawn_for is not None) for ticket in view.tickets)


@cache
def seeds_of(kind: Kind) -> tuple[int, ...]:
    """Scenes of a kind in which tickets may be sold at any time, and all bids and asks find someone."""
    fortunate = (seed for seed in count(FIRST) if FORTUNES[seed % len(FORTUNES)] == max(FORTUNES))
    found: list[int] = []
    for seed in fortunate:
        setup = Scene(seed).setup
        if kind_of(setup) == kind and setup.resale.ex_ante and setup.resale.ex_post:
            found.append(seed)
        if len(found) == MOST:
            break
    return tuple(found)
