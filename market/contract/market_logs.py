"""The logs of the markets: what a client needs to keep a book of its own.

Every order that comes to rest is listed, from whomever it is; every end of one is told, by a fill or with its
reason. Prices are wei.
"""

from __future__ import annotations

from collections.abc import Iterator
from operator import itemgetter
from typing import Any

from chain.evm.abi import Log, Tail, encode, event
from chain.money import WEI_PER_GWEI
from chain.records import Schema
from chain.state import State
from market.exchange import ORDERS
from market.messages import Order
from market.trades import TRADES

LISTED = "OrderListed(uint256,address,uint256,bool,uint64,uint256)"
BID = "OrderBid(uint256,address,bool,uint64,uint256)"
CLOSED = "OrderClosed(uint256,address,string)"
FILLED = "OrderFilled(uint256,uint256,uint256,uint256)"
AUCTIONED = "AuctionSold(uint256,address,uint256,uint256)"
NO_END = frozenset({"filled", "open", "claimed", "returned"})
"""Outcomes in `orders` that end no order of the book, or that a fill tells."""


def columns(schema: Schema, *names: str) -> itemgetter[Any]:
    """What gets these columns of a row."""
    places = [column.name for column in schema.columns]
    return itemgetter(*map(places.index, names))


_end_of = columns(ORDERS, "order", "maker", "outcome")
_sale_of = columns(TRADES, "ticket", "buyer", "price_gwei", "auction", "maker_order", "taker_order")


def rested(id: int, order: Order, state: State) -> Log:
    """An order rests in the book of its series."""
    maker = state.accounts[order.maker].address
    terms = encode((order.series.drawn, order.series.block, order.price * WEI_PER_GWEI))
    if order.ticket is None:
        return event(BID, id, maker, data=terms)
    return event(LISTED, id, maker, order.ticket, data=terms)


def closed(row: tuple[Any, ...], state: State) -> Iterator[Log]:
    """An order ended that was not filled; a row of `orders`."""
    id, maker, outcome = _end_of(row)
    if outcome not in NO_END:
        reason = encode((Tail.of_bytes(outcome.encode()),))
        yield event(CLOSED, id, state.accounts[maker].address, data=reason)


def traded(row: tuple[Any, ...], state: State) -> Iterator[Log]:
    """A sale, by two orders or by an auction; a row of `trades`. Of an endowed block the ticket is 0."""
    ticket, buyer, price, auction, maker_order, taker_order = _sale_of(row)
    paid = encode((price * WEI_PER_GWEI,))
    if maker_order is not None:
        yield event(FILLED, maker_order, taker_order, ticket, data=paid)
    if auction is not None:
        yield event(AUCTIONED, auction, state.accounts[buyer].address, ticket or 0, data=paid)


WRITERS = {ORDERS.name: closed, TRADES.name: traded}
