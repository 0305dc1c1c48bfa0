"""Order flow in a run: the signals of each slot, and which of them reach which account."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from chain.randomness import Streams
from market.costs import CostPath, FixedCost
from market.slot_auction.proposer import Proposer
from market.slot_auction.signals import SignalLaw, Signals


class Opening(NamedTuple):
    """A slot as it opens: when its proposer will come (ms), all its signals, and the randomness that is left."""

    end_ms: int
    signals: Signals
    rng: np.random.Generator


class OrderFlow:
    """Every slot's signals, from the seed of the run, whoever asks for them. Private ones reach an account with an
    access probability that is drawn for it once a slot, uniformly between the two of the law."""

    def __init__(self, law: SignalLaw, proposer: Proposer, streams: Streams) -> None:
        self._law = law
        self._proposer = proposer
        self._streams = streams
        self._slot = -1
        self._signals: Signals | None = None
        self._seen: dict[int, Signals] = {}

    def open(self, slot: int) -> Opening:
        """The slot from its beginning."""
        rng = self._streams.generator("slot_auction", slot)
        end = self._proposer.draw_end(rng)
        signals = self._law.draw(rng, self._proposer.due_ms)
        self._slot = slot
        self._signals = signals
        self._seen = {}
        return Opening(end, signals, rng)

    def seen(self, slot: int, account: int) -> Signals:
        """The signals that reach an account."""
        signals = self._of(slot)
        if self._law.access == (1.0, 1.0):
            return signals
        if account not in self._seen:
            self._seen[account] = self._draw_seen(signals, slot, account)
        return self._seen[account]

    def share(self, slot: int, account: int) -> float:
        """The share of a block's value that reaches an account; all of it, where there is none."""
        total = int(self._of(slot).gwei.sum())
        if total:
            return int(self.seen(slot, account).gwei.sum()) / total
        return 1.0

    def _draw_seen(self, signals: Signals, slot: int, account: int) -> Signals:
        rng = self._streams.generator("order_flow", slot, account)
        reaches = signals.is_public | (rng.random(len(signals.ms)) < rng.uniform(*self._law.access))
        return Signals(signals.ms[reaches], signals.gwei[reaches], signals.is_public[reaches])

    def _of(self, slot: int) -> Signals:
        if self._signals is None or self._slot != slot:
            return self.open(slot).signals
        return self._signals


class FlowPath:
    """An account that makes of a block what it sees of its order flow, at the costs of another path."""

    def __init__(self, path: CostPath | FixedCost, flow: OrderFlow, account: int) -> None:
        self._path = path
        self._flow = flow
        self._account = account

    def gross(self, slot: int, reward: int) -> int:
        """What it makes of the block before its cost, Gwei."""
        return int(reward * self._flow.share(slot, self._account))

    def cost(self, block: int) -> int:
        """The cost of one block."""
        return self._path.cost(block)

    def between(self, first: int, last: int) -> Sequence[int]:
        """The costs of blocks `first … last`."""
        return self._path.between(first, last)
