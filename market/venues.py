"""The venues, where tickets and blocks change hands, wired to the chain that they settle on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from chain.records import Records
from chain.state import State
from market.auctions import FORMATS, AuctionFormat
from market.entry_costs import FREE, EntryCosts
from market.exchange import Exchange
from market.gate import Gate
from market.house import House
from market.resale_times import Resale
from market.trades import Trades


class Venues(NamedTuple):
    """The order books and the auction house, behind one gate, with one table of trades."""

    gate: Gate
    trades: Trades
    exchange: Exchange
    house: House


def open_venues(
    *,
    state: State,
    records: Records,
    resale: Resale,
    entry: EntryCosts = FREE,
    formats: Mapping[str, AuctionFormat] = FORMATS,
) -> Venues:
    """Venues in which nothing is for sale yet. `entry` is sunk by whoever bids for a ticket in an auction;
    `formats` are those of participants' auctions, by name."""
    gate = Gate(state)
    trades = Trades(state, records)
    exchange = Exchange(state=state, gate=gate, resale=resale, trades=trades, records=records)
    house = House(
        state=state,
        gate=gate,
        resale=resale,
        trades=trades,
        records=records,
        entry=entry,
        formats=formats,
    )
    return Venues(gate=gate, trades=trades, exchange=exchange, house=house)
