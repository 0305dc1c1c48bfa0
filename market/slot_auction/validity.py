"""What a relay makes of the bids that reach it."""

from __future__ import annotations

import numpy as np

from market.slot_auction.entrant import SlotEntrant
from market.slot_auction.relay import Relay
from market.slot_auction.slot_bidder import Bids


def taken(price: int, relay: Relay, entrant: SlotEntrant) -> int | None:
    """The bid that stands after this one: none (0) where it is below the floor and earlier ones can be cancelled;
    None where it is not valid and changes nothing."""
    if price > entrant.funds_gwei:
        return None
    if price >= relay.floor_gwei:
        return price
    if relay.cancellations:
        return 0
    return None


def valid(bids: Bids, relay: Relay, entrant: SlotEntrant) -> Bids:
    """The same of a schedule; one that says what the one before it said is no new bid."""
    ms, gwei = bids
    if not len(gwei):
        return bids
    fits = gwei <= entrant.funds_gwei
    if relay.floor_gwei and relay.cancellations:
        gwei = np.where(gwei < relay.floor_gwei, 0, gwei)
    elif relay.floor_gwei:
        fits &= gwei >= relay.floor_gwei
    if not fits.all():
        ms = ms[fits]
        gwei = gwei[fits]
    new = np.diff(gwei, prepend=0) != 0
    if new.all():
        return Bids(ms, gwei)
    return Bids(ms[new], gwei[new])
