"""A method with other arguments than the market gives it is refused before it is asked."""

from __future__ import annotations

import re

import pytest

from chain import Independent
from experiments.lab.assembly.asked_forms import check_forms
from experiments.lab.config.errors import InputError
from market import CostLaw, PricingRule, ReserveRule


class Prices(PricingRule):
    def clear(self, lots):
        return [None for _ in lots]


class Reserves(ReserveRule):
    def reserve(self):
        return 0


class Rewards(Independent):
    def sample(self, rng):
        return rng.random()


class Costs(CostLaw):
    def sample(self, rng, size, law):
        return rng.random(size) * law


class Wide(PricingRule):
    def clear(self, *asked):
        return [None for _ in asked[0]]

    def quote(self, view, start=5):
        return start + view.held


FORMS = [
    (Prices, "clear(self, lots) is asked as clear(self, lots, view); write it so"),
    (Reserves, "reserve(self) is asked as reserve(self, view); write it so"),
    (Rewards, "sample(self, rng) is asked as sample(self, rng, size); write it so"),
    (Costs, "sample(self, rng, size, law) is asked as sample(self, rng, size); write it so"),
]


@pytest.mark.parametrize(("kind", "says"), FORMS)
def test_another_form_is_told_with_the_right_one(kind, says):
    with pytest.raises(InputError, match=re.escape(f"the.key: mine.py:Kind: {says}")):
        check_forms(kind, "the.key", "mine.py:Kind")


def test_what_takes_more_than_it_is_given_is_fine():
    check_forms(Wide, "the.key", "mine.py:Wide")
