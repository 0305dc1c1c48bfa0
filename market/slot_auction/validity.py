"""Which bids a relay takes: those that reach its floor, and that their builder can pay."""

from __future__ import annotations

import numpy as np

from market.slot_auction.bidder import Bids
from market.slot_auction.entrant import Entrant
from market.slot_auction.relay import Relay


def takes(relay: Relay, price: int, entrant: Entrant) -> bool:
    """Whether a relay takes a bid: valid, or a valid cancellation."""
    return relay.floor_gwei <= price <= entrant.funds_gwei or (price == 0 and relay.cancellations)


def valid(bids: Bids, relay: Relay, entrant: Entrant) -> Bids:
    """Those of the bids that the relay takes; one that says what the one before it said is no new bid."""
    gwei = bids.gwei
    if not len(gwei):
        return bids
    fits = (gwei >= relay.floor_gwei) & (gwei <= entrant.funds_gwei) | ((gwei == 0) & relay.cancellations)
    if not fits.all():
        bids = Bids(bids.ms[fits], gwei[fits])
    new = np.ones(len(bids.gwei), np.bool_)
    np.not_equal(bids.gwei[1:], bids.gwei[:-1], out=new[1:])
    return bids if new.all() else Bids(bids.ms[new], bids.gwei[new])
