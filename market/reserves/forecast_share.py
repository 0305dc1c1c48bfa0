"""A reserve on what everyone expects of the block."""

from __future__ import annotations

from market.reserves.reserve_rule import ReserveRule
from market.reserves.reserve_view import ReserveView


class ForecastShare(ReserveRule):
    """A share of the expected reward of the block, or of the round, given all that is public when the lot is put
    up. What bidders do does not move it."""

    def __init__(self, share: float) -> None:
        self.share = share

    def reserve(self, view: ReserveView) -> int:
        return round(self.share * view.expected_gwei)
