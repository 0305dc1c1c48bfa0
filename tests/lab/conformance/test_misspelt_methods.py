"""`check` warns of a method that nobody asks and that is called nearly like one that is asked."""

from __future__ import annotations

import pytest

from chain import Independent
from experiments.lab.conformance.own_check.misspelt_methods import misspelt_methods
from experiments.lab.conformance.own_check.own_kinds import Wanted, price_verdict
from market import CostLaw, PricingRule, ReserveRule


class Quotes(PricingRule):
    def clear(self, lots, view):  # noqa: ARG002
        return self.own_way(lots)

    def own_way(self, lots):
        return [None for _ in lots]

    def qoute(self, view):  # noqa: ARG002
        return 5


class Reserves(ReserveRule):
    def reserve(self, view):  # noqa: ARG002
        return 0

    def closed(self, view):
        pass


class Rewards(Independent):
    @property
    def mean_gwe(self):
        return 1.0


class Costs(CostLaw):
    def quantil_gwei(self, share):
        return share


@pytest.mark.parametrize(
    ("kind", "name", "meant"),
    [
        (Quotes, "qoute", "quote"),
        (Reserves, "closed", "close"),
        (Rewards, "mean_gwe", "mean_gwei"),
        (Costs, "quantil_gwei", "quantile_gwei"),
    ],
)
def test_a_method_that_nobody_asks_is_told(kind, name, meant):
    assert misspelt_methods(kind) == [f"{name} is never asked; did you mean {meant}?"]


class Priced(PricingRule):
    def clear(self, lots, view):  # noqa: ARG002
        return [None for _ in lots]

    def price(self, view):  # noqa: ARG002
        return 5

    def _aside(self):
        """Nobody expects that it is asked."""


def test_one_of_another_name_altogether_is_told_with_those_that_are_asked():
    (line,) = misspelt_methods(Priced)
    assert line == "price is never asked; a rule is asked clear, close, name, quote, source, terms"


def test_it_stands_in_the_verdict():
    verdict = price_verdict(Quotes, Wanted("Quotes", [], 1, 1), str)
    assert "warning: qoute is never asked; did you mean quote?" in str(verdict)
