"""How to play: sellers, buyers and builders, and what they need to say so.

from strategies import Buyer, AuctionBid
"""

from market.intents import (
    Ask,
    AuctionBid,
    Bid,
    Build,
    Cancel,
    Claim,
    Hold,
    Intent,
    OpenAuction,
    Return,
    SellBlock,
)
from market.view import AuctionView, OrderView, Quote, TicketView, View
from strategies.base import Builder, Buyer, Seller, Strategy
from strategies.setup import Setup

__all__ = [
    "Ask",
    "AuctionBid",
    "AuctionView",
    "Bid",
    "Build",
    "Builder",
    "Buyer",
    "Cancel",
    "Claim",
    "Hold",
    "Intent",
    "OpenAuction",
    "OrderView",
    "Quote",
    "Return",
    "SellBlock",
    "Seller",
    "Setup",
    "Strategy",
    "TicketView",
    "View",
]
