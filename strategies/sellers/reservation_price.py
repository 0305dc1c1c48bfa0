"""Has a price below which it waits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from typing import ClassVar

from chain.rewards import Outlook
from chain.ticket import NEVER
from market.view import TicketView, View
from strategies.sellers.auctioneer import Auctioneer


class ReservationPrice(Auctioneer):
    """Auctions a ticket in the first session in which the public reward is at least its reservation price, which
    falls as maturity nears: what to expect, of independent rewards, from going on with k sessions left,
    w_0 = 0 and w_k = w_(k−1) + E(R − w_(k−1))^+ (McCall 1970; Moser 1956). Sold at the latest at the end. For
    tickets that are worth the present reward, as under claims. Tickets without maturity have N blocks."""

    plays_rounds: ClassVar[bool] = False
    in_rounds: ClassVar[str] = "threshold, which waits for a reward as well"

    def on_time(self, view: View) -> Iterable[TicketView]:
        """Reservation prices fall as maturity nears, so that who sells at k sessions left sells at fewer."""
        left = bisect_right(self.prices(view), view.outlook.reward_gwei or 0) - 1
        if left >= self.life:
            return view.tickets
        return view.due(view.slot + left)

    def is_time(self, view: View, ticket: TicketView) -> bool:
        if self.is_last_chance(view, ticket):
            return True
        left = self.life
        if ticket.last_block != NEVER:
            left = min(ticket.last_block - view.slot, self.life)
        return (view.outlook.reward_gwei or 0) >= self.prices(view)[left]

    @property
    def life(self) -> int:
        """The sessions of a ticket."""
        return self.setup.maturity or self.setup.supply

    def prices(self, view: View) -> tuple[float, ...]:
        """The reservation prices by the sessions that are left."""
        return reservations(view.outlook, self.life)


@lru_cache(maxsize=64)
def reservations(outlook: Outlook, sessions: int) -> tuple[float, ...]:
    """w_0 … w_k, k the `sessions` still to come, Gwei: the next block's law of rewards stands for all."""
    prices = [0.0]
    for _ in range(sessions):
        prices.append(prices[-1] + outlook.expected_surplus(outlook.block + 1, prices[-1]))
    return tuple(prices)
