"""Draw rules, chosen by name. A rule is a file of this folder and a line of `DRAW_RULES`, and says what it is."""

from collections.abc import Callable
from typing import NamedTuple

from chain.rules.claim import claim_rule, window
from chain.rules.epoch import EPOCH, epoch_rule
from chain.rules.lottery import lottery_rule
from chain.rules.maturity import maturity_rule
from chain.rules.plain_serial import PlainSerial
from chain.rules.randea import randea_rule
from chain.rules.stated_dates import StatedDates
from chain.rules.stated_parts import faults_of_stated
from chain.state import Draw, DrawRule

__all__ = ["DATED", "DRAW_RULES", "EPOCH", "UNCLAIMED", "custom_rule", "draw_rule", "faults_of_stated"]


class Wishes(NamedTuple):
    """What the keys of a config say to the rules; each takes what concerns it."""

    unclaimed: str
    window: int
    epoch: int


DRAW_RULES: dict[str, Callable[[Wishes], DrawRule]] = {
    "maturity": lambda _: maturity_rule(),
    "lottery": lambda _: lottery_rule(),
    "epoch": lambda wishes: epoch_rule(wishes.epoch),
    "claim": lambda wishes: claim_rule(wishes.unclaimed),
    "randea": lambda wishes: randea_rule(wishes.window),
}
"""The protocol's own rules by name, each made from what a config says."""

UNCLAIMED = ("earliest_expiry", "empty")


def draw_rule(name: str, unclaimed: str = "earliest_expiry", window: int = 1, epoch: int = EPOCH) -> DrawRule:
    """The protocol's own rule called `name`, one of `DRAW_RULES`.

    `unclaimed` concerns `claim` alone, `window` (blocks) `randea`, `epoch` (blocks) the rule of that name.
    """
    return DRAW_RULES[name](Wishes(unclaimed, window, epoch))


def custom_rule(name: str, own: Draw | DrawRule) -> DrawRule:
    """A rule of a user's own: a draw among tickets that may propose any block of their window, or a rule that
    says itself what it is."""
    if isinstance(own, DrawRule):
        return own._replace(name=name, blocks=StatedDates(name, own.blocks), early=PlainSerial(own.early))
    return DrawRule(name, window, PlainSerial(own))


DATED = tuple(name for name in DRAW_RULES if draw_rule(name).facts.is_dated)
"""The draw rules that mint one ticket for each block to come, so that N = T + 1."""
