"""What participants see: frozen, a copy, and nothing of anyone else's."""

from __future__ import annotations

from enum import Enum

import pytest

from chain.clock import Phase
from chain.protocol import process_empty_block
from chain.rewards import Outlook
from chain.ticket import NEVER, Series
from market.auctions import Terms
from market.past_prices import MOST_PRICES, PastPrices
from market.view import AuctionView, OrderView, OwnTickets, Quote, TicketView, View

EXPIRY_3 = Series(False, 3)


def look(market, account: int = 1, phase: Phase = Phase.BID) -> View:
    return market.viewer.view(account, market.viewer.market(phase))


def leaves(thing: object, name: str = "view"):
    """Every field of a view down to what has no parts."""
    if isinstance(thing, OwnTickets):
        yield from leaves(thing.batches, f"{name}.batches")
        yield f"{name}.size", thing.size
    elif isinstance(thing, tuple):
        for number, part in enumerate(thing):
            yield from leaves(part, f"{name}.{getattr(thing, '_fields', range(len(thing)))[number]}")
    else:
        yield name, thing


@pytest.fixture
def busy(market):
    """An ask and a sale of account 1, bids of account 2 in both, a block for sale and a lot."""
    market.exchange.place(market.ask(1, 3, 50), 0)
    market.exchange.place(market.bid(2, EXPIRY_3, 40), 0)
    sale = market.house.open_sale(market.listing(1, 0, reserve=5), 0)
    market.house.enter(market.offer(2, sale, 30), 0)
    market.house.open_block(market.listing(1, 0, block=0, reserve=6), 0)
    market.house.offer_lot(market.titles.live[2], "posted", Terms(7))
    return market


def test_a_view_is_values_all_the_way_down(busy):
    for account in (1, 2, 3):
        for name, leaf in leaves(look(busy, account)):
            assert leaf is None or isinstance(leaf, (int, str, Enum, Outlook)), name


def test_a_view_cannot_be_changed(busy):
    view = look(busy)
    for part in (view, view.market, view.tickets[0], view.orders[0], view.auctions[0], view.market.quotes[0]):
        for field in part._fields:
            with pytest.raises(AttributeError):
                setattr(part, field, None)
    for field in ("batches", "size"):
        with pytest.raises(AttributeError):
            setattr(view.tickets, field, None)


def test_a_view_stays_as_it_was(busy):
    view = look(busy)
    before = list(leaves(view))
    busy.exchange.place(busy.bid(3, EXPIRY_3, 60), 0)
    busy.house.clear_sales(0)
    busy.withdraw_ending()
    process_empty_block(busy.state)
    busy.open()
    assert list(leaves(view)) == before
    assert view.tickets != look(busy).tickets


def test_one_sees_what_is_ones_own_and_what_is_public(busy):
    one, two = look(busy, 1), look(busy, 2)
    assert one.market == two.market
    assert (one.free_gwei, one.escrowed_gwei) == (1000, 0)
    assert (two.free_gwei, two.escrowed_gwei) == (930, 70)
    assert one.tickets == (TicketView(0, 0, 0, 0, True), TicketView(3, 3, 3, None, True))
    assert two.tickets == (TicketView(1, 1, 1, None, False),)
    assert one.orders == (OrderView(0, "ask", EXPIRY_3, 3, 50, 3),)
    assert two.orders == (OrderView(1, "bid", EXPIRY_3, None, 40, 3),)
    assert one.market.quotes == (Quote(EXPIRY_3, 40, 50),)
    assert (one.slot, one.market.last_price_gwei, one.outlook.reward_gwei) == (0, None, 100)
    assert one.quote(EXPIRY_3) == Quote(EXPIRY_3, 40, 50)
    assert one.quote(Series(True, 9)) == Quote(Series(True, 9), None, None)


def test_bids_in_auctions_are_sealed(busy):
    """Account 3 sees the same auction, whether account 2 bids or not."""
    (auction,) = look(busy, 3).auctions
    busy.house.enter(busy.offer(2, auction.id, 31), 0)
    assert look(busy, 3).auctions == (auction,)


@pytest.mark.parametrize(
    ("phase", "markets", "block"),
    [
        (Phase.OFFER, ["secondary"], 0),
        (Phase.BID, ["secondary"], 0),
        (Phase.BUILD, ["block"], 0),
        (Phase.PRIMARY, ["primary"], 2),
    ],
)
def test_the_auctions_of_a_phase_are_those_of_its_market(busy, phase, markets, block):
    auctions = look(busy, phase=phase).auctions
    assert [auction.market for auction in auctions] == markets
    assert auctions[0].block == block
    assert auctions[0].reserve_gwei == {"secondary": 5, "block": 6, "primary": 7}[markets[0]]
    assert look(busy, phase=Phase.CLAIM).auctions == ()


def test_what_is_for_sale_as_a_series():
    ticket = TicketView(5, 2, 9, None, True)
    terms = ("secondary", "english", 1)
    prices = (0, 0, 1, 0)
    assert AuctionView(0, *terms, ticket, None, *prices).series == Series(False, 9) == ticket.series
    assert AuctionView(0, *terms, ticket._replace(drawn_for=4), 4, *prices).series == Series(True, 4)
    assert AuctionView(0, *terms, None, 7, *prices).series == Series(True, 7)
    assert AuctionView(0, *terms, None, None, *prices).series is None


def test_the_block_that_a_ticket_is_certain_to_propose():
    assert TicketView(5, 2, 9, None, False).block is None
    assert TicketView(5, 2, 9, 4, False).block == 4
    assert TicketView(5, 9, 9, None, False).block == 9
    assert TicketView(5, 2, NEVER, None, False).block is None


def test_ones_own_costs_up_to_the_horizon(market):
    """Account 2 has a cost of 20 in every block, and sees 3 blocks ahead; account 3 cannot build."""
    view = look(market, 2)
    assert (view.costs_from, view.costs_gwei) == (0, (20, 20, 20, 20))
    assert [view.cost(block) for block in (-1, 0, 3, 4)] == [None, 20, 20, None]
    assert look(market, 3).costs_gwei == ()
    process_empty_block(market.state)
    market.open()
    assert [look(market, 2).cost(block) for block in (0, 1, 4, 5)] == [None, 20, 20, None]


def test_tickets_are_copied_anew_only_when_something_happened_to_them(market):
    tickets = look(market).tickets
    assert look(market).tickets is tickets
    id = market.exchange.place(market.ask(1, 3, 50), 0)
    assert look(market).tickets[1].listed
    market.exchange.cancel(1, id, 0)
    assert look(market).tickets == tickets
    market.titles.transfer(market.titles.live[3], 2, "transfer")
    assert look(market).tickets == tickets[:1]
    assert [ticket.serial for ticket in look(market, 2).tickets] == [1, 3]
    process_empty_block(market.state)
    assert look(market).tickets == ()
    market.open()
    assert look(market, 2).tickets[0].drawn_for == 1


def test_before_block_0_ones_costs_are_those_from_block_0_on(make_market):
    market = make_market()
    view = look(market, 2)
    assert (view.slot, view.costs_from, view.costs_gwei) == (-1, 0, (20, 20, 20, 20))
    assert [view.cost(block) for block in (-1, 0, 3, 4)] == [None, 20, 20, None]


def test_a_cost_is_that_of_its_block(market):
    view = look(market, 2)._replace(costs_from=5, costs_gwei=(50, 60, 70))
    assert [view.cost(block) for block in range(4, 9)] == [None, 50, 60, 70, None]


def test_what_a_bid_locks_beside_its_price_is_shown_for_tickets_and_not_for_blocks(make_market):
    market = make_market(collateral=70).begin()
    market.house.open_sale(market.listing(1, 3), 0)
    market.house.open_block(market.listing(1, 0, block=0), 0)
    stakes = {phase: look(market, phase=phase).auctions[0].collateral_gwei for phase in (Phase.BID, Phase.BUILD)}
    assert stakes == {Phase.BID: 70, Phase.BUILD: 0}


def test_the_urn_and_the_last_price_are_public(market):
    assert look(market).market.urn == 3  # of four tickets one is drawn
    market.exchange.place(market.ask(1, 3, 50), 0)
    market.exchange.place(market.bid(2, EXPIRY_3, 60), 0)
    assert look(market, 3).market.last_price_gwei == 50


def test_past_prices_are_public_by_market_and_the_last_of_them_alone(market):
    assert look(market).market.prices == PastPrices()
    for price in range(MOST_PRICES + 1):
        market.trades.ticket_sold("primary", "posted", market.titles.live[3], 0, 1, price, 0)
    market.trades.block_sold("english", 3, 1, 2, 7, 0, 1)
    prices = look(market).market.prices
    assert prices == PastPrices(primary=tuple(range(1, MOST_PRICES + 1)), block=(7,))
    assert look(market).market.prices is prices


def test_the_room_under_a_cap_is_ones_own(make_market):
    market = make_market(owner_cap=3).begin()
    market.exchange.place(market.bid(2, EXPIRY_3, 40), 0)
    assert [look(market, account).room for account in (1, 2, 3)] == [1, 1, 2]
    assert look(make_market().begin()).room is None
