"""Draw rules, chosen by name."""

from chain.rules.claim import claim_rule, window
from chain.rules.epoch import EPOCH, epoch_rule
from chain.rules.lottery import draws, lottery
from chain.rules.maturity import maturity, one_block
from chain.rules.randea import randea_rule
from chain.state import Draw, DrawRule

__all__ = ["DRAW_RULES", "EPOCH", "UNCLAIMED", "custom_rule", "draw_rule"]

DRAW_RULES = ("maturity", "lottery", "epoch", "claim", "randea")
UNCLAIMED = ("earliest_expiry", "empty")


def draw_rule(name: str, unclaimed: str = "earliest_expiry", window: int = 1, epoch: int = EPOCH) -> DrawRule:
    """The protocol's own rule called `name`, one of `DRAW_RULES`.

    `unclaimed` concerns `claim` alone, `window` (blocks) `randea`, `epoch` (blocks) the rule of that name.
    """
    if name == "claim":
        return claim_rule(unclaimed)
    if name == "randea":
        return randea_rule(window)
    if name == "epoch":
        return epoch_rule(epoch)
    return {
        "lottery": DrawRule("lottery", draws, lottery),
        "maturity": DrawRule("maturity", one_block, maturity),
    }[name]


def custom_rule(name: str, draw: Draw) -> DrawRule:
    """A user's own draw among tickets that may propose any block of their window."""
    return DrawRule(name, window, draw)
