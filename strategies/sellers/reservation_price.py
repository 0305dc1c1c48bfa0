"""Has a price below which it waits."""

from __future__ import annotations

from functools import lru_cache

from chain.rewards import Outlook
from chain.ticket import NEVER
from market.view import TicketView, View
from strategies.sellers.auctioneer import Auctioneer


class ReservationPrice(Auctioneer):
    """Auctions a ticket in the first session in which the public reward is at least its reservation price, which
    falls as maturity nears: what to expect, of independent rewards, from going on with k sessions left,
    w_0 = 0 and w_k = w_(k−1) + E(R − w_(k−1))^+ (McCall 1970; Moser 1956). Sold at the latest at the end. For
    tickets that are worth the present reward, as under claims. Tickets without maturity have N blocks."""

    def is_time(self, view: View, ticket: TicketView) -> bool:
        if self.is_last_chance(view, ticket):
            return True
        life = self.setup.maturity or self.setup.supply
        left = life
        if ticket.last_block != NEVER:
            left = min(ticket.last_block - view.slot, life)
        return (view.outlook.reward_gwei or 0) >= reservations(view.outlook, life)[left]


@lru_cache(maxsize=64)
def reservations(outlook: Outlook, sessions: int) -> tuple[float, ...]:
    """w_0 … w_k, k the `sessions` still to come, Gwei: the next block's law of rewards stands for all."""
    prices = [0.0]
    for _ in range(sessions):
        prices.append(prices[-1] + outlook.expected_surplus(outlook.block + 1, prices[-1]))
    return tuple(prices)
