"""What a strategy does over many scenes: its answers, and what went wrong on the way."""

from __future__ import annotations

import pickle
import random
import time
from collections import defaultdict
from collections.abc import Callable
from itertools import count

import numpy as np

from chain.clock import Phase
from chain.interruption import is_interruption
from market.intents import Ask, AuctionBid, Bid, Hold, Intent, OpenAuction
from market.participant import taken
from market.view import View
from strategies.agent import METHODS
from strategies.base import Strategy
from strategies.testing.breach import Breach
from strategies.testing.legality import Counter, Illegal
from strategies.testing.own_line import OwnLines
from strategies.testing.remedy import NO_SETUP, remedy
from strategies.testing.round_scene import scene_of
from strategies.testing.scene import Asked, Scene
from strategies.testing.seen import ShownViews
from strategies.testing.unmet_setups import KINDS, Kind, has_to_sell, kind_of, seeds_of
from strategies.testing.until_told import Untils

VIEWS = 1000
OF_HOLDERS = (Phase.OFFER, Phase.CLAIM)
"""When holders are asked about their tickets."""
AGAIN = 750  # answers that are compared with those of a second game: so many go on into a scene of plenty
SAMPLED = 7  # of so many views one is compared with what it was before
ENOUGH_SECONDS = 10.0
"""After so long by the clock a game ends, and is judged by the views that were shown until then."""

Make = Callable[[], Strategy]
Step = Callable[[str], None]
"""Told what comes next: who holds a strategy to its time takes it from there."""


def unwatched(_: str) -> None:
    """The step of a check that nobody holds to its time."""


class Askings:
    """Of one method: how often it was asked, answered with None, and wanted something; and what it was shown."""

    def __init__(self) -> None:
        self.asked = 0
        self.nothing = 0
        self.acted = 0
        self.seen = ShownViews()

    def count(self, view: View, answer: object, intents: list[Intent]) -> None:
        """One more answer."""
        self.asked += 1
        self.seen.count(view)
        self.nothing += answer is None
        self.acted += any(type(intent) is not Hold for intent in intents)


class Played:
    """A strategy's answers in the order asked, and what it did wrong. `prices` of all that it offered, Gwei;
    `tried` are the names of its intents, `met` the kinds of rules under which it was asked about a ticket to sell,
    `usual` how many of its answers are to the scenes that everyone is shown. `with_tickets` counts views in which
    it has some, `lost` its faults in scenes in which no bid wins, `losses` the views of these."""

    def __init__(self, kind: type[Strategy]) -> None:
        self.kind = kind
        self.lines = OwnLines(kind)
        self.answers: list[list[Intent]] = []
        self.raised: list[Breach] = []
        self.illegal: list[Breach] = []
        self.turns: defaultdict[str, Askings] = defaultdict(Askings)
        self.prices: list[int] = []
        self.untils = Untils()
        self.tried: set[str] = set()
        self.met: set[Kind] = set()
        self.usual = 0
        self.with_tickets = 0
        self.written = self.losses = self.lost = 0
        self.seconds = 0.0

    @property
    def usual_answers(self) -> list[list[Intent]]:
        """Those to the scenes that everyone is shown."""
        return self.answers[: self.usual]

    @property
    def faults(self) -> int:
        """How often it did something wrong."""
        return len(self.raised) + len(self.illegal)

    def ask(self, strategy: Strategy, scene: Scene, asked: Asked) -> list[Intent]:
        """Its answer to one view; nothing, where it raises or a market would refuse it."""
        method = METHODS[asked.phase]
        self.with_tickets += len(asked.view.tickets) > 0
        if asked.phase in OF_HOLDERS and has_to_sell(scene.setup, asked.view):
            self.met.add(kind_of(scene.setup))
        before = pickle.dumps(asked.view) if len(self.answers) % SAMPLED == 0 else None
        self.lines.forget()
        begun = time.process_time()
        intents: list[Intent] = []
        try:
            answer = getattr(strategy, method)(asked.view)
            wanted = taken(answer)
            self.seconds += time.process_time() - begun
            self._note(asked, answer, wanted)
            intents = Counter(scene.setup, asked).take(wanted)
        except Illegal as illegal:
            place = self.lines.of_intent(illegal.intent) or self.lines.of_method(method)
            self.illegal.append(Breach(place, method, scene.rules, str(illegal)))
        except BaseException as error:  # a strategy may raise anything
            if is_interruption(error):
                raise
            self.raised.append(self.fault_of(error, method, scene))
        self.written += before is not None and before != pickle.dumps(asked.view)
        self.answers.append(intents)
        return intents

    def fault_of(self, error: BaseException, method: str, scene: Scene) -> Breach:
        """What is said of an exception."""
        helps = remedy(error)
        text = self.lines.of(error, "start" if helps == NO_SETUP else method)
        return Breach("", method, scene.rules, f"{text}{helps}")

    def _note(self, asked: Asked, answer: object, intents: list[Intent]) -> None:
        self.turns[METHODS[asked.phase]].count(asked.view, answer, intents)
        self.tried |= {type(intent).__name__ for intent in intents}
        self.untils.count(intents, asked.view.slot)
        self.prices += [price for intent in intents if type(price := price_of(intent)) is int]


def price_of(intent: Intent) -> object:
    """What it names a price, Gwei; None where it names none."""
    if isinstance(intent, OpenAuction):
        return intent.reserve_gwei
    return intent.price_gwei if isinstance(intent, (AuctionBid, Bid, Ask)) else None


def soon() -> float:
    """When a part of a check ends that begins now, by the monotonic clock."""
    return time.monotonic() + ENOUGH_SECONDS


def play(make: Make, views: int, step: Step = unwatched) -> Played:
    """Show a fresh strategy one scene after the other until it was asked often enough, or takes too long."""
    step("the constructor")
    found = Played(type(make()))
    end = soon()
    with found.lines.noted():
        for seed in count():
            step("the constructor")
            play_scene(make(), scene_of(seed, found.kind), found, step, end)
            if len(found.answers) >= views or time.monotonic() > end:
                break
    found.usual = len(found.answers)
    return found


def play_unmet(make: Make, found: Played, step: Step = unwatched) -> None:
    """Hand tickets to one that sells some, under each kind of rules under which it had none to sell."""
    end = soon()
    if not any(speaks(make(), phase) for phase in OF_HOLDERS):
        return
    with found.lines.noted():
        for kind, seed in [(one, seed) for one in KINDS for seed in seeds_of(one)]:
            if kind not in found.met and time.monotonic() < end:
                scene = Scene(seed)
                scene.hand_out()
                step("the constructor")
                play_scene(make(), scene, found, step, end)


def play_scene(
    strategy: Strategy, scene: Scene, found: Played, step: Step = unwatched, end: float = float("inf")
) -> None:
    """One scene, added to what was found before."""
    faults = found.faults
    step("start")
    try:
        strategy.start(scene.setup)
    except BaseException as error:  # a strategy may raise anything
        if is_interruption(error):
            raise
        found.raised.append(found.fault_of(error, "start", scene))
        found.answers.append([])
        return
    if lacks_tickets(strategy):
        scene.hand_out()
    for asked in scene.play():
        if speaks(strategy, asked.phase):
            step(METHODS[asked.phase])
            scene.take(found.ask(strategy, scene, asked))
            found.losses += scene.fortune == 0
            if time.monotonic() > end:
                break
    if scene.fortune == 0:
        found.lost += found.faults - faults


def lacks_tickets(strategy: Strategy) -> bool:
    """Whether it does something with tickets, and buys none from the protocol."""
    return any(speaks(strategy, phase) for phase in OF_HOLDERS) and not speaks(strategy, Phase.PRIMARY)


def speaks(strategy: Strategy, phase: Phase) -> bool:
    """Whether it has something of its own to say in a phase, as the market would ask it."""
    method = METHODS[phase]
    return method == "propose" or getattr(type(strategy), method) is not getattr(Strategy, method)


def replay(make: Make, step: Step = unwatched) -> list[list[Intent]]:
    """The answers once more, with the global generators in another state."""
    states = random.getstate(), np.random.get_state()
    random.seed(12345)
    np.random.seed(54321)
    try:
        return play(make, AGAIN, step).answers
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def restarted(make: Make, step: Step = unwatched) -> list[list[Intent]]:
    """The answers of one and the same strategy that is started anew for each scene."""
    strategy = make()
    return play(lambda: strategy, AGAIN, step).answers
