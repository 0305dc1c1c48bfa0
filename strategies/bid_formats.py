"""What a strategy answers, and what is said where it has no bid for the format of an auction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from market.auctions import SPECIAL
from market.errors import NoBid
from market.fitting import Unfit
from market.intents import Intent
from market.participant import taken
from market.view import View
from strategies.base import Strategy


def answer(strategy: Strategy, method: str, view: View) -> list[Intent]:
    """Its intents. Auctions for which it has no bid are kept from it, and of each such format it says so once."""
    missing = without_bid(strategy, view)
    intents = taken(getattr(strategy, method)(hiding(view, missing) if missing else view))
    if missing or strategy.lacking:
        return [*intents, *cast(Sequence[Intent], first_words(strategy, missing))]
    return intents


def without_bid(strategy: Strategy, view: View) -> list[str]:
    """The formats of the auctions that it sees for which it has no bid."""
    own = strategy.bids_in
    missing: list[str] = []
    if own is None:
        return missing
    for auction in view.market.auctions:
        format = auction.format
        if format in SPECIAL and format not in own and format not in missing:
            missing.append(format)
    return missing


def hiding(view: View, formats: Sequence[str]) -> View:
    """The view without the auctions of some formats."""
    shown = tuple(auction for auction in view.market.auctions if auction.format not in formats)
    return view._replace(market=view.market._replace(auctions=shown))


def first_words(strategy: Strategy, formats: Sequence[str]) -> list[Unfit]:
    """What it says of formats that it meets for the first time."""
    name = type(strategy).__name__
    words = {format: without_words(name, format) for format in formats}
    words |= {format: f"{name} has no bid: {why}" for format, why in strategy.lacking.items()}
    new = [format for format in words if format not in strategy.unbid]
    strategy.unbid += tuple(new)
    return [Unfit(NoBid.code, words[format]) for format in new]


def without_words(name: str, format: str) -> str:
    """What stays away, and what would not."""
    return (
        f'{name} has no bid for auctions of the format "{format}" and stays out of them; a strategy that has one '
        f'says so: bids_in = frozenset({{"{format}"}})'
    )
