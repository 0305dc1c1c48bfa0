"""The kinds of things of one's own that can be checked, a line each in `OWN_KINDS`."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, NamedTuple

from pydantic import ValidationError

from chain.rewards import RewardProcess
from chain.rules import faults_of_stated
from chain.state import DrawRule
from chain.wording import alternatives, one_line
from experiments.lab.assembly.own_pricing_rule import asked_for, has_view, is_pricing_class
from experiments.lab.assembly.seats import checked_model
from experiments.lab.config.errors import InputError
from experiments.lab.config.faults import faults_of
from experiments.lab.config.overrides import read_parameters
from experiments.lab.conformance.format_check import FormatFault, check_format
from experiments.lab.conformance.law_check import check_law
from experiments.lab.conformance.law_fault import LawFault
from experiments.lab.conformance.own_check.further_faults import all_faults
from experiments.lab.conformance.own_check.misspelt_methods import misspelt_methods
from experiments.lab.conformance.own_check.verdict import Verdict
from experiments.lab.conformance.own_check.watch import Watch
from experiments.lab.conformance.pricing_check import PricingFault, check_pricing
from experiments.lab.conformance.reserve_check import ReserveFault, check_reserve
from experiments.lab.conformance.rule_check import RuleFault, check_rule
from market.auctions import AuctionFormat
from market.cost_laws import CostLaw
from market.reserves import ReserveRule
from strategies.base import Strategy
from strategies.finding import strategy_class
from strategies.testing.contract_check import check_called

SHORT = 6
"""Blocks of the trials that are played for further faults."""


class Wanted(NamedTuple):
    """What to check: by its name as the user typed it, with what is set of its parameters or keys, and how
    thoroughly."""

    name: str
    settings: list[str]
    views: int
    histories: int


class OwnKind(NamedTuple):
    """A kind: what it is called, how to tell it, how it is written, and what checks one."""

    title: str
    is_one: Callable[[object], bool]
    form: str
    check: Callable[[Any, Wanted, Watch], Verdict]


def check_strategy_class(kind: type[Strategy], wanted: Wanted, watch: Watch) -> Verdict:
    """Put a strategy through its contract."""
    given = typed_parameters(kind, read_parameters(wanted.settings))
    report = check_called(wanted.name, kind, given, wanted.views, watch.step)
    return Verdict(report.passed, str(report), report.as_dict())


def typed_parameters(kind: type[Strategy], given: dict[str, Any]) -> dict[str, Any]:
    """A strategy's parameters as a run gives them, in the types that it states. Raises `InputError` for one of
    another type; what is missing or unknown is the constructor's to say."""
    model = checked_model(kind, "check")
    own = {name: value for name, value in given.items() if name in model.model_fields}
    try:
        values = model.model_validate(own)
    except ValidationError as error:
        if faults := [line for line in faults_of(error, model, own) if not line.endswith(": missing")]:
            raise InputError(*(f"parameters.{line}" for line in faults)) from None
        return given
    return given | {name: getattr(values, name) for name in own}


def check_draw(draw: Any, wanted: Wanted, watch: Watch) -> Verdict:
    """Play a draw rule over random histories. Raises `InputError` for parameters."""
    refuse_settings(wanted, ONE_OF_EACH_DRAW)
    rule = watched(draw, watch)
    try:
        report = check_rule(rule, wanted.histories)
    except RuleFault as fault:
        return failed(wanted.name, *all_faults(fault, lambda seed: check_rule(rule, 1, SHORT, seed), rule))
    return Verdict(True, f"{wanted.name}: {report}", report._asdict(), report.warnings)


def watched(draw: Any, watch: Watch) -> Any:
    """A draw rule, each draw of which is a step."""
    if not isinstance(draw, DrawRule):
        return watch.around(draw, "the draw")
    if list(faults_of_stated(draw)):
        return draw  # which is not asked
    return draw._replace(early=watch.around(draw.early, "the draw"), blocks=watch.around(draw.blocks, "blocks"))


def check_price(pricing: Any, wanted: Wanted, watch: Watch) -> Verdict:
    """Play a pricing rule over random histories; where it sees the lots alone, hold random sales under it too."""
    return price_verdict(pricing, wanted, watch.step)


def price_verdict(pricing: Any, wanted: Wanted, step: Callable[[str], object]) -> Verdict:
    """The same, `step` being told what begins."""
    parameters = read_parameters(wanted.settings)
    try:
        report = check_pricing(pricing, histories=wanted.histories, parameters=parameters, step=step)
    except PricingFault as fault:

        def trial(seed: int) -> object:
            return check_pricing(pricing, 1, seed, histories=1, slots=SHORT, parameters=parameters, step=step)

        return failed(wanted.name, *all_faults(fault, trial, pricing))
    return sound(pricing, wanted, report)


def check_sale(format: Any, wanted: Wanted, watch: Watch) -> Verdict:
    """Hold random sales in a format. Raises `InputError` for parameters."""
    refuse_settings(wanted, ONE_OF_EACH_FORMAT)
    clear = watch.around(format.clear if isinstance(format, AuctionFormat) else format, "the format")
    try:
        report = check_format(clear)
    except FormatFault as fault:
        return failed(wanted.name, *all_faults(fault, lambda seed: check_format(clear, 1, seed), clear))
    return Verdict(True, f"{wanted.name}: {report}", report._asdict(), tuple(report.warnings))


def check_least(reserve: Any, wanted: Wanted, watch: Watch) -> Verdict:
    """Hold random sales at the reserves of a rule."""
    return reserve_verdict(reserve, wanted, watch.step)


def reserve_verdict(reserve: Any, wanted: Wanted, step: Callable[[str], object]) -> Verdict:
    """The same, `step` being told what begins."""
    parameters = read_parameters(wanted.settings)
    try:
        report = check_reserve(reserve, wanted.histories, parameters=parameters, step=step)
    except ReserveFault as fault:

        def trial(seed: int) -> object:
            return check_reserve(reserve, 1, seed, parameters=parameters, step=step)

        return failed(wanted.name, *all_faults(fault, trial, reserve))
    return sound(reserve, wanted, report)


def check_own_law(law: Any, wanted: Wanted, watch: Watch) -> Verdict:
    """Draw from a law of rewards or of costs."""
    try:
        report = check_law(law, read_parameters(wanted.settings), step=watch.step)
    except LawFault as fault:
        return failed(wanted.name, str(fault))
    return sound(law, wanted, report)


ONE_OF_EACH_DRAW = "a draw rule has no parameters: write a function for each value, as `gap4 = gap(4)`"
ONE_OF_EACH_FORMAT = "a sale format has no parameters: write a function for each value, as `half = share(.5)`"


def refuse_settings(wanted: Wanted, remedy: str) -> None:
    """Raises `InputError` where parameters are set that nobody takes."""
    if wanted.settings:
        raise InputError(f"--set {one_line(wanted.settings[0])}: {remedy}")


def sound(checked: object, wanted: Wanted, report: Any) -> Verdict:
    """What is sound, by its report, with what to warn of; of a class methods that nobody asks, too."""
    misspelt = misspelt_methods(checked) if isinstance(checked, type) else []
    return Verdict(True, f"{wanted.name}: {report}", report._asdict(), (*misspelt, *report.warnings))


def failed(name: str, fault: str, *others: str) -> Verdict:
    """A rule that is not sound, by its first fault and those of other kinds."""
    faults = [fault, *others]
    text = "\n".join(f"{name}: {one}" for one in faults)
    return Verdict(False, text, {"name": name, "passed": False, "fault": fault, "faults": faults})


def of_kind(verdict: Verdict, kind: OwnKind, found: object) -> Verdict:
    """A failed verdict, with what it was checked as where its arguments are called otherwise."""
    if verdict.passed or isinstance(found, type) or not callable(found):
        return verdict
    names = [name.strip() for name in kind.form.partition("(")[2].partition(")")[0].split(",")]
    if list(inspect.signature(found).parameters)[: len(names)] == names:
        return verdict
    forms = alternatives(f"{one.title} is `{one.form}`" for one in OWN_KINDS if one.form.startswith("def "))
    taken_for = f"it was checked as {kind.title}, by its arguments {signature_of(found)}: {forms}"
    joint = "\n" if "\n" in verdict.text else "; "
    return verdict._replace(text=f"{verdict.text}{joint}{taken_for}")


def takes(count: int) -> Callable[[object], bool]:
    """Whether something is a function that asks for so many arguments."""

    def is_one(found: object) -> bool:
        return callable(found) and not isinstance(found, type) and required(found) == count

    return is_one


def required(function: Callable[..., object]) -> int | None:
    """How many arguments a function asks for; None, where that cannot be told."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    if any(one.kind is one.KEYWORD_ONLY and one.default is one.empty for one in parameters):
        return None
    positional = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
    return sum(one.kind in positional and one.default is one.empty for one in parameters)


def is_other_class(found: object) -> bool:
    """Whether it is a class, and none of rules or laws."""
    kinds = (is_pricing_class, is_reserve_class, is_reward_law, is_cost_law)
    return isinstance(found, type) and not any(is_one(found) for is_one in kinds)


def is_reserve_class(found: object) -> bool:
    """Whether it is a class of reserve rules."""
    return isinstance(found, type) and issubclass(found, ReserveRule)


def is_reserve_of_view(found: object) -> bool:
    """Whether it is a function of one argument that is called `view`."""
    return takes(1)(found) and next(iter(inspect.signature(found).parameters)) == "view"  # type: ignore[arg-type]


def is_reward_law(found: object) -> bool:
    """Whether it is a class of reward processes."""
    return isinstance(found, type) and issubclass(found, RewardProcess)


def is_cost_law(found: object) -> bool:
    """Whether it is a class of laws of costs."""
    return isinstance(found, type) and issubclass(found, CostLaw)


def is_of_one_lot(found: object) -> bool:
    """Whether it is a function of one argument that is called `lot`."""
    return takes(1)(found) and next(iter(inspect.signature(found).parameters)) == "lot"  # type: ignore[arg-type]


def is_pricing_of_lots(found: object) -> bool:
    """Whether it is a function of lots and a view, by the name of its first argument."""
    return has_view(found) and asked_for(found)[0] == "lots"  # type: ignore[arg-type]


def is_stated_format(found: object) -> bool:
    """Whether it is a format that says what it is."""
    return isinstance(found, AuctionFormat)


def is_stated(found: object) -> bool:
    """Whether it is a draw rule that says what it is."""
    return isinstance(found, DrawRule)


OWN_KINDS = (
    OwnKind("a strategy", is_other_class, "class Mine(Buyer)", check_strategy_class),
    OwnKind("a law of rewards", is_reward_law, "class Mine(Independent)", check_own_law),
    OwnKind("a law of costs", is_cost_law, "class Mine(CostLaw)", check_own_law),
    OwnKind("a draw rule that says what it is", is_stated, "rule = DrawRule(…)", check_draw),
    OwnKind("a pricing rule with a view", is_pricing_of_lots, "def pricing(lots, view)", check_price),
    OwnKind("a draw rule", takes(2), "def draw(state, block)", check_draw),
    OwnKind("a sale format that says what it is", is_stated_format, "FORMAT = AuctionFormat(…)", check_sale),
    OwnKind("a sale format", is_of_one_lot, "def clear(lot)", check_sale),
    OwnKind("a reserve rule", is_reserve_of_view, "def reserve(view)", check_least),
    OwnKind("a pricing rule", takes(1), "def pricing(lots)", check_price),
    OwnKind("a pricing rule that remembers", is_pricing_class, "class Mine(PricingRule)", check_price),
    OwnKind("a reserve rule that remembers", is_reserve_class, "class Mine(ReserveRule)", check_least),
)
"""In the order in which they are tried."""


def kind_of(found: object, name: str) -> OwnKind:
    """What something of the user's own is. Raises `ValueError`, with how each kind is written."""
    for kind in OWN_KINDS:
        if kind.is_one(found):
            if kind.check is check_strategy_class:
                refuse_other_class(found, name)
                strategy_class(found, name)
            return kind
    forms = alternatives(f"{kind.title} (`{kind.form}`)" for kind in OWN_KINDS)
    raise ValueError(f"{one_line(name)}{signature_of(found)} is nothing that can be checked: write {forms}")


def refuse_other_class(found: object, name: str) -> None:
    """Raises `ValueError` for a class that is derived from nothing that can be checked."""
    if isinstance(found, type) and not issubclass(found, Strategy):
        raise ValueError(
            f"{one_line(name)} is a class of nothing that can be checked: derive it from strategies.Seller,"
            " Buyer or Builder, market.PricingRule, market.ReserveRule, chain.Independent or chain.RewardProcess"
            " (rewards), or market.CostLaw; a draw rule is no class but a function, def draw(state, block), or"
            " chain.DrawRule(…)"
        )


def signature_of(found: object) -> str:
    """The arguments of a function, as they are written."""
    try:
        return str(inspect.signature(found))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return ""
