"""Learns when to sell."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from market.intents import Intent
from market.view import TicketView, View
from strategies.bandits import Exp3Bandit
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer
from strategies.setup import Setup


class TimingLearner(Auctioneer):
    """Auctions each ticket a number of blocks before its last one that it draws by weights, which grow with what
    such sales have brought (Auer, Cesa-Bianchi, Freund and Schapire 2002, Exp3)."""

    def __init__(
        self,
        arms: int = 5,
        exploration: float = 0.2,
        format: str = "second_price",
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`arms`: how many times of sale it tries, from a ticket's last block to its first in even steps;
        `exploration`: the share of tries at random; the rest as in `at_once`."""
        super().__init__(format, 0.0, discount_rate, capacity)
        self.arms = int(between("arms", arms, 2, 1000))
        self.exploration = between("exploration", exploration, 1e-6, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.times: list[int] = np.linspace(0, setup.life, self.arms).round().astype(int).tolist()
        self.bandit = Exp3Bandit(self.arms, self.exploration)
        self.plans: dict[int, int] = {}
        self.selling: list[int] = []
        self.money = 0

    def is_time(self, view: View, ticket: TicketView) -> bool:
        plan = self.plans.get(ticket.serial)
        if plan is None:
            plan = self.plans[ticket.serial] = self.bandit.choose(self.setup.rng)
        return ticket.drawn_for is not None or ticket.last_block - view.slot <= self.times[plan]

    def offer(self, view: View) -> Sequence[Intent]:
        self.learn(view)
        held = {ticket.serial for ticket in view.tickets}
        self.plans = {serial: plan for serial, plan in self.plans.items() if serial in held}
        sales = [ticket for ticket in view.tickets if not ticket.listed and self.may_sell(view, ticket)]
        self.selling = [self.plans[ticket.serial] for ticket in sales]
        self.money = view.free_gwei + view.escrowed_gwei
        return [self.auction(ticket) for ticket in sales]

    def may_sell(self, view: View, ticket: TicketView) -> bool:
        """Whether the ticket is due and may be sold now."""
        return self.setup.resale.allows(ticket.drawn_for is not None) and self.is_time(view, ticket)

    def primary(self, view: View) -> Sequence[Intent]:
        """The session is over, and nothing is paid for new tickets yet: what came in is what the sales brought."""
        self.learn(view)
        return super().primary(view)

    def learn(self, view: View) -> None:
        """Credits the sales of the last session, as shares of what a block, or a round, is expected to bring at
        the last block."""
        if not self.selling:
            return
        expected = self.setup.round * view.outlook.expected_reward(view.slot + 1)
        scale = len(self.selling) * max(expected, 1)
        brought = (view.free_gwei + view.escrowed_gwei - self.money) / scale
        for plan in self.selling:
            self.bandit.learn(plan, brought * (1 + self.discount_rate) ** self.times[plan])
        self.selling = []
