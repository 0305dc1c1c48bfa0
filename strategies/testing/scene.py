"""A made-up market around one strategy, for checks: it shows views of all kinds and lets its intents come true.

Everything else than the strategy's own affairs is drawn at random: rewards, rivals' quotes, auctions, luck. The
fortune of a scene says how often a bid wins, an ask is taken, an auction finds its buyer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from chain.clock import Phase
from chain.rewards import AR1, Constant, Lognormal, RewardPath, Uniform
from chain.ticket import NEVER, Series
from market.auctions import FORMATS
from market.costs import CostPath
from market.intents import Ask, AuctionBid, Bid, Cancel, Intent, OpenAuction, Return, SellBuilding
from market.past_prices import PastPrices
from market.time_in_force import TIFS
from market.view import AuctionView, Market, OrderView, OwnTickets, Quote, TicketView, View
from strategies.setup import Setup
from strategies.testing.scene_signals import signals_in
from strategies.testing.setups import varied_setup, with_further_sales

SLOTS = 25
"""Slots of a scene, after the sale before block 0."""

FORTUNES = (0.0, 0.5, 1.0)
CAPS = (None, None, 1, 5)
"""An owner's cap, tickets."""
PURSES = (0, 1, 10**6, 10**9, 10**12, 2**62)
"""Money at the start, Gwei: nothing, one Gwei, … more than there is."""

RIVAL = 9
"""The account of whom it deals with."""

GIVEN = 0.5
"""How likely a ticket is given in a slot to one that is given some."""

CHEAP = (1, 1, 10, 100, 1000)
"""By what quotes are divided: some asks are to be worth taking, and some bids not."""

PROCESSES = (Constant(0.0), Constant(0.1), Uniform(0.0, 1.0), Lognormal(0.1, 1.0), AR1(0.1, 0.9, 0.5))
PHASES = (Phase.OFFER, Phase.BID, Phase.CLAIM, Phase.SELL_BLOCK, Phase.BUILD, Phase.PRIMARY)


class Asked(NamedTuple):
    """What a strategy is shown, and what it has bid in auctions that are still open, Gwei by auction."""

    phase: Phase
    view: View
    standing: dict[int, int]


class Scene:
    """One scene, a function of its seed and of what the strategy does."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = np.random.default_rng((1, seed))
        self.setup = with_further_sales(self.find_setup(), np.random.default_rng((7, seed)))
        self.fortune = FORTUNES[seed % len(FORTUNES)]
        self.slot = -1
        process = PROCESSES[seed % len(PROCESSES)]
        self._path = RewardPath(process, np.random.default_rng((3, seed)))
        self._informed = signals_in(seed, process, self.setup.account, self._life) if seed % 2 else None
        can_build = self.rng.random() < 0.8
        self._costs = None
        if can_build:
            self._costs = CostPath(self.setup.cost, np.random.default_rng((4, seed)))
        self._free = PURSES[int(self.rng.integers(len(PURSES)))]
        self._stake = self.setup.collateral_gwei
        self._cap = CAPS[int(self.rng.integers(len(CAPS)))]
        self._tickets: dict[int, TicketView] = {}
        self._orders: dict[int, OrderView] = {}
        self._auctions: dict[int, AuctionView] = {}
        self._standing: dict[int, int] = {}
        self._for_sale: dict[int, int] = {}  # tickets in auctions of its own, and when these end
        self._building: set[int] = set()  # those of them whose building alone is for sale
        self._sizes = np.random.default_rng((8, seed))
        self._gifts: np.random.Generator | None = None
        self._last: int | None = None
        self._count = 0

    def find_setup(self) -> Setup:
        """The rules of the game."""
        return varied_setup(self.rng, np.random.default_rng((2, self.seed)))

    @property
    def rules(self) -> str:
        """What they are called in a report."""
        return self.setup.draw

    def hand_out(self) -> None:
        """From now on it is given tickets, as at genesis, for one that sells and buys none from the protocol."""
        self._gifts = np.random.default_rng((6, self.seed))

    def play(self) -> Iterator[Asked]:
        """What the strategy is shown, one thing after the other; tell `take` what it answers to each."""
        yield self._ask(Phase.PRIMARY)
        self._close("primary")
        for self.slot in range(SLOTS):
            self._path.advance()
            self._begin_slot()
            for phase in PHASES:
                if phase != Phase.CLAIM or self.setup.facts.has_claims:
                    yield self._ask(phase)
                self._after(phase)

    def take(self, intents: Sequence[Intent]) -> None:
        """Carry out legal intents."""
        for intent in intents:
            if isinstance(intent, AuctionBid):
                self._take_bid(self._auctions[intent.auction], intent.price_gwei)
            elif isinstance(intent, Bid) and intent.price_gwei is not None:
                self._bid(intent, intent.price_gwei)
            elif isinstance(intent, Ask):
                self._ask_for(intent)
            elif isinstance(intent, Cancel):
                self._cancel(intent.order)
            elif isinstance(intent, (OpenAuction, SellBuilding)):
                self._put_up(intent)
            elif isinstance(intent, Return):
                self._take_back(intent.ticket)

    @property
    def _life(self) -> int:
        """How many blocks ahead one knows one's own costs."""
        return ((self.setup.maturity or 0) + self.setup.lookahead + 1) * self.setup.round

    @property
    def _drawn_now(self) -> range:
        """What is drawn in this slot: a block."""
        return range(self.slot + self.setup.lookahead, self.slot + self.setup.lookahead + 1)

    def _is_drawn_early(self) -> bool:
        """Whether a ticket is drawn that had time."""
        return bool(self.rng.random() < 0.02)

    # What happens by itself

    def _begin_slot(self) -> None:
        """Tickets are drawn, and leave the market; others are offered; prices move."""
        drawn = self._drawn_now
        for lot in list(self._auctions.values()):
            if lot.ticket is not None and (lot.ticket.drawn_for or lot.ticket.last_block) <= drawn[-1]:
                del self._auctions[lot.id]
                self._give_back(lot)
        for serial, ticket in list(self._tickets.items()):
            is_due = ticket.last_block <= drawn[-1] or self._is_drawn_early()
            if ticket.drawn_for is None and is_due and not self.setup.facts.has_claims:
                self._delist(serial)
                self._tickets[serial] = ticket._replace(drawn_for=max(drawn[0], self.slot), listed=False)
        for market, most in (("secondary", 4), ("block", 2), ("primary", 4)):
            for _ in range(int(self.rng.integers(0, most))):
                self._open(market)
        if self._gifts is not None and self._gifts.random() < GIVEN:
            self._give()
        if self.rng.random() < 0.5:
            self._last = int(self.rng.integers(0, 10**9))

    def _give(self) -> None:
        """A ticket for nothing, where its owner's cap and its money for the collateral allow one."""
        if self._free >= self._stake and (self._cap is None or self._claims() < self._cap):
            ticket = self._new_ticket()
            self._free -= self._stake
            self._tickets[ticket.serial] = ticket._replace(listed=False)

    def _after(self, phase: Phase) -> None:
        if phase == Phase.BID:
            self._close("secondary")
            self._sell()
        elif phase == Phase.BUILD:
            self._close("block")
        elif phase == Phase.PRIMARY:
            self._close("primary")
            self._end_slot()

    def _open(self, market: str) -> AuctionView:
        format = "second_price"
        if market == "secondary":
            format = str(self.rng.choice(list(FORMATS)))
        ticket = None
        if market != "block":
            ticket = self._new_ticket()
        block = self.slot if ticket is None else ticket.block
        reserve = int(self.rng.choice([0, 0, 1, 10**7, 10**10]))
        deadline = self.slot + (int(self.rng.integers(0, 3)) if market == "secondary" else 0)
        terms = (reserve, reserve + 10**10, 1, deadline)
        self._count += 1
        lot = AuctionView(
            self._count, market, format, RIVAL, ticket, block, *terms, 0 if ticket is None else self._stake
        )
        self._auctions[lot.id] = lot
        return lot

    def _new_ticket(self) -> TicketView:
        """A ticket of someone else's, drawn or not."""
        self._count += 1
        life = self.setup.maturity
        ahead = self.setup.lookahead
        last = NEVER
        if life is not None:
            last = self.slot + 1 + int(self.rng.integers(0, life + 1)) + ahead
        first = last
        if not self.setup.facts.is_dated:
            first = max(self.slot + 1, 0)
        drawn = None
        if self.rng.random() < 0.3 and self.slot >= 0:
            drawn = self.slot + ahead
        if drawn is not None:
            return TicketView(self._count, min(first, drawn), max(drawn, min(last, drawn)), drawn, True)
        return TicketView(self._count, first, last, None, True)

    def _close(self, market: str) -> None:
        """The auctions that end: a bid wins as the scene's fortune has it, and pays the reserve or more."""
        due = [lot for lot in self._auctions.values() if lot.market == market and lot.deadline <= self.slot]
        for lot in due:
            del self._auctions[lot.id]
            if lot.id not in self._standing:
                continue
            bid = self._give_back(lot)
            wins = self.rng.random() < self.fortune
            if wins:
                price = int(lot.reserve_gwei + self.rng.random() * (bid - lot.reserve_gwei))
                self._free -= min(price, bid) + lot.collateral_gwei
            if wins and lot.ticket is not None:
                self._tickets[lot.ticket.serial] = lot.ticket._replace(listed=False)

    def _take_bid(self, lot: AuctionView, price: int) -> None:
        if lot.id in self._standing:
            self._give_back(lot)
        self._free -= price + lot.collateral_gwei
        self._standing[lot.id] = price

    def _give_back(self, lot: AuctionView) -> int:
        """What was bid on a lot, if anything, is free again, and its collateral. Returns the bid, Gwei."""
        bid = self._standing.pop(lot.id, None)
        if bid is not None:
            self._free += bid + lot.collateral_gwei
        return bid or 0

    def _sell(self) -> None:
        """Own auctions and orders meet someone, as the scene's fortune has it."""
        for serial in sorted(serial for serial, end in self._for_sale.items() if end <= self.slot):
            del self._for_sale[serial]
            self._end_auction(serial, self.rng.random() < self.fortune)
        for order in list(self._orders.values()):
            if self.rng.random() < self.fortune / 2:
                self._fill(order)

    def _end_auction(self, serial: int, is_sold: bool) -> None:
        """An auction of its own ends; where the building alone was sold, it keeps the ticket."""
        is_building = serial in self._building
        self._building.discard(serial)
        ticket = self._tickets.pop(serial)
        if is_sold:
            self._free += int(self.rng.integers(0, 10**9)) + (0 if is_building else self._stake)
        if is_building or not is_sold:
            builder = RIVAL if is_building and is_sold else None
            self._tickets[serial] = ticket._replace(listed=False, builder=builder)

    def _fill(self, order: OrderView) -> None:
        del self._orders[order.id]
        self._last = order.price_gwei
        if order.ticket is not None:
            self._free += order.price_gwei + self._stake
            del self._tickets[order.ticket]
        else:
            self._receive(order.series)

    def _receive(self, series: Series) -> None:
        self._count += 1
        first = series.block if self.setup.facts.is_dated or series.drawn else max(self.slot, 0)
        drawn = None
        if series.drawn:
            drawn = series.block
        self._tickets[self._count] = TicketView(self._count, first, series.block, drawn, False)

    def _end_slot(self) -> None:
        """Orders end; tickets whose block this was are burned, and some rewards come in."""
        for order in list(self._orders.values()):
            if min(order.until, self._last_slot(order.series.drawn, order.series.block)) <= self.slot:
                self._cancel(order.id)
        for serial, ticket in list(self._tickets.items()):
            end = ticket.last_block if ticket.drawn_for is None else ticket.drawn_for
            if self._last_slot(ticket.drawn_for is not None, end) <= self.slot:
                self._delist(serial)
                self._use(serial)
        self._free = min(self._free, 2**62)

    def _use(self, serial: int) -> None:
        """A ticket's last block is over, and brings something."""
        del self._tickets[serial]
        self._free += int(self.rng.integers(0, 10**8)) + self._stake

    def _last_slot(self, is_drawn: bool, block: int) -> int:
        """The slot with which a ticket of this last block ends: that of its last draw, where it can claim one."""
        return block if is_drawn or not self.setup.facts.has_claims else block - self.setup.lookahead

    # What the strategy does

    def _put_up(self, intent: OpenAuction | SellBuilding) -> None:
        self._tickets[intent.ticket] = self._tickets[intent.ticket]._replace(listed=True)
        self._for_sale[intent.ticket] = self.slot + intent.slots
        if isinstance(intent, SellBuilding):
            self._building.add(intent.ticket)

    def _take_back(self, serial: int) -> None:
        """The protocol pays something, if little, for the ticket."""
        del self._tickets[serial]
        self._free += int(self.rng.integers(0, 10**6)) + self._stake

    def _bid(self, intent: Bid, price: int) -> None:
        if not TIFS[intent.tif].rests:
            if self.rng.random() < self.fortune:
                self._free -= price + self._stake
                self._receive(intent.series)
            return
        self._free -= price + self._stake
        self._rest("bid", intent.series, None, price, intent.until)

    def _ask_for(self, intent: Ask) -> None:
        ticket = self._tickets[intent.ticket]
        if intent.price_gwei is None:
            return
        self._tickets[intent.ticket] = ticket._replace(listed=True)
        self._rest("ask", ticket.series, intent.ticket, intent.price_gwei, intent.until)

    def _rest(self, side: str, series: Series, ticket: int | None, price: int, until: int | None) -> None:
        self._count += 1
        last = min(series.block, NEVER if until is None else until)
        self._orders[self._count] = OrderView(self._count, side, series, ticket, price, last)

    def _cancel(self, id: int) -> None:
        order = self._orders.pop(id)
        if order.ticket is None:
            self._free += order.price_gwei + self._stake
        else:
            self._tickets[order.ticket] = self._tickets[order.ticket]._replace(listed=False)

    def _delist(self, serial: int) -> None:
        self._for_sale.pop(serial, None)
        self._building.discard(serial)
        for order in [order for order in self._orders.values() if order.ticket == serial]:
            self._cancel(order.id)

    # What it is shown

    def _ask(self, phase: Phase) -> Asked:
        lots = [lot for lot in self._auctions.values() if lot.market == MARKETS.get(phase)]
        if phase == Phase.PRIMARY and self.slot < 0:
            lots = [self._open("primary") for _ in range(3)]
        market = Market(self.slot, phase, self._path.outlook(), tuple(lots), self._quotes(), self._last)
        market = market._replace(prices=self._prices())
        bids = [order.price_gwei for order in self._orders.values() if order.side == "bid"]
        claims = self._claims()
        first = max(self.slot, 0)
        costs: Sequence[int] = ()
        if self._costs is not None:
            costs = self._costs.between(first, first + self._life)
        money = (max(self._free, 0), sum(bids) + sum(self._standing.values()) + self._stake * claims)
        room = None if self._cap is None else self._cap - claims
        own = (OwnTickets.of(tuple(self._tickets.values())), tuple(self._orders.values()))
        view = View(market, self.setup.account, *money, *own, first, costs, room)
        if self._informed is not None:
            view = view._replace(informed=self._informed.outlook(self.setup.account, market.outlook))
        return Asked(phase, view, dict(self._standing))

    def _claims(self) -> int:
        """How many tickets it has, or bids for."""
        bids = sum(order.side == "bid" for order in self._orders.values())
        wanted = sum(self._auctions[lot].ticket is not None for lot in self._standing)
        return len(self._tickets) + bids + wanted

    def _prices(self) -> PastPrices:
        """As if whatever is sold had last been sold at the last price of all."""
        seen = () if self._last is None else (self._last,)
        return PastPrices(*[seen] * len(PastPrices._fields))

    def _quotes(self) -> tuple[Quote, ...]:
        """Rivals' quotes in a few series, and the own orders' books."""
        own = {order.series for order in self._orders.values()}
        held = [ticket.series for ticket in self._tickets.values()][:2]
        rivals = [self._new_ticket().series for _ in range(int(self.rng.integers(0, 3)))]
        traded = [series for series in [*own, *held, *rivals] if self.setup.resale.allows(series.drawn)]
        return tuple(map(self._quote, dict.fromkeys(traded)))

    def _quote(self, series: Series) -> Quote:
        cheap = CHEAP[int(self._sizes.integers(len(CHEAP)))]
        low, high = sorted(max(price // cheap, 1) for price in self.rng.integers(1, 10**9, 2).tolist())
        return Quote(series, *[(low, high), (None, high), (low, None)][int(self.rng.integers(3))])


MARKETS = {Phase.OFFER: "secondary", Phase.BID: "secondary", Phase.BUILD: "block", Phase.PRIMARY: "primary"}
