"""Hides its private order flow until the last moment."""

from __future__ import annotations

from market.slot_auction import Bids, Post
from strategies.builders.last_minute import LastMinute
from strategies.slot_bidding import from_then, joined, last_moment, rising, until


class Stealth(LastMinute):
    """Bids on the public value alone until the last moment, then on all that it knows (Wu et al. 2023)."""

    def schedule(self, post: Post) -> Bids:
        margin = self.margin(post.rng)
        moment = last_moment(post, self._epsilon)
        open_part = until(rising(post.values.ms, post.values.public, margin), moment)
        return joined(open_part, from_then(post, margin, moment))
