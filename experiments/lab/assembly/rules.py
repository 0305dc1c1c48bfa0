"""The ticket protocol with the draw rule that a config names."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from chain.rules import DRAW_RULES, custom_rule, draw_rule, faults_of_stated
from chain.state import Draw, DrawRule, Rules
from chain.wording import one_line
from experiments.lab.assembly.blamed_rule import BlamedRule
from experiments.lab.assembly.functions import load_own
from experiments.lab.assembly.stated_draw import StatedDraw
from experiments.lab.config.chain import Chain
from experiments.lab.config.errors import InputError


def make_rules(chain: Chain, folder: Path) -> Rules:
    """The ticket protocol. Raises `InputError` for a draw rule that is not there."""
    return chain.rules(find_draw(chain, folder))


def find_draw(chain: Chain, folder: Path) -> DrawRule:
    """The draw rule, one of the testbed or the user's own. Raises `InputError`."""
    if chain.draw in DRAW_RULES:
        rule = draw_rule(chain.draw, chain.unclaimed, chain.window, chain.epoch)
        StatedDraw(chain, rule).check()  # a net: the config refuses by name what it knows of the testbed's own
        return rule
    found = load_own(chain.draw, "chain.draw", tuple(DRAW_RULES), folder)
    if isinstance(found, DrawRule):
        refuse_broken(chain.draw, found)
        StatedDraw(chain, found).check()
        return custom_rule(chain.draw, named_in_faults(chain.draw, found))
    if not callable(found):
        raise InputError(f"chain.draw: {one_line(chain.draw)} is no function")
    return custom_rule(chain.draw, cast(Draw, BlamedRule(chain.draw, found)))


def refuse_broken(name: str, rule: DrawRule) -> None:
    """Raises `InputError` where the rule says of itself what cannot be, a line for each part."""
    if faults := [f"chain.draw: {one_line(name)}: {fault}" for fault in faults_of_stated(rule)]:
        raise InputError(*faults)


def named_in_faults(name: str, rule: DrawRule) -> DrawRule:
    """The same rule, whose parts say whose fault it is where they raise."""
    late = None if rule.late is None else BlamedRule(name, rule.late)
    return rule._replace(blocks=BlamedRule(name, rule.blocks), early=BlamedRule(name, rule.early), late=late)
