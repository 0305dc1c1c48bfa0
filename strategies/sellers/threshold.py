"""Waits for a good day."""

from __future__ import annotations

from collections.abc import Iterable

from chain.money import eth_to_gwei
from market.view import TicketView, View
from strategies.parameters import between
from strategies.sellers.auctioneer import Auctioneer


class Threshold(Auctioneer):
    """Auctions a ticket in the first session in which the public reward is `threshold_eth` or more, at the latest
    when it is about to propose or expire."""

    def __init__(
        self,
        threshold_eth: float = 0.046,
        format: str = "second_price",
        reserve_eth: float = 0.0,
        discount_rate: float = 0.0,
        capacity: int = 1_000_000,
    ) -> None:
        """`threshold_eth`: the reward of the present block that is waited for, ETH; the rest as in `at_once`."""
        super().__init__(format, reserve_eth, discount_rate, capacity)
        self.threshold = eth_to_gwei(between("threshold_eth", threshold_eth, 0))

    def on_time(self, view: View) -> Iterable[TicketView]:
        return view.tickets if self.is_good_day(view) else view.due(view.slot)

    def is_time(self, view: View, ticket: TicketView) -> bool:
        return self.is_good_day(view) or self.is_last_chance(view, ticket)

    def is_good_day(self, view: View) -> bool:
        """Whether the reward is what was waited for."""
        return (view.outlook.reward_gwei or 0) >= self.threshold
