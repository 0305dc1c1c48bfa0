"""Puts the game together from the parts of any run: chain, ledger, auction house, block clock, agents."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numpy as np

from chain.account import derive_accounts
from chain.eip712 import Domain
from chain.ledger import PAYMENTS
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.state import Rules, State, new_state
from experiments.lab.assembly.assembly import make_signatures
from experiments.lab.assembly.fixed_terms import make_terms
from experiments.lab.config.config import Config
from experiments.lab.models.game.buyers import BuyerDraws, draw_arrivals, make_buyer
from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.take import Take
from experiments.lab.models.game.ticket_draws import CHUNK, ByTicket
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import cost_law
from market.agent_wallet import Wallet
from market.auction_rows import AUCTIONS
from market.cost_laws import UniformCost
from market.entry_costs import EntryCosts
from market.marketplace import Marketplace, open_marketplace
from market.primary import PRICING
from market.resale_times import RESALE
from market.slot.blocks import BLOCKS
from market.slot.driver import Driver
from market.trades import TRADES
from market.viewer import Viewer
from strategies.agent import Agent, asked
from strategies.base import Strategy
from strategies.buyers.equilibrium import Equilibrium
from strategies.setup import Setup
from strategies.theory.crowd import Arrived
from strategies.theory.sale_values import INFORMATION

SELLER = 1
PURSE = eth_to_gwei(1e8)
"""What everyone has to start with, Gwei: more than any number of tickets costs."""

KEPT = frozenset({TRADES.name, AUCTIONS.name, BLOCKS.name})
"""The tables that are read."""


def kept(model: Model) -> frozenset[str]:
    """Those of a model: payments too, where losers pay, whom no other table has."""
    return KEPT | {PAYMENTS.name} if model.format == "all_pay" else KEPT


Counted = Callable[[int, int], object]
"""Is told how many of how many are done."""


class Game(NamedTuple):
    """A model, its seed, and how messages are signed (`ecdsa` or `off`). `progress` is told of the tickets of each
    way to sell."""

    model: Model
    seed: int
    signatures: str
    progress: Counted = lambda done, total: None  # noqa: ARG005

    @property
    def maturity(self) -> int:
        """T; of tickets that never expire the one draw after which it is all the same."""
        if self.model.maturity == "none":
            return 1
        return int(self.model.maturity)


class Stage(ABC):
    """What chance gives the tickets of a game, and what depends on how they are exercised."""

    driver: ClassVar[type[Driver]] = Driver

    def __init__(self, game: Game) -> None:
        self.game = game
        self.streams = Streams(game.seed)
        self.count = pool_of(game.model)
        self.kept = lasting(game)
        self.buyers = make_buyers(game, self.streams, self.count)
        self.arrivals = make_arrivals(game, self.streams, self.count)

    @abstractmethod
    def rules(self) -> Rules:
        """The rules of the tickets."""

    @abstractmethod
    def rewards(self, state: State) -> Any:
        """A reward path, revealed block by block."""

    @abstractmethod
    def costs(self) -> list[Any]:
        """The true costs of the blocks, by account."""

    @abstractmethod
    def is_done(self, state: State, tickets: int) -> bool:
        """Whether so many tickets have had their lives."""

    @abstractmethod
    def measure(self, records: MemoryRecords, tickets: int) -> Take:
        """What the tables say of that many tickets."""

    def bidder(self, number: int) -> Equilibrium:  # noqa: ARG002
        """Buyer `number`, who plays the model's equilibrium."""
        return Equilibrium(*equilibrium_terms(self.game.model))

    def viewer(self, market: Marketplace) -> Viewer:
        """What makes the views."""
        return market.viewer

    def generator(self, account: int) -> np.random.Generator:
        """A player's own randomness."""
        return self.streams.generator("game", "agent", account)


def assemble_game(stage: Stage, seller: Strategy) -> tuple[Driver, State, MemoryRecords]:
    """A driver that has not moved yet, its chain and its records. Only `seller` buys new tickets."""
    game, streams = stage.game, stage.streams
    names = ["seller", *(f"buyer-{number + 1}" for number in range(stage.count))]
    accounts, records = derive_accounts(streams, names), MemoryRecords(kept(game.model))
    state = new_state(
        rules=stage.rules(),
        accounts=accounts,
        signatures=make_signatures(game.signatures, Domain(1337)),
        streams=streams,
        records=records,
    )
    market = open_marketplace(
        state=state,
        records=records,
        rewards=stage.rewards(state),
        costs=stage.costs(),
        pricing=PRICING["second_price"](),
        resale=RESALE["both"],
        block_format=None,
        horizon=0,
        strict=True,
        entry=EntryCosts(eth_to_gwei(game.model.entry_cost)),
    )
    market = market._replace(viewer=stage.viewer(market))
    agents = make_agents(stage, state, seller)
    for agent in agents:
        state.ledger.endow(agent, PURSE)
    terms = make_terms(Config(), takers=(), missed={})
    driver = stage.driver(terms=terms, market=market, participants=agents, streams=streams)
    return driver, state, records


def pool_of(model: Model) -> int:
    """How many buyers there are, or hardly ever are exceeded where they arrive."""
    if model.buyers is not None:
        return model.buyers
    return Arrived(np.array([(model.arrival_rate or 0.0) * int(model.maturity)])).most


def make_buyers(game: Game, streams: Streams, count: int) -> list[BuyerDraws]:
    """The buyers' own draws."""
    law = cost_law(game.model.cost)
    kept = lasting(game)
    informed = INFORMATION[game.model.cost_information](game.maturity)
    return [make_buyer(law, informed, streams, number, kept) for number in range(count)]


def make_arrivals(game: Game, streams: Streams, count: int) -> ByTicket[list[float]] | None:
    """When buyers come to each ticket; None where they are there from the start."""
    rate = game.model.arrival_rate
    if rate is None:
        return None
    draw = partial(draw_arrivals, rate, count, streams.generator("game", "arrival"))
    return ByTicket(draw, lasting(game))


def lasting(game: Game) -> int:
    """How many tickets to remember: those that may live at one time; in a lottery hardly any lives that long."""
    return game.maturity + CHUNK + 64 * (game.model.supply or 0)


def make_agents(stage: Stage, state: State, seller: Strategy) -> dict[int, Agent]:
    """The seller and the buyers, told the rules."""
    when = asked(sellers=True, builders=False)
    players: list[tuple[str, Strategy]] = [("seller", seller)]
    players += [("buyer", stage.bidder(number)) for number in range(stage.count)]
    agents: dict[int, Agent] = {}
    for account, (role, strategy) in enumerate(players, start=SELLER):
        agents[account] = Agent(account, 0, Wallet(state.accounts[account], state), {role: strategy}, when)
        strategy.start(make_setup(stage, state, account))
    return agents


def equilibrium_terms(model: Model) -> Sequence[Any]:
    """What a buyer who plays the model's equilibrium is made with."""
    return (model.buyer_rate, model.entry, model.cost_information, model.arrival_rate, cost_law(model.cost))


def make_setup(stage: Stage, state: State, account: int) -> Setup:
    """What one player is told."""
    model = stage.game.model
    low, high = cost_law(model.cost).support()
    return Setup(
        name=state.accounts[account].name,
        account=account,
        rng=stage.generator(account),
        supply=state.rules.supply,
        maturity=stage.game.maturity,
        lookahead=model.lookahead,
        draw=state.rules.draw.name,
        own_facts=state.rules.draw.facts,
        resale=RESALE["both"],
        buyers=stage.count,
        cost=UniformCost(eth_to_gwei(low), eth_to_gwei(high)),
        entry_gwei=eth_to_gwei(model.entry_cost),
        can_sell_block=False,
    )
