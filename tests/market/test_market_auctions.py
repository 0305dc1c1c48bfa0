"""The sale formats on cases made by hand, and what holds in all cases."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chain.errors import RuleBroken
from market.auctions import FORMATS, Award, Lot, Offer, Payment, Terms, clearings
from market.auctions.clearing import check_payments, clearing_of, many
from market.auctions.format import AuctionFormat
from market.auctions.own_format import OWN_CODE, own_format

HIGH = 1000  # a start of the Dutch clock above all bids
first_price, second_price, english, dutch, third_price, all_pay = FORMATS


def offers(*prices: int) -> list[Offer]:
    """Bids in order of arrival, by bidders 1, 2, …"""
    return [Offer(bidder, price) for bidder, price in enumerate(prices, start=1)]


def payments(format: str, terms: Terms, bids: list[Offer]) -> list[Payment]:
    return list(FORMATS[format].clear(Lot(0, terms, bids)))


def award(format: str, terms: Terms, bids: list[Offer]) -> Award | None:
    """Who wins and what it pays; whoever else pays is told in `payments`."""
    won = [payment for payment in payments(format, terms, bids) if payment.wins == 0]
    return Award(won[0].bidder, won[0].price) if won else None


def at(reserve: int = 0, tick: int = 1, start: int = HIGH) -> Terms:
    return Terms(reserve, start, tick)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("prices", [(), (9,), (9, 3, 0)])
def test_nobody_at_the_reserve_nobody_wins_or_pays(format, prices):
    assert payments(format, at(reserve=10), offers(*prices)) == []


@pytest.mark.parametrize(
    ("format", "terms", "prices", "expected"),
    [
        # the highest pays its bid, or the second-highest, at least the reserve
        (first_price, at(), (30, 50, 40), Award(2, 50)),
        (second_price, at(), (30, 50, 40), Award(2, 40)),
        (english, at(), (30, 50, 40), Award(2, 40)),
        (dutch, at(), (30, 50, 40), Award(2, 50)),
        (second_price, at(45), (30, 50, 40), Award(2, 45)),
        (english, at(45), (30, 50, 40), Award(2, 45)),
        (first_price, at(45), (30, 50, 40), Award(2, 50)),
        (dutch, at(45), (30, 50, 40), Award(2, 50)),
        # a lone bidder pays the reserve where the second price is paid, its own bid else
        (second_price, at(20), (50,), Award(1, 20)),
        (english, at(20), (50,), Award(1, 20)),
        (second_price, at(), (50,), Award(1, 0)),
        (english, at(), (50,), Award(1, 0)),
        (first_price, at(20), (50,), Award(1, 50)),
        (dutch, at(20), (50,), Award(1, 50)),
        # just at the reserve
        (second_price, at(50), (50,), Award(1, 50)),
        (english, at(50), (50,), Award(1, 50)),
        (first_price, at(50), (50,), Award(1, 50)),
        (dutch, at(50), (50,), Award(1, 50)),
        # ties go to the earlier arrival, at the full price
        (first_price, at(), (30, 50, 50), Award(2, 50)),
        (second_price, at(), (30, 50, 50), Award(2, 50)),
        (english, at(), (30, 50, 50), Award(2, 50)),
        (dutch, at(), (30, 50, 50), Award(2, 50)),
        (second_price, at(), (0, 0), Award(1, 0)),
        # the third-highest bid; the reserve where it is more, or fewer than three bid
        (third_price, at(), (30, 50, 40, 20), Award(2, 30)),
        (third_price, at(35), (30, 50, 40), Award(2, 35)),
        (third_price, at(20), (30, 50), Award(2, 20)),
        (third_price, at(20), (50,), Award(1, 20)),
        (third_price, at(), (50, 50, 30), Award(1, 30)),
        (third_price, at(), (30, 50, 30), Award(2, 30)),
        (all_pay, at(), (30, 50, 40), Award(2, 50)),
        (all_pay, at(20), (30, 30), Award(1, 30)),
        (english, at(), (0, 0), Award(1, 0)),
    ],
)
def test_with_ticks_of_1(format, terms, prices, expected):
    assert award(format, terms, offers(*prices)) == expected


@pytest.mark.parametrize(
    ("terms", "prices", "expected"),
    [
        (at(100, 10), (105, 131), Award(2, 110)),  # the clock stands at 110 when the rival is out
        (at(100, 10), (110, 131), Award(2, 110)),  # a rival at 110 is out at 110
        (at(100, 10), (111, 131), Award(2, 120)),
        (at(100, 10), (115, 118), Award(1, 110)),  # both stay at 110 and refuse 120: the earlier has it for 110
        (at(100, 10), (118, 115), Award(1, 110)),
        (at(100, 10), (120, 115), Award(1, 110)),  # at 120 both drop out; 115 was never for 120
        (at(100, 10), (120, 120), Award(1, 120)),
        (at(100, 10), (99, 120), Award(2, 100)),  # one below the reserve is no rival
        (at(100, 1000), (300, 200, 700), Award(1, 100)),  # nobody stays for the first tick
        (at(0, 7), (6, 20, 13), Award(2, 14)),
    ],
)
def test_an_english_clock_with_coarse_ticks(terms, prices, expected):
    assert award(english, terms, offers(*prices)) == expected


@pytest.mark.parametrize(
    ("terms", "prices", "expected"),
    [
        (at(0, 10, 100), (55, 78), Award(2, 70)),  # 100, 90, 80, 70: the first tick at or below 78
        (at(0, 10, 100), (80, 70), Award(1, 80)),
        (at(0, 10, 100), (71, 79), Award(1, 70)),  # one tick for both: the earlier
        (at(0, 10, 100), (120, 150), Award(1, 100)),  # both stop the clock at its start
        (at(72, 10, 100), (78,), None),  # the tick below 78 is below the reserve
        (at(70, 10, 100), (78,), Award(1, 70)),
        (at(0, 30, 100), (9,), None),  # 100, 70, 40, 10, and the clock has run out
        (at(0, 30, 100), (10,), Award(1, 10)),
        (at(0, 5, 0), (40, 50), Award(1, 0)),  # a clock that starts at 0 gives it away
    ],
)
def test_a_dutch_clock_with_coarse_ticks(terms, prices, expected):
    assert award(dutch, terms, offers(*prices)) == expected


prices = st.integers(0, 60)
bids = st.lists(prices, max_size=6).map(lambda prices: offers(*prices))
terms = st.builds(Terms, reserve=prices, start=st.integers(0, 80), tick=st.integers(1, 25))


@given(st.sampled_from([*FORMATS]), terms, bids)
def test_a_payment_is_of_a_bidder_and_never_above_its_own_offer_nor_below_the_reserve(format, terms, bids):
    lot = Lot(0, terms, bids)
    (clearing,) = clearings([lot], FORMATS[format].clear(lot))  # none above its offer, each but once
    assert all(terms.reserve <= payment.price for payment in clearing.paid.values())
    assert (clearing.sale is None) == (not clearing.paid)


@given(terms, bids)
def test_where_all_pay_the_seller_gets_every_bid_that_stands_and_one_wins(terms, bids):
    standing = [offer for offer in bids if offer.price >= terms.reserve]
    paid = payments(all_pay, terms, bids)
    assert Counter((one.bidder, one.price) for one in paid) == Counter(map(tuple, standing))
    assert [one.bidder for one in paid if one.wins == 0] == [
        offer.bidder for offer in standing if award(first_price, terms, bids) == tuple(offer)
    ]


@given(st.sampled_from([format for format in FORMATS if format != "dutch"]), terms, bids)
def test_who_bids_the_reserve_sells_it(format, terms, bids):
    sold = any(offer.price >= terms.reserve for offer in bids)
    assert (award(format, terms, bids) is not None) == sold


@given(prices, bids)
def test_with_ticks_of_1_the_clocks_are_the_sealed_sales(reserve, bids):
    terms = at(reserve, tick=1, start=60)
    assert award(english, terms, bids) == award(second_price, terms, bids)
    assert award(dutch, terms, bids) == award(first_price, terms, bids)


@given(terms, bids)
def test_on_an_english_clock_the_winner_is_within_a_tick_of_the_highest(terms, bids):
    won = award(english, terms, bids)
    assume(won is not None)
    best = max(offer.price for offer in bids)
    own = next(offer.price for offer in bids if offer.bidder == won.bidder)
    assert best - own < terms.tick


@given(st.sampled_from([second_price, english]), prices, prices, prices, st.lists(prices, max_size=5), st.data())
def test_truthful_bidding_is_dominant_where_the_second_price_is_paid(
    format, reserve, value, deviation, rivals, data
):
    """Whatever the rivals bid and whenever one arrives, no other bid pays more than one's value (Vickrey 1961)."""
    arrival = data.draw(st.integers(0, len(rivals)), label="arrival")

    def profit(bid: int) -> int:
        all_prices = [*rivals[:arrival], bid, *rivals[arrival:]]
        won = award(format, at(reserve), offers(*all_prices))
        return value - won.price if won is not None and won.bidder == arrival + 1 else 0

    assert profit(value) >= max(profit(deviation), 0)


def test_a_dutch_clock_may_start_at_its_reserve_and_not_below_nor_at_0():
    fault = FORMATS["dutch"].fault
    assert fault is not None
    assert fault(at(reserve=10, start=10)) is None
    assert fault(at(reserve=10, start=9)) == "the Dutch clock starts at 9, below its reserve 10"
    assert "name start_gwei" in fault(at(reserve=0, start=0))
    assert fault(at(reserve=0, start=1)) is None


BOTH = [Lot(5, Terms(), offers(30, 50)), Lot(6, Terms(), offers(0))]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ([Payment(0, 3, 0, 0)], "is covered by no bid: bidder 3 bid nothing on the lot"),
        ([Payment(0, 1, 31, 0)], "is covered by no bid: bidder 1 bid 30 on the lot$"),
        ([Payment(2, 1, 0, 0)], "is covered by no bid"),
        ([Payment(0, 1, 30, 0), Payment(0, 1, 30, 1)], "bidder 1 bid 30 on the lot, and has paid it"),
        ([Payment(0, 1, 30, 0), Payment(0, 2, 50, 0)], "wins a lot that is not there, or sold"),
        ([Payment(0, 1, 30, 2)], "wins a lot that is not there, or sold"),
        (
            [Award(1, 30)],
            r"answered Award\(bidder=1, price=30\), which is no Payment; that of one lot is "
            r"Payment\(lot=0, bidder=1, price=30, wins=0\)$",
        ),
        ([7], "answered 7, which is no Payment$"),
        ([Payment(0, 1, -1, 0)], "^payment"),
        ([Payment(0, 1, 0.5, 0)], r"eth_to_gwei\(0.5\) where that is ETH"),
    ],
)
def test_a_rule_answers_with_what_was_bid_and_with_lots_that_there_are(wrong, told):
    with pytest.raises(RuleBroken, match=told):
        check_payments(BOTH, wrong)


@pytest.mark.parametrize("one", [Payment(0, 1, 30, 0), Award(1, 30), Terms()])
def test_a_rule_answers_with_a_list(one):
    assert many((one, one)) == [one, one]
    with pytest.raises(RuleBroken, match=re.escape(f"{one!r}, which is one {type(one).__name__}; return a list")):
        many(one)


def test_who_pays_and_wins_nothing_leaves_all_lots_to_be_sold():
    check_payments(BOTH, [Payment(0, 1, 30, None), Payment(0, 2, 50, 1), Payment(1, 1, 0, 0)])


@pytest.mark.parametrize("bids", ["value", "shaded"])
def test_a_format_of_ones_own_has_its_code_special_bids_and_is_on_no_chain(bids):
    clear = FORMATS["first_price"].clear
    for found in (clear, AuctionFormat(3, clear, bids=bids, is_clock=True)):
        made = own_format(found)
        assert (made.code, made.clear, made.bids, made.on_chain) == (OWN_CODE, clear, "special", False)
        assert made.is_clock == isinstance(found, AuctionFormat)


def test_a_bid_may_pay_all_of_itself_and_win_another_lot_or_none():
    check_payments(BOTH, [Payment(0, 1, 30, 1), Payment(0, 2, 50, None), Payment(1, 1, 0, 0)])
    check_payments(BOTH, [])


odd = st.integers(-1, 5) | st.sampled_from([True, False, 1.0, 2.5, None])


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9)), max_size=4, unique_by=lambda offer: offer[0]),
    st.lists(st.builds(Payment, odd, odd, odd, st.none() | odd), max_size=2),
)
def test_one_lot_ends_as_one_of_many_does_and_is_refused_alike(offers, payments):
    lot = Lot(7, Terms(), [Offer(*offer) for offer in offers])
    ends = []
    for ended in (lambda: clearing_of(lot, payments), lambda: clearings([lot], payments)[0]):
        try:
            ends.append(ended())
        except RuleBroken as refusal:
            ends.append(str(refusal))
    assert ends[0] == ends[1]
