"""What the auditor takes as given: config, seed and published addresses, and what follows from them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.beacon import Beacon
from chain.eip712 import Domain
from chain.money import eth_to_gwei
from chain.randomness import Streams
from chain.rules import DRAW_RULES, custom_rule, draw_rule
from chain.state import OwnRule, Rules
from experiments.lab.assembly.endowments import handed_out
from experiments.lab.assembly.primary_reserve import asked_by
from experiments.lab.assembly.primary_rule import own_rule, pricing_rule
from experiments.lab.config.agents import Agents
from experiments.lab.config.config import Config
from experiments.lab.config.market import Structure
from experiments.lab.verify.draw_rules import audited_rule
from experiments.lab.verify.fault import misfit
from experiments.lab.verify.manifest import Manifest
from experiments.lab.verify.manifest import agree as agree_key
from experiments.lab.verify.published_rules import published_own
from experiments.lab.verify.rows import Row
from market.auctions import FORMATS, OWN, AuctionFormat
from market.primary import PRICING, Rule
from market.resale_times import Resale
from strategies.finding import own_strategy

ROLES = ("seller", "buyer", "builder")


class DescribedSeat(NamedTuple):
    """A seat as its config group describes it. `roles` is None where the manifest and the config do not say."""

    number: int
    name: str
    group: Agents
    roles: frozenset[str] | None

    @property
    def can_build(self) -> bool | None:
        """Whether it has a cost θ; None where that is not known."""
        if self.group.can_build is not None:
            return self.group.can_build
        return None if self.roles is None else bool(self.roles & {"buyer", "builder"})


class Premises:
    """The terms of one run of one structure. Files of rewards are read from `folder`; nothing is executed."""

    def __init__(self, config: Config, about: Manifest, folder: Path) -> None:
        self.config = config
        self.folder = folder
        self.structure: Structure = about.structure
        self.is_signed: bool = about.signatures == "ecdsa"
        self.blocks: int = about.blocks_done
        self.streams = Streams(config.seed)
        self.beacon = Beacon(self.streams.secret("beacon"))
        self.domain = Domain(config.chain.chain_id)
        self.rules = make_rules(config, published_own(about, config))
        self.is_own_draw = config.chain.draw not in DRAW_RULES
        stated = None if about.stated_draw is None else about.stated_draw.span
        self.draw_rule = audited_rule(config.chain, stated)
        if stated is not None:
            agree_key("stated_draw.span", stated, self.draw_rule.span)
        self.resale: Resale = config.market.resale_under(self.structure)
        self.formats: Mapping[str, AuctionFormat | None] = formats_of(config)
        self.entry = config.entry_costs
        self.is_own_pricing = config.market.primary not in PRICING
        self.has_own_lots = config.market.has_own_primary and about.stated_pricing is not None
        self.primary_name = config.market.primary
        if self.has_own_lots and about.stated_pricing is not None:
            self.primary_name = about.stated_pricing.name
        self.pricing = make_pricing(config, self.streams)
        reserve = config.market.reserve
        self.floor_gwei = eth_to_gwei(config.market.primary_reserve)
        self.has_reserves = not reserve.is_fixed and self.has_tickets
        self.reserves = None
        if self.has_reserves and not reserve.is_own:
            self.reserves = asked_by(reserve.build(), config, self.streams)
        self.addresses = [bytes.fromhex(entry.address[2:]) for entry in about.accounts]
        self.names: list[str] = [entry.name for entry in about.accounts]
        self.numbers = {name: number for number, name in enumerate(self.names)}
        self.players = make_players(config, about)
        self.roles_are_believed = any(
            player.roles is not None and known_roles(player.group) is None for player in self.players
        )
        self.funds = {player.number: player.group.funds(player.number, self.streams) for player in self.players}
        self.genesis_gwei = config.market.genesis.price_gwei
        takers = handed_out(config, list(self.funds.values()), self.streams)
        self.handed_out = [self.players[place].name for place in takers]

    @property
    def protocol(self) -> str:
        """The name of the protocol's account."""
        return self.names[PROTOCOL]

    @property
    def has_tickets(self) -> bool:
        """Whether the right to propose goes by tickets."""
        return self.structure != "pbs"

    def first_of_round(self, block: int | None) -> int | None:
        """The first block of the round in which `block` lies."""
        return None if block is None else block - block % self.rules.round

    def number(self, row: Row, column: str) -> int:
        """The number of the participant whom `column` names. Raises `Fault` where there is none of that name."""
        number = self.numbers.get(getattr(row, column), PROTOCOL)
        if number == PROTOCOL:
            raise misfit(row, column, "a participant of the run")
        return number


def make_rules(config: Config, own: tuple[OwnRule, ...] = ()) -> Rules:
    """The rules of the tickets, as far as their identity goes: own ones are known by their files, which are not
    executed."""
    chain = config.chain
    if chain.draw in DRAW_RULES:
        rule = draw_rule(chain.draw, chain.unclaimed, chain.window, chain.epoch)
    else:
        rule = custom_rule(chain.draw, lambda *_: None)
    return config.market.settle(chain.rules(rule))._replace(own=own)


def formats_of(config: Config) -> Mapping[str, AuctionFormat | None]:
    """The formats in which participants may sell; the user's own is not executed, and is None here."""
    return FORMATS if config.market.own_format is None else FORMATS | {OWN: None}


def make_pricing(config: Config, streams: Streams) -> Rule:
    """The primary market's pricing rule; of an own one its terms, not whom it chooses."""
    return pricing_rule(config, streams) if config.market.primary in PRICING else own_rule(config, lambda _: ())


def make_players(config: Config, about: Manifest) -> list[DescribedSeat]:
    """The seats of a config under their published names. Raises `Fault` where one is said to play something else
    than its config says."""
    groups = [group for group in config.agents for _ in range(group.count)]
    return [
        DescribedSeat(number, about.accounts[number].name, group, roles_of(group, number, about))
        for number, group in enumerate(groups, PROTOCOL + 1)
    ]


def roles_of(group: Agents, number: int, about: Manifest) -> frozenset[str] | None:
    """The roles of a seat: by its config, or of a strategy of the user's own as the manifest has them. None where
    neither knows. Raises `Fault`."""
    known = known_roles(group)
    published = about.accounts[number].roles
    if published is None:
        return known
    if known is not None:
        agree_key(f"accounts.{number}.roles", published, sorted(known))
    return frozenset(published)


def known_roles(group: Agents) -> frozenset[str] | None:
    """What the config says that a group plays, or a strategy of the testbed is for; else None."""
    if isinstance(group.strategy, dict):
        return frozenset(group.strategy)
    if group.role is not None:
        return frozenset([group.role] if isinstance(group.role, str) else group.role)
    shelved = (own_strategy(group.strategy, role) for role in ROLES)
    return next((kind.roles for kind in shelved if kind is not None), None)
