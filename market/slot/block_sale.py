"""Takes the open auction of a block to the participants of a run, and what stands at its end back to the
market."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from chain.clock import Phase
from chain.errors import Refused
from market.auction import Auction
from market.fitting import is_one_of
from market.intents import AuctionBid, Intent
from market.marketplace import Marketplace
from market.participant import Participant
from market.plain import plain
from market.slot.roll_call import Answer, RollCall, raised
from market.slot_auction import Proxy, SlotBidder
from market.slot_auction.order_flow import FlowPath
from market.slot_auction.slot_market import Invitation, SlotMarket
from market.view import Market, View

SEALED: frozenset[type] = frozenset({AuctionBid})
Report = Callable[[BaseException], None]


class BlockSale:
    """One auction, at `ms` into the slot. It is asked who bids, and how."""

    def __init__(
        self, *, market: Marketplace, slot_market: SlotMarket, auction: Auction, calls: RollCall, ms: int
    ) -> None:
        self._market = market
        self._slot_market = slot_market
        self._auction = auction
        self._calls = calls
        self._ms = ms

    def hold(self, participants: Iterable[Participant]) -> list[Answer]:
        """What each participant wants from the market in the end: its standing bid among it."""
        seen = self._market.viewer.market(Phase.BUILD)
        builders = [who for who in participants if Phase.BUILD in who.phases]
        invited: list[Invitation] = []
        others: dict[int, list[Intent]] = {}
        for who in builders:
            invitation, others[who.account] = self._invite(who, seen)
            if invitation is not None and who.account != self._auction.seller:
                invited.append(invitation)
        bids = self._slot_market.hold(self._auction.id, self._auction.terms.reserve, invited)
        for account, gwei in bids.items():
            others[account].append(AuctionBid(self._auction.id, gwei))
        return [(who, others[who.account]) for who in builders if others[who.account]]

    def _invite(self, who: Participant, seen: Market) -> tuple[Invitation | None, list[Intent]]:
        """Its invitation, if it bids, and what else it wants of the market."""
        view = self._market.viewer.view(who.account, seen)
        own = who.slot_bidder
        if own is None:
            return self._invite_proxy(who, view)
        if view.cost(view.slot) is None:
            return None, []
        self._market.turns.asked[who.account] += 1
        return self._invitation(who, view, own.bidder, own.rng), []

    def _invite_proxy(self, who: Participant, view: View) -> tuple[Invitation | None, list[Intent]]:
        """One that bids sealed is asked for its limit, up to which a proxy bids for it."""
        limit, rest = split(self._calls.decide(who, Phase.BUILD, view), self._auction.id)
        if limit is None:
            return None, rest
        # A sealed bid is one on the whole block; what does not reach the bidder comes off it.
        proxy = Proxy(max(limit - self._lost(who, view), 0))
        unused = np.random.default_rng(0)  # a proxy leaves nothing to chance
        return self._invitation(who, view, proxy, unused), rest

    def _invitation(
        self, who: Participant, view: View, bidder: SlotBidder, rng: np.random.Generator
    ) -> Invitation:
        return Invitation(
            who=who,
            bidder=bidder,
            gross_gwei=self._gross(who, view),
            cost_gwei=view.cost(view.slot) or 0,
            funds_gwei=view.free_gwei,
            rng=rng,
            report=self._reporter(who),
        )

    def _gross(self, who: Participant, view: View) -> int:
        """What it makes of the block before its cost, Gwei."""
        reward = view.outlook.reward_gwei or 0
        path = self._market.costs[who.account]
        return reward if path is None else path.gross(view.slot, reward)

    def _lost(self, who: Participant, view: View) -> int:
        """What does not reach it of the block's order flow, Gwei."""
        if not isinstance(self._market.costs[who.account], FlowPath):
            return 0
        return (view.outlook.reward_gwei or 0) - self._gross(who, view)

    def _reporter(self, who: Participant) -> Report:
        """Writes down what a strategy raises during the auction."""
        violations, ms = self._market.violations, self._ms

        def report(error: BaseException) -> None:
            violations.record(ms, Phase.BUILD, who.account, raised(error))

        return report


def split(intents: Iterable[Intent], auction: int) -> tuple[int | None, list[Intent]]:
    """The last sealed bid in an auction, Gwei, and everything else."""
    limit, rest = None, []
    for intent in intents:
        bid = sealed_bid(intent)
        if bid is not None and bid.auction == auction:
            limit = bid.price_gwei
        else:
            rest.append(intent)
    return limit, rest


def sealed_bid(intent: Intent) -> AuctionBid | None:
    """The intent as a bid, if it is a sound one; the market will say what is wrong with one that is not."""
    if not is_one_of(intent, SEALED):
        return None
    try:
        bid = plain(intent)
    except Refused:
        return None
    return bid if isinstance(bid, AuctionBid) else None
