"""Tickets for any one block of a window, one after the other: the draw rule `claim` with one live ticket.

The successor of a ticket is minted in the block that the ticket proposes. Each has a reward path of its own from
its first session on, so tickets are independent, and the same whenever they are sold.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from chain.money import GWEI_PER_ETH, eth_to_gwei
from chain.randomness import Streams
from chain.rules import draw_rule
from chain.state import Rules, State
from experiments.lab.models.game.buyers import BuyerDraws
from experiments.lab.models.game.engine import SELLER, Game, Stage, equilibrium_terms, make_buyers
from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.path_rewards import ROOM, TicketOutlook
from experiments.lab.models.game.reward_paths import PathLaw, path_law
from experiments.lab.models.game.seller import terms
from experiments.lab.models.game.take import Take, columns, resales
from experiments.lab.models.game.ticket_draws import ByTicket
from experiments.lab.models.game.window_lives import played_fates
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import cost_law, make_terms, public_state
from market.auction_rows import AUCTIONS
from market.costs import WholeReward
from market.intents import Claim, Intent
from market.slot.blocks import BLOCKS
from market.view import AuctionView, TicketView, View
from strategies.buyers.equilibrium import Equilibrium
from strategies.contest import SeenLot
from strategies.option import Option, Options
from strategies.prospect import Prospect, Worth
from strategies.sellers.optimal_timing import OptimalTiming, optimal_price
from strategies.theory.laws import Array, Law, UniformLaw


class Rights(Protocol):
    """What is sold with a ticket."""

    def worth(self, view: View, age: int) -> Worth:
        """What it is worth now, by cost."""
        ...

    def takes(self, view: View, age: int, cost: int | None) -> bool:
        """Whether its holder takes this block."""
        ...


class Whole:
    """The rest of the window, exercised like an American option."""

    def __init__(self, options: Options) -> None:
        self._options = options

    def worth(self, view: View, age: int) -> Option:
        return self._options.at(age, view.outlook.reward_gwei or 0)

    def takes(self, view: View, age: int, cost: int | None) -> bool:
        return self.worth(view, age).takes(cost)


class BlockAlone:
    """This block or nothing: what a spot auction sells."""

    def __init__(self, law: Law) -> None:
        self._law = law

    def worth(self, view: View, age: int) -> Prospect:  # noqa: ARG002
        return Prospect(view.outlook, view.slot, self._law)

    def takes(self, view: View, age: int, cost: int | None) -> bool:  # noqa: ARG002
        return True


class WindowBuyer(Equilibrium):
    """Bids in equilibrium for the right, and exercises it."""

    def __init__(self, order: int, own: BuyerDraws, rights: Rights, stage: WindowStage) -> None:
        super().__init__(*equilibrium_terms(stage.game.model))
        self._order = order
        self._own = own
        self._rights = rights
        self._arrivals = stage.arrivals

    def lot(self, view: View, auction: AuctionView, ticket: TicketView) -> SeenLot | None:  # noqa: ARG002
        age = view.slot - ticket.first_block
        if self._arrivals is not None and self._arrivals[ticket.serial][self._order] > age:
            return None
        right = self._rights.worth(view, age)
        cost = self._own.cost(ticket.serial, age)
        return SeenLot(right, cost, age, self.informed[age], 1.0)

    def claim(self, view: View) -> Sequence[Intent]:
        return [Claim(ticket.serial, view.slot) for ticket in view.tickets if self.takes(view, ticket)]

    def takes(self, view: View, ticket: TicketView) -> bool:
        """Whether to take this block with an own ticket."""
        age = view.slot - ticket.first_block
        return self._rights.takes(view, age, self._own.cost(ticket.serial, age))


class WindowHolder(OptimalTiming):
    """Sells at its time. What it cannot sell it exercises if it can; else it lets the ticket go."""

    def __init__(self, model: Model, rights: Rights, own: Rights | None, **when: Any) -> None:
        """`own`, the right as it is worth to the holder itself, None if it cannot exploit a block."""
        super().__init__(**when, **terms(model))
        self._rights = rights
        self._own = own
        self._cost = None
        if model.seller_cost is not None:
            self._cost = eth_to_gwei(model.seller_cost)

    def reserve_for(self, view: View, ticket: TicketView) -> int:
        age = view.slot - ticket.first_block
        own = 0.0
        if self._own is not None and self._cost is not None:
            own = self._own.worth(view, age).worth(self._cost)
        best = 0.0
        if self.is_optimal:
            best = optimal_price(self._rights.worth(view, age), own)
        return max(self.reserve, int(max(own, best) * GWEI_PER_ETH + 0.5))

    def claim(self, view: View) -> Sequence[Intent]:
        """Tickets that are still there were offered in vain."""
        return [Claim(ticket.serial, view.slot) for ticket in view.tickets if self.gives_up(view, ticket)]

    def gives_up(self, view: View, ticket: TicketView) -> bool:
        """Whether to take this block with a ticket that could not be sold."""
        age = view.slot - ticket.first_block
        was_offered = ticket.serial in self.tried
        if self.block is not None:
            was_offered = age >= self.block
        return was_offered and (self._own is None or self._own.takes(view, age, self._cost))


class WindowStage(Stage):
    """One ticket at a time. `spot`: what is sold is the present block alone."""

    def __init__(self, game: Game, spot: bool) -> None:
        super().__init__(game)
        self.spot = spot
        model = game.model
        self.law = cost_law(model.cost)
        facts = make_terms(model)
        self.state = public_state(model, game.maturity)
        self.right = self._rights(self.law, model.buyer_rate, facts.informed)

    def _rights(self, law: Law, rate: float, informed: Array) -> Rights:
        if self.spot:
            return BlockAlone(law)
        return Whole(Options(self.state, law, rate, informed))

    def seller(self, **when: Any) -> WindowHolder:
        """The holder, with the block or the region of its sale."""
        model = self.game.model
        own = self.game.model.seller_cost
        alone = None
        if own is not None:
            alone = self._rights(UniformLaw(own, own), model.seller_rate, np.ones(self.game.maturity + 1))
        return WindowHolder(model, self.right, alone, **when)

    def rules(self) -> Rules:
        return Rules(1, self.game.maturity, 0, draw_rule("claim", "empty"))

    def rewards(self, state: State) -> SingleRewards:
        self.path = SingleRewards(state, path_law(self.game.model), self.game.maturity, self.streams)
        return self.path

    def costs(self) -> list[Any]:
        own = self.game.model.seller_cost
        seller = None
        if own is not None:
            seller = LiveCost(self.path, eth_to_gwei(own))
        return [None, seller, *(LiveCost(self.path, buyer.costs) for buyer in self.buyers)]

    def bidder(self, number: int) -> WindowBuyer:
        return WindowBuyer(number, self.buyers[number], self.right, self)

    def is_done(self, state: State, tickets: int) -> bool:
        return state.titles.minted > tickets

    def measure(self, records: MemoryRecords, tickets: int) -> Take:
        """Of the tickets in the order of their mint. What is made of a block is worth less the later it is."""
        seller, buyer = (1 / (1 + rate) for rate in (self.game.model.seller_rate, self.game.model.buyer_rate))
        brought = np.zeros(tickets)
        entrants = np.zeros(tickets)
        made = np.zeros(tickets)
        for ticket, age, price in resales(records):
            brought[ticket] += price / 1e9 * seller**age
        for market, ticket, bids in columns(records, AUCTIONS, "market", "ticket", "bids"):
            if market == "secondary":
                entrants[ticket] += bids
        first = 0
        for slot, ticket, builder, net in columns(records, BLOCKS, "slot", "ticket", "builder", "net_gwei"):
            if ticket is not None:
                made[ticket] = net / 1e9 * buyer ** (slot - first)
                brought[ticket] += net / 1e9 * seller ** (slot - first) * (builder == SELLER)
                first = slot + 1
        fates = played_fates(records, tickets, self.game.maturity)
        return Take(brought, entrants, made, self.best_values(tickets), fates)

    def best_values(self, tickets: int) -> Array | None:
        """W_0(R_0; θ) of the lowest cost of each ticket's buyers who know it; None where buyers come over time."""
        if self.arrivals is not None or self.spot:
            return None
        everyone = np.ones(self.game.maturity + 1)
        options = Options(self.state, self.law, self.game.model.buyer_rate, everyone)
        buyers = make_buyers(self.game, self.streams, self.count)
        path = SingleRewards.paths(path_law(self.game.model), self.game.maturity, self.streams)
        return np.array(
            [
                options.at(0, int(path[ticket][0])).worth(min(buyer.costs[ticket] for buyer in buyers))
                for ticket in range(tickets)
            ]
        )


class SingleRewards:
    """The chain's rewards where one ticket lives at a time: those of its own path."""

    def __init__(self, state: State, law: PathLaw, maturity: int, streams: Streams) -> None:
        self.block = -1
        self.ticket = 0
        """The serial of the ticket of this slot."""
        self._state = state
        self._law = law
        self._paths = self.paths(law, maturity, streams)
        self._now = TicketOutlook(-1, None, law, [])

    @staticmethod
    def paths(law: PathLaw, maturity: int, streams: Streams) -> ByTicket[list[float]]:
        """R_0 … R_T of each ticket, Gwei."""
        rows = max(ROOM // (maturity + 1), 1)
        rng = streams.generator("game", "reward")
        return ByTicket(lambda: law.draw(rng, rows, maturity + 1).tolist(), kept=1)

    def advance(self) -> int:
        """Reveal the next block of the live ticket's path; Gwei."""
        self.block += 1
        (title,) = self._state.titles.live.values()
        self.ticket = title.ticket.serial
        reward = int(self._paths[self.ticket][self.block - title.ticket.first_block])
        self._now = TicketOutlook(self.block, reward, self._law, [reward])
        return reward

    def outlook(self) -> TicketOutlook:
        """What everyone knows after the last block revealed."""
        return self._now


class LiveCost(WholeReward):
    """The true cost of the present block: that of the ticket of this slot, or always the same."""

    def __init__(self, path: SingleRewards, costs: ByTicket[int] | int) -> None:
        self._path = path
        self._costs = costs

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The cost for each of blocks `first … last`, of which only the present one is asked for."""
        cost = self._costs if isinstance(self._costs, int) else self._costs[self._path.ticket]
        return (cost,) * (last + 1 - first)
