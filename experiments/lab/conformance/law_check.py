"""A check of a law of rewards or of costs before it goes into a run: draws, and what a run needs of them.

- an array of so many finite numbers of Gwei, 0 or more, whatever the size;
- the same draws from the same generator, from a law that is made anew, from one that has been drawn from, and from
  a copy as a checkpoint has it: chance comes from the generator alone, and independent draws have no memory;
- what the law says of itself (mean, surplus, quantiles, distribution function, atoms) is what its draws show;
- of rewards with a memory: what is public is what is said of this very block, and right in the mean.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np

from chain.drawn_law import DrawnLaw, amounts, declares
from chain.errors import RuleBroken
from chain.interruption import is_interruption
from chain.quantiles import LEAST_SHARE, Amounts, Quantiles
from chain.rewards import RewardProcess
from chain.wording import shown, told
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.assembly.own_laws import PARAMETERS_OF_A_CHECK, derived, made
from experiments.lab.conformance.law_fault import LawFault
from experiments.lab.conformance.memory_check import MemoryReport, check_memory
from market.cost_laws import CostLaw
from market.price_remedy import law_in_eth

DRAWS = 2**16
SIZES = (1, 7, 1024, 4096)
SEEDS = 5
LEVELS = np.array([0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99])
ERRORS = 6.0
"""So many standard errors may what is said be from what draws show."""
STATED = ("mean_gwei", "surplus_gwei", "quantile_gwei", "cdf_gwei")

Step = Callable[[str], object]


class LawReport(NamedTuple):
    """What was checked: how many draws, the law's mean, Gwei, what it says of itself, and its atoms."""

    draws: int
    mean_gwei: float
    stated: list[str]
    atoms: int

    def __str__(self) -> str:
        says = (
            f"says {', '.join(self.stated)}" if self.stated else "says nothing of itself, so that draws are asked"
        )
        lumps = f"; {self.atoms} of its values have a probability of their own" if self.atoms else ""
        return f"sound over {self.draws:,} draws; mean {self.mean_gwei / 1e9:z.6g} ETH; {says}{lumps}"

    @property
    def warnings(self) -> list[str]:
        """What a law may be and is hardly meant to be."""
        return law_in_eth(self.mean_gwei)


def check_law(
    kind: type[RewardProcess] | type[CostLaw],
    parameters: Mapping[str, Any] | None = None,
    *,
    seed: int = 0,
    step: Step = lambda what: None,  # noqa: ARG005
) -> LawReport | MemoryReport:
    """Draw from a law of rewards or costs, a class, with these `parameters`. `step` is told what begins.

    Raises `LawFault` at the first broken promise, `InputError` for parameters that it does not take.
    """

    if not (isinstance(kind, type) and issubclass(kind, (RewardProcess, CostLaw))):
        raise LawFault(
            f"{shown(kind)} is no law; give a class of chain.Independent or chain.RewardProcess (rewards), or of "
            "market.CostLaw"
        )

    derived(kind, kind.__name__, "law", CostLaw if issubclass(kind, CostLaw) else RewardProcess)

    def fresh() -> Any:
        step("the constructor")
        return made(kind, kind.__name__, parameters or {}, "law", PARAMETERS_OF_A_CHECK)

    law = fresh()
    outside = OutsideMemory(law)
    report = check_draws(fresh, seed, step) if isinstance(law, DrawnLaw) else check_memory(fresh, seed, step)
    name = outside.changed()
    if name is not None:
        raise LawFault(f"the law keeps {name}, and no checkpoint holds that; keep it in self")
    return report


def check_draws(fresh: Callable[[], DrawnLaw], seed: int, step: Step) -> LawReport:
    """Of independent draws. Raises `LawFault`."""
    check_alike(fresh, seed, step)
    law = fresh()
    draws = np.sort(drawn(law, seed, DRAWS, step))
    known = table(law, step)
    check_stated(law, draws)
    check_mean(known, draws)
    check_atoms(known, draws)
    stated = [name for name in STATED if declares(law, name)]
    return LawReport(DRAWS, known.mean_gwei, stated, len(known.atoms_gwei))


def check_alike(fresh: Callable[[], DrawnLaw], seed: int, step: Step) -> None:
    """Raises `LawFault` where one generator gives different draws."""
    used = fresh()
    for size in SIZES:
        for number in range(seed, seed + SEEDS):
            first = drawn(fresh(), number, size, step)
            compare(first, drawn(fresh(), number, size, step), "made anew and asked again", CHANCE)
            copy = copied(used)
            compare(first, drawn(used, number, size, step), "drawn from before", NO_MEMORY)
            compare(first, drawn(copy, number, size, step), "copied as a checkpoint does", PLAIN)


CHANCE = "take chance from rng alone"
NO_MEMORY = "its draws are independent: keep nothing of them, or derive it from chain.RewardProcess"
MEND = "mend the one or the other"
PLAIN = "keep what it holds in plain attributes of self"


def compare(first: Amounts, second: Amounts, when: str, remedy: str) -> None:
    """Raises `LawFault` at the first draw that differs."""
    other = np.flatnonzero(first != second)
    if other.size:
        at = int(other[0])
        raise LawFault(
            f"sample: draw {at} was {first[at].item()}, and {second[at].item()} of a law {when}; {remedy}"
        )


def drawn(law: DrawnLaw, seed: int, size: int, step: Step) -> Amounts:
    """Draws of one generator. Raises `LawFault`."""
    step("sample")
    found: Amounts = held(lambda: amounts(law.sample(np.random.default_rng(seed), size), size))
    return found


def table(law: DrawnLaw, step: Step) -> Quantiles:
    """What everyone would know of it. Raises `LawFault`."""
    step("what it says")
    known: Quantiles = held(lambda: copied(law).known)
    return known


def held(ask: Callable[[], Any]) -> Any:
    """What a law answers. Raises `LawFault` for what it raises, and for what no law can answer."""
    try:
        return ask()
    except RuleBroken as fault:
        raise LawFault(str(fault)) from fault.__cause__
    except LawFault:
        raise
    except BaseException as error:  # a law of the user's own may raise anything
        if is_interruption(error):
            raise
        raise LawFault(f"the law raised {told(error)}") from error


def copied(law: Any) -> Any:
    """A copy, as a checkpoint has it. Raises `LawFault`."""
    try:
        return pickle.loads(pickle.dumps(law))
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise
        raise LawFault(f"the law cannot be written into a checkpoint: {told(error)}; {PLAIN}") from error


def check_mean(known: Quantiles, draws: Amounts) -> None:
    """Raises `LawFault` unless the mean is that of the draws."""
    error = float(draws.std(ddof=1)) / np.sqrt(draws.size)
    if abs(known.mean_gwei - draws.mean()) > ERRORS * error + rounding(draws):
        raise LawFault(
            f"its mean is {known.mean_gwei:g} Gwei, and that of its draws {draws.mean():g} ± {error:z.1g}; {MEND}"
        )


def rounding(draws: Amounts) -> float:
    """What the table of a law may be off by, Gwei."""
    return 1e-4 * float(draws.mean()) + 1.0


def check_stated(law: DrawnLaw, draws: Amounts) -> None:
    """Raises `LawFault` unless what it says of its quantiles, shares and surplus is what draws show."""
    slack = ERRORS / (2 * np.sqrt(draws.size))
    for share, level in zip(
        LEVELS.tolist(), np.quantile(draws, LEVELS, method="inverted_cdf").tolist(), strict=True
    ):
        if declares(law, "quantile_gwei"):
            check_quantile(share, scalar(law, "quantile_gwei", share), draws, slack)
        if declares(law, "cdf_gwei"):
            check_share(level, scalar(law, "cdf_gwei", level), draws, slack)
        if declares(law, "surplus_gwei"):
            check_surplus(level, scalar(law, "surplus_gwei", level), draws)


def scalar(law: DrawnLaw, name: str, value: float) -> float:
    """What a method says of one number. Raises `LawFault`."""
    answer = held(lambda: np.asarray(getattr(law, name)(value)))
    if answer.shape != () or answer.dtype.kind not in "iuf" or not np.isfinite(answer):
        raise LawFault(f"{name}({value:g}) is {shown(answer.tolist())}; return one finite number for one")
    return float(answer)


def check_quantile(share: float, level: float, draws: Amounts, slack: float) -> None:
    """Raises `LawFault` unless that share of the draws does not exceed the level."""
    below = np.searchsorted(draws, [level - 0.5, level + 0.5]) / draws.size
    if not below[0] - slack <= share <= below[1] + slack:
        raise LawFault(
            f"quantile_gwei({share:g}) is {level:g}, which {below[1]:z.3f} of its draws do not exceed; {MEND}"
        )


def check_share(level: float, share: float, draws: Amounts, slack: float) -> None:
    """Raises `LawFault` unless that share of the draws does not exceed the level."""
    below = np.searchsorted(draws, [level - 0.5, level + 0.5], side="right") / draws.size
    if not below[0] - slack <= share <= below[1] + slack:
        raise LawFault(
            f"cdf_gwei({level:g}) is {share:z.4g}, and {below[1]:z.3f} of its draws do not exceed that; {MEND}"
        )


def check_surplus(level: float, surplus: float, draws: Amounts) -> None:
    """Raises `LawFault` unless that is what draws have over the level in the mean."""
    over = np.maximum(draws - level, 0.0)
    error = float(over.std(ddof=1)) / np.sqrt(draws.size)
    if abs(surplus - over.mean()) > ERRORS * error + rounding(draws):
        raise LawFault(
            f"surplus_gwei({level:g}) is {surplus:g}, and of its draws {over.mean():g} ± {error:z.1g} are; {MEND}"
        )


def check_atoms(known: Quantiles, draws: Amounts) -> None:
    """Raises `LawFault` unless the values with a probability of their own are those of the draws."""
    values, counts = np.unique(draws, return_counts=True)
    shares = dict(zip(values.tolist(), (counts / draws.size).tolist(), strict=True))
    for value, share in shares.items():
        if share > 10 * LEAST_SHARE and not np.isclose(known.atoms_gwei, value).any():
            raise LawFault(
                f"{share:z.3f} of its draws are {value:g}, which is none of its atoms; name it in atoms_gwei"
            )
    for value in known.atoms_gwei:
        if not np.isclose(values, value).any():
            raise LawFault(f"its atom {value:g} is none of its draws; atoms_gwei are values that are drawn")
