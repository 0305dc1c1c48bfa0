"""Bids what it knows the block to be worth, less its margin."""

from __future__ import annotations

from market.slot_auction import Bids, Post
from strategies.slot_bidding import SlotBuilder, rising


class Naive(SlotBuilder):
    """A bid at every signal: the value so far less the margin (Wu et al. 2023)."""

    def schedule(self, post: Post) -> Bids:
        return rising(post.values.ms, post.values.total, self.margin(post.rng))
