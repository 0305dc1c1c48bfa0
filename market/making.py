"""How what strategies and rules answer with is made: what helps where one was made wrongly."""

from __future__ import annotations

import inspect
import re

from chain.state import DrawRule
from market.auctions.terms import Award, Payment, Terms
from market.intents import INTENTS

MAKES = re.compile(r"(\w+)\.__new__\(\) ")
KINDS = (*INTENTS, Award, Payment, Terms, DrawRule)
FIELDS = {kind.__name__: list(inspect.signature(kind).parameters) for kind in KINDS}
"""What each is made of."""


def making_remedy(error: BaseException) -> str:
    """`; write Award(bidder, price)`, where an exception says that one was made otherwise; else nothing."""
    made = MAKES.match(str(error)) if type(error) is TypeError else None
    if made is None or made[1] not in FIELDS:
        return ""
    return f"; write {made[1]}({', '.join(FIELDS[made[1]])})"
