"""Makes the views: what everyone sees once a phase, what each participant has beside it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING

from chain.cap import get_room
from chain.clock import Phase
from chain.named_tuples import make
from chain.portfolio import Batch, Portfolio
from chain.rewards import Outlook, RewardPath
from chain.state import State
from chain.ticket import Title
from market.auction import Auction
from market.capture import Capture, CapturePath, Volatility
from market.costs import Costs
from market.exchange import Exchange
from market.house import House
from market.primary import Rule
from market.trades import Trades
from market.view import AuctionView, Market, OwnTickets, TicketBatch, TicketView, View

if TYPE_CHECKING:
    from market.own_outlooks import EachOutlooks

DUE = attrgetter("due")

Extras = tuple[int | None, Capture | None, Outlook | None, int]
"""The last four fields of a view, which say something in some runs only."""
NO_EXTRAS: Extras = (None, None, None, 0)

SESSION = ("secondary", "building")
MARKETS = {Phase.BID: SESSION, Phase.OFFER: SESSION, Phase.BUILD: ("block",), Phase.PRIMARY: ("primary",)}


class Viewer:
    """Reads the engine and hands out frozen copies. `horizon`: how many blocks ahead one knows one's own costs."""

    def __init__(
        self,
        *,
        state: State,
        exchange: Exchange,
        house: House,
        trades: Trades,
        rewards: RewardPath,
        costs: Costs,
        horizon: int,
        pricing: Rule,
        volatility: Volatility | None = None,
        informed: EachOutlooks | None = None,
        primary_entry: Mapping[int, int] | None = None,
    ) -> None:
        self._state = state
        self._has_cap = state.rules.owner_cap is not None
        self._exchange = exchange
        self._house = house
        self._trades = trades
        self._rewards = rewards
        self._costs = costs
        self._horizon = horizon
        self._pricing = pricing
        self._volatility = volatility
        self._informed = informed
        self._primary_entry = primary_entry or {}
        self._captures = [path if isinstance(path, CapturePath) else None for path in costs]
        self._known: list[tuple[int, Sequence[int]]] = [(-1, ())] * len(state.accounts)
        has_extras = (
            self._has_cap
            or informed is not None
            or self._primary_entry
            or any(path is not None for path in self._captures)
        )
        self._extras = self._find_extras if has_extras else no_extras

    def market(self, phase: Phase, whose: int | None = None) -> Market:
        """What everyone sees now; of the auctions those of the seller `whose` alone, where one is named."""
        shown = self._shown(MARKETS.get(phase, ()), whose)
        outlook = self._rewards.outlook()
        quotes = self._exchange.quotes()
        last = self._trades.last_price
        price = self._pricing.price
        slot = self._state.slot
        urn = len(self._state.urn)
        index = None
        if self._volatility is not None and outlook.block >= 0:
            index = self._volatility.at(outlook.block)
        past = self._trades.prices.shown
        fields = (slot, phase, outlook, tuple(shown), quotes, last, price, urn, index, past)
        return make(Market, fields)

    def _shown(self, markets: Sequence[str], whose: int | None) -> list[AuctionView]:
        """The open auctions of some markets, those of one seller where it is named."""
        stake = self._state.rules.collateral
        shown = []
        for auction in self._house.open.values():
            if auction.market in markets and (whose is None or whose == auction.seller):
                shown.append(auction_view(auction, stake if auction.is_of_ticket else 0))
        return shown

    def view(self, account: int, market: Market) -> View:
        """What one participant sees."""
        (view,) = self.views((account,), market)
        return view

    def views(self, accounts: Iterable[int], market: Market) -> list[View]:
        """What some participants see, of each its account. Made in one go: there are more of them than of all
        else that is shown."""
        money, holdings = self._state.ledger.money, self._state.titles.holdings
        resting, extras = self._exchange.resting, self._extras
        first = max(market.slot, 0)
        views = []
        for account in accounts:
            free, escrowed = money(account)
            holding = holdings[account]
            tickets = holding.picture
            if tickets is None:
                tickets = own_tickets(holding)
            own = resting[account]
            orders = tuple(own.values()) if own else ()
            since, costs = self._known[account]
            if since != first:
                costs = self._own_costs(account, first)
            fields = (market, account, free, escrowed, tickets, orders, first, costs)
            views.append(make(View, fields + extras(account, market)))
        return views

    def _own_costs(self, account: int, first: int) -> Sequence[int]:
        """A participant's costs of the blocks from `first` on, which are kept for the other phases of the slot."""
        path = self._costs[account]
        costs = () if path is None else path.between(first, first + self._horizon)
        self._known[account] = first, costs
        return costs

    def _find_extras(self, account: int, market: Market) -> Extras:
        room = get_room(self._state, account) if self._has_cap else None
        capture = informed = None
        path = self._captures[account]
        if path is not None:
            capture = path.at(market.outlook.block)
        if self._informed is not None:
            informed = self._informed.outlook(account, market.outlook)
        return room, capture, informed, self._primary_entry.get(account, 0)


def no_extras(account: int, market: Market) -> Extras:  # noqa: ARG001
    """Those of a run without any."""
    return NO_EXTRAS


def own_tickets(holding: Portfolio) -> OwnTickets:
    """Frozen copies of all titles of a holder, made anew only where one of them has changed."""
    picture: OwnTickets | None = holding.picture
    if picture is None:
        picture = OwnTickets(tuple(map(batch_view, holding.batches.values())), len(holding))
        holding.picture = picture
    return picture


def batch_view(batch: Batch) -> TicketBatch:
    """Frozen copies of the titles of a batch, made anew only where one of them has changed."""
    picture: TicketBatch | None = batch.picture
    if picture is None:
        titles = batch.titles.values()
        held = [title.picture or ticket_view(title) for title in titles]
        picture = make(TicketBatch, (min(map(DUE, titles)), tuple(held)))
        batch.picture = picture
    return picture


def ticket_view(title: Title) -> TicketView:
    """A frozen copy of a title, made anew only where the title has changed."""
    picture: TicketView | None = title.picture
    if picture is None:
        serial, _, first, last, *_ = title.ticket
        fields = (serial, first, last, title.drawn_for, title.listing is not None, title.builder)
        picture = make(TicketView, fields)
        title.picture = picture
    return picture


def auction_view(auction: Auction, collateral: int = 0) -> AuctionView:
    """A frozen copy of an open auction's public terms; `collateral` is what a bid locks beside its price, Gwei."""
    ticket = None
    if auction.title is not None:
        ticket = ticket_view(auction.title)
    block = auction.block
    if block is None and ticket is not None:
        block = ticket.block
    what = (auction.id, auction.market, auction.format, auction.seller, ticket, block)
    return make(AuctionView, (*what, *auction.terms, auction.deadline, collateral))
