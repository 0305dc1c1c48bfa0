"""The pricing rule of the primary market that a config names; engine and auditor each make their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chain.randomness import Streams
from chain.wording import one_line
from experiments.lab.assembly.blamed_pricing import BlamedPricing
from experiments.lab.assembly.blamed_rule import BlamedList
from experiments.lab.assembly.functions import load_own
from experiments.lab.assembly.own_pricing_rule import is_without_view, make_own_rule, refuse_parameters
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from market.auctions import FORMATS, OWN, AuctionFormat
from market.primary import PRICING, BeaconChance, ByLot, InFormat, OwnPricing, Pricing, PricingRule, Rule


def make_pricing(
    config: Config, folder: Path, streams: Streams, formats: Mapping[str, AuctionFormat] = FORMATS
) -> Rule:
    """The rule at the start of a run, which has these formats. Raises `InputError`."""
    name = config.market.primary
    if name == OWN:
        return InFormat(formats[OWN], **config.market.bounds())
    if name in PRICING:
        return pricing_rule(config, streams)
    return loaded_rule(config, load_own(name, "market.primary", tuple(PRICING), folder), streams)


def loaded_rule(config: Config, found: object, streams: Streams) -> Rule:
    """What the config names of the user's own. Raises `InputError`."""
    name, given = config.market.primary, config.market.primary_parameters
    if callable(found) and is_without_view(found):
        refuse_parameters(given, name)
        check_quotes(config, quotes=False)
        return own_rule(config, BlamedList(name, found))
    own = make_own_rule(found, name, given)
    check_quotes(config, quotes=type(own).quote is not PricingRule.quote)
    rule = BlamedPricing(name, own)
    return OwnPricing(rule, name, BeaconChance(streams.secret("own_pricing")), **config.market.bounds())


def pricing_rule(config: Config, streams: Streams) -> Rule:
    """A rule of the testbed, at the start of a run."""
    market = config.market
    return PRICING[market.primary](**market.bounds(), **parameters(config, streams))


def check_quotes(config: Config, *, quotes: bool) -> None:
    """Raises `InputError` where an elastic supply is sold at no price."""
    if config.market.has_tickets and config.chain.is_elastic and not quotes:
        raise InputError(
            f"market.primary: {one_line(config.market.primary)} quotes no price to mint at, and chain.supply_rule "
            'is "elastic"; write a class with `def quote(self, view)`'
        )


def called(rule: Rule, config: Config) -> str:
    """What tables and participants call the rule of a run."""
    return rule.called if isinstance(rule, OwnPricing) else config.market.primary


def own_rule(config: Config, pricing: Pricing) -> Rule:
    """A user's function of the lots alone, which sells lot by lot."""
    return ByLot(pricing, **config.market.bounds())


def parameters(config: Config, streams: Streams) -> dict[str, Any]:
    """What a rule takes beside the bounds."""
    if config.market.primary == "tullock":
        return {"chance": BeaconChance(streams.secret("contest"))}
    section = config.market.pricing
    return {} if section is None else section.parameters(config.chain.held_aim)
