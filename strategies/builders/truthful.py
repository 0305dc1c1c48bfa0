"""Bids what the block is worth to oneself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from market.intents import Intent
from market.view import View
from strategies.base import Builder
from strategies.bidding import bids


class Truthful(Builder):
    """Bids (R − θ)^+ for the block that is for sale: dominant in a second-price sale (Vickrey 1961)."""

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def build(self, view: View) -> Sequence[Intent]:
        market = view.market
        cost = view.cost(market.slot)
        reward = view.outlook.reward_gwei
        if cost is None or reward is None:
            return ()
        return bids(view, market.auctions, lambda _: reward - cost)
