"""`[isolation]`."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from experiments.lab.config.agents import Agents
from experiments.lab.config.section import Name, Section


class Isolation(Section):
    """Strategies in processes of their own."""

    mode: Literal["none", "process"] = Field(
        "none", description='"process": the strategies below decide in processes of their own'
    )
    strategies: tuple[Name, ...] = Field(
        (), description="which, as `agents` name them; left out: those of one's own files and modules"
    )
    decision_ms: int = Field(1000, ge=1, le=3_600_000, description="time for a decision, by the clock, ms")
    memory_mb: int = Field(512, ge=1, le=2**20, description="memory beside what the process begins with, MB")
    strikes: int = Field(3, ge=1, le=10**9, description="lost turns after which the place is lost")

    def covers(self, group: Agents) -> bool:
        """Whether a group's strategies are isolated."""
        if self.mode != "process":
            return False
        if self.strategies:
            return not group.names.isdisjoint(self.strategies)
        return group.is_own
