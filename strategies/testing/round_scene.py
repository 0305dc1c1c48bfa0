"""A scene in which tickets are for rounds of several blocks: who plays rounds is shown some."""

from __future__ import annotations

import numpy as np

from chain.ticket import NEVER, Series
from market.view import TicketView
from strategies.base import Strategy
from strategies.setup import Setup
from strategies.testing.scene import Scene
from strategies.testing.setups import in_rounds

EVERY, PLACE = 8, 6
"""Of so many scenes one has rounds, the one at this place: nobody has private signals in it, which take long."""


def scene_of(seed: int, kind: type[Strategy]) -> Scene:
    """The scene of a seed, for strategies of a kind."""
    return RoundScene(seed) if kind.plays_rounds and seed % EVERY == PLACE else Scene(seed)


class RoundScene(Scene):
    """Tickets are drawn for a round as one begins, propose its blocks one after the other, and are burned after
    the last. What is left of one is another good after each block: what was on offer of it ends with that."""

    def find_setup(self) -> Setup:
        return in_rounds(super().find_setup(), np.random.default_rng((9, self.seed)))

    @property
    def rules(self) -> str:
        return f"{self.setup.draw}, round = {self.setup.round}"

    @property
    def _drawn_now(self) -> range:
        """The round that is drawn in this one."""
        return self.setup.blocks_of_round(self.setup.round_of(self.slot) + self.setup.lookahead)

    def _is_drawn_early(self) -> bool:
        is_first = self.slot % self.setup.round == 0
        return is_first and not self.setup.facts.is_dated and super()._is_drawn_early()

    def _new_ticket(self) -> TicketView:
        """A ticket of someone else's: of the round that is running, or of one to come that is not drawn."""
        self._count += 1
        now = self.setup.round_of(self.slot)
        if self.slot >= 0 and self.rng.random() < 0.3:
            return self._of_round(now, self.slot)
        return self._of_round(now + self.setup.lookahead + 1 + int(self.rng.integers(self.setup.maturity or 1)))

    def _of_round(self, number: int, drawn_for: int | None = None) -> TicketView:
        """The last ticket of all, for a round; in a lottery undrawn until then, or for ever."""
        blocks = self.setup.blocks_of_round(number)
        first, last = blocks[0], blocks[-1]
        if drawn_for is None and not self.setup.facts.is_dated:
            first = max(self.slot + 1, 0)
            last = NEVER if self.setup.maturity is None else last
        return TicketView(self._count, first, last, drawn_for, True)

    def _receive(self, series: Series) -> None:
        self._count += 1
        ticket = self._of_round(self.setup.round_of(series.block), series.block if series.drawn else None)
        self._tickets[self._count] = ticket._replace(listed=False)

    def _use(self, serial: int) -> None:
        """A block of a ticket's is over; it goes on to the next one of its round."""
        ticket = self._tickets[serial]
        if ticket.drawn_for is None or (ticket.drawn_for + 1) % self.setup.round == 0:
            super()._use(serial)
        else:
            later = ticket._replace(drawn_for=ticket.drawn_for + 1, listed=False, builder=None)
            self._tickets[serial] = later
