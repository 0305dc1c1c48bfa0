"""The marketplace: the venues, and all that stands between them and those who take part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from chain.records import Records
from chain.rewards import RewardPath
from chain.state import State
from market.auctions import FORMATS, AuctionFormat
from market.capture import Volatility
from market.costs import Costs
from market.desk import Desk
from market.entry_costs import FREE, EntryCosts
from market.exchange import Exchange
from market.gate import Gate
from market.house import House
from market.pbs import Pbs
from market.primary import Rule
from market.resale_times import Resale
from market.reserves import Reserves
from market.slot_auction.slot_market import SlotMarket
from market.trades import Trades
from market.turns import Turns
from market.venues import open_venues
from market.viewer import Viewer
from market.violations import Violations

if TYPE_CHECKING:
    from market.own_outlooks import EachOutlooks


class Marketplace(NamedTuple):
    """Everything but the participants, wired to one state.

    `slot_market` is None where blocks are not sold in open auctions, `volatility` where there is no such index,
    `reserves` where the primary market's reserve is one number.
    """

    state: State
    records: Records
    rewards: RewardPath
    costs: Costs
    pricing: Rule
    gate: Gate
    trades: Trades
    exchange: Exchange
    house: House
    violations: Violations
    turns: Turns
    viewer: Viewer
    desk: Desk
    pbs: Pbs
    volatility: Volatility | None
    slot_market: SlotMarket | None
    reserves: Reserves | None = None


def open_marketplace(
    *,
    state: State,
    records: Records,
    rewards: RewardPath,
    costs: Costs,
    pricing: Rule,
    resale: Resale,
    block_format: str | None,
    horizon: int,
    strict: bool,
    entry: EntryCosts = FREE,
    volatility: Volatility | None = None,
    slot_market: SlotMarket | None = None,
    formats: Mapping[str, AuctionFormat] = FORMATS,
    reserves: Reserves | None = None,
    informed: EachOutlooks | None = None,
) -> Marketplace:
    """A marketplace in which nothing is for sale yet.

    Blocks are sold just in time in an auction of `block_format` (None: not at all), `horizon` is how many blocks
    ahead one knows one's own costs, `entry` what it costs to bid in an auction of a ticket. Participants sell in
    `formats`, by name; the protocol at `reserves`, where these are not one number. `informed`: the outlooks of
    those who have signals of rewards. In a `strict` one the first
    violation is raised.
    """
    venues = open_venues(state=state, records=records, resale=resale, entry=entry, formats=formats)
    pricing.begin(state, venues.trades)
    turns = Turns(len(state.accounts))
    violations = Violations(state, records, strict, turns)
    viewer = Viewer(
        state=state,
        exchange=venues.exchange,
        house=venues.house,
        trades=venues.trades,
        rewards=rewards,
        costs=costs,
        horizon=horizon,
        pricing=pricing,
        volatility=volatility,
        informed=informed,
        primary_entry=entry.primary,
    )
    desk = Desk(
        state=state,
        gate=venues.gate,
        exchange=venues.exchange,
        house=venues.house,
        violations=violations,
        pricing=pricing,
    )
    pbs = Pbs(state=state, house=venues.house, costs=costs, violations=violations, format=block_format)
    return Marketplace(
        state=state,
        records=records,
        rewards=rewards,
        costs=costs,
        pricing=pricing,
        gate=venues.gate,
        trades=venues.trades,
        exchange=venues.exchange,
        house=venues.house,
        violations=violations,
        turns=turns,
        viewer=viewer,
        desk=desk,
        pbs=pbs,
        volatility=volatility,
        slot_market=slot_market,
        reserves=reserves,
    )
