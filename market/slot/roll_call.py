"""Asks participants what they want, and hands it on when it arrives."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import numpy as np

from chain.clock import Clock, Phase
from chain.errors import Refused
from chain.interruption import is_interruption
from chain.wording import told
from market.errors import StrategyLost, StrategyRaised
from market.intents import Intent
from market.marketplace import Marketplace
from market.participant import Participant, taken
from market.shown_limit import SESSION, with_limits
from market.view import View

ORDERS = 256  # seeded orders of the participants that are drawn at a time

Answer = tuple[Participant, list[Intent]]
Receive = Callable[[Sequence[Answer], int], None]
"""Takes in what participants want, at a time, ms."""


class RollCall:
    """Asks in an order that is drawn anew for every slot. Nobody who is asked in the same phase sees what another
    one wants: that arrives after the latency of each, and in this order where latencies are the same."""

    def __init__(
        self,
        *,
        market: Marketplace,
        participants: Mapping[int, Participant],
        clock: Clock,
        rng: np.random.Generator,
    ) -> None:
        self._viewer = market.viewer
        self._desk = market.desk
        self._violations = market.violations
        self._asked = market.turns.asked
        self._participants = participants
        self._clock = clock
        self._rng = rng
        self._orders: list[list[int]] = []
        self.wanted = frozenset().union(*(who.phases for who in participants.values()))
        self.order: list[Participant] = []

    def shuffle(self) -> None:
        """Draw the order of the next slot."""
        if not self._orders:
            draws = self._rng.random((ORDERS, len(self._participants)))
            self._orders = draws.argsort(axis=1).tolist()
        # Accounts are numbered from 1: account 0 is the protocol.
        self.order = [self._participants[index + 1] for index in self._orders.pop()]

    def ask_all(self, phase: Phase) -> None:
        """Ask everyone who wants to be asked; what they want goes to the desk."""
        self.ask(self.order, phase, self.trade(phase))

    def trade(self, phase: Phase) -> Receive:
        """What takes intents to the desk."""
        return partial(self._desk.receive_all, phase)

    def ask_buyers(self, seller: Participant) -> None:
        """Ask everyone who bids, on a view of the market in which the auctions are those of one seller."""
        self.ask(self.order, Phase.BID, self.trade(Phase.BID), seller.account)

    def ask(
        self, participants: Iterable[Participant], phase: Phase, receive: Receive, whose: int | None = None
    ) -> None:
        """Ask some of them, all on the same view of the market; see `Viewer.market` for `whose`."""
        asked = [who for who in participants if phase in who.phases]
        if asked:
            seen = self._viewer.market(phase, whose)
            views = self._viewer.views([who.account for who in asked], seen)
            answers = [(who, self.decide(who, phase, view)) for who, view in zip(asked, views, strict=True)]
            self.deliver(answers, phase, receive)

    def take_as_said(self, who: Participant, phase: Phase, intents: list[Intent], receive: Receive) -> None:
        """What it would say if it were asked, as is known beforehand."""
        self._asked[who.account] += 1
        self.deliver([(who, intents)], phase, receive)

    def deliver(self, answers: Iterable[Answer], phase: Phase, receive: Receive) -> None:
        """What participants want arrives after their latencies."""
        arrivals: dict[int, list[Answer]] = {}
        for answer in answers:
            who, intents = answer
            if intents:
                arrivals.setdefault(who.latency_ms, []).append(answer)
        now = self._clock.ms
        for latency in sorted(arrivals):
            self._clock.at(now + latency, phase, partial(self._arrive, arrivals[latency], receive))

    def decide(self, who: Participant, phase: Phase, view: View) -> list[Intent]:
        """A participant's intents; none, where its strategy raises."""
        self._asked[who.account] += 1
        try:
            answer = who.decide(phase, view)
            intents = answer if type(answer) is list else taken(answer)
            return with_limits(intents, phase, view) if phase in SESSION else intents
        except (StrategyLost, StrategyRaised) as loss:
            self._complain(who, phase, loss)
        except BaseException as error:  # a strategy may raise anything
            if is_interruption(error):
                raise
            self._complain(who, phase, raised(error))
        return []

    def _arrive(self, batch: list[Answer], receive: Receive) -> None:
        receive(batch, self._clock.ms)

    def _complain(self, who: Participant, phase: Phase, refusal: Refused) -> None:
        self._violations.record(self._clock.ms, phase, who.account, refusal)


def raised(error: BaseException) -> StrategyRaised:
    """What goes on record of an exception of a strategy."""
    refusal = StrategyRaised(told(error))
    refusal.__cause__ = error
    return refusal
