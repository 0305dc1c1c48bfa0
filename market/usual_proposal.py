"""What a proposer does that has no plans of its own for its block."""

from __future__ import annotations

from market.intents import Build, Intent, SellBlock


def usual_proposal(reward: int | None, cost: int | None, can_sell: bool) -> list[Intent]:
    """It sells the building to anyone who pays more than it is worth to itself, where blocks can be sold, and else
    builds it if it can. `reward` of the block and its own `cost` in Gwei, None where it has none."""
    if not can_sell:
        return [Build()]
    if reward is None or cost is None:
        return [SellBlock(0)]
    surplus = reward - cost
    return [SellBlock(surplus if surplus > 0 else 0)]
