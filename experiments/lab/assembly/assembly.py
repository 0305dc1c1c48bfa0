"""Puts one run together: from a config to a chain, a market and agents that have not moved yet."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from chain.beacon import Beacon
from chain.eip712 import Domain
from chain.ledger import Ledger, pot_names
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.records import Records
from chain.rewards import PROCESSES, RewardPath, RewardProcess
from chain.rules import DRAW_RULES, custom_rule, draw_rule
from chain.signatures import Ecdsa, Signatures, Unsigned
from chain.state import DrawRule, Rules, State
from chain.titles import Titles
from experiments.lab.assembly.endowments import cost_law, funds, make_path, make_volatility
from experiments.lab.assembly.isolation import IsolatedAgent, Limits, Losses
from experiments.lab.assembly.pricing import own_rule, pricing_rule
from experiments.lab.assembly.protocol_rules import protocol_rules
from experiments.lab.assembly.seats import (
    Seat,
    make_accounts,
    make_seats,
    make_strategies,
    sellers_and_builders,
    validators,
)
from experiments.lab.assembly.slot_terms import make_flow, slot_terms
from experiments.lab.config.config import Config, Structure
from experiments.lab.config.errors import InputError
from market.capture import Volatility
from market.costs import Costs
from market.desk import Desk
from market.exchange import Exchange
from market.gate import Gate
from market.house import House
from market.pbs import PBS_FORMATS, Pbs
from market.primary import PRICING, Rule
from market.resale import RESALE, Resale
from market.slot_auction.order_flow import OrderFlow
from market.slot_auction.slot_market import SlotMarket
from market.trades import Trades
from market.viewer import Viewer
from market.violations import Violations
from market.wallet import Wallet
from strategies.agent import Agent, asked
from strategies.loading import load_object, locate, near
from strategies.setup import Setup
from strategies.slot_bidding import SlotBuilder


@dataclass
class Engine:
    """The parts of one run of one market structure."""

    config: Config
    structure: Structure
    streams: Streams
    records: Records
    state: State
    rewards: RewardPath
    costs: Costs
    trades: Trades
    exchange: Exchange
    house: House
    viewer: Viewer
    desk: Desk
    pbs: Pbs
    pricing: Rule
    violations: Violations
    agents: dict[int, Agent]
    missed: dict[int, float]  # probability of failing to propose, where there is one
    volatility: Volatility | None = None
    slot_market: SlotMarket | None = None


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
    check_roles(config, structure, seats)
    rules, pricing, process = (
        make_rules(config, folder),
        make_pricing(config, folder, streams),
        make_process(config, folder),
    )
    accounts = make_accounts(seats, streams, folder)
    names = [account.name for account in accounts]
    records = Records(tables, {"account": names, "pot": pot_names(names)})
    domain = Domain(config.chain.chain_id)
    state = State(
        rules=rules if structure != "pbs" else rules._replace(supply=0),
        beacon=Beacon(streams.secret("beacon")),
        signatures=make_signatures(signatures, domain),
        accounts=accounts,
        ledger=Ledger(len(accounts), records),
        titles=Titles(len(accounts), records),
        validators=validators(seats) if structure == "pbs" else (),
    )
    rewards = RewardPath(process, streams.generator("reward"))
    volatility = make_volatility(config, streams)
    flow = make_flow(config, streams)
    costs = make_costs(config, seats, streams, volatility, flow)
    resale = make_resale(config, structure)
    gate, trades = Gate(state), Trades(state, records)
    violations = Violations(state, records, strict)
    exchange = Exchange(state, gate, resale, trades, records)
    house = House(state, gate, resale, trades, records, eth_to_gwei(config.cost.entry))
    viewer = Viewer(state, exchange, house, trades, rewards, costs, horizon(config), pricing, volatility)
    desk = Desk(state, gate, exchange, house, violations, pricing)
    pbs = Pbs(state, house, costs, violations, PBS_FORMATS[config.market.pbs])
    slot_market = None if flow is None else SlotMarket(slot_terms(config), flow, state, records)
    agents = make_agents(config, seats, state, resale, streams, folder, losses)
    missed = {seat.number: seat.group.missed_proposal for seat in seats if seat.group.missed_proposal}
    endow(seats, state.ledger, streams)
    parts = (trades, exchange, house, viewer, desk, pbs, pricing, violations, agents, missed, volatility)
    return Engine(config, structure, streams, records, state, rewards, costs, *parts, slot_market)


def make_rules(config: Config, folder: Path) -> Rules:
    """The ticket protocol. Raises `InputError` for a draw rule that is not there."""
    chain = config.chain
    rule: DrawRule
    if chain.draw in DRAW_RULES:
        rule = draw_rule(chain.draw, chain.unclaimed, chain.window, chain.epoch)
    else:
        rule = custom_rule(chain.draw, load_function(chain.draw, "chain.draw", DRAW_RULES, folder))
    return protocol_rules(chain, rule)


def make_pricing(config: Config, folder: Path, streams: Streams) -> Rule:
    """The primary market's pricing rule. Raises `InputError`."""
    name = config.market.primary
    if name in PRICING:
        return pricing_rule(config, streams)
    return own_rule(config, load_function(name, "market.primary", tuple(PRICING), folder))


def load_function(name: str, key: str, known: tuple[str, ...], folder: Path) -> Callable[..., Any]:
    """A user's rule, `path.py:function` or `package.module:function`. Raises `InputError`."""
    if ":" not in name:
        raise InputError(
            f"{key}: {name!r} is not one of {', '.join(known)}{near(name, list(known))}"
            "; an own rule is named `path.py:function`"
        )
    try:
        found = load_object(name, folder)
    except ValueError as error:
        raise InputError(f"{key}: {error}") from None
    if not callable(found):
        raise InputError(f"{key}: {name} is no function")
    return found


def make_process(config: Config, folder: Path) -> RewardProcess:
    """The reward process. Raises `InputError` for parameters or a file that are no good."""
    parameters = config.reward.model_dump(exclude={"process"})
    if config.reward.process == "replay":
        parameters["file"] = str(locate(parameters["file"], folder))
    elif config.reward.process == "mevboost":
        parameters["slot_seconds"] = config.chain.slot_seconds
    try:
        process = PROCESSES[config.reward.process](**parameters)
    except ValueError as error:
        raise InputError(f"reward: {error}") from None
    length = len(process) if config.reward.process == "replay" else config.blocks  # type: ignore[arg-type]
    if length < config.blocks:
        raise InputError(f"reward.file: {parameters['file']} has {length} rewards; set blocks to at most that")
    return process


def make_costs(
    config: Config, seats: list[Seat], streams: Streams, volatility: Volatility | None, flow: OrderFlow | None
) -> Costs:
    """What every account that can exploit a block makes of it, and at what cost."""
    made = (
        make_path(config, seat.group, seat.number, streams, volatility, flow) if seat.can_build else None
        for seat in seats
    )
    return [None, *made]


def make_resale(config: Config, structure: Structure) -> Resale:
    """The resales that a structure allows: `et_expost` is the resale after the draw."""
    allowed = RESALE["ex_post" if structure == "et_expost" else config.market.resales]
    return allowed._replace(building=config.market.building == "from_draw")


def make_agents(
    config: Config,
    seats: list[Seat],
    state: State,
    resale: Resale,
    streams: Streams,
    folder: Path,
    losses: Losses = None,
) -> dict[int, Agent]:
    """The agents by account, their strategies told the rules of the game. `losses`: see `IsolatedAgent`."""
    when = asked(*sellers_and_builders(seats))
    agents: dict[int, Agent] = {}
    for seat in seats:
        strategies = make_strategies(seat.strategies, seat.group.parameters, "agents")
        wallet = Wallet(state.accounts[seat.number], state)
        setup = make_setup(config, seat, seats, resale, streams.generator("agent", seat.number))
        agent = Agent(seat.number, seat.group.latency_ms, wallet, strategies, when)
        if config.isolation.covers(seat.group):
            agent = isolated(config, seat, setup, folder, losses, agent)
        else:
            agent.start(setup)
        agents[seat.number] = agent
    return agents


def isolated(
    config: Config, seat: Seat, setup: Setup, folder: Path, losses: Losses, agent: Agent
) -> IsolatedAgent:
    """The agent with its strategies in a process, where they are told the rules. A replay gives them time without
    end. Raises `InputError` for one that bids in open auctions."""
    if config.market.pbs == "slot_auction" and any(issubclass(k, SlotBuilder) for k in seat.strategies.values()):
        raise InputError(
            f"isolation: {seat.name} bids in the open auction of a block, which asks it too often for a process "
            'of its own; leave it out of isolation.strategies, or set market.pbs = "sealed"'
        )
    group = seat.group.model_dump(mode="json", include={"strategy", "role", "parameters"})
    birth = {"group": group, "folder": str(folder.resolve()), "setup": setup, "memory": None}
    terms = config.isolation
    time = terms.decision_ms if losses is None else None
    return IsolatedAgent(agent, birth, Limits(time, terms.memory_mb, terms.strikes), losses)


def make_setup(config: Config, seat: Seat, seats: list[Seat], resale: Resale, rng: np.random.Generator) -> Setup:
    """What one strategy is told at the start."""
    chain = config.chain
    return Setup(
        name=seat.name,
        account=seat.number,
        rng=rng,
        supply=chain.supply,
        maturity=None if chain.maturity == "none" else int(chain.maturity),
        lookahead=chain.lookahead,
        draw=chain.draw,
        resale=resale,
        buyers=max(sum(other.can_build for other in seats), 1),
        cost=cost_law(config),
        entry_gwei=eth_to_gwei(config.cost.entry),
        can_sell_block=config.market.pbs != "off",
        window=chain.window,
        collateral_gwei=eth_to_gwei(chain.collateral_eth),
        haircut=chain.return_haircut,
        is_elastic=chain.supply_rule == "elastic",
        epoch=chain.epoch if chain.draw == "epoch" else 1,
    )


SIGNATURES: dict[str, Callable[[Domain], Signatures]] = {"ecdsa": Ecdsa, "off": Unsigned}


def make_signatures(kind: str, domain: Domain) -> Signatures:
    """`ecdsa` or `off`. Raises `InputError`."""
    return SIGNATURES[checked_signatures(kind)](domain)


def checked_signatures(kind: str) -> str:
    """Raises `InputError` for a kind that there is not."""
    if kind not in SIGNATURES:
        raise InputError(f"signatures: {kind!r} is not one of {', '.join(SIGNATURES)}")
    return kind


def endow(seats: list[Seat], ledger: Ledger, streams: Streams) -> None:
    """Give every agent its money."""
    for seat in seats:
        ledger.endow(seat.number, funds(seat.group, seat.number, streams))


def horizon(config: Config) -> int:
    """How many blocks ahead anyone can hold a ticket that is certain to propose."""
    life = 0 if config.chain.maturity == "none" else int(config.chain.maturity)
    dealt = config.chain.window - 1 if config.chain.draw == "randea" else 0
    return life + config.chain.lookahead + 1 + dealt


def check_roles(config: Config, structure: Structure, seats: list[Seat]) -> None:
    """Raises `InputError` where a market would have nobody on one of its sides."""
    roles = {role for seat in seats for role in seat.strategies}
    if structure == "et_expost" and "buyer" not in roles:
        raise InputError('agents: nobody has role = "buyer", so tickets could not be resold; add a group that has')
    if structure == "pbs" and config.market.pbs == "off":
        raise InputError('market.pbs is "off", but structure "pbs" is that market; set market.pbs = "sealed"')
    if not any(seat.can_build for seat in seats):
        raise InputError("agents: nobody can exploit a block; add buyers or builders, or set can_build = true")
