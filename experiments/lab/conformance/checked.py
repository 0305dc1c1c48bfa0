"""`check`: whether what is one's own, or a config, is sound before it goes into a run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chain.near_names import near
from chain.wording import one_line
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.conformance.experiment_files import refuse_experiment
from experiments.lab.conformance.own_check import Verdict, check_own

if TYPE_CHECKING:
    from market.primary import PricingRule
    from market.reserves import ReserveRule
    from strategies.base import Strategy


@tells_arguments
def check(
    what: str | Path | type[Strategy | PricingRule | ReserveRule] | Config | Mapping[str, Any],
    overrides: Iterable[str] = (),
    *,
    views: int = 1000,
    histories: int = 20,
) -> Verdict:
    """Check a strategy against its contract over so many `views`, a draw or pricing rule over so many `histories`,
    a sale format over random sales; of a config what it says and what it will take, without playing.

    `what`: `path.py:NAME` or `package.module:NAME`, which is checked in a process of its own, that is held to its
    time; the name of a strategy; the class of one, or of a pricing rule; a config as `run` takes it.
    `overrides`: `key=value`, a strategy's or rule's parameters or keys of the config. Raises `InputError`
    where there is nothing that can be checked.
    """
    settings = list(overrides)
    if isinstance(what, type):
        return of_class(what, settings, views, histories)
    if not isinstance(what, (str, Path)):
        return of_config(what, settings)
    name = str(what)
    if name.endswith(".toml") or Path(name).is_dir():
        return of_file(name, settings)
    refuse_experiment(name)
    if is_slip_of_toml(name):
        raise no_config(Path(name))
    if ":" in name:
        return check_own(name, settings, views, histories)
    return of_the_library(name, settings, views)


def of_file(name: str, settings: list[str]) -> Verdict:
    """The verdict on a config; in a process of its own where code of the user's own is in it. Raises
    `InputError`."""
    from experiments.lab.assembly.own_rules import has_own_code
    from experiments.lab.config.loading import read_config

    try:
        has_own = has_own_code(read_config(Path(name), settings))
    except InputError:  # the check says so, and what else there is to say
        if Path(name).is_dir():
            raise
        has_own = True
    return check_own(name, settings) if has_own else of_config(Path(name), settings)


def is_slip_of_toml(name: str) -> bool:
    """Whether the name of a file is meant to end in `.toml`, and does not: `config.tml`."""
    return bool(get_close_matches(Path(name).suffix.lower(), [".toml"], cutoff=0.85))


def no_config(path: Path) -> InputError:
    """What is said of it, with the nearest name of a config there."""
    there = [str(path.with_name(config.name)) for config in path.parent.glob("*.toml")]
    what = "is no config, whose name ends in .toml" if path.is_file() else "no such file"
    return InputError(f"{one_line(str(path))}: {what}{near(str(path), there)}")


def of_config(config: Path | Config | Mapping[str, Any], settings: list[str]) -> Verdict:
    """The same in this process. Raises `InputError`."""
    from experiments.lab.conformance.config_check import check_config

    report = check_config(config, settings)
    return Verdict(True, str(report), report.as_dict())


def of_the_library(name: str, settings: list[str], views: int) -> Verdict:
    """The verdict on a strategy of the project's own, or of an installed package. Raises `InputError`."""
    from strategies.finding import find_strategy

    try:
        kind = find_strategy(name, None, Path())
    except ValueError as error:
        raise InputError(str(error)) from None
    return of_strategy(name, kind, settings, views)


def of_class(kind: type, settings: list[str], views: int, histories: int) -> Verdict:
    """The verdict on a class, in this process. Raises `InputError`."""
    from experiments.lab.conformance.own_check.own_kinds import Wanted, price_verdict, reserve_verdict
    from market.primary import PricingRule
    from market.reserves import ReserveRule
    from strategies.base import Strategy

    name = kind.__name__
    if issubclass(kind, PricingRule):
        return price_verdict(kind, Wanted(name, settings, views, histories), lambda what: None)  # noqa: ARG005
    if issubclass(kind, ReserveRule):
        return reserve_verdict(kind, Wanted(name, settings, views, histories), lambda what: None)  # noqa: ARG005
    if issubclass(kind, Strategy):
        return of_strategy(name, kind, settings, views)
    raise InputError(
        f"{name}: is a class, but of no strategy; let it inherit from strategies.Strategy, or market.PricingRule"
    )


def of_strategy(name: str, kind: type[Strategy], settings: list[str], views: int) -> Verdict:
    """The verdict on a strategy's class, in this process. Raises `InputError`."""
    from experiments.lab.config.overrides import read_parameters
    from experiments.lab.conformance.own_check.own_kinds import typed_parameters
    from strategies.testing.contract_check import check_called

    report = check_called(name, kind, typed_parameters(kind, read_parameters(settings)), views)
    return Verdict(report.passed, str(report), report.as_dict())
