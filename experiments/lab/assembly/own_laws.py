"""Laws of rewards and of costs of the user's own, as the engine asks them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from chain.drawn_law import DrawnLaw, amounts
from chain.errors import RuleBroken
from chain.interruption import is_interruption
from chain.quantiles import Quantiles
from chain.rewards import EndOfRewards, Outlook, RewardProcess
from chain.rewards.independent import Independent
from chain.rewards.process import MAX_GWEI, RewardRun
from chain.wording import one_line, shown, told
from experiments.lab.assembly.asked_forms import check_forms, unwritten
from experiments.lab.assembly.blamed_rule import blamed
from experiments.lab.assembly.functions import load_own
from experiments.lab.assembly.outside_memory import OutsideMemory
from experiments.lab.assembly.own_parameters import checked_parameters, unknown
from experiments.lab.config.errors import InputError
from market.cost_laws import CostLaw
from market.reserves import ReserveRule

T = TypeVar("T")
RUN_GIVES = "slot_seconds"
"""What the constructor of a law of rewards may ask for that no config says there: the length of a slot, s."""
PARAMETERS_OF_A_CHECK = {RUN_GIVES: 12.0}
"""What a check gives it in the place of a run."""


class Blamed:
    """A law of the user's own by its name: what it raises is said of it, with the user's own line.

    It goes into no checkpoint where it has changed what lies outside of it: then `RemembersOutside` is raised.
    """

    def __init__(self, name: str, law: Any) -> None:
        self.name = name
        self.law = law
        self._outside = OutsideMemory(code_of(law))

    def asked(self, method: str, *about: Any) -> Any:
        """What a method of the law answers. Raises `RuleBroken`."""
        return blamed(self.name, getattr(self.law, method), *about)

    def amounts(self, rng: np.random.Generator, size: int) -> Any:
        """Draws, in Gwei. Raises `RuleBroken`."""
        try:
            return amounts(self.asked("sample", rng, size), size)
        except RuleBroken as fault:
            raise self.named(fault) from fault.__cause__

    def table(self) -> Quantiles:
        """What everyone knows of it; the law itself is left as it is. Raises `RuleBroken`."""
        try:
            table: Quantiles = blamed(self.name, table_of_copy, self.law)
        except RuleBroken as fault:
            raise self.named(fault) from fault.__cause__
        return table

    def named(self, fault: RuleBroken) -> RuleBroken:
        """The same, with the name of the law."""
        text = str(fault)
        return fault if text.startswith("the rule ") else RuleBroken(f"the law {shown(self.name)}: {text}")

    def __deepcopy__(self, memo: dict[int, Any]) -> Blamed:
        return Blamed(self.name, deepcopy(self.law, memo))

    def __getstate__(self) -> tuple[str, Any]:
        self._outside.check(self.name)
        return self.name, self.law

    def __setstate__(self, state: tuple[str, Any]) -> None:
        self.name, self.law = state
        self._outside = OutsideMemory(code_of(self.law))


def code_of(law: object) -> object:
    """Where its code is."""
    return law.source if isinstance(law, ReserveRule) else law


def table_of_copy(law: DrawnLaw) -> Quantiles:
    """The table of a copy."""
    return deepcopy(law).known


class OwnRewards(Independent):
    """Independent rewards. Everyone knows the table of their law, and nobody the law itself."""

    def __init__(self, name: str, law: Independent) -> None:
        self._own = Blamed(name, law)
        self.known = self._own.table()  # found once, here

    @property
    def public(self) -> Quantiles:
        """What an outlook carries."""
        return self.known

    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """`size` rewards in Gwei. Raises `RuleBroken`."""
        return self._own.amounts(rng, size)


class OwnCosts(CostLaw):
    """Costs that are independent draws."""

    def __init__(self, name: str, law: CostLaw) -> None:
        self._own = Blamed(name, law)
        self.known = self._own.table()  # found once, here

    def sample(self, rng: np.random.Generator, size: int) -> Any:
        """So many draws in Gwei. Raises `RuleBroken`."""
        return self._own.amounts(rng, size)


class OwnProcess(RewardProcess):
    """Rewards with a memory: what is public of them they say themselves."""

    def __init__(self, name: str, process: RewardProcess) -> None:
        self._own = Blamed(name, process)
        self.name = name

    def start(self, rng: np.random.Generator) -> RewardRun:
        """A run from block 0. Raises `RuleBroken`."""
        run = Blamed(self.name, deepcopy(self._own.law)).asked("start", rng)
        if not isinstance(run, RewardRun):
            raise RuleBroken(f"the law {shown(self.name)}: start returned {shown(run)}; return a RewardRun")
        return OwnRun(self.name, run)

    def is_public(self) -> bool:
        """Whether its outlooks are made of the testbed's classes alone, and can be sent to other processes."""
        outlook = self.start(np.random.default_rng(0)).outlook(-1, None)
        return type(outlook).__module__.startswith("chain.")


class OwnRun(RewardRun):
    """One run of it, each answer looked at."""

    def __init__(self, name: str, run: RewardRun) -> None:
        self._own = Blamed(name, run)
        self._drawn = 0

    def next_chunk(self) -> list[int]:
        """The next rewards in Gwei. Raises `RuleBroken`, and `EndOfRewards` where there are none left."""
        drawn = self._own.asked("next_chunk")
        size = len(drawn) if isinstance(drawn, (list, tuple, np.ndarray)) else -1
        if not size:
            raise EndOfRewards(
                f"the law {shown(self._own.name)} ends after {self._drawn} rewards; set blocks to at most that"
            )
        try:
            found = amounts(drawn, size)
        except RuleBroken as fault:
            text = str(fault).replace("sample", "next_chunk", 1)
            raise RuleBroken(f"the law {shown(self._own.name)}: {text}") from None
        self._drawn += size
        whole: list[int] = np.minimum(np.rint(found), MAX_GWEI).astype(np.int64).tolist()
        return whole

    def outlook(self, block: int, reward_gwei: int | None) -> Outlook:
        """What is public. Raises `RuleBroken` unless it is what the run says of this very block."""
        found = self._own.asked("outlook", block, reward_gwei)
        if isinstance(found, Outlook) and (found.block, found.reward_gwei) == (block, reward_gwei):
            return found
        raise RuleBroken(
            f"the law {shown(self._own.name)}: outlook({block}, {reward_gwei}) returned {shown(found)}; return an "
            "Outlook that begins with these two"
        )


def own_rewards(name: str, given: Mapping[str, Any], key: str, folder: Path, slot_seconds: float) -> RewardProcess:
    """The rewards that `name`, `path.py:Class`, means, with its parameters; `key` is its section in the config.
    Raises `InputError`."""
    kind = law_class(name, f"{key}.process", RewardProcess, folder)
    law = made(kind, name, given, key, {RUN_GIVES: slot_seconds})
    with_faults = f"{key}.process"
    if isinstance(law, Independent):
        return refused_if_broken(lambda: OwnRewards(name, law), with_faults)
    process = OwnProcess(name, law)
    refused_if_broken(process.is_public, with_faults)
    return process


def own_costs(name: str, given: Mapping[str, Any], key: str, folder: Path) -> CostLaw:
    """The law of costs that `name`, `path.py:Class`, means, with its parameters. Raises `InputError`."""
    kind = law_class(name, f"{key}.distribution", CostLaw, folder)
    law = made(kind, name, given, key, {})
    return refused_if_broken(lambda: OwnCosts(name, law), f"{key}.distribution")


def refused_if_broken(make: Callable[[], T], key: str) -> T:
    """What is made of a law. Raises `InputError` for a law that says what cannot be."""
    try:
        return make()
    except RuleBroken as fault:
        raise InputError(f"{key}: {fault}") from fault.__cause__


def law_class(name: str, key: str, base: type[Any], folder: Path) -> type[Any]:
    """The class of a law. Raises `InputError`."""
    return derived(load_own(name, key, (), folder), name, key, base)


def derived(found: object, name: str, key: str, base: type[Any]) -> type[Any]:
    """What was found, where it is a class that can be made of the kind `base`. Raises `InputError`."""
    if not isinstance(found, type) or not issubclass(found, base):
        raise InputError(f"{key}: {one_line(name)} is no such {WHAT[base]}; {FORMS[base]}")
    if missing := sorted(getattr(found, "__abstractmethods__", ())):
        raise InputError(f"{key}: {one_line(name)} says nothing of {unwritten(found, missing)}")
    check_forms(found, key, one_line(name))
    return found


FORMS: dict[type, str] = {
    RewardProcess: "derive a class from chain.Independent, or one with a memory from chain.RewardProcess",
    CostLaw: "derive a class from market.CostLaw",
    ReserveRule: "write `class Mine(ReserveRule)` or `def reserve(view)`",
}
WHAT: dict[type, str] = {RewardProcess: "law", CostLaw: "law", ReserveRule: "rule"}


def made(kind: type[T], name: str, given: Mapping[str, Any], key: str, run: Mapping[str, Any]) -> T:
    """A law with its parameters from the config, and what the `run` gives it. Raises `InputError`."""
    parameters = parameters_for(kind, given, f"{key}.parameters", run)
    try:
        return kind(**parameters)
    except ValueError as error:
        raise InputError(f"{key}.parameters: {one_line(str(error))}") from None
    except BaseException as error:  # it may raise anything
        if is_interruption(error):
            raise
        raise InputError(f"{key}: {one_line(name)} cannot be made: {told(error)}") from error


def parameters_for(kind: Any, given: Mapping[str, Any], key: str, run: Mapping[str, Any]) -> dict[str, Any]:
    """What a constructor takes, in the types that it states. Raises `InputError`."""
    if kind.__init__ is object.__init__:
        if faults := unknown(given, (), key):
            raise InputError(*faults)
        return {}
    asked = {name: value for name, value in run.items() if name in kind.__init__.__code__.co_varnames}
    if faults := [f"{key}.{name}: no such parameter; the run gives it" for name in asked if name in given]:
        raise InputError(*faults)
    return checked_parameters(kind.__init__, {**given, **asked}, key, kind.__name__, beside=1)
