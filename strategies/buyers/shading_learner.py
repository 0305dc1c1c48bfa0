"""What the buyers have in common who learn by how much to shade their bids."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from market.auctions import PAID_AS_BID
from market.intents import Intent
from market.view import AuctionView, View
from strategies.bandits import Array, one_sided
from strategies.buyers.bidder import Bidder
from strategies.parameters import between
from strategies.setup import Setup


class Round(NamedTuple):
    """One session. `arm` is the shading that was played on rights worth `stake`, with `wealth` before it, Gwei;
    `value` and `format` are those of the first auction."""

    arm: int
    stake: int
    wealth: int
    value: int
    format: str


class ShadingLearner(Bidder, ABC):
    """Bids one of `arms` shares of its value in resales, and its value in other auctions."""

    def __init__(self, arms: int = 11, lowest: float = 0.5, discount_rate: float = 0.0) -> None:
        """`arms` shares from `lowest` to 1 in even steps; `discount_rate` per block."""
        super().__init__(discount_rate)
        self.shares: Array = np.linspace(between("lowest", lowest, 0, 1), 1, int(between("arms", arms, 2, 1000)))

    def start(self, setup: Setup) -> None:
        super().start(setup)
        self.arm = len(self.shares) - 1
        self.round: Round | None = None

    @abstractmethod
    def choose(self) -> int:
        """The arm to play in this session."""

    @abstractmethod
    def learn(self, round: Round, view: View) -> None:
        """Makes something of the last session; `view` is what came of it."""

    def price(self, view: View, auction: AuctionView, value: int) -> int:  # noqa: ARG002
        if auction.market == "secondary":
            return int(self.shares[self.arm] * value)
        return value

    def bid(self, view: View) -> Sequence[Intent]:
        if self.round is not None:
            self.learn(self.round, view)
        values = [self.value(view, lot.series) for lot in view.auctions if lot.series is not None]
        self.round = None
        if sum(values) > 0:
            self.arm = self.choose()
            self.round = Round(self.arm, sum(values), self.wealth(view), values[0], view.auctions[0].format)
        return super().bid(view)

    def gain(self, round: Round, view: View) -> float:
        """What the session brought, as a share of what was at stake."""
        return (self.wealth(view) - round.wealth) / round.stake

    def gains(self, round: Round, view: View, chances: Array) -> Array | None:
        """Unbiased estimates of what every arm would have brought against the last public price, as shares of the
        value; None before the first sale. `chances` are those with which the arm was drawn.

        Who pays as bid learns what higher bids would have brought, for its own is the last price where it won. Who
        pays the second price learns what lower ones would have: the price where it won, and nothing where it lost.
        """
        last = view.market.last_price_gwei
        if last is None or round.value <= 0:
            return None
        bids = (self.shares * round.value).astype(np.int64)
        if round.format in PAID_AS_BID:
            return one_sided(np.where(bids >= last, 1 - self.shares, 0.0), round.arm, chances)
        has_won = bids[round.arm] > last
        gains = np.where(has_won & (bids > last), 1 - last / round.value, 0.0)
        return one_sided(gains[::-1], len(bids) - 1 - round.arm, chances[::-1])[::-1]

    def wealth(self, view: View) -> int:
        """Money, and tickets at what they are worth to oneself, Gwei."""
        return view.free_gwei + view.escrowed_gwei + sum(self.value(view, own.series) for own in view.tickets)
