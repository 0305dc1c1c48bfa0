"""The pricing rule of the primary market that a config names; engine and auditor each make their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chain.beacon import Beacon
from chain.randomness import Streams
from experiments.lab.assembly.blamed_rule import BlamedRule
from experiments.lab.assembly.functions import load_function
from experiments.lab.config.config import Config
from market.auctions import FORMATS, OWN, AuctionFormat
from market.primary import PRICING, ByLot, InFormat, Pricing, Rule


def make_pricing(
    config: Config, folder: Path, streams: Streams, formats: Mapping[str, AuctionFormat] = FORMATS
) -> Rule:
    """The rule at the start of a run, which has these formats. Raises `InputError`."""
    name = config.market.primary
    if name == OWN:
        return InFormat(formats[OWN], **config.market.bounds())
    if name in PRICING:
        return pricing_rule(config, streams)
    return own_rule(config, BlamedRule(name, load_function(name, "market.primary", tuple(PRICING), folder)))


def pricing_rule(config: Config, streams: Streams) -> Rule:
    """A rule of the testbed, at the start of a run."""
    market = config.market
    return PRICING[market.primary](**market.bounds(), **parameters(config, streams))


def own_rule(config: Config, pricing: Pricing) -> Rule:
    """A user's function, which sells lot by lot."""
    return ByLot(pricing, **config.market.bounds())


def parameters(config: Config, streams: Streams) -> dict[str, Any]:
    """What a rule takes beside the bounds."""
    if config.market.primary == "tullock":
        return {"chance": Beacon(streams.secret("contest")).below}
    section = config.market.pricing
    return {} if section is None else section.parameters(config.chain.held_aim)
