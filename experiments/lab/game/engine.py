"""Puts the game together from the parts of any run: chain, ledger, auction house, block clock, agents."""

from __future__ import annotations

from functools import partial
from typing import Any, NamedTuple, cast

import numpy as np

from chain.account import derive_accounts
from chain.beacon import Beacon
from chain.eip712 import Domain
from chain.ledger import Ledger
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.rules import draw_rule
from chain.state import Rules, State
from chain.titles import Titles
from experiments.lab.assembly import Engine, make_signatures
from experiments.lab.blocks import BLOCKS
from experiments.lab.config import Config
from experiments.lab.game.buyers import FAR, Buyer, draw_arrivals, make_buyer
from experiments.lab.game.draws import CHUNK, ByTicket
from experiments.lab.game.memory import Memory
from experiments.lab.game.paths import path_law
from experiments.lab.game.rewards import TicketRewards
from experiments.lab.game.viewer import FIRST_BUYER, GameViewer
from experiments.lab.model.spec import Model
from experiments.lab.model.terms import cost_law, make_terms
from market.costs import Costs, FixedCost, UniformCost
from market.desk import Desk
from market.exchange import Exchange
from market.gate import Gate
from market.house import AUCTIONS, House
from market.pbs import Pbs
from market.primary import PRICING
from market.resale import RESALE
from market.trades import TRADES, Trades
from market.violations import Violations
from market.wallet import Wallet
from strategies.agent import Agent, asked
from strategies.base import Strategy
from strategies.buyers.equilibrium import Equilibrium
from strategies.setup import Setup
from strategies.theory.crowd import Arrived

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
        """T."""
        return int(self.model.maturity)


class Cost:
    """A buyer's true cost of the block that it builds: that of the ticket which proposes it."""

    def __init__(
        self, buyer: Buyer, order: int, arrivals: ByTicket[list[float]] | None, maturity: int, lead: int
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


def assemble_game(game: Game, seller: Strategy, lead: int) -> tuple[Engine, Memory]:
    """An engine that has not moved yet, with `seller` as the only holder of new tickets, and its records.

    Tickets are minted `lead` blocks into their lives: 0 for whole lives, T for spot auctions.
    """
    model, maturity, streams = game.model, game.maturity, Streams(game.seed)
    count = pool_of(model)
    names = ["seller", *(f"buyer-{number + 1}" for number in range(count))]
    accounts, records = derive_accounts(streams, names), Memory(KEPT)
    state = State(
        rules=Rules(maturity - lead + 1, maturity - lead, 0, draw_rule("maturity")),
        beacon=Beacon(streams.secret("beacon")),
        signatures=make_signatures(game.signatures, Domain(1337)),
        accounts=accounts,
        ledger=Ledger(len(accounts), records),
        titles=Titles(len(accounts), records),
    )
    arrivals = make_arrivals(game, streams, count)
    buyers = make_buyers(game, streams, count)
    costs = make_costs(game, buyers, arrivals, lead)
    rewards = cast(Any, TicketRewards(path_law(model), maturity, lead, streams.generator("game", "reward")))
    gate, trades, violations = Gate(state), Trades(state, records), Violations(state, records, strict=True)
    exchange = Exchange(state, gate, RESALE["both"], trades, records)
    house = House(state, gate, RESALE["both"], trades, records, eth_to_gwei(model.entry_cost))
    own = None if model.seller_cost is None else eth_to_gwei(model.seller_cost)
    parts = (state, exchange, house, trades, rewards, costs, 0)
    viewer = GameViewer(*parts, maturity=maturity, lead=lead, buyers=buyers, arrivals=arrivals, own_gwei=own)
    agents = make_agents(game, state, streams, seller, count, lead)
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


def make_buyers(game: Game, streams: Streams, count: int) -> list[Buyer | None]:
    """The buyers by account; the protocol and the seller are none."""
    law, informed = cost_law(game.model.cost), make_terms(game.model).informed
    kept = game.maturity + CHUNK
    return [None, None, *(make_buyer(law, informed, streams, number, kept) for number in range(count))]


def make_arrivals(game: Game, streams: Streams, count: int) -> ByTicket[list[float]] | None:
    """When buyers come to each ticket; None where they are there from the start."""
    rate = game.model.arrival_rate
    if rate is None:
        return None
    draw = partial(draw_arrivals, rate, count, streams.generator("game", "arrival"))
    return ByTicket(draw, game.maturity + CHUNK)


def make_costs(game: Game, buyers: list[Buyer | None], arrivals: ByTicket[list[float]] | None, lead: int) -> Costs:
    """The true costs by account."""
    own = game.model.seller_cost
    paths = [
        Cost(buyer, account - FIRST_BUYER, arrivals, game.maturity, lead)
        for account, buyer in enumerate(buyers)
        if buyer is not None
    ]
    return cast(Costs, [None, None if own is None else FixedCost(eth_to_gwei(own)), *paths])


def make_agents(
    game: Game, state: State, streams: Streams, seller: Strategy, count: int, lead: int
) -> dict[int, Agent]:
    """The seller and the buyers, told the rules."""
    when = asked(sellers=True, builders=False)
    players: list[tuple[str, Strategy]] = [("seller", seller)]
    players += [("buyer", make_bidder(game.model)) for _ in range(count)]
    agents: dict[int, Agent] = {}
    for account, (role, strategy) in enumerate(players, start=SELLER):
        agents[account] = Agent(account, 0, Wallet(state.accounts[account], state), {role: strategy}, when)
        strategy.start(make_setup(game, state, streams, account, count, lead))
    return agents


def make_bidder(model: Model) -> Equilibrium:
    """A buyer who plays the model's equilibrium."""
    return Equilibrium(
        model.buyer_rate, model.entry, model.cost_information, model.arrival_rate, cost_law(model.cost)
    )


def make_setup(game: Game, state: State, streams: Streams, account: int, count: int, lead: int) -> Setup:
    """What one player is told. Its generator skips the tickets that are not there."""
    rng = streams.generator("game", "agent", account)
    rng.random(lead)
    low, high = cost_law(game.model.cost).support()
    return Setup(
        name=state.accounts[account].name,
        account=account,
        rng=rng,
        supply=state.rules.supply,
        maturity=game.maturity,
        lookahead=0,
        draw="maturity",
        resale=RESALE["both"],
        buyers=count,
        cost=UniformCost(eth_to_gwei(low), eth_to_gwei(high)),
        entry_gwei=eth_to_gwei(game.model.entry_cost),
        can_sell_block=False,
    )
