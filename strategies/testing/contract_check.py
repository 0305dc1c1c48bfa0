"""The contract of a strategy, checked: `check_strategy(MyBuyer, margin=0.1)`."""

from __future__ import annotations

import inspect
import pickle
import random
import time
from collections.abc import Callable
from functools import partial
from typing import Any, cast

import numpy as np

from chain.interruption import is_interruption
from chain.near_names import near
from chain.wording import shown
from market.intents import Intent
from market.participant import taken
from strategies.agent import METHODS
from strategies.base import Strategy
from strategies.slot_bidding import SlotBuilder
from strategies.testing.breach import lines_of
from strategies.testing.contract_report import Check, ContractReport
from strategies.testing.inaction import inaction
from strategies.testing.leftovers import leftovers
from strategies.testing.misread_costs import misread_costs
from strategies.testing.open_auctions import check_open_auctions
from strategies.testing.own_line import OwnLines
from strategies.testing.played import (
    VIEWS,
    Make,
    Played,
    Step,
    lacks_tickets,
    play,
    play_scene,
    play_unmet,
    replay,
    restarted,
    soon,
    speaks,
    unwatched,
)
from strategies.testing.remedy import FROZEN, NOT_YET, is_without_setup
from strategies.testing.scene import Scene
from strategies.testing.shared_state import check_shared, shared_state
from strategies.testing.unseeded import CHANCE, unseeded

LIMIT_MS = 100.0
COPIED = (2, 7)  # scenes after which it is copied, of a poor and of a rich one
REMEDY = "set it in start, not in __init__ or on the class"


def check_strategy(cls: type[Strategy], /, *, views: int = VIEWS, **parameters: Any) -> ContractReport:
    """Put a strategy through its contract, with a line for each check.

    It is shown `views` varied views: rich and poor, empty books, last blocks, no tickets, all draw rules. Nothing
    is raised for what it does wrong.
    """
    return check_called(f"{cls.__module__}:{cls.__qualname__}", cls, parameters, views)


def check_called(
    name: str, cls: type[Strategy], parameters: dict[str, Any], views: int = VIEWS, step: Step = unwatched
) -> ContractReport:
    """The same for a strategy that is called `name`. `step` is told what it is asked next."""
    step("the constructor")
    constructed, make = construct(cls, parameters)
    if make is None:
        return ContractReport(name, (constructed,))
    before, shared = global_states(), shared_state(cls)
    first = play(make, views, step)
    play_unmet(make, first, step)
    warnings = inaction(cls, first)
    touched = before != global_states()
    time_taken = check_time(first, views)
    if not time_taken.passed:
        return ContractReport(name, (constructed, time_taken))
    count = f"in {len(first.answers):,} views"
    chance = unseeded(cls)
    shared_by_all = check_shared(shared, shared_state(cls))  # before a pickle, which writes to classes
    again = (
        check_pickle(make, step),
        check_again(make, first, step, is_seeded=not chance),
        check_replay(first, replay(make, step)),
    )
    parts = (
        constructed,
        Check("global random state", not touched, f"is touched; {CHANCE}" if touched else "is left alone"),
        *check_chance(chance, all(check.passed for check in again)),
        *check_costs(misread_costs(cls)),
        *shared_by_all,
        *again,
        check_writing(first),
        Check("raises nothing", not first.raised, counted(len(first.raised), count), lines_of(first.raised)),
        Check("legal intents", not first.illegal, counted(len(first.illegal), count), lines_of(first.illegal)),
        check_losing(first),
        time_taken,
    )
    return ContractReport(name, (*parts, *in_open_auctions(cls, make, step), *warnings))


def check_chance(found: list[str], is_repeated: bool) -> list[Check]:
    """What no seed governs, before what comes of it; where all was repeated alike, it may yet differ in a run."""
    rule = "a run is repeated by its seed alone"
    return [Check("chance and clock", is_repeated, rule, tuple(found), is_warning=is_repeated)] if found else []


def check_costs(found: list[str]) -> list[Check]:
    """Costs that are those of other blocks than was meant."""
    return [Check("costs", True, "they are those of a block", tuple(found), is_warning=True)] if found else []


def check_writing(first: Played) -> Check:
    """Whether it changes what it is shown, or tries to."""
    tried = sum(fault.text.endswith(FROZEN) for fault in first.raised)
    tells = f", {tried} times it was tried, as told below" if tried else ""
    return Check(
        "no writing to the view", not first.written and not tried, f"{first.written} views were changed{tells}"
    )


def check_losing(first: Played) -> Check:
    """Whether it does well where no bid wins. Its faults there are among those that are told line by line."""
    views = f"in {first.losses:,} such views"
    return Check(
        "goes on when its bids lose",
        not first.lost,
        f"{first.lost:,} of the faults above, {views}" if first.lost else views,
    )


def counted(faults: int, where: str) -> str:
    """How many faults there were, if any."""
    return f"{faults:,} faults {where}" if faults else where


def in_open_auctions(cls: type[Strategy], make: Make, step: Step) -> list[Check]:
    """The checks of a builder that bids over the seconds of a slot; none for others."""
    if not issubclass(cls, SlotBuilder):
        return []
    return [Check(*line) for line in check_open_auctions(cast("Callable[[], SlotBuilder]", make), step)]


def construct(cls: type[Strategy], parameters: dict[str, Any]) -> tuple[Check, Make | None]:
    """Whether it can be made, and how."""
    try:
        strategy = cls(**parameters)
    except BaseException as error:  # a strategy may raise anything
        if is_interruption(error):
            raise
        hint = misnamed(cls, parameters) if type(error) is TypeError else too_early(error)
        return Check("construct", False, f"{OwnLines(cls).of(error, '__init__')}{hint}"), None
    if not isinstance(strategy, Strategy) or not cls.roles:
        return Check("construct", False, "derive from strategies.Seller, Buyer or Builder"), None
    return Check("construct", True, f"plays {' and '.join(sorted(cls.roles))}"), partial(cls, **parameters)


def too_early(error: BaseException) -> str:
    """What helps where the constructor asks for what there is after `start` alone."""
    return NOT_YET if is_without_setup(error) else ""


def misnamed(cls: type[Strategy], parameters: dict[str, Any]) -> str:
    """What helps with parameters that a strategy does not take, or is not given; nothing, where all are right."""
    needed = inspect.signature(cls).parameters
    known = list(needed)
    missing = [
        name for name in known if name not in parameters and needed[name].default is inspect.Parameter.empty
    ]
    wrong = [name for name in parameters if name not in known]
    return f"{near(wrong[0], known)}; it takes {', '.join(known) or 'none'}" if wrong else to_give(missing)


def to_give(missing: list[str]) -> str:
    """How parameters are given that have no default."""
    if "setup" in missing:
        return NOT_YET
    return f"; give {' '.join(f'--set {name}=…' for name in missing)}, or a default" if missing else ""


def check_pickle(make: Make, step: Step = unwatched) -> Check:
    """A copy of it, made after a game, must answer as it would itself: runs go on from checkpoints."""
    size = 0
    for seed in COPIED:
        strategy = make()
        try:
            play_scene(strategy, Scene(seed), Played(type(strategy)), step, soon())
            step("pickle")
            data = pickle.dumps(strategy)
            fault = difference(strategy, pickle.loads(data), Scene(seed), step)
        except BaseException as error:  # a strategy may raise anything
            if is_interruption(error):
                raise
            said = OwnLines(type(strategy)).of(error, "__getstate__")
            return Check("pickle", False, f"{unpicklable(strategy)}{said}")
        if fault:
            return Check("pickle", False, fault)
        size = max(size, len(data))
    return Check("pickle", True, f"{size:,} bytes")


def unpicklable(strategy: Strategy) -> str:
    """The attributes of it that cannot be pickled, and what to keep in their place; nothing where all can."""
    names = [name for name, value in vars(strategy).items() if not can_be_pickled(value)]
    if not names:
        return ""
    kept = ", ".join(f"self.{name}" for name in names)
    return f"{kept}: keep plain data there, and make a method of a function. "


def can_be_pickled(value: object) -> bool:
    try:
        pickle.dumps(value)
    except Exception:  # pickling runs code of the value's own
        return False
    return True


def difference(strategy: Strategy, copy: Strategy, scene: Scene, step: Step) -> str:
    """Where the two answer differently to what the scene shows; nothing, where they do not or raise."""
    end = soon()
    if lacks_tickets(strategy):
        scene.hand_out()
    for asked in [asked for asked in scene.play() if speaks(strategy, asked.phase)]:
        if time.monotonic() > end:
            break
        method = METHODS[asked.phase]
        answers = []
        try:
            for one in (strategy, copy):
                step(method)
                answers.append(taken(getattr(one, method)(asked.view)))
        except BaseException as error:  # told of elsewhere
            if is_interruption(error):
                raise
            break
        own, copied = answers
        if own != copied:
            return f"a copy answers {shown(copied)} where it answers {shown(own)}"
    return ""


def check_again(make: Make, first: Played, step: Step, *, is_seeded: bool) -> Check:
    """A strategy that is started anew must be as one that has played nothing. What it leaves behind is only told
    of one all of whose chance is seeded: of others it is no news."""
    rule = "a second start leaves nothing of the first"
    passed, detail = same(first.usual_answers, restarted(make, step), rule)
    left = leftovers(make, step) if is_seeded and not first.raised else {}
    lines = tuple(f"self.{name} is {values} in a new one; {REMEDY}" for name, values in left.items())
    if passed and left:
        return Check("start again", True, "a second start leaves something of the first", lines, is_warning=True)
    return Check("start again", passed, detail, lines)


def check_replay(first: Played, again: list[list[Intent]]) -> Check:
    """The answers once more, from the same seeds."""
    passed, detail = same(first.usual_answers, again, "the same seed gives the same intents")
    return Check("seeded replay", passed, detail if passed else f"{detail}; {CHANCE}")


def check_time(found: Played, views: int) -> Check:
    """Mean CPU time of a decision."""
    count = len(found.answers)
    ms = 1000 * found.seconds / max(count, 1)
    shown = "" if count >= views else f", {count:,} of {views:,} views in the time that there was"
    told = f"{1000 * ms:z,.0f} µs of CPU, at most {LIMIT_MS:g} ms{shown}"
    return Check("time per decision", ms <= LIMIT_MS, told, is_warning=count < views)


def same(first: list[list[Intent]], second: list[list[Intent]], rule: str) -> tuple[bool, str]:
    """Whether as many of the answers as both have are equal."""
    pairs = zip(first, second, strict=False)
    differ = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
    return (
        differ is None,
        rule if differ is None else f"answer {differ} differs: {shown(first[differ])} ≠ {shown(second[differ])}",
    )


def global_states() -> tuple[Any, ...]:
    """The state of the generators that everyone shares."""
    name, keys, *rest = np.random.get_state()
    return random.getstate(), name, np.asarray(keys).tobytes(), *rest
