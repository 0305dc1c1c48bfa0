"""Puts the game together from the parts of any run: chain, ledger, auction house, block clock, agents."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, NamedTuple

import numpy as np

from chain.account import derive_accounts
from chain.beacon import Beacon
from chain.eip712 import Domain
from chain.ledger import Ledger
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.state import Rules, State
from chain.titles import Titles
from experiments.lab.assembly.assembly import Engine, make_signatures
from experiments.lab.config.config import Config
from experiments.lab.engine.blocks import BLOCKS
from experiments.lab.engine.driver import Driver
from experiments.lab.models.game.buyers import BuyerDraws, draw_arrivals, make_buyer
from experiments.lab.models.game.memory import MemoryRecords
from experiments.lab.models.game.take import Take
from experiments.lab.models.game.ticket_draws import CHUNK, ByTicket
from experiments.lab.models.model.spec import Model
from experiments.lab.models.model.theory_terms import cost_law
from market.agent_wallet import Wallet
from market.auction_rows import AUCTIONS
from market.costs import UniformCost
from market.desk import Desk
from market.exchange import Exchange
from market.gate import Gate
from market.house import House
from market.pbs import Pbs
from market.primary import PRICING
from market.resale_times import RESALE
from market.trades import TRADES, Trades
from market.viewer import Viewer
from market.violations import Violations
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


class Game(NamedTuple):
    """A model, its seed, and how messages are signed (`ecdsa` or `off`)."""

    model: Model
    seed: int
    signatures: str

    @property
    def maturity(self) -> int:
        """T; of tickets that never expire the one draw after which it is all the same."""
        return 1 if self.model.maturity == "none" else int(self.model.maturity)


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

    def viewer(self, *parts: Any) -> Viewer:
        """What makes the views."""
        return Viewer(*parts)

    def generator(self, account: int) -> np.random.Generator:
        """A player's own randomness."""
        return self.streams.generator("game", "agent", account)


def assemble_game(stage: Stage, seller: Strategy) -> tuple[Engine, MemoryRecords]:
    """An engine that has not moved yet, with `seller` as the only holder of new tickets, and its records."""
    game, streams = stage.game, stage.streams
    names = ["seller", *(f"buyer-{number + 1}" for number in range(stage.count))]
    accounts, records = derive_accounts(streams, names), MemoryRecords(KEPT)
    state = State(
        rules=stage.rules(),
        beacon=Beacon(streams.secret("beacon")),
        signatures=make_signatures(game.signatures, Domain(1337)),
        accounts=accounts,
        ledger=Ledger(len(accounts), records),
        titles=Titles(len(accounts), records),
    )
    rewards, costs = stage.rewards(state), stage.costs()
    gate, trades, violations = Gate(state), Trades(state, records), Violations(state, records, strict=True)
    exchange = Exchange(state, gate, RESALE["both"], trades, records)
    house = House(state, gate, RESALE["both"], trades, records, eth_to_gwei(game.model.entry_cost))
    viewer = stage.viewer(state, exchange, house, trades, rewards, costs, 0)
    agents = make_agents(stage, state, seller)
    for agent in agents:
        state.ledger.endow(agent, PURSE)
    config = Config.model_validate({"seed": game.seed, "market": {"pbs": "off"}})
    desk, pbs = Desk(state, gate, exchange, house, violations), Pbs(state, house, costs, violations, None)
    rest: Any = (trades, exchange, house, viewer, desk, pbs, PRICING["second_price"](), violations, agents, {})
    return Engine(config, "et", streams, records, state, rewards, costs, *rest), records


def pool_of(model: Model) -> int:
    """How many buyers there are, or hardly ever are exceeded where they arrive."""
    if model.buyers is not None:
        return model.buyers
    return Arrived(np.array([(model.arrival_rate or 0.0) * int(model.maturity)])).most


def make_buyers(game: Game, streams: Streams, count: int) -> list[BuyerDraws]:
    """The buyers' own draws."""
    law, kept = cost_law(game.model.cost), lasting(game)
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
        resale=RESALE["both"],
        buyers=stage.count,
        cost=UniformCost(eth_to_gwei(low), eth_to_gwei(high)),
        entry_gwei=eth_to_gwei(model.entry_cost),
        can_sell_block=False,
    )
