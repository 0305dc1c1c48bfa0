"""A pricing rule of the user's own, of which is said by name what it raises."""

from __future__ import annotations

from collections.abc import Sequence

from experiments.lab.assembly.blamed_rule import blamed, blamed_list
from experiments.lab.assembly.outside_memory import OutsideMemory
from market.auctions.terms import Award, Lot, Payment, Terms
from market.primary import PricingRule, SaleView


class BlamedPricing(PricingRule):
    """The same rule. Raises `RuleBroken` for whatever it raises, with the user's own line.

    It goes into no checkpoint where it has changed what lies outside of it: then `RemembersOutside` is raised.
    """

    def __init__(self, called: str, rule: PricingRule) -> None:
        self.name = rule.name
        self.rule = rule
        self._called = called
        self._outside = OutsideMemory(rule.source)

    def quote(self, view: SaleView) -> int | None:
        quoted: int | None = blamed(self._called, self.rule.quote, view)
        return quoted

    def terms(self, view: SaleView) -> Sequence[Terms]:
        return blamed_list(self._called, self.rule.terms, view)

    def clear(self, lots: Sequence[Lot], view: SaleView) -> Sequence[Award | Payment | None]:
        return blamed_list(self._called, self.rule.clear, lots, view)

    def close(self, view: SaleView) -> None:
        blamed(self._called, self.rule.close, view)

    def __getstate__(self) -> tuple[str, PricingRule]:
        self._outside.check(self._called)
        return self._called, self.rule

    def __setstate__(self, state: tuple[str, PricingRule]) -> None:
        self._called, self.rule = state
        self.name = self.rule.name
        self._outside = OutsideMemory(self.rule.source)
