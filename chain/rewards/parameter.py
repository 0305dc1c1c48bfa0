"""The parameters of processes: their kinds, and the checks that a process makes of them.

A parameter that is annotated with a line of help, `Annotated[Eth, "mean reward, ETH"]`, is a key of a config.
"""

from __future__ import annotations

from typing import Annotated

from annotated_types import Ge, Gt, Le, Lt

from chain.rewards.process import MAX_ETH
from chain.wording import shown

Eth = Annotated[float, Ge(0), Le(9e8)]
"""An amount of ETH."""
Deviation = Annotated[float, Ge(0)]
Correlation = Annotated[float, Gt(-1), Lt(1)]
Shape = Annotated[float, Gt(0)]
Scale = Annotated[float, Gt(0), Le(1e6)]

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
