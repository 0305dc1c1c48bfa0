"""What a draw rule says that it is, and what it is refused for beside the config."""

from __future__ import annotations

from typing import NamedTuple

from chain.rules import DRAW_RULES
from chain.state import DrawRule
from experiments.lab.config.chain import Chain
from experiments.lab.config.errors import InputError
from experiments.lab.config.refusals import messages_about, refuses


class StatedDraw(NamedTuple):
    """The rule, and the chain that it is to draw for."""

    chain: Chain
    rule: DrawRule

    def check(self) -> None:
        """Raises `InputError` where the chain is not as the rule needs it."""
        messages = messages_about(self)
        if messages:
            raise InputError(*(f"chain: {message}" for message in messages))


@refuses(StatedDraw, "draw")
def own_claims(stated: StatedDraw) -> str | None:
    """A draw rule of one's own states a late draw."""
    if stated.rule.late is None or stated.chain.draw in DRAW_RULES:
        return None
    return f'draw = "{stated.chain.draw}" states a late draw; there are claims under draw = "claim" alone'


@refuses(StatedDraw, "maturity")
def own_rule_needs_a_maturity(stated: StatedDraw) -> str | None:
    """A draw rule of one's own needs tickets that expire, and these do not."""
    rule = stated.rule
    if stated.chain.life is not None or not (rule.needs_maturity or rule.facts.is_dated):
        return None
    return f'maturity is "none"; draw = "{stated.chain.draw}" needs a number of blocks'


@refuses(StatedDraw, "supply")
def own_dates_do_not_fit(stated: StatedDraw) -> str | None:
    """A draw rule of one's own gives each ticket a date, and the supply is not maturity + 1."""
    chain = stated.chain
    if not stated.rule.facts.is_dated or chain.life is None or chain.supply == chain.life + 1:
        return None
    fit = chain.life + 1
    return f'supply is {chain.supply}; draw = "{chain.draw}" takes supply = maturity + 1 = {fit}'


@refuses(StatedDraw, "draw")
def own_window_is_too_long(stated: StatedDraw) -> str | None:
    """A draw rule of one's own has windows of more blocks than there are tickets."""
    chain, window = stated.chain, stated.rule.window
    if window is None or window <= chain.supply:
        return None
    return (
        f'draw = "{chain.draw}" has windows of {window} blocks; they must not exceed maturity + 1 = '
        f"{chain.supply}, else a window begins before all its tickets are minted"
    )


@refuses(StatedDraw, "draw")
def own_dates_move(stated: StatedDraw) -> str | None:
    """A draw rule of one's own gives each ticket a date, and the supply is elastic, or tickets are given back."""
    chain = stated.chain
    if not stated.rule.facts.is_dated or not (chain.is_elastic or chain.return_haircut is not None):
        return None
    return (
        f'draw = "{chain.draw}" mints one ticket for each block to come; leave supply_rule and return_haircut out'
    )


@refuses(StatedDraw, "maturity")
def own_epoch_is_broken(stated: StatedDraw) -> str | None:
    """A draw rule of one's own draws several blocks at once, and the maturity is no multiple of them."""
    chain, span = stated.chain, stated.rule.span
    if chain.life is None or chain.life % span == 0:
        return None
    return f'maturity is {chain.life}; draw = "{chain.draw}" takes whole epochs of {span} blocks'


@refuses(StatedDraw, "lookahead")
def own_rule_looks_too_far(stated: StatedDraw) -> str | None:
    """A draw rule of one's own states a greatest look-ahead, and this one is more."""
    chain, most = stated.chain, stated.rule.most_lookahead
    if most is None or chain.lookahead <= most:
        return None
    return f'lookahead is {chain.lookahead}; draw = "{chain.draw}" looks at most {most} blocks ahead'
