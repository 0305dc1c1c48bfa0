"""The parameters of the primary market's pricing rules, a table under `[market]` for each rule that has some."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from chain.money import eth_to_gwei
from experiments.lab.config.section import Eth, Positive, Section

Target = Annotated[float, Field(gt=0, le=1e9, allow_inf_nan=False)]


class DutchPricing(Section):
    """`market.primary = "dutch"`."""

    start_eth: Eth = Field(10.0, description="(dutch) price from which the clock falls, ETH")
    tick_gwei: int = Field(1, ge=1, le=10**18, description="(dutch) its step, Gwei")

    def parameters(self, aim: float) -> dict[str, Any]:  # noqa: ARG002
        """What its rule takes beside the bounds."""
        return {"start": eth_to_gwei(self.start_eth), "tick": self.tick_gwei}


class Eip1559Pricing(Section):
    """`market.primary = "eip1559"`."""

    start_eth: Positive = Field(0.1, description="(eip1559) price at the start, ETH")
    target: Target | None = Field(
        None, description="(eip1559) held tickets aimed at; left out: supply / 2, or an elastic supply"
    )
    adjustment: float = Field(
        0.125, gt=0, lt=1, description="(eip1559) change of the price at a stock of 0 or twice the target, share"
    )
    updates: Literal[1, 2] = Field(
        1, description="(eip1559) updates of the price a slot: 1, after the sale; 2, before it too"
    )

    def parameters(self, aim: float) -> dict[str, Any]:
        """What its rule takes beside the bounds; `aim` is the target stock where none is given."""
        start = around_target(self.start_eth, self.target, aim)
        return start | {"adjustment": self.adjustment, "updates": self.updates}


class AmmPricing(Section):
    """`market.primary = "amm"`."""

    start_eth: Positive = Field(0.1, description="(amm) price at the target, ETH")
    target: Target | None = Field(
        None, description="(amm) held tickets at which it is that; left out: supply / 2, or an elastic supply"
    )
    steepness: float = Field(
        25.0, gt=0, allow_inf_nan=False, description="(amm) tickets over which the price grows e-fold"
    )

    def parameters(self, aim: float) -> dict[str, Any]:
        """What its rule takes beside the bounds; `aim` is the target stock where none is given."""
        return around_target(self.start_eth, self.target, aim) | {"steepness": self.steepness}


class ElowssonPricing(Section):
    """`market.primary = "elowsson"`."""

    start_eth: Positive = Field(0.1, description="(elowsson) price at the start, ETH")
    target: Target | None = Field(
        None, description="(elowsson) held tickets aimed at; left out: supply / 2, or an elastic supply"
    )
    target_orders: Target = Field(1.0, description="(elowsson) orders a slot aimed at")

    def parameters(self, aim: float) -> dict[str, Any]:
        """What its rule takes beside the bounds; `aim` is the target stock where none is given."""
        return around_target(self.start_eth, self.target, aim) | {"target_orders": self.target_orders}


def around_target(start_eth: float, target: float | None, aim: float) -> dict[str, Any]:
    """The price to start from, Gwei, and the stock at which it stays."""
    return {"start": start_eth * 10**9, "target": aim if target is None else target}
