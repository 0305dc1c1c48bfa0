"""How to play: sellers, buyers and builders, and what they need to say so.

A strategy receives a frozen view and returns intents; it never holds a live object of the engine.

- `base`, `setup`: the classes to derive from; what a strategy is told once, before block 0;
- `sellers/`, `buyers/`, `builders/`: the library, a strategy a file;
- `bidding`, `purse`, `slot_bidding`: bids with one purse; what it still has; the base of bidders inside a slot;
- `valuation`, `option`, `prospect`, `contest`: what a ticket is worth, and a sale as the theory sees it;
- `theory/`: bids, entry, reserves, stopping, lotteries: pure functions, each with its source;
- `bandits`, `coins`, `parameters`: learners over a few arms; chance of a ticket's own; checks of parameters;
- `finding`, `own_files`, `own_import`: a strategy by its name, and from a user's own file;
- `agent`: one account with its strategies;
- `testing/`: a strategy's contract, and a laboratory market for traders.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

_CHECK = f"{__path__[0]}/../chain/neighbours.py"
exec(SourceFileLoader("neighbours", _CHECK).get_code("neighbours") or "", {"__file__": _CHECK})

from chain.face import face
from chain.money import eth_to_gwei
from chain.ticket import Series
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
    SellBuilding,
)
from market.view import AuctionView, OrderView, Quote, TicketView, View
from strategies.base import Builder, Buyer, Seller, Strategy
from strategies.bidding import bids
from strategies.setup import Setup

if TYPE_CHECKING:
    from strategies.slot_bidding import SlotBuilder

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
    "SellBuilding",
    "Seller",
    "Series",
    "Setup",
    "SlotBuilder",
    "Strategy",
    "TicketView",
    "View",
    "bids",
    "eth_to_gwei",
]

# Loads the open auction of a block, which few strategies have to do with
__getattr__, __dir__ = face(__name__, {"strategies.slot_bidding": ["SlotBuilder"]})
