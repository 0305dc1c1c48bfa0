"""Puts one run together: from a config to a chain, a market and agents that have not moved yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from chain.eip712 import Domain
from chain.interruption import is_interruption
from chain.ledger import names_of
from chain.randomness import Streams
from chain.records import Records
from chain.rewards import RewardPath, RewardProcess
from chain.signatures import Ecdsa, Signatures, Unsigned
from chain.state import Rules, State, new_state
from chain.wording import shown, told
from experiments.lab.assembly.casting import Casting
from experiments.lab.assembly.cost_paths import make_cost_law
from experiments.lab.assembly.endowments import endow, make_costs
from experiments.lab.assembly.fixed_terms import chances_to_miss, draw_takers, make_terms
from experiments.lab.assembly.isolation import Birth, CannotStart, IsolatedAgent, Limits, Losses
from experiments.lab.assembly.isolation.stand_ins import ABOUT
from experiments.lab.assembly.no_way_out import no_way_out
from experiments.lab.assembly.own_laws import OwnRewards
from experiments.lab.assembly.own_rules import own_rules
from experiments.lab.assembly.primary_reserve import make_reserves
from experiments.lab.assembly.primary_rule import called, make_pricing
from experiments.lab.assembly.rewards import make_process
from experiments.lab.assembly.rules import make_rules
from experiments.lab.assembly.sale_formats import make_formats
from experiments.lab.assembly.seats import (
    Seat,
    make_accounts,
    make_seats,
    make_strategies,
    sellers_and_builders,
    validators,
)
from experiments.lab.assembly.unasked_methods import unasked_methods
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.isolation import Isolation
from experiments.lab.config.market import Structure
from market.agent_wallet import Wallet
from market.cost_laws import PublicCost
from market.errors import StrategyLost
from market.marketplace import Marketplace, open_marketplace
from market.resale_times import Resale
from market.slot.driver import Driver
from market.slot.run_terms import RunTerms
from market.slot_auction.slot_market import SlotMarket
from strategies.agent import Agent, asked
from strategies.setup import Setup

if TYPE_CHECKING:
    from market.own_outlooks import EachOutlooks


@dataclass
class Engine:
    """One run of one market structure, put together: the marketplace, the agents by account, the terms.

    `roles`: what each agent plays, by account. `files`: the SHA-256 (hex) of the user's own, by name. `drive`:
    makes its driver, where it has its own. `is_live`: transactions from outside take part. `ends_at`: how many
    blocks are played, where it is not all. `own_mean`: of independent rewards of the user's own, Gwei.
    `unasked`: see `unasked_methods`.
    """

    config: Config
    structure: Structure
    streams: Streams
    market: Marketplace
    agents: dict[int, Agent]
    terms: RunTerms
    roles: dict[int, list[str]]
    files: dict[str, str] = field(default_factory=dict)
    drive: Callable[[Engine], Driver] | None = None
    is_live: bool = False
    ends_at: int | None = None
    own_mean: float | None = None
    unasked: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """The chain's."""
        return self.market.state

    @property
    def records(self) -> Records:
        """All tables."""
        return self.market.records


Drive = Callable[[Engine], Driver]
"""Makes the driver of one structure."""


def make_driver(engine: Engine) -> Driver:
    """What runs an engine slot by slot."""
    if engine.drive is not None:
        return engine.drive(engine)
    return Driver(terms=engine.terms, market=engine.market, participants=engine.agents, streams=engine.streams)


@no_way_out()
def assemble(
    config: Config,
    structure: Structure,
    tables: Path,
    folder: Path,
    signatures: str,
    strict: bool,
    losses: Losses = None,
) -> Engine:
    """All parts of a run, wired. Paths in the config are looked up from `folder`. Raises `InputError`."""
    streams = Streams(config.seed)
    seats = make_seats(config, folder)
    Casting(config, structure, seats).check()
    rules = config.market.settle(make_rules(config.chain, folder))._replace(own=own_rules(config, folder))
    formats = make_formats(config.market, folder)
    pricing = make_pricing(config, folder, streams, formats)
    reserves = make_reserves(config, folder, streams)
    process = make_process(config, folder)
    cost = make_cost_law(config.cost, folder)
    accounts = make_accounts(seats, streams, folder)
    records = Records(tables, names_of(accounts))
    state = new_state(
        rules=rules if structure != "pbs" else rules._replace(supply=0),
        accounts=accounts,
        signatures=make_signatures(signatures, Domain(config.chain.chain_id)),
        streams=streams,
        records=records,
        validators=validators(seats) if structure == "pbs" or rules.endowed else (),
    )
    endow(seats, state.ledger, streams)
    volatility = config.cost.index(streams)
    flow = config.market.flow(streams)
    resale = config.market.resale_under(structure)
    auctions = None
    if flow is not None:
        auctions = SlotMarket(config.market.slot_auction.terms(), flow, state, records)
    market = open_marketplace(
        state=state,
        records=records,
        rewards=RewardPath(process, streams.generator("reward")),
        costs=make_costs(config, seats, streams, volatility, flow, cost),
        pricing=pricing,
        resale=resale,
        block_format=config.market.block_sale,
        horizon=rules.horizon,
        strict=strict,
        entry=config.entry_costs,
        volatility=volatility,
        slot_market=auctions,
        formats=formats,
        reserves=reserves,
        informed=informed(seats, process, streams, rules),
    )
    agents = make_agents(config, seats, state, resale, streams, folder, losses, cost.public)
    terms = make_terms(config, takers=draw_takers(config, state, streams), missed=chances_to_miss(seats))
    terms = terms._replace(primary=called(pricing, config))
    roles = {seat.number: sorted(seat.strategies) for seat in seats}
    own_mean = process.mean_gwei if isinstance(process, OwnRewards) else None
    unasked = unasked_methods(seats)
    return Engine(config, structure, streams, market, agents, terms, roles, own_mean=own_mean, unasked=unasked)


def informed(seats: list[Seat], process: RewardProcess, streams: Streams, rules: Rules) -> EachOutlooks | None:
    """The outlooks of those who have private signals of rewards; None where nobody has. Raises `InputError`."""
    if all(seat.group.signal_sigma is None for seat in seats):
        return None
    from experiments.lab.assembly.private_signals import own_outlooks  # slow to import

    return own_outlooks(seats, process, streams, rules)


def make_agents(
    config: Config,
    seats: list[Seat],
    state: State,
    resale: Resale,
    streams: Streams,
    folder: Path,
    losses: Losses,
    cost: PublicCost,
) -> dict[int, Agent]:
    """The agents by account, their strategies told the rules of the game. `losses`: see `IsolatedAgent`; `cost`:
    the law of θ."""
    when = asked(*sellers_and_builders(seats))
    agents: dict[int, Agent] = {}
    for seat in seats:
        wallet = Wallet(state.accounts[seat.number], state)
        setup = make_setup(config, seat, seats, state.rules, resale, streams.generator("agent", seat.number), cost)
        if config.isolation.covers(seat.group):
            birth = Birth(
                seat.number, seat.group.model_dump(mode="json", include=ABOUT), str(folder.resolve()), setup
            )
            limits = limits_of(config.isolation, losses)
            agent: Agent = IsolatedAgent(
                seat.group.latency_ms, wallet, seat.strategies, when, birth, limits, losses
            )
        else:
            strategies = make_strategies(seat.strategies, seat.group.parameters, "agents")
            agent = Agent(seat.number, seat.group.latency_ms, wallet, strategies, when)
            start(agent, setup)
        agents[seat.number] = agent
    return agents


def limits_of(terms: Isolation, losses: Losses) -> Limits:
    """The limits of a decision. A replay gives it time without end."""
    return Limits(terms.decision_ms if losses is None else None, terms.memory_mb, terms.strikes)


def start(agent: Agent, setup: Setup) -> None:
    """Tell its strategies the rules of the game. Raises `InputError` for what they raise."""
    try:
        agent.start(setup)
    except BaseException as error:  # a strategy may raise anything
        if is_interruption(error):
            raise
        raise InputError(f"agents: {setup.name} cannot be started: {told(error)}") from error


def begin_isolated(engine: Engine) -> None:
    """Start the processes of isolated agents. Raises `InputError` for what their strategies raise."""
    for agent in engine.agents.values():
        if isinstance(agent, IsolatedAgent):
            begin(agent, engine.state.accounts[agent.account].name)


def end_isolated(engine: Engine) -> None:
    """End the processes of isolated agents. One that is asked again begins anew, as before block 0."""
    for agent in engine.agents.values():
        if isinstance(agent, IsolatedAgent):
            agent.close()


def begin(agent: IsolatedAgent, name: str) -> None:
    """Start its process. Raises `InputError`; one that is lost will be asked again in its first turn."""
    try:
        agent.begin()
    except CannotStart as error:
        raise InputError(f"agents: {name} cannot be started: {error}") from None
    except StrategyLost:
        agent.close()


def make_setup(
    config: Config,
    seat: Seat,
    seats: list[Seat],
    rules: Rules,
    resale: Resale,
    rng: np.random.Generator,
    cost: PublicCost,
) -> Setup:
    """What one strategy is told at the start."""
    chain = config.chain
    return Setup(
        name=seat.name,
        account=seat.number,
        rng=rng,
        supply=chain.supply,
        maturity=chain.life,
        lookahead=chain.lookahead,
        draw=chain.draw,
        resale=resale,
        buyers=max(sum(other.can_build for other in seats), 1),
        cost=cost,
        entry_gwei=config.entry_costs.secondary,
        can_sell_block=config.market.pbs != "off",
        window=chain.window,
        collateral_gwei=chain.collateral_gwei,
        haircut=chain.return_haircut,
        is_elastic=chain.is_elastic,
        epoch=rules.draw.span,
        own_facts=rules.draw.facts,
        in_turn=config.market.sells_in_turn,
        round=chain.round,
        has_fixed_costs=config.cost.per == "run",
    )


SIGNATURES: dict[str, Callable[[Domain], Signatures]] = {"ecdsa": Ecdsa, "off": Unsigned}


def make_signatures(kind: str, domain: Domain) -> Signatures:
    """`ecdsa` or `off`. Raises `InputError`."""
    return SIGNATURES[checked_signatures(kind)](domain)


def checked_signatures(kind: str) -> str:
    """Raises `InputError` for a kind that there is not."""
    if kind not in SIGNATURES:
        raise InputError(f"signatures: {shown(kind)} is not one of {', '.join(SIGNATURES)}")
    return kind
