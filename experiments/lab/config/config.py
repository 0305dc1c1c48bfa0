"""The configuration of a run: every key with its default, its unit and a line of help."""

from __future__ import annotations

from collections.abc import Iterable
from math import exp
from typing import Any

from pydantic import Field, field_validator

from chain.ledger import MAX_GWEI
from chain.money import GWEI_PER_ETH, eth_to_gwei
from chain.rules import DATED
from chain.wording import one_line, shown
from experiments.lab.config.agents import MOST_AGENTS, Agents, population
from experiments.lab.config.chain import Chain
from experiments.lab.config.cost import Cost
from experiments.lab.config.isolation import Isolation
from experiments.lab.config.market import MarketSection
from experiments.lab.config.pricing import Eip1559Pricing, ElowssonPricing
from experiments.lab.config.refusals import refuses
from experiments.lab.config.reward import USUAL, Reward, usual_reward, usual_rewards
from experiments.lab.config.section import Section
from market.entry_costs import EntryCosts
from market.primary import INTERCHANGEABLE, QUOTED
from market.slot.resale_turns import step_of

MOST_ETH = MAX_GWEI / GWEI_PER_ETH


class Config(Section):
    """A run."""

    seed: int = Field(7, ge=0, lt=2**256, description="seed of all randomness")
    blocks: int = Field(7200, ge=1, le=2**40, description="blocks to run; 7,200 are a day")
    chain: Chain = Field(default_factory=Chain.model_construct, description="the chain and its ticket protocol")
    reward: Reward = Field(default_factory=usual_rewards, description="R_t, what a block is worth before costs")
    cost: Cost = Field(
        default_factory=Cost.model_construct, description="θ, what it costs a buyer to exploit a block"
    )
    market: MarketSection = Field(
        default_factory=MarketSection.model_construct, description="who sells what to whom"
    )
    isolation: Isolation = Field(
        default_factory=Isolation.model_construct, description="strategies in processes of their own"
    )
    agents: tuple[Agents, ...] = Field(default_factory=population, description="who takes part")

    @field_validator("reward", mode="before")
    @classmethod
    def name_process(cls, reward: Any) -> Any:
        return {"process": USUAL} if reward == {} else reward

    @field_validator("agents")
    @classmethod
    def some_agents(cls, agents: tuple[Agents, ...]) -> tuple[Agents, ...]:
        if not agents:
            raise ValueError('the list is empty; name at least one group with role = "buyer"')
        return agents

    @property
    def entry_costs(self) -> EntryCosts:
        """What a bidder sinks for each auction that it bids in; accounts are seats, from 1 in order."""
        usual, sunk = self.cost.primary_entry, {}
        groups = [group for group in self.agents for _ in range(group.count)]
        for account, group in enumerate(groups, 1):
            own = usual if group.primary_entry_eth is None else group.primary_entry_eth
            if own:
                sunk[account] = eth_to_gwei(own)
        return EntryCosts(eth_to_gwei(self.cost.entry), sunk)


def listed(names: Iterable[str]) -> str:
    """Names for a message."""
    return one_line(", ".join(sorted(names)))


@refuses(Config, "isolation.strategies")
def isolates_nobody(config: Config) -> str | None:
    """A strategy is named to be isolated, and no agents play it."""
    named = frozenset[str]().union(*(group.names for group in config.agents))
    for name in config.isolation.strategies:
        if name not in named:
            return f"isolation.strategies: no agents play {shown(name)}; there are {listed(named)}"
    return None


@refuses(Config, "agents")
def too_many_agents(config: Config) -> str | None:
    """There are more than 20,000 agents in all groups together."""
    count = sum(group.count for group in config.agents)
    if count <= MOST_AGENTS:
        return None
    return f"agents: there are {count:,} in all; the most are {MOST_AGENTS:,}"


@refuses(Config, "reward")
def too_much_money(config: Config) -> str | None:
    """Endowments and the rewards of all blocks, at their mean or highest, are more than an account can hold."""
    endowed = sum(group.most_eth for group in config.agents)
    rewarded = config.blocks * usual_reward(config.reward)
    if endowed + rewarded <= MOST_ETH:
        return None
    return (
        f"the endowments, {endowed:g} ETH, and the rewards of {config.blocks:,} blocks, {rewarded:g} ETH, are "
        f"more than an account can hold, {MOST_ETH:g} ETH; lower agents.*.endowment_eth, the reward or blocks"
    )


@refuses(Config, "market.resale_order")
def turns_take_too_long(config: Config) -> str | None:
    """Holders sell in turn, and their turns, each twice the longest latency and 2 ms, do not end before buyers are
    asked."""
    market, phases = config.market, config.chain.times
    count = sum(group.count for group in config.agents)
    turn = 2 * step_of(max(group.latency_ms for group in config.agents))
    room = phases.bid - phases.offer
    if not market.has_tickets or not market.sells_in_turn or count * turn <= room:
        return None
    return (
        f'resale_order is "in_turn", and {count:,} turns of {turn:,} ms are more than the {room:,} ms from '
        "chain.phases.offer to chain.phases.bid; lower agents.*.latency_ms or count, or set chain.phases"
    )


@refuses(Config, "market.genesis.handed_out")
def hands_out_against_the_rules(config: Config) -> str | None:
    """Tickets are handed out at genesis, and there is a collateral or an owner's cap."""
    share, chain = config.market.genesis.handed_out, config.chain
    if not share or (not chain.collateral_eth and chain.owner_cap is None):
        return None
    return (
        f"market.genesis.handed_out is {share:g}; tickets go out there without "
        "regard to chain.collateral_eth and chain.owner_cap: leave these out"
    )


@refuses(Config, "market.genesis.handed_out")
def hands_out_what_is_not_there(config: Config) -> str | None:
    """Tickets are handed out at genesis, and the supply is elastic."""
    share = config.market.genesis.handed_out
    if not share or not config.chain.is_elastic:
        return None
    return (
        f"market.genesis.handed_out is {share:g}, but an elastic supply has no "
        "tickets before they are sold; leave it out"
    )


@refuses(Config, "market.primary")
def quotes_no_price(config: Config) -> str | None:
    """The supply is elastic, and the pricing quotes no price."""
    pricing = config.market.primary
    is_quoted = pricing in QUOTED or config.market.has_own_primary
    if not config.market.has_tickets or not config.chain.is_elastic or is_quoted:
        return None
    return (
        f'chain.supply_rule is "elastic", but market.primary = "{pricing}" quotes no price to mint at; '
        f"take one of {', '.join(sorted(QUOTED))}"
    )


@refuses(Config, "market.primary")
def sells_alike_what_is_not(config: Config) -> str | None:
    """The pricing sells tickets as units of one good, and the draw rule is `maturity` or `randea`."""
    pricing, draw = config.market.primary, config.chain.draw
    if not config.market.has_tickets or pricing not in INTERCHANGEABLE or draw not in DATED:
        return None
    whose = "a block" if draw == "maturity" else "a window"
    return (
        f'market.primary is "{pricing}", which sells tickets as units of one good; under chain.draw = '
        f'"{draw}" each is for {whose} of its own; take draw = "lottery", or sell lot by lot, e.g. '
        'primary = "second_price"'
    )


@refuses(Config, "market.reserve.void")
def voids_what_is_for_no_block(config: Config) -> str | None:
    """Unsold tickets are burned, and they are not each for one block."""
    draw = config.chain.draw
    if not config.market.has_tickets or not config.market.reserve.void or draw == "maturity":
        return None
    return (
        f"market.reserve.void leaves the block of an unsold ticket without one; under chain.draw = {shown(draw)} "
        'a ticket has no block of its own when it is sold: set draw = "maturity", or leave void out'
    )


@refuses(Config, "market.just_in_time")
def reveals_one_block_of_a_round(config: Config) -> str | None:
    """The reward of the next block is public before the primary sale, and tickets are for rounds of several."""
    size = config.chain.round
    if not config.market.has_tickets or not config.market.just_in_time or size == 1:
        return None
    return (
        f"market.just_in_time is true, but a ticket is for a round of {size} blocks (chain.round), of which the "
        'rewards of all but one come later; leave it out, or sell block by block: market.structure = "pbs"'
    )


@refuses(Config, "chain.return_haircut")
def buys_back_too_dear(config: Config) -> str | None:
    """The pricing is `amm`, and a ticket given back at once brings a profit."""
    haircut, steepness = config.chain.return_haircut, config.market.amm.steepness
    least = 1 - exp(-1 / steepness)
    if not config.market.has_tickets or config.market.primary != "amm" or haircut is None or haircut >= least:
        return None
    return (
        f"chain.return_haircut is {haircut:g}; with market.amm.steepness = {steepness:g} one could buy a "
        f"ticket and give it back at a profit; set at least {least:z.4f}"
    )


@refuses(Config, "market.*.target")
def target_out_of_reach(config: Config) -> str | None:
    """The supply is fixed, the pricing is `eip1559` or `elowsson`, and its target is not less than the supply."""
    market, chain, pricing = config.market, config.chain, config.market.pricing
    if not market.has_tickets or chain.is_elastic or not isinstance(pricing, (Eip1559Pricing, ElowssonPricing)):
        return None
    if pricing.target is None or pricing.target < chain.supply:
        return None
    return (
        f"market.{market.primary}.target is {pricing.target:g}; it must be less than chain.supply, "
        f"{chain.supply}: no more tickets can be held, so the price would never rise"
    )
