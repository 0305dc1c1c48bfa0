"""The check that a process makes of its parameters."""

from __future__ import annotations

from chain.rewards.process import MAX_ETH
from chain.wording import shown

AMOUNT = f"give a finite amount of ETH, from 0 to {MAX_ETH:z.1e}"
POSITIVE_AMOUNT = f"give a finite amount of ETH, more than 0 and up to {MAX_ETH:z.1e}"


def require(holds: bool, name: str, value: object, right: str) -> None:
    """Raise `ValueError`, with `name`, `value` and what is `right`, unless the condition `holds`.

    A condition written as a comparison refuses NaN too, for which every comparison is false.
    """
    if not holds:
        raise ValueError(f"{name} is {shown(value)}; {right}")


def require_amount(name: str, eth: float) -> None:
    """Raise `ValueError` unless `eth` is an amount of ETH that can be paid."""
    require(0 <= eth <= MAX_ETH, name, eth, AMOUNT)


def require_positive_amount(name: str, eth: float) -> None:
    """Raise `ValueError` unless `eth` is an amount of ETH above 0."""
    require(0 < eth <= MAX_ETH, name, eth, POSITIVE_AMOUNT)
