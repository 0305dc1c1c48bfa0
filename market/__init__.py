"""Where rights change hands: the primary market, the secondary market, the sale of blocks.

It settles on the chain's ledger. Participants are called through a protocol class of the market's own; it knows no
strategy.

- `intents`, `plain`, `desk`, `messages`, `agent_wallet`, `gate`, `nonces`: from what a participant wants to a
  signed message that has entered;
- `exchange`, `book`, `time_in_force`: a limit order book for each ticket series;
- `house`, `auction`, `auctions/`: sales of tickets and of blocks; the formats that clear them;
- `primary/`, `reserves/`, `hand_out`: how the protocol prices what it minted, and at what least; tickets that are
  handed out;
- `pbs`, `slot_auction/`: who builds the block; the open auction over the seconds of its slot;
- `view`, `viewer`, `participant`: what a participant sees, and what it is asked;
- `costs`, `cost_laws/`, `capture`: θ of a buyer, and its laws; how much of a reward it makes;
- `resale_times`: when a ticket may be sold on;
- `trades`, `violations`: every sale; what was refused, and whose doing it was;
- `venues`, `marketplace`: all of these, wired to one chain;
- `slot/`: how a slot runs;
- `contract/`: the markets as Ethereum's clients see them.
"""

from __future__ import annotations

from importlib.machinery import SourceFileLoader
from typing import TYPE_CHECKING

_CHECK = f"{__path__[0]}/../chain/neighbours.py"
exec(SourceFileLoader("neighbours", _CHECK).get_code("neighbours") or "", {"__file__": _CHECK})

from chain.face import face

if TYPE_CHECKING:
    from chain.money import eth_to_gwei
    from market.auctions.format import AuctionFormat
    from market.auctions.terms import Award, Lot, Offer, Payment, Terms
    from market.cost_laws.cost_law import CostLaw
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
    from market.primary.by_lot import Pricing
    from market.primary.pricing_rule import PricingRule
    from market.primary.quoted import in_turns
    from market.primary.sale_view import PastSale, SaleView
    from market.reserves.reserve_rule import ReserveRule
    from market.reserves.reserve_view import PastLot, ReserveView
    from market.slot_auction.signals import SignalLaw
    from market.view import AuctionView, OrderView, Quote, TicketView, View

__all__ = [
    "Ask",
    "AuctionBid",
    "AuctionFormat",
    "AuctionView",
    "Award",
    "Bid",
    "Build",
    "Cancel",
    "Claim",
    "CostLaw",
    "Hold",
    "Intent",
    "Lot",
    "Offer",
    "OpenAuction",
    "OrderView",
    "PastLot",
    "PastSale",
    "Payment",
    "Pricing",
    "PricingRule",
    "Quote",
    "ReserveRule",
    "ReserveView",
    "Return",
    "SaleView",
    "SellBlock",
    "SellBuilding",
    "SignalLaw",
    "Terms",
    "TicketView",
    "View",
    "eth_to_gwei",
    "in_turns",
]

__getattr__, __dir__ = face(
    __name__,
    {
        "chain.money": ["eth_to_gwei"],
        "market.auctions.terms": ["Award", "Lot", "Offer", "Payment", "Terms"],
        "market.intents": [
            "Ask",
            "AuctionBid",
            "Bid",
            "Build",
            "Cancel",
            "Claim",
            "Hold",
            "Intent",
            "OpenAuction",
            "Return",
            "SellBlock",
            "SellBuilding",
        ],
        "market.auctions.format": ["AuctionFormat"],
        "market.cost_laws.cost_law": ["CostLaw"],
        "market.primary.by_lot": ["Pricing"],
        "market.primary.pricing_rule": ["PricingRule"],
        "market.primary.quoted": ["in_turns"],
        "market.primary.sale_view": ["PastSale", "SaleView"],
        "market.reserves.reserve_rule": ["ReserveRule"],
        "market.reserves.reserve_view": ["PastLot", "ReserveView"],
        "market.slot_auction.signals": ["SignalLaw"],
        "market.view": ["AuctionView", "OrderView", "Quote", "TicketView", "View"],
    },
)
