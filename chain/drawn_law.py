"""A law of amounts that can be drawn from, and may say more of itself; what it does not say is asked of it."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from copy import deepcopy
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from chain.errors import RuleBroken
from chain.quantiles import Amounts, Parts, Quantiles, by_draws, by_quantiles, inner_shares, inverse
from chain.wording import shown


class DrawnLaw(ABC):
    """Independent draws of one law. Parameters are in ETH, what it gives in Gwei.

    `sample` is all that is needed. Of the others a law overrides what it knows in closed form, for arrays of any
    shape; what it does not say of itself follows from what it says, or from draws (`known`).
    """

    atoms_gwei: Sequence[float] | None = None
    """The values that have a probability of their own, Gwei; None: as they are found."""

    @abstractmethod
    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """`size` draws in Gwei, rounded or not."""

    @property
    def mean_gwei(self) -> float:
        """The mean, in Gwei."""
        return self.known.mean_gwei

    def surplus_gwei(self, cost_gwei: float) -> float:
        """The mean of what a draw is more than a cost, `E[max(R - cost_gwei, 0)]`, in Gwei."""
        return self.known.surplus_gwei(cost_gwei)

    def quantile_gwei(self, share: npt.ArrayLike) -> Any:
        """The amount that a share of all draws do not exceed."""
        return self.known.quantile_gwei(share)

    def cdf_gwei(self, gwei: npt.ArrayLike) -> Any:
        """The share of draws that do not exceed an amount."""
        return self.known.cdf_gwei(gwei)

    @cached_property
    def known(self) -> Quantiles:
        """What everyone knows of the law. Raises `RuleBroken` where what it says cannot be a law of amounts."""
        return table_of(self)


def table_of(law: DrawnLaw) -> Quantiles:
    """The law as a table: by its quantiles, else by its distribution function, else by draws of a copy of it."""
    parts = parts_of(law)
    mean, left, atoms = parts.mean, parts.left, parts.atoms
    if declares(law, "mean_gwei"):
        mean = stated_mean(law)
    if declares(law, "surplus_gwei"):
        left = stated_surplus(law, parts.levels)
    if law.atoms_gwei is not None:
        atoms = stated_atoms(law.atoms_gwei)
    is_simulated = not (declares(law, "quantile_gwei") or declares(law, "cdf_gwei"))
    return Quantiles(parts.levels.tobytes(), left.tobytes(), mean, atoms, is_simulated)


def parts_of(law: DrawnLaw) -> Parts:
    """The levels of the table, and what follows from them."""
    if declares(law, "quantile_gwei"):
        return by_quantiles(law.quantile_gwei)
    if declares(law, "cdf_gwei"):
        levels = inverse(lambda gwei: stated_shares(law, gwei))
        return by_quantiles(lambda share: np.interp(share, inner_shares(), levels))
    copy = deepcopy(law)
    return by_draws(lambda rng, size: amounts(copy.sample(rng, size), size))


def declares(law: DrawnLaw, name: str) -> bool:
    """Whether a law says something of itself that it need not."""
    return getattr(type(law), name) is not getattr(DrawnLaw, name)


def stated_shares(law: DrawnLaw, gwei: Amounts) -> Amounts:
    """The shares that it says do not exceed these amounts. Raises `RuleBroken` for what are no shares."""
    found = np.asarray(law.cdf_gwei(gwei), dtype=np.float64)
    if found.shape != gwei.shape or not ((found >= 0) & (found <= 1 + 1e-12)).all():
        raise RuleBroken(
            f"its cdf_gwei of {gwei.size} amounts is {shown(found)}; return as many shares from 0 to 1"
        )
    return found


def stated_mean(law: DrawnLaw) -> float:
    """Raises `RuleBroken` for what is no amount."""
    mean: Any = law.mean_gwei
    if callable(mean):
        mean = mean()
    if not is_amount(mean):
        raise RuleBroken(f"its mean_gwei is {shown(mean)}; a mean is a finite number of Gwei, 0 or more")
    return float(mean)


def stated_surplus(law: DrawnLaw, levels: Amounts) -> Amounts:
    """What it says is left over each level. Raises `RuleBroken` for what is no amount."""
    found = [law.surplus_gwei(level) for level in levels.tolist()]
    for level, left in zip(levels.tolist(), found, strict=True):
        if not is_amount(left):
            raise RuleBroken(
                f"its surplus_gwei({level:g}) is {shown(left)}; it is a finite number of Gwei, 0 or more"
            )
    return np.array(found, dtype=np.float64)


def stated_atoms(values: Iterable[Any]) -> tuple[float, ...]:
    """What it says has a probability of its own, rising. Raises `RuleBroken` for what is no amount."""
    found = list(values)
    for value in found:
        if not is_amount(value):
            raise RuleBroken(f"its atoms_gwei have {shown(value)}; each is a finite number of Gwei, 0 or more")
    return tuple(sorted(map(float, found)))


def is_amount(value: Any) -> bool:
    """Whether it is a finite number, 0 or more."""
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    return bool(is_number and math.isfinite(value) and value >= 0)


def amounts(answer: Any, size: int) -> Amounts:
    """What `sample` answered. Raises `RuleBroken` unless it is an array of `size` finite numbers, 0 or more."""
    found = as_array(answer)
    if found.dtype.kind not in "iuf":
        raise RuleBroken(f"sample answered {shown(answer)}; return an array of {size} numbers of Gwei")
    if found.shape != (size,):
        raise RuleBroken(
            f"sample answered the shape {found.shape} where size is {size}; return {size} numbers of Gwei"
        )
    wrong = ~(np.isfinite(found) & (found >= 0))
    if wrong.any():
        value = found[int(wrong.argmax())].item()
        raise RuleBroken(f"sample drew {value!r}; a draw is a finite number of Gwei, 0 or more")
    return found.astype(np.float64)


def as_array(answer: Any) -> npt.NDArray[Any]:
    """An array of whatever it is; one of objects where its parts do not go together."""
    try:
        return np.asarray(answer)
    except ValueError:
        return np.asarray(None)
