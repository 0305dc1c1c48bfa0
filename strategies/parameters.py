"""Checks of strategies' parameters: an error names the parameter, the value and what a right one is."""

from __future__ import annotations

from chain.wording import shown
from market.cost_laws import PublicCost

MOST = 9e8
"""The highest number, of ETH, blocks, tickets or times, that a parameter takes unless it says so itself."""


def between(name: str, value: float, low: float, high: float = MOST) -> float:
    """`value`, if it lies in `low … high`; else `ValueError`."""
    if not low <= value <= high:
        raise ValueError(f"{name} is {shown(value)}; it must be at least {low:g} and at most {high:g}")
    return value


def rate(name: str, value: float) -> float:
    """A discount rate per block, if it is above -1, so that there is a present value; else `ValueError`."""
    if not -1 < value <= MOST:
        raise ValueError(f"{name} is {shown(value)}; it must be above -1 and at most {MOST:g}")
    return value


def one_of(name: str, value: str, choices: tuple[str, ...]) -> str:
    """`value`, if it is one of `choices`; else `ValueError`."""
    if value not in choices:
        raise ValueError(f"{name} is {shown(value)}; it must be one of {', '.join(choices)}")
    return value


def refuse_lumpy(cost: PublicCost, what: str) -> None:
    """`ValueError`, naming `what` is not defined, where some costs have a probability of their own."""
    if cost.is_lumpy():
        raise ValueError(f"{what} is not defined where costs have atoms, as those of this run have")
