"""Who has a bid for a format, and what those say that have none."""

from __future__ import annotations

import pytest

from experiments import run
from experiments.lab.verify import verify_run
from market.errors import NoBid, WrongIntent
from market.fitting import Unfit, refusal_of
from strategies.bid_formats import answer
from strategies.buyers.truthful import Truthful
from tests.strategies.views import auction, setup, view

SELLER = {"strategy": "at_once", "role": "seller", "parameters": {"format": "third_price"}}


class Bold(Truthful):
    bids_in = frozenset({"all_pay"})


def lot(format: str):
    return auction(1)._replace(format=format)


def test_one_without_a_bid_stays_out_and_says_so_once():
    buyer = Truthful()
    buyer.start(setup())
    seen = view((lot("all_pay"), lot("second_price")._replace(id=2)))
    first, again = answer(buyer, "bid", seen), answer(buyer, "bid", seen)
    assert [one.auction for one in again] == [2]
    assert first[:-1] == again
    assert refusal_of(first[-1]).code == NoBid.code == "no_bid"
    assert 'Truthful has no bid for auctions of the format "all_pay"' in str(refusal_of(first[-1]))


def test_one_that_names_a_format_sees_its_auctions():
    buyer = Bold()
    buyer.start(setup())
    assert [one.auction for one in answer(buyer, "bid", view((lot("all_pay"),)))] == [1]
    assert [type(one) for one in answer(buyer, "bid", view((lot("own"),)))] == [Unfit]


def test_a_strategy_that_makes_up_a_refusal_says_nothing_else():
    assert type(refusal_of(Unfit("insufficient_funds", "x"))) is WrongIntent


def played(*buyers, **market):
    return run(
        {"agents": [SELLER, *buyers], "chain": {"maturity": 4}, "market": market},
        blocks=30,
        signatures="off",
    )


def test_in_a_run_they_say_so_in_the_violations():
    result = played({"strategy": "truthful", "role": "buyer", "count": 3})
    assert list(result.violations["code"]) == ["no_bid"] * 3
    assert not (result.trades["market"] == "secondary").any()


@pytest.mark.parametrize("isolation", [{}, {"mode": "process", "strategies": ["truthful"]}])
def test_isolated_ones_say_the_same(isolation, tmp_path):
    buyer = {"strategy": "truthful", "role": "buyer"}
    result = run(
        {"agents": [SELLER, buyer], "chain": {"maturity": 4}, "isolation": isolation},
        blocks=12,
        out=tmp_path / "r",
    )
    assert list(result.violations["code"]) == ["no_bid"]
    assert verify_run(result.path).is_sound


def test_where_theory_has_no_bid_the_equilibrium_says_why_once():
    result = played({"strategy": "equilibrium", "role": "buyer", "count": 2})
    assert list(result.violations["code"]) == ["no_bid"] * 2
    assert result.violations["message"].str.contains("must be at least 3, not 2").all()


def test_a_third_price_bid_above_ones_money_is_refused_and_not_cut():
    buyers = {"strategy": "equilibrium", "role": "buyer", "count": 4, "endowment_eth": 0.03}
    result = played(buyers)
    assert set(result.violations["code"]) == {"insufficient_funds"}
