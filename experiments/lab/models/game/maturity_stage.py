"""Tickets for one block each, that of their maturity, which overlap."""

from __future__ import annotations

from typing import Any

import numpy as np

from chain.money import eth_to_gwei
from chain.rules import draw_rule
from chain.state import Rules, State
from experiments.lab.models.game.buyers import FAR, BuyerDraws
from experiments.lab.models.game.engine import SELLER, Game, Stage
from experiments.lab.models.game.game_viewer import GameViewer
from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.path_rewards import TicketRewards
from experiments.lab.models.game.reward_paths import path_law
from experiments.lab.models.game.take import Take, columns, resales
from experiments.lab.models.game.ticket_draws import ByTicket
from market.auction_rows import AUCTIONS
from market.costs import FixedCost, WholeReward
from market.marketplace import Marketplace
from market.slot.blocks import BLOCKS


class MaturityStage(Stage):
    """Tickets of the draw rule `maturity`, minted `lead` blocks into their lives: 0 for whole lives, T for spot
    auctions."""

    def __init__(self, game: Game, lead: int = 0) -> None:
        super().__init__(game)
        self.lead = lead

    def rules(self) -> Rules:
        life = self.game.maturity - self.lead
        return Rules(life + 1, life, 0, draw_rule("maturity"))

    def rewards(self, state: State) -> TicketRewards:  # noqa: ARG002
        rng = self.streams.generator("game", "reward")
        return TicketRewards(path_law(self.game.model), self.game.maturity, self.lead, rng)

    def costs(self) -> list[Any]:
        own = self.game.model.seller_cost
        paths = [
            BlockCost(buyer, order, self.arrivals, self.game.maturity, self.lead)
            for order, buyer in enumerate(self.buyers)
        ]
        return [None, None if own is None else FixedCost(eth_to_gwei(own)), *paths]

    def viewer(self, market: Marketplace) -> GameViewer:
        own = self.game.model.seller_cost
        return GameViewer(
            market,
            maturity=self.game.maturity,
            lead=self.lead,
            buyers=[None, None, *self.buyers],
            arrivals=self.arrivals,
            own_gwei=None if own is None else eth_to_gwei(own),
        )

    def generator(self, account: int) -> np.random.Generator:
        """It skips the tickets that are not there."""
        rng = super().generator(account)
        rng.random(self.lead)
        return rng

    def is_done(self, state: State, tickets: int) -> bool:
        return state.slot + 1 == self.game.maturity - self.lead + tickets

    def measure(self, records: MemoryRecords, tickets: int) -> Take:
        """Of the tickets that were not older at genesis than others are when they are minted."""
        maturity = self.game.maturity
        first = self.game.maturity - self.lead
        last = first + tickets
        delta = 1 / (1 + self.game.model.seller_rate)
        brought = np.zeros(last)
        entrants = np.zeros(last)
        for ticket, age, price in resales(records):
            if ticket < last:
                brought[ticket] += price / 1e9 * delta ** (self.lead + age)
        for market, ticket, bids in columns(records, AUCTIONS, "market", "ticket", "bids"):
            if market == "secondary" and ticket < last:
                entrants[ticket] += bids
        made, best = np.zeros(last), np.zeros(last)
        for ticket, builder, net, most in columns(records, BLOCKS, "ticket", "builder", "net_gwei", "best_gwei"):
            made[ticket], best[ticket] = net / 1e9, most / 1e9
            if builder == SELLER:
                brought[ticket] += net / 1e9 * delta**maturity
        return Take(brought[first:], entrants[first:], made[first:], best[first:])


class BlockCost(WholeReward):
    """A buyer's true cost of the block that it builds: that of the ticket which proposes it."""

    def __init__(
        self, buyer: BuyerDraws, order: int, arrivals: ByTicket[list[float]] | None, maturity: int, lead: int
    ) -> None:
        self._buyer = buyer
        self._lead = lead
        self._order = order
        self._arrivals = arrivals
        self._maturity = maturity

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The costs of blocks `first … last`, Gwei; `FAR` for those for which the buyer does not come."""
        return tuple(self._at(block + self._lead) for block in range(first, last + 1))

    def _at(self, ticket: int) -> int:
        arrivals = self._arrivals
        if arrivals is not None and arrivals[ticket][self._order] > self._maturity:
            return FAR
        return self._buyer.costs[ticket]
