"""Learns what a round is worth to it, and whether a bid for one is worth its cost."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import inf
from statistics import fmean

from chain.money import GWEI_PER_ETH
from market.intents import AuctionBid, Intent
from market.view import AuctionView, View
from strategies.bidding import bids
from strategies.buyers.round_buyer import RoundBuyer
from strategies.parameters import between
from strategies.round_worths import blocks_of, worths_of
from strategies.setup import Setup


class RoundLearner(RoundBuyer):
    """Knows neither hubs nor rivals. Starts by bidding all that a round is worth to one who cannot sell it, as if
    losing it brought nothing; then bids the mean of what rounds brought that it held less that of those that
    others held, and bids only where that would have earned the cost of bidding against the prices so far.

    This is fictitious play against past prices (Brown 1951; Fudenberg and Levine 1998, ch. 2), the worths by
    sample means. All is counted in shares of what a round is expected to bring. Exact where a round is sold when
    the one before it ends.
    """

    def __init__(
        self, resale_reserve: str = "own", window: int = 100, trust: int = 3, exploration: float = 0.1
    ) -> None:
        """`resale_reserve` of its blocks, as `round_buyer` has them; prices of the last `window` rounds that it
        bid for count; `trust`: how many rounds what it starts with weighs, that it is alone, too; in a share
        `exploration` of the rounds it does the other thing, bids or stays out."""
        super().__init__(resale_reserve)
        self.window = int(between("window", window, 1, 100_000))
        self.trust = int(between("trust", trust, 1, 1000))
        self.exploration = between("exploration", exploration, 0, 1)

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.held = RunningMean(1.0, self.trust)
        self.lost = RunningMean(0.0, self.trust)
        self.rivals: deque[float] = deque([0.0] * self.trust, maxlen=self.window)
        self.round: OpenRound | None = None

    # Ahead of time

    def primary(self, view: View) -> Sequence[Intent]:
        self.learn(view)
        wanted = [lot for lot in view.auctions if self.is_in(view, lot)]
        placed = bids(view, wanted, lambda lot: self.price(view, lot))
        self.round = self.opened(view, placed)
        return placed

    def chance(self, view: View, lot: AuctionView) -> float:
        """What it takes to pay, but for the rounds in which it tries the other thing."""
        scale = self.scale(view, lot)
        if scale == 0:
            return 0.0
        pays = self.expects(lot, scale) >= view.primary_entry_gwei / scale
        return 1 - self.exploration if pays else self.exploration

    def price(self, view: View, lot: AuctionView) -> float:
        return self.gap * self.scale(view, lot)

    @property
    def gap(self) -> float:
        """What holding a round has brought more than losing it, in shares."""
        return self.held.mean - self.lost.mean

    def opened(self, view: View, placed: Sequence[AuctionBid]) -> OpenRound | None:
        """The last of the rounds that are for sale; what becomes of it is to be learned."""
        lot = view.auctions[-1] if view.auctions else None
        scale = 0.0 if lot is None else self.scale(view, lot)
        if lot is None or scale == 0:
            return None
        return OpenRound(scale, sum(bid.price_gwei for bid in placed if bid.auction == lot.id))

    def scale(self, view: View, lot: AuctionView) -> float:
        """What the round brings one that holds it and sells nothing, by what it sees, Gwei."""
        blocks = blocks_of(view, self.setup, lot)
        if not blocks:
            return 0.0
        return worths_of(blocks, self.buyers, self.habits._replace(buyer="never")).holding * GWEI_PER_ETH

    def expects(self, lot: AuctionView, scale: float) -> float:
        """The mean gain of its bid against the prices so far, in shares."""
        floor = lot.reserve_gwei / scale
        return fmean(max(self.gap - max(price, floor), 0.0) for price in self.rivals)

    # Just in time

    def propose(self, view: View) -> Sequence[Intent]:
        self.note(view, holds=True)
        return super().propose(view)

    def build(self, view: View) -> Sequence[Intent]:
        self.note(view, holds=False)
        return super().build(view)

    def note(self, view: View, holds: bool) -> None:
        """The round has begun: what it has now it has after paying for it."""
        if self.round is not None and self.round.money is None:
            self.round.money = money(view)
            self.round.holds = holds

    def learn(self, view: View) -> None:
        """The round is over: what it brought, and at what price it went."""
        last = self.round
        if last is None:
            return
        if last.money is not None:
            mean = self.held if last.holds else self.lost
            mean.add((money(view) - last.money) / last.scale)
        if last.bid and last.money is not None:
            self.rivals.append(self.rival(view, last))

    def rival(self, view: View, last: OpenRound) -> float:
        """The highest bid of others in the last sale, in shares: what it paid where it won, else more than it bid,
        which is all that a sealed sale tells."""
        paid = view.market.prices.primary[-1:]
        return paid[0] / last.scale if last.holds and paid else inf


def money(view: View) -> int:
    """All that it has, Gwei."""
    return view.free_gwei + view.escrowed_gwei


@dataclass
class OpenRound:
    """A round that it may have bid for: its scale and the bid, Gwei, 0 for none; what it had when the first block
    was sold, None as long as none was; whether it holds it."""

    scale: float
    bid: int
    money: int | None = None
    holds: bool = False


@dataclass
class RunningMean:
    """A mean that starts at `mean` as if that had been seen `weight` times."""

    mean: float
    weight: float
    seen: int = field(default=0)

    def add(self, value: float) -> None:
        """One observation more."""
        self.seen += 1
        self.mean += (value - self.mean) / (self.weight + self.seen)
