"""The open auctions of blocks as a config wants them."""

from __future__ import annotations

from chain.money import eth_to_gwei
from chain.randomness import Streams
from experiments.lab.config.config import Config
from market.slot_auction import Proposer, Relay, SignalLaw
from market.slot_auction.order_flow import OrderFlow
from market.slot_auction.slot_market import SlotTerms


def slot_terms(config: Config) -> SlotTerms:
    """The terms of the auctions."""
    terms = config.market.slot_auction
    law = SignalLaw(terms.public_rate, terms.private_rate, access=terms.access)
    floor = eth_to_gwei(terms.floor_eth)
    relays = tuple(Relay(delay, floor, terms.cancellations) for delay in terms.relay_delays)
    proposer = Proposer(
        late_ms=terms.late_ms,
        end_sd_ms=terms.end_sd_ms,
        miss_at_ms=terms.miss_at_ms,
        miss_scale_ms=terms.miss_scale_ms,
        min_bid_gwei=eth_to_gwei(terms.min_bid_eth),
        stop_gwei=None if terms.stop_eth is None else eth_to_gwei(terms.stop_eth),
    )
    return SlotTerms(law, relays, proposer, terms.bids)


def make_flow(config: Config, streams: Streams) -> OrderFlow | None:
    """What becomes known of blocks, where they are sold in open auctions."""
    if config.market.pbs != "slot_auction":
        return None
    terms = slot_terms(config)
    return OrderFlow(terms.law, terms.proposer, streams)
