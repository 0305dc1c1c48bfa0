"""The open auction for one block, over the seconds of its slot (after Wu, Thiery, Leonardos and Ventre 2023).

Times are whole milliseconds since the auction opened, 12 s before the proposer is due; money is in Gwei.
"""

from market.slot_auction.auction import hold, hold_to_each
from market.slot_auction.bidder import NO_BIDS, Bidder, Bids, Post
from market.slot_auction.entrant import Entrant
from market.slot_auction.proposer import Proposer
from market.slot_auction.proxy import Proxy
from market.slot_auction.relay import Relay
from market.slot_auction.result import BidRow, Result
from market.slot_auction.signals import SignalLaw, Signals, Values

__all__ = [
    "NO_BIDS",
    "BidRow",
    "Bidder",
    "Bids",
    "Entrant",
    "Post",
    "Proposer",
    "Proxy",
    "Relay",
    "Result",
    "SignalLaw",
    "Signals",
    "Values",
    "hold",
    "hold_to_each",
]
