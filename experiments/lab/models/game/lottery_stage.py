"""Tickets that a lottery draws: N of them, each drawn with chance 1/(N − L) a block.

A new ticket can be sold at once, in a session at the end of the slot of its mint, or later, or when it is drawn.
Each has a reward path and costs of its own, but the tickets of one urn are drawn in each other's place.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import numpy as np
import numpy.typing as npt

from chain.clock import Phase
from chain.money import GWEI_PER_ETH, eth_to_gwei
from chain.rules import draw_rule
from chain.rules.lottery import lottery
from chain.state import Rules, State
from experiments.lab.models.game.buyers import BuyerDraws
from experiments.lab.models.game.engine import SELLER, Game, Stage, equilibrium_terms
from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.path_rewards import ROOM, TicketOutlook
from experiments.lab.models.game.reward_paths import AutoregressivePaths, PathLaw, path_law
from experiments.lab.models.game.seller import terms
from experiments.lab.models.game.take import Take, columns, resales
from experiments.lab.models.game.ticket_draws import ByTicket
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import cost_law, make_terms, public_state
from market.auction_rows import AUCTIONS
from market.costs import WholeReward
from market.slot.blocks import BLOCKS, Settled
from market.slot.driver import Driver
from market.view import AuctionView, TicketView, View
from strategies.buyers.equilibrium import Equilibrium
from strategies.contest import SeenLot
from strategies.option import between
from strategies.prospect import Prospect, Worth
from strategies.sellers.optimal_timing import OptimalTiming, optimal_price
from strategies.theory.buyer_types import Types
from strategies.theory.curve import Curve
from strategies.theory.laws import Array, Law, UniformLaw
from strategies.theory.lottery_sale import Lottery, holdings, scaled
from strategies.theory.lottery_sale import Worth as ByCost
from strategies.theory.lottery_ticket import discounted_draw, urn


class Holding(Worth):
    """An undrawn ticket by the cost of whoever keeps it until it is drawn, ETH."""

    __slots__ = ("_value",)

    def __init__(self, law: Law, value: ByCost) -> None:
        super().__init__(law)
        self._value = value

    def __call__(self, cost: npt.ArrayLike) -> Array:
        """The values at costs in ETH, their shape."""
        costs = np.asarray(cost, dtype=np.float64)
        return np.reshape(self._value(costs.ravel()), costs.shape)

    def worth(self, cost_gwei: int) -> float:
        return float(self(cost_gwei / GWEI_PER_ETH))

    def types(self) -> Types:
        return Types(self.law, self)

    def find_key(self) -> tuple[object, ...]:
        return (id(self),)


class Holdings:
    """Undrawn tickets at blocks 0 … T of their lives, for holders with costs from `law`."""

    def __init__(self, model: Model, law: Law, rate: float) -> None:
        draw = Lottery(urn(model.supply or 0, model.lookahead), model.lookahead)
        self._law = law
        self._endless: ByCost | None = None
        if model.maturity == "none":
            reward = public_state(model, 1 + draw.lookahead).steady()
            assert reward is not None
            factor = discounted_draw(draw.tickets, rate) * (1 + rate) ** -draw.lookahead
            self._endless = partial(scaled, reward, factor)
        else:
            facts = make_terms(model)
            state = public_state(model, facts.maturity + draw.lookahead)
            self._rewards = state.rewards
            self._table = [*holdings(facts, state, law, rate, draw)][::-1]
        self.at = lru_cache(maxsize=256)(self._at)
        """`_at`, remembered: all buyers look at the same ticket."""

    def _at(self, age: int, seen_gwei: float) -> Holding:
        """A ticket at a block of its life, where its path stands at `seen_gwei`."""
        if self._endless is not None:
            return Holding(self._law, self._endless)
        value = self._table[age]
        if isinstance(value, Curve):
            row = between(self._rewards[age], value.values, seen_gwei / GWEI_PER_ETH)
            value = Curve(value.low, value.high, row[None, :])
        return Holding(self._law, value)


class Urn:
    """Where each ticket stands: its age and its reward path."""

    def __init__(self, stage: LotteryStage, state: State) -> None:
        model = stage.game.model
        self.law: PathLaw = path_law(model)
        self._state = state
        self._lookahead = model.lookahead
        moves = isinstance(self.law, AutoregressivePaths)
        self._width = 1
        if moves:
            self._width = stage.game.maturity + model.lookahead + 1
        rows = max(ROOM // self._width, 1)
        rng = stage.streams.generator("game", "reward")
        self._paths: ByTicket[list[float]] = ByTicket(
            lambda: self.law.draw(rng, rows, self._width).tolist(), kept=stage.kept
        )

    def seen(self, serial: int, age: int) -> float:
        """Where a ticket's path stands at an age, Gwei. Rewards that are alike have one: that which is paid."""
        return self._paths[serial][min(age, self._width - 1)]

    def age(self, first_block: int) -> int:
        """Blocks since the mint of a ticket that could first propose `first_block`."""
        return max(self._state.slot - first_block + 1 + self._lookahead, 0)

    def drawn(self, block: int) -> int | None:
        """The ticket for a block up to that of this slot's draw, be it drawn already or about to be."""
        draws = self._state.draws.get(block)
        if draws is None:
            return lottery(self._state, block)
        return draws.ticket

    def seen_for(self, block: int) -> float:
        """Where the path of the ticket for a block stands now, Gwei."""
        serial = self.drawn(block)
        if serial is None:
            return 0.0
        return self.seen(serial, self.age(self._state.titles.live[serial].ticket.first_block))


class LotteryRewards:
    """The chain's rewards where each ticket has its own path: a block pays what its ticket's path stands at."""

    def __init__(self, urn: Urn, lookahead: int) -> None:
        self.block = -1
        self._urn = urn
        self._lookahead = lookahead
        self._now = TicketOutlook(-1, None, urn.law, [])

    def advance(self) -> int:
        """Reveal the next block of every path; the reward of the block itself, Gwei."""
        self.block += 1
        seen = [self._urn.seen_for(self.block + ahead) for ahead in range(self._lookahead + 1)]
        self._now = TicketOutlook(self.block, int(seen[0]), self._urn.law, seen)
        return int(seen[0])

    def outlook(self) -> TicketOutlook:
        """What everyone knows after the last block revealed."""
        return self._now


class DrawnCost(WholeReward):
    """The true cost of a block: that of the ticket drawn for it, or always the same."""

    def __init__(self, urn: Urn, costs: ByTicket[int] | int) -> None:
        self._urn = urn
        self._costs = costs

    def between(self, first: int, last: int) -> tuple[int, ...]:
        """The costs of blocks first … last, all of them drawn, Gwei."""
        if isinstance(self._costs, int):
            return (self._costs,) * (last + 1 - first)
        return tuple(self._costs[self._urn.drawn(block) or 0] for block in range(first, last + 1))


class LotteryBuyer(Equilibrium):
    """Bids in equilibrium for tickets, drawn or not, and keeps them."""

    def __init__(self, order: int, own: BuyerDraws, stage: LotteryStage) -> None:
        super().__init__(*equilibrium_terms(stage.game.model))
        self._order = order
        self._own = own
        self._stage = stage

    def lot(self, view: View, auction: AuctionView, ticket: TicketView) -> SeenLot | None:  # noqa: ARG002
        arrivals = self._stage.arrivals
        urn = self._stage.urn
        age = urn.age(ticket.first_block)
        if arrivals is not None and arrivals[ticket.serial][self._order] > age:
            return None
        if ticket.drawn_for is not None:
            growth = (1 + self.discount_rate) ** (ticket.drawn_for - view.slot)
            prospect = Prospect(view.outlook, ticket.drawn_for, self.law)
            return SeenLot(prospect, self._own.costs[ticket.serial], age, 1.0, growth)
        known = age
        if self._stage.is_endless:
            known = 0
        held = self._stage.bought.at(age, urn.seen(ticket.serial, age))
        return SeenLot(held, self._own.cost(ticket.serial, known), age, self.informed[known], 1.0)


class LotteryHolder(OptimalTiming):
    """Sells each ticket once: undrawn at its time, or else when it is drawn."""

    def __init__(self, stage: LotteryStage, **when: Any) -> None:
        super().__init__(**when, **terms(stage.game.model))
        self._stage = stage
        own = stage.game.model.seller_cost
        self._cost = None
        if own is not None:
            self._cost = eth_to_gwei(own)
        self._kept = None
        if own is not None:
            self._kept = Holdings(stage.game.model, UniformLaw(own, own), stage.game.model.seller_rate)

    def due(self, view: View) -> list[TicketView]:
        due = [ticket for ticket in view.tickets if ticket.serial not in self.tried and self.is_time(view, ticket)]
        self.tried |= {ticket.serial for ticket in due}
        return due

    def is_time(self, view: View, ticket: TicketView) -> bool:
        if ticket.drawn_for is not None:
            return True
        age = self._stage.urn.age(ticket.first_block)
        if self.block is not None:
            return age == self.block
        return age < len(self.bounds) and super().is_time(view, ticket)

    def age(self, view: View, ticket: TicketView) -> int:  # noqa: ARG002
        return self._stage.urn.age(ticket.first_block)

    def seen(self, view: View, ticket: TicketView) -> float:
        return self._stage.urn.seen(ticket.serial, self.age(view, ticket)) / GWEI_PER_ETH

    def reserve_for(self, view: View, ticket: TicketView) -> int:
        price = self.undrawn_price(view, ticket) if ticket.drawn_for is None else self.drawn_price(view, ticket)
        return max(self.reserve, int(price * GWEI_PER_ETH + 0.5))

    def undrawn_price(self, view: View, ticket: TicketView) -> float:
        """The best reserve, where that is wanted, ETH: not below what one earns by keeping the ticket."""
        if not self.is_optimal:
            return 0.0
        age = self.age(view, ticket)
        urn = self._stage.urn
        seen = urn.seen(ticket.serial, age)
        own = 0.0
        if self._kept is not None and self._cost is not None:
            own = self._kept.at(age, seen).worth(self._cost)
        return optimal_price(self._stage.bought.at(age, seen), own)

    def drawn_price(self, view: View, ticket: TicketView) -> float:
        """What the block is worth to the holder itself, or the best reserve, ETH."""
        assert ticket.drawn_for is not None
        wait = ticket.drawn_for - view.slot
        prospect = Prospect(view.outlook, ticket.drawn_for, self.law)
        own = 0.0
        if self._cost is not None:
            own = prospect.worth(self._cost) * (1 + self.discount_rate) ** -wait
        if not self.is_optimal:
            return own
        growth = (1 + self.buyer_rate) ** wait
        return max(own, optimal_price(prospect, own * growth) / growth)


class LotteryDriver(Driver):
    """With a session at the end of each slot, in which new tickets can be sold before their first draw."""

    def _end_slot(self, settled: Settled) -> None:
        super()._end_slot(settled)
        self._calls.ask_all(Phase.OFFER)
        self._clock.at(self._clock.ms, Phase.CLOSE, self._take_bids)

    def _take_bids(self) -> None:
        self._calls.ask_all(Phase.BID)
        self._clock.at(self._clock.ms, Phase.CLOSE, self._clear_sales)


class LotteryStage(Stage):
    """N tickets in one urn. Those of genesis have no session before their first draw, and are not counted."""

    driver = LotteryDriver

    def __init__(self, game: Game) -> None:
        super().__init__(game)
        model = game.model
        self.is_endless = model.maturity == "none"
        self.bought = Holdings(model, cost_law(model.cost), model.buyer_rate)
        self.urn: Urn

    @property
    def supply(self) -> int:
        """N."""
        return self.game.model.supply or 0

    def seller(self, **when: Any) -> LotteryHolder:
        """The holder, with the block or the region of its sale."""
        return LotteryHolder(self, **when)

    def rules(self) -> Rules:
        maturity = None
        if not self.is_endless:
            maturity = self.game.maturity
        return Rules(self.supply, maturity, self.game.model.lookahead, draw_rule("lottery"))

    def rewards(self, state: State) -> LotteryRewards:
        self.urn = Urn(self, state)
        return LotteryRewards(self.urn, self.game.model.lookahead)

    def costs(self) -> list[Any]:
        own = self.game.model.seller_cost
        seller = None
        if own is not None:
            seller = DrawnCost(self.urn, eth_to_gwei(own))
        return [None, seller, *(DrawnCost(self.urn, buyer.costs) for buyer in self.buyers)]

    def bidder(self, number: int) -> LotteryBuyer:
        return LotteryBuyer(number, self.buyers[number], self)

    def is_done(self, state: State, tickets: int) -> bool:
        return bool(state.titles.live) and next(iter(state.titles.live)) >= self.supply + tickets

    def measure(self, records: MemoryRecords, tickets: int) -> Take:
        """Of the tickets in the order of their mint, from the first after genesis on."""
        first = self.supply
        last = self.supply + tickets
        delta, minted = 1 / (1 + self.game.model.seller_rate), mints(records, self.supply)
        brought, entrants, made, best = (np.zeros(minted.size) for _ in range(4))
        for ticket, age, price in resales(records):
            # the first session is one block after the mint
            brought[ticket] += price / 1e9 * delta ** (age + 1)
        for market, ticket, bids in columns(records, AUCTIONS, "market", "ticket", "bids"):
            if market == "secondary":
                entrants[ticket] += bids
        facts = columns(records, BLOCKS, "slot", "ticket", "builder", "net_gwei", "best_gwei")
        for slot, ticket, builder, net, most in facts:
            if ticket is not None:
                made[ticket], best[ticket] = net / 1e9, most / 1e9
                brought[ticket] += net / 1e9 * delta ** (slot - minted[ticket]) * (builder == SELLER)
        brought, entrants, made, best = (column[first:last] for column in (brought, entrants, made, best))
        return Take(brought, entrants, made, best)


def mints(records: MemoryRecords, supply: int) -> npt.NDArray[np.int64]:
    """The slot of the mint of each ticket."""
    slots, counts = zip(*columns(records, BLOCKS, "slot", "minted"), strict=True)
    return np.concatenate((np.full(supply, -1), np.repeat(slots, counts)))
