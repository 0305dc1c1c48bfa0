"""`[chain.phases]`."""

from __future__ import annotations

from itertools import pairwise

from pydantic import Field

from experiments.lab.config.refusals import refuses
from experiments.lab.config.section import Section


class Phases(Section):
    """When the phases of a slot begin, ms. Left out, they lie as in a slot of 12 s."""

    offer: int = Field(0, ge=0, description="sellers are asked, ms")
    bid: int = Field(4000, ge=0, description="buyers are asked, ms")
    clear: int = Field(8000, ge=0, description="the session's auctions close, ms")
    sell_block: int = Field(8500, ge=0, description="the proposer is asked, ms")
    build: int = Field(9000, ge=0, description="builders are asked, ms")
    propose: int = Field(11000, ge=0, description="the block is proposed, ms")

    def scaled(self, slot_ms: int) -> Phases:
        """The same phases in a slot of another length."""
        return Phases(**{name: ms * slot_ms // 12_000 for name, ms in self.model_dump().items()})


@refuses(Phases, "*")
def a_phase_comes_too_early(phases: Phases) -> str | None:
    """A phase begins before the one above it."""
    times = list(phases.model_dump().items())
    for (first, start), (second, end) in pairwise(times):
        if start > end:
            return f"{second} = {end} lies before {first} = {start}"
    return None
