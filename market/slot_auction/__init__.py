"""The open auction for one block, over the seconds of its slot (after Wu, Thiery, Leonardos and Ventre 2023).

Times are whole milliseconds since the auction opened, 12 s before the proposer is due; money is in Gwei.
"""

from market.slot_auction.auction_result import RelayedBid, SlotAuctionResult
from market.slot_auction.block_auction import hold, hold_to_each
from market.slot_auction.entrant import SlotEntrant
from market.slot_auction.proposer import Proposer
from market.slot_auction.proxy import Proxy
from market.slot_auction.relay import Relay
from market.slot_auction.signals import BlockValues, SignalLaw, Signals
from market.slot_auction.slot_bidder import NO_BIDS, Bids, Post, SlotBidder

__all__ = [
    "NO_BIDS",
    "Bids",
    "BlockValues",
    "Post",
    "Proposer",
    "Proxy",
    "Relay",
    "RelayedBid",
    "SignalLaw",
    "Signals",
    "SlotAuctionResult",
    "SlotBidder",
    "SlotEntrant",
    "hold",
    "hold_to_each",
]
