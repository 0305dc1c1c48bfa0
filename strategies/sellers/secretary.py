"""Looks first, then leaps."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterable, Sequence

from chain.ticket import NEVER
from market.intents import Intent
from market.view import TicketView, View
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer
from strategies.setup import Setup


class Secretary(Auctioneer):
    """Lets a share 1/e of a ticket's life go by, and then sells it in the first session with a greater reward than
    all that it has seen in that life, at the latest at its end (Dynkin 1963; Ferguson 1989). It knows nothing of
    the law of rewards. Tickets without maturity have a life of N blocks, the mean wait for a draw."""

    def __init__(
        self,
        look: float = 1 / math.e,
        format: str = "second_price",
        reserve_eth: float = 0.0,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`look`: the share of a ticket's life in which it only looks; the rest as in `at_once`."""
        super().__init__(format, reserve_eth, discount_rate, capacity)
        self.look = between("look", look, 0, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.life = setup.life + 1
        self.looked = math.floor(self.look * self.life)
        self.rewards: deque[tuple[int, int]] = deque()
        self.first_seen: dict[int, int] = {}

    def offer(self, view: View) -> Sequence[Intent]:
        self.rewards.append((view.slot, view.outlook.reward_gwei or 0))
        while self.rewards[0][0] <= view.slot - self.life:
            self.rewards.popleft()
        return super().offer(view)

    def on_time(self, view: View) -> Iterable[TicketView]:
        """Tickets without maturity are to be seen from the first session on."""
        if self.setup.maturity is None:
            return view.tickets
        begun = view.slot - self.looked
        return view.due(max(begun + self.life - 1, view.slot))

    def is_time(self, view: View, ticket: TicketView) -> bool:
        if self.is_last_chance(view, ticket):
            return True
        first = self.first_session(view, ticket)
        before = [reward for slot, reward in self.rewards if first <= slot < view.slot]
        is_best = (view.outlook.reward_gwei or 0) > max(before, default=-1)
        return view.slot - first >= self.looked and is_best

    def first_session(self, view: View, ticket: TicketView) -> int:
        """The slot in which the ticket could first be sold, or in which it was first seen."""
        if ticket.last_block != NEVER:
            return ticket.last_block - self.life + 1
        return self.first_seen.setdefault(ticket.serial, view.slot)
