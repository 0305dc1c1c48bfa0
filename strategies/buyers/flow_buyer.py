"""Demand as a flow: buyers who come once, want one ticket each, and go."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp
from typing import ClassVar

from chain.money import GWEI_PER_ETH
from market.intents import Intent
from market.view import View
from strategies.base import Seller
from strategies.bidding import bids
from strategies.parameters import between

AT_ANY_PRICE = 100


class FlowBuyer(Seller):
    """In every slot it stands for a new buyer with a value for one ticket, log-uniform on [v/e^w, v e^w].

    n of them demand D(p) = n (1 − (ln(p/v) + w)/(2w)) tickets a slot at the price p: a step in v is a step in what
    tickets are worth.
    """

    bids_in: ClassVar[frozenset[str] | None] = frozenset()

    def __init__(
        self,
        value_eth: float = 1.0,
        width: float = 1.0,
        stock: int = 0,
        step_slot: int | None = None,
        step: float = 1.0,
    ) -> None:
        """v is `value_eth`, times `step` from `step_slot` on; `width` is w; `stock` tickets are bought before
        block 0, whatever they cost (up to 100 times the highest value)."""
        self.value = between("value_eth", value_eth, 0) * GWEI_PER_ETH
        self.width = between("width", width, 0, 20)
        self.stock = int(between("stock", stock, 0))
        self.step_slot = step_slot
        self.step = between("step", step, 0)

    def primary(self, view: View) -> Sequence[Intent]:
        if view.slot < 0:
            price = int(AT_ANY_PRICE * self.value * exp(self.width))
            return bids(view, view.auctions[: self.stock], lambda _: price)
        value = self.next_value(view.slot)
        cheapest = sorted(view.auctions, key=lambda lot: lot.reserve_gwei)[:1]
        return bids(view, cheapest, lambda _: value)

    def next_value(self, slot: int) -> int:
        """What a ticket is worth to the buyer of this slot, Gwei. One draw a slot, whatever is for sale."""
        level = self.value
        if self.step_slot is not None and slot >= self.step_slot:
            level = self.value * self.step
        return int(level * exp(self.setup.rng.uniform(-self.width, self.width)))
