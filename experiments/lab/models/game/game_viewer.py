"""What the players of the game see: auctions of the tickets that they have come for, costs once they know them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from experiments.lab.models.game.buyers import BuyerDraws
from experiments.lab.models.game.ticket_draws import ByTicket
from market.marketplace import Marketplace
from market.view import Market, View
from market.viewer import Viewer, own_tickets


class GameViewer(Viewer):
    """A viewer for the draw rule `maturity`. What chance gives the ticket for block b has number b + `lead`, and
    it has lived `maturity` blocks by then, the first `lead` of them before it was minted."""

    def __init__(
        self,
        market: Marketplace,
        *,
        maturity: int,
        lead: int,
        buyers: list[BuyerDraws | None],
        arrivals: ByTicket[list[float]] | None,
        own_gwei: int | None,
    ) -> None:
        """In place of the viewer of `market`. `buyers` by account; `arrivals`: when buyers come to each ticket,
        None where all are there from the start; `own_gwei`, the seller's cost of any block, if it can exploit
        one."""
        super().__init__(
            state=market.state,
            exchange=market.exchange,
            house=market.house,
            trades=market.trades,
            rewards=market.rewards,
            costs=market.costs,
            horizon=0,
            pricing=market.pricing,
        )
        self._maturity = maturity
        self._lead = lead
        self._buyers = buyers
        self._arrivals = arrivals
        self._own: tuple[int, ...] = ()
        if own_gwei is not None:
            self._own = (own_gwei,) * (maturity + 1)

    def views(self, accounts: Iterable[int], market: Market) -> list[View]:
        """What some participants see."""
        return [self._view(account, market) for account in accounts]

    def _view(self, account: int, market: Market) -> View:
        buyer = self._buyers[account]
        if buyer is not None and self._arrivals is not None:
            market = self._arrived(account, market)
        ledger = self._state.ledger
        money = ledger.free(account), ledger.escrowed(account)
        first = market.slot
        costs = self._own
        if buyer is not None:
            first, costs = self._costs_of(buyer, market)
        tickets = own_tickets(self._state.titles.holdings[account])
        return View(market, account, *money, tickets, (), first, costs)

    def _costs_of(self, buyer: BuyerDraws, market: Market) -> tuple[int, Any]:
        """The costs of the blocks that are for sale, from the first to the last of them."""
        blocks = [auction.block for auction in market.auctions if auction.block is not None]
        start = self._maturity + market.slot
        if len(blocks) == 1:
            return blocks[0], (buyer.cost(blocks[0] + self._lead, start - blocks[0]),)
        if not blocks:
            return market.slot, ()
        first = min(blocks)
        return first, tuple(
            buyer.cost(block + self._lead, start - block) for block in range(first, max(blocks) + 1)
        )

    def _arrived(self, account: int, market: Market) -> Market:
        """The market without the auctions of tickets to which the buyer has not come yet."""
        assert self._arrivals is not None
        arrivals = self._arrivals
        start = self._maturity + market.slot
        order = account - FIRST_BUYER
        there = (
            auction
            for auction in market.auctions
            if (block := auction.block) is not None and arrivals[block + self._lead][order] <= start - block
        )
        return market._replace(auctions=tuple(there))


FIRST_BUYER = 2
"""The account of the first buyer: after the protocol and the seller."""
