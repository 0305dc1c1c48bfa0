"""Whether an intent has a place in a phase, and what is left of it there: plain data.

Whoever asks a strategy asks this first, in the run or in a process of its own, so that it is refused alike.
"""

from __future__ import annotations

from typing import NamedTuple

from chain.clock import Phase
from chain.errors import BadAmount, Refused
from chain.wording import alike, shown
from market.errors import NoBid, WrongIntent
from market.intents import (
    Ask,
    AuctionBid,
    Bid,
    Build,
    Cancel,
    Claim,
    Hold,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
    SellBuilding,
)
from market.plain import plain

TRADING = frozenset({Hold, Ask, Bid, Cancel, OpenAuction, SellBuilding, AuctionBid, Claim, Return})
ALLOWED: dict[Phase, frozenset[type]] = {
    Phase.OFFER: TRADING,
    Phase.BID: TRADING,
    Phase.CLAIM: frozenset({Hold, Claim}),
    Phase.BUILD: frozenset({Hold, AuctionBid}),
    Phase.PRIMARY: frozenset({Hold, AuctionBid}),
}
DECISIONS = frozenset({Build, SellBlock, Hold})
"""What a proposer may want."""


def fitting(intent: object, phase: Phase) -> Intent:
    """The intent with nothing but plain data in it. Raises `WrongIntent` and `BadAmount`."""
    if phase is Phase.SELL_BLOCK:
        if not is_one_of(intent, DECISIONS):
            raise WrongIntent(
                f"{shown(intent)}: a proposer builds or sells its block; there may be {names_of(DECISIONS)}"
            )
    elif not is_one_of(intent, ALLOWED[phase]):
        there = names_of(ALLOWED[phase])
        raise WrongIntent(f"{shown(intent)} has no place in the phase {phase.name.lower()}; there may be {there}")
    return plain(intent)  # type: ignore[arg-type]


def is_one_of(intent: object, kinds: frozenset[type]) -> bool:
    """Whether it is an intent of one of these kinds. A class with a metaclass of its own is none, and is not asked
    for its hash."""
    kind = type(intent)
    return type(kind) is type and kind in kinds


def names_of(kinds: frozenset[type]) -> str:
    """The names of intents, in alphabetical order."""
    return ", ".join(sorted(kind.__name__ for kind in kinds))


MOST_LETTERS = 1000
"""Of a message that has been put together elsewhere."""


class Unfit(NamedTuple):
    """In the place of an intent: what a strategy's own process has refused, by `fitting`, or a bid that the
    strategy does not have."""

    code: str
    message: str


def refusal_of(unfit: Unfit) -> Refused:
    """What `fitting` raised there. A strategy may have made one itself, of anything."""
    code, message, *_ = *unfit, None, None
    kinds: dict[str, type[Refused]] = {kind.code: kind for kind in (BadAmount, NoBid)}
    kind = kinds.get(code, WrongIntent) if type(code) is str else WrongIntent
    return kind(alike(message, MOST_LETTERS) if type(message) is str else shown(message))
