"""The contract of a strategy, checked: `check_strategy(MyBuyer, margin=0.1)`."""

from __future__ import annotations

import pickle
import random
import time
import traceback
from collections.abc import Callable
from itertools import count
from typing import Any, NamedTuple, cast

import numpy as np

from market.intents import Intent
from strategies.agent import METHODS
from strategies.base import Strategy
from strategies.slot_bidding import SlotBuilder
from strategies.testing.legality import Counter, Illegal
from strategies.testing.open_auctions import check_open_auctions
from strategies.testing.scene import Asked, Scene

VIEWS = 1000
SHOWN = 3  # faults that a report spells out
LIMIT_MS = 100.0
COPIED = (2, 7)  # scenes after which it is copied, of a poor and of a rich one
AGAIN = 750  # answers that are compared with those of a second game: so many go on into a scene of plenty
SAMPLED = 7  # of so many views one is compared with what it was before

Make = Callable[[], Strategy]


class Check(NamedTuple):
    """One line of a report."""

    name: str
    passed: bool
    detail: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.passed else 'FAIL'} {self.name}: {self.detail}"


class ContractReport(NamedTuple):
    """What a check found. Falsy where something failed."""

    strategy: str
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """Whether all checks passed."""
        return all(check.passed for check in self.checks)

    def __bool__(self) -> bool:
        return self.passed

    def __str__(self) -> str:
        return "\n".join([self.strategy, *map(str, self.checks)])

    def as_dict(self) -> dict[str, Any]:
        """Plain data."""
        checks = [check._asdict() for check in self.checks]
        return {"strategy": self.strategy, "passed": self.passed, "checks": checks}


class Played(NamedTuple):
    """A strategy's answers in the order asked, and what went wrong on the way."""

    answers: list[list[Intent]]
    raised: list[str]
    illegal: list[str]
    written: int
    losses: int
    lost: list[str]
    seconds: float


NOTHING = Played([], [], [], 0, 0, [], 0.0)


def check_strategy(cls: type[Strategy], /, *, views: int = VIEWS, **parameters: Any) -> ContractReport:
    """Put a strategy through its contract, with a line for each check.

    It is shown `views` varied views: rich and poor, empty books, last blocks, no tickets, all draw rules. Nothing
    is raised for what it does wrong.
    """
    name = f"{cls.__module__}:{cls.__qualname__}"
    constructed, make = construct(cls, parameters)
    if make is None:
        return ContractReport(name, (constructed,))
    before = global_states()
    first = play(make, views)
    touched = before != global_states()
    parts = (
        constructed,
        check_pickle(make),
        Check("start again", *same(first.answers, restarted(make), "a second start leaves nothing of the first")),
        Check("seeded replay", *same(first.answers, replay(make), "the same seed gives the same intents")),
        Check("global random state", not touched, "is touched; use setup.rng" if touched else "is left alone"),
        Check("no writing to the view", not first.written, f"{first.written} views were changed"),
        Check("raises nothing", not first.raised, told(first.raised, f"in {len(first.answers):,} views")),
        Check("legal intents", not first.illegal, told(first.illegal, f"in {len(first.answers):,} views")),
        Check("goes on when its bids lose", not first.lost, told(first.lost, f"in {first.losses:,} such views")),
        check_time(first),
    )
    return ContractReport(name, (*parts, *in_open_auctions(cls, make)))


def in_open_auctions(cls: type[Strategy], make: Make) -> list[Check]:
    """The checks of a builder that bids over the seconds of a slot; none for others."""
    if not issubclass(cls, SlotBuilder):
        return []
    return [Check(*line) for line in check_open_auctions(cast("Callable[[], SlotBuilder]", make))]


def construct(cls: type[Strategy], parameters: dict[str, Any]) -> tuple[Check, Make | None]:
    """Whether it can be made, and how."""

    def make() -> Strategy:
        return cls(**parameters)

    try:
        strategy = make()
    except Exception as error:
        return Check("construct", False, f"{type(error).__name__}: {error}"), None
    if not isinstance(strategy, Strategy) or not cls.roles:
        return Check("construct", False, "derive from strategies.Seller, Buyer or Builder"), None
    return Check("construct", True, f"plays {' and '.join(sorted(cls.roles))}"), make


def play(make: Make, views: int) -> Played:
    """Show a fresh strategy one scene after the other until it was asked often enough."""
    found = NOTHING
    for seed in count():
        found = play_scene(make(), Scene(seed), found)
        if len(found.answers) >= views:
            break
    return found


def play_scene(strategy: Strategy, scene: Scene, found: Played) -> Played:
    """One scene, added to what was found before."""
    answers, raised, illegal, written, losses, lost, seconds = found
    answers, faults = [*answers], len(raised) + len(illegal)
    try:
        strategy.start(scene.setup)
    except Exception:
        return found._replace(raised=[*raised, last_line()], answers=[*answers, []])
    for asked in scene.play():
        if not speaks(strategy, asked):
            continue
        before = pickle.dumps(asked.view) if len(answers) % SAMPLED == 0 else None
        begun = time.process_time()
        intents: list[Intent] = []
        try:
            answer = getattr(strategy, METHODS[asked.phase])(asked.view)
            seconds += time.process_time() - begun
            intents = Counter(scene.setup, asked).take(answer)
        except Illegal as fault:
            illegal = [*illegal, f"{asked.phase.name.lower()}, {scene.setup.draw}: {fault}"]
        except Exception:
            raised = [*raised, f"{asked.phase.name.lower()}, {scene.setup.draw}: {last_line()}"]
        written += before is not None and before != pickle.dumps(asked.view)
        losses += scene.fortune == 0
        scene.take(intents)
        answers.append(intents)
    if scene.fortune == 0:
        lost = [*lost, *[*raised, *illegal][faults:]]
    return Played(answers, raised, illegal, written, losses, lost, seconds)


def speaks(strategy: Strategy, asked: Asked) -> bool:
    """Whether it has something of its own to say in a phase, as the market would ask it."""
    method = METHODS[asked.phase]
    return method == "propose" or getattr(type(strategy), method) is not getattr(Strategy, method)


def replay(make: Make) -> list[list[Intent]]:
    """The answers once more, with the global generators in another state."""
    states = random.getstate(), np.random.get_state()
    random.seed(12345)
    np.random.seed(54321)
    try:
        return play(make, AGAIN).answers
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def restarted(make: Make) -> list[list[Intent]]:
    """The answers of one and the same strategy that is started anew for each scene."""
    strategy = make()
    return play(lambda: strategy, AGAIN).answers


def check_pickle(make: Make) -> Check:
    """A copy of it, made after a game, must answer as it would itself: runs go on from checkpoints."""
    size = 0
    for seed in COPIED:
        strategy = make()
        try:
            play_scene(strategy, Scene(seed), NOTHING)
            data = pickle.dumps(strategy)
            fault = difference(strategy, pickle.loads(data), Scene(seed))
        except Exception as error:
            return Check("pickle", False, f"{type(error).__name__}: {error}")
        if fault:
            return Check("pickle", False, fault)
        size = max(size, len(data))
    return Check("pickle", True, f"{size:,} bytes")


def difference(strategy: Strategy, copy: Strategy, scene: Scene) -> str:
    """Where the two answer differently to what the scene shows; nothing, where they do not or raise."""
    for asked in [asked for asked in scene.play() if speaks(strategy, asked)]:
        method = METHODS[asked.phase]
        try:
            own, copied = (list(getattr(one, method)(asked.view) or ()) for one in (strategy, copy))
        except Exception:
            break
        if own != copied:
            return f"a copy answers {copied!r} where it answers {own!r}"
    return ""


def check_time(found: Played) -> Check:
    """Mean CPU time of a decision."""
    ms = 1000 * found.seconds / max(len(found.answers), 1)
    return Check("time per decision", ms <= LIMIT_MS, f"{1000 * ms:,.0f} µs of CPU, at most {LIMIT_MS:g} ms")


def same(first: list[list[Intent]], second: list[list[Intent]], rule: str) -> tuple[bool, str]:
    """Whether as many of the answers as both have are equal."""
    pairs = zip(first, second, strict=False)
    differ = next((n for n, (one, other) in enumerate(pairs) if one != other), None)
    return (
        differ is None,
        rule if differ is None else f"answer {differ} differs: {first[differ]} ≠ {second[differ]}",
    )


def told(faults: list[str], where: str) -> str:
    """The first few faults in one line."""
    if not faults:
        return where
    shown = "; ".join(list(dict.fromkeys(faults))[:SHOWN])
    return f"{len(faults):,} faults {where}: {shown}"


def global_states() -> tuple[Any, ...]:
    """The state of the generators that everyone shares."""
    name, keys, *rest = np.random.get_state()
    return random.getstate(), name, np.asarray(keys).tobytes(), *rest


def last_line() -> str:
    """The error that is being handled, and where it came from."""
    lines = traceback.format_exc().strip().splitlines()
    place = next((line.strip() for line in reversed(lines) if line.strip().startswith("File")), "")
    return f"{lines[-1]} ({place.rpartition('/')[2]})"
