"""Formats and times in force are told in one table each: what goes over them asks it."""

from __future__ import annotations

from typing import get_args

import pytest

from chain.wording import alternatives
from market.auction_rows import AUCTIONS
from market.auctions import CODES, FORMATS, PAID_AS_BID, SPECIAL, Terms
from market.contract.code import SEALED, numbered
from market.errors import BadTerms
from market.exchange import ORDERS
from market.intents import TimeInForce
from market.time_in_force import TIFS


def test_what_type_checkers_read_is_the_table():
    assert get_args(TimeInForce) == tuple(TIFS)


def test_signed_numbers_stay_as_they_are_and_none_is_given_twice():
    lives = {name: life.code for name, life in TIFS.items()}
    sealed = {"first_price": 0, "second_price": 1, "third_price": 5, "all_pay": 6, "own": 255}
    formats = sealed | {"english": 2, "dutch": 3, "posted": 4}
    assert formats.items() <= CODES.items()
    assert {"gtc": 0, "ioc": 1, "fok": 2, "post_only": 3}.items() <= lives.items()
    assert len(set(CODES.values())) == len(CODES)
    assert len(set(lives.values())) == len(lives)


def test_what_is_written_of_them_names_all():
    meanings = {column.name: column.meaning for column in (*AUCTIONS.columns, *ORDERS.columns)}
    assert meanings["format"].startswith(", ".join(FORMATS))
    assert meanings["tif"] == alternatives(TIFS)


def test_the_market_contract_takes_sealed_formats_by_their_signed_number():
    assert {0: "first_price", 1: "second_price"}.items() <= SEALED.items()
    assert all(FORMATS[name].code == number for number, name in SEALED.items())
    assert numbered({0: "first_price", 1: "second_price"}) == "0 is first price, 1 second price"


def test_winners_of_first_price_and_dutch_pay_what_they_bid():
    assert {"first_price", "dutch"} <= PAID_AS_BID
    assert not {"second_price", "english"} & PAID_AS_BID
    assert {"third_price", "all_pay", "own"} == SPECIAL


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_judges_its_own_terms(name, make_market):
    terms = Terms(reserve=20, start=10, tick=1)
    market = make_market().begin()
    listing = market.listing(1, 3, name, start=terms.start, reserve=terms.reserve)
    fault = FORMATS[name].fault(terms)
    if fault is None:
        assert market.house.open_sale(listing, 0).terms == terms
    else:
        assert (name, fault) == ("dutch", "the Dutch clock starts at 10, below its reserve 20")
        assert market.refuses(BadTerms, market.house.open_sale, listing, 0) == fault
