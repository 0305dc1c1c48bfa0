"""A draw rule of one's own that says dates which no ticket can have is told so."""

from __future__ import annotations

import pytest

from chain.errors import RuleBroken
from chain.rules import custom_rule
from chain.state import DrawRule
from chain.ticket import NEVER


def asked(found):
    rule = custom_rule("mine.py:rule", DrawRule("mine", lambda *_: found, lambda *_: None))
    return rule.blocks(None, 3)


@pytest.mark.parametrize("found", [(0, 0), (5, 9), (5, NEVER)])
def test_a_first_and_a_last_block_are_taken(found):
    assert asked(found) == found


@pytest.mark.parametrize(
    "found", [None, 5, (5,), (5.5, 7), (True, 7), (-1, 7), (7, 5), (NEVER, NEVER), (1, 2**63)]
)
def test_others_are_refused(found):
    with pytest.raises(
        RuleBroken, match=r"'mine.py:rule' says .* of ticket 3; return the first and the last block"
    ):
        asked(found)
