"""All that is found wrong with a rule is told in one round."""

from __future__ import annotations

from experiments.lab.conformance.own_check.further_faults import kind_of
from experiments.lab.conformance.own_check.own_kinds import Wanted, failed, price_verdict
from market import Award, PricingRule

WANTED = Wanted("mine.py:Rule", [], 0, 1)


class ManyFaults(PricingRule):
    past: list[int] = []  # noqa: RUF012

    def clear(self, lots, view):  # noqa: ARG002
        self.past.append(1)
        return [self.sold(lot) for lot in lots]

    def sold(self, lot):
        offers = lot.offers
        if len(offers) == 1:
            return Award(offers[0].bidder, offers[1].price)
        if len(offers) == 2:
            return Award(offers[0].bidder, offers[0].price / 2)
        if offers:
            return Award(77, offers[0].price)
        return None


def test_faults_of_other_kinds_are_told_a_line_each():
    verdict = price_verdict(ManyFaults, WANTED, lambda _: None)
    lines = verdict.text.splitlines()
    assert not verdict.passed
    assert verdict.data["faults"] == [line.removeprefix("mine.py:Rule: ") for line in lines]
    assert verdict.data["fault"] == verdict.data["faults"][0]
    for said in ("covered by no bid", "IndexError", "must be a whole number of Gwei", "keeps ManyFaults.past"):
        assert any(said in line for line in lines), said


def test_a_fault_alone_is_one_line():
    def pricing(lots):
        return lots[0].offers[99]

    assert len(price_verdict(pricing, WANTED, lambda _: None).text.splitlines()) == 1
    assert failed("mine", "this").text == "mine: this"


def test_a_kind_is_told_by_its_line_and_not_by_its_numbers():
    one, same, other = (
        "sale 3: x.py:7 KeyError: 1.5",
        "sale 12: x.py:7 KeyError: -2",
        "sale 3: x.py:8 KeyError: 1",
    )
    assert kind_of(one) == kind_of(same) != kind_of(other)
    assert kind_of("history 0, slot -1: a 3") == kind_of("history 4, block 2: a 1,000") == "a #"
