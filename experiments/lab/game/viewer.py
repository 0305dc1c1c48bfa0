"""What the players of the game see: auctions of the tickets that they have come for, costs once they know them."""

from __future__ import annotations

from typing import Any

from experiments.lab.game.buyers import Buyer
from experiments.lab.game.draws import ByTicket
from market.view import Market, View
from market.viewer import Viewer


class GameViewer(Viewer):
    """A viewer for the draw rule `maturity`, under which the ticket for block b is the b-th; its life has
    `maturity` + 1 blocks."""

    def __init__(
        self,
        *parts: Any,
        maturity: int,
        buyers: list[Buyer | None],
        arrivals: ByTicket[list[float]] | None,
        own_gwei: int | None,
    ) -> None:
        """`parts` as of `Viewer`; `buyers` by account; `arrivals`: when buyers come to each ticket, None where
        all are there from the start; `own_gwei`, the seller's cost of any block, if it can exploit one."""
        super().__init__(*parts)
        self._maturity = maturity
        self._buyers = buyers
        self._arrivals = arrivals
        self._own = () if own_gwei is None else (own_gwei,) * (maturity + 1)

    def view(self, account: int, market: Market) -> View:
        """What one participant sees."""
        buyer = self._buyers[account]
        if buyer is not None and self._arrivals is not None:
            market = self._arrived(account, market)
        ledger = self._state.ledger
        money = ledger.free(account), ledger.escrowed(account)
        first, costs = (market.slot, self._own) if buyer is None else self._costs_of(buyer, market)
        return View(market, account, *money, self._own_tickets(account), (), first, costs)

    def _costs_of(self, buyer: Buyer, market: Market) -> tuple[int, Any]:
        """The costs of the blocks that are for sale, from the first to the last of them."""
        blocks = [auction.block for auction in market.auctions if auction.block is not None]
        if not blocks:
            return market.slot, ()
        first, start = min(blocks), self._maturity + market.slot
        return first, tuple(buyer.cost(block, start - block) for block in range(first, max(blocks) + 1))

    def _arrived(self, account: int, market: Market) -> Market:
        """The market without the auctions of tickets to which the buyer has not come yet."""
        assert self._arrivals is not None
        arrivals, start, order = self._arrivals, self._maturity + market.slot, account - FIRST_BUYER
        there = (a for a in market.auctions if a.block is not None and arrivals[a.block][order] <= start - a.block)
        return market._replace(auctions=tuple(there))


FIRST_BUYER = 2
"""The account of the first buyer: after the protocol and the seller."""
