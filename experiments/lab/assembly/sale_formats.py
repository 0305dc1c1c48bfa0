"""The formats of auctions of a run: those of the testbed, and the user's own that a config names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chain.wording import one_line
from experiments.lab.assembly.blamed_rule import BlamedList, BlamedRule
from experiments.lab.assembly.functions import load_own
from experiments.lab.config.errors import InputError
from experiments.lab.config.market import MarketSection
from market.auctions import FORMATS, OWN, AuctionFormat, own_format


def make_formats(market: MarketSection, folder: Path) -> Mapping[str, AuctionFormat]:
    """The formats by name. Raises `InputError` for an own one that is not there."""
    name = market.own_format
    if name is None:
        return FORMATS
    found = load_own(name, "market.own_format", (), folder)
    if isinstance(found, AuctionFormat):
        clear, fault = BlamedList(name, found.clear), BlamedRule(name, found.fault)
        return FORMATS | {OWN: own_format(found._replace(clear=clear, fault=fault))}
    if not callable(found):
        raise InputError(f"market.own_format: {one_line(name)} is no function")
    return FORMATS | {OWN: own_format(BlamedList(name, found))}
