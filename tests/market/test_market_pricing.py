"""Pricing rules of the primary market, each against its closed form."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest

from market.auctions import Offer, Terms
from market.primary import (
    PRICING,
    Amm,
    Eip1559,
    Elowsson,
    Lot,
    PayAsBid,
    Payment,
    Posted,
    Tullock,
    UniformPrice,
)
from strategies.theory.price_update import price_factor
from strategies.theory.ticket_contest import tullock_contest

ETH = 10**9


def lots(rule, held, unsold, *bids):
    """The lots of a slot; `bids` are (lot, bidder, price) in order of arrival."""
    made = []
    for place, terms in enumerate(rule.offer(held, unsold)):
        mine = [(number, Offer(bidder, price)) for number, (lot, bidder, price) in enumerate(bids) if lot == place]
        made.append(Lot(100 + place, terms, [offer for _, offer in mine], [number for number, _ in mine]))
    return made


def winners(payments):
    """Bidder and price of each lot that was sold, in order of lots."""
    sold = sorted((payment for payment in payments if payment.wins is not None), key=lambda payment: payment.wins)
    return [(payment.bidder, payment.price) for payment in sold]


BIDS = [(0, 1, 30), (0, 2, 50), (0, 3, 40), (1, 1, 20), (1, 3, 45)]


def test_pay_as_bid_sells_to_the_highest_bids_at_their_prices():
    rule = PayAsBid(reserve=10)
    assert winners(rule.clear(lots(rule, 0, 2, *BIDS))) == [(2, 50), (3, 45)]


def test_uniform_price_is_the_highest_bid_that_loses():
    rule = UniformPrice(reserve=10)
    assert winners(rule.clear(lots(rule, 0, 2, *BIDS))) == [(2, 40), (3, 40)]
    assert winners(rule.clear(lots(rule, 0, 2, (0, 1, 30)))) == [(1, 10)]


def test_of_equal_bids_the_earlier_wins():
    for rule in (PayAsBid(), UniformPrice()):
        assert winners(rule.clear(lots(rule, 0, 1, (0, 4, 7), (0, 5, 7)))) == [(4, 7)]


def test_of_one_ticket_they_are_the_sealed_auctions():
    rng = np.random.default_rng(1)
    for _ in range(50):
        bids = [(0, bidder, int(price)) for bidder, price in enumerate(rng.integers(5, 60, size=4), start=1)]
        for rule, sealed in ((PayAsBid(5), "first_price"), (UniformPrice(5), "second_price")):
            lot = lots(rule, 0, 1, *bids)
            assert winners(rule.clear(lot)) == winners(PRICING[sealed](5).clear(lot))


def test_a_dutch_clock_brings_what_a_first_price_sale_does():
    terms = Terms(reserve=10, start=100, tick=1)
    lot = Lot(0, terms, [Offer(1, 30), Offer(2, 55), Offer(3, 40)], [0, 1, 2])
    assert PRICING["dutch"]().clear([lot]) == PRICING["first_price"]().clear([lot]) == [Payment(0, 2, 55, 0)]


@pytest.mark.parametrize(("rule", "shade"), [(UniformPrice, 0), (PayAsBid, 1)])
def test_k_units_to_n_buyers_bring_what_revenue_equivalence_says(rule, shade):
    """Values uniform on [0, 1], one unit each, k = 2 of n = 5: revenue k(n − k)/(n + 1) (Krishna 2010, 13).

    Where all pay their bids the equilibrium bid is the expected highest losing value of those below:
    b(v) = E[Y | Y ≤ v], Y the k-th highest of n − 1 values; here with density ∝ y²(1 − y).
    """
    n, k, rounds = 5, 2, 4000
    rng = np.random.default_rng(2)
    values = rng.random((rounds, n))
    bids = values
    if shade:
        bids = (values**4 / 4 - values**5 / 5) / (values**3 / 3 - values**4 / 4)
    sale = rule()
    revenue = np.array(
        [
            sum(
                payment.price / ETH
                for payment in sale.clear(
                    lots(sale, 0, k, *[(0, bidder, int(bid * ETH)) for bidder, bid in enumerate(row)])
                )
            )
            for row in bids
        ]
    )
    expected = k * (n - k) / (n + 1)
    assert abs(revenue.mean() - expected) <= 4 * revenue.std() / math.sqrt(rounds)


def test_a_posted_price_is_seen_and_paid():
    rule = Posted(reserve=12)
    assert rule.price.now_gwei == 12
    assert winners(rule.clear(lots(rule, 0, 2, (0, 1, 12), (0, 2, 90), (1, 2, 11)))) == [(1, 12)]


def slot(rule, held, unsold=4, *bids):
    """One slot of a quoted rule in which participants hold `held` tickets before and after."""
    sold = rule.clear(made) if (made := lots(rule, held, unsold, *bids)) else []
    rule.close(held + len(sold))
    return sold


@pytest.mark.parametrize("updates", [1, 2])
def test_eip1559_moves_geometrically(updates):
    """p_k = p_0 (1 + a (H − H*)/H*)^(k · updates) at a stock that stays as it is."""
    for held in (0, 40, 50, 75):
        rule = Eip1559(start=1e12, target=50, adjustment=1 / 8, updates=updates)
        for _ in range(20):
            slot(rule, held)
        grown = 1e12 * (1 + (held - 50) / (8 * 50)) ** (20 * updates)
        assert rule.price.now_gwei == pytest.approx(grown, rel=1e-6)


def test_eip1559_serves_all_at_its_price_in_turns():
    rule = Eip1559(start=10.0, target=4, cap=3)
    sold = slot(rule, 2, 5, (0, 1, 30), (1, 1, 12), (2, 1, 11), (0, 2, 10), (0, 3, 9))
    assert winners(sold) == [(1, 10), (2, 10), (1, 10)]
    assert rule.price == (round(10 * (1 + 1 / 4 / 8)), 10)


def test_eip1559_never_falls_below_its_reserve_and_rises_again():
    rule = Eip1559(start=100.0, target=10, reserve=80)
    for _ in range(30):
        slot(rule, 0)
    assert rule.price.now_gwei == 80
    for _ in range(3):
        slot(rule, 20)
    assert rule.price.now_gwei == round(80 * 1.125**3)


def amm(**changes):
    return Amm(**{"start": math.e**6 * (math.e ** (1 / 25) - 1), "target": 50, "steepness": 25} | changes)


@pytest.mark.parametrize("held", [0, 30, 50, 58, 90])
def test_amm_quotes_the_published_price(held):
    excess = held - 50
    published = math.exp(6) * (math.exp((excess + 1) / 25) - math.exp(excess / 25))
    assert amm().quote(held) == max(round(published), 1)


def test_amm_prices_add_up_to_the_cost_of_all():
    rule = amm(start=1e9)
    prices = [terms.reserve for terms in rule.offer(40, 30)]
    assert sum(prices) == pytest.approx(rule.cost(40, 30), abs=30)
    a = 1e9 / math.expm1(1 / 25)
    assert rule.cost(40, 30) == pytest.approx(a * (math.exp(20 / 25) - math.exp(-10 / 25)))


def test_amm_sells_until_no_one_wants_more():
    """Buyers who value a ticket at v leave E of them with p(E − 1) ≤ v < p(E): E = q ln(v / p(0)) rounded up."""
    rule, value = amm(start=1e9), 3_000_000_000
    bids = [(place, bidder, value) for bidder in (1, 2) for place in range(60)]
    sold = slot(rule, 50, 60, *bids)
    assert len(sold) == math.floor(25 * math.log(3)) + 1
    counts = Counter(payment.bidder for payment in sold)
    assert abs(counts[1] - counts[2]) <= 1
    assert rule.price.now_gwei > value >= max(payment.price for payment in sold)


def test_amm_refund_is_never_above_what_the_ticket_cost():
    rule = amm(start=1e9)
    least = -math.expm1(-1 / 25)
    for held in range(30, 80):
        assert rule.refund(held + 1, 0, least) <= rule.quote(held) + 1
    assert rule.refund(50, 0, 0.5) == rule.quote(50) // 2


def test_elowsson_follows_the_two_sided_update():
    rule = Elowsson(start=1e12, target=50, target_orders=2)
    price = 1e12
    for held, orders in ((50, 2), (60, 2), (60, 5), (30, 0), (50, 9)):
        rule.clear(lots(rule, held, 12, *[(0, bidder, 2 * 10**12) for bidder in range(1, orders + 1)]))
        rule.close(held)
        price *= float(price_factor(orders, 2, held - 50, 50))
        assert rule.price.now_gwei == pytest.approx(price, rel=1e-9)


def test_elowsson_counts_no_orders_in_a_slot_in_which_nothing_is_sold():
    rule = Elowsson(start=1e12, target=50, target_orders=2)
    rule.clear(lots(rule, 50, 12, *[(0, bidder, 2 * 10**12) for bidder in range(1, 6)]))
    rule.close(50)
    rule.close(50)
    price = 1e12 * float(price_factor(5, 2, 0, 50) * price_factor(0, 2, 0, 50))
    assert rule.price.now_gwei == pytest.approx(price, rel=1e-9)


def test_a_tullock_contest_is_won_in_proportion_to_spending():
    """Values 4, 3 and 2: all three take part, B = 2/(1/4 + 1/3 + 1/2), shares 1 − B/v (Neuder et al. 2024)."""
    contest = tullock_contest([4, 3, 2])
    assert contest.spend == pytest.approx(24 / 13)
    rng = np.random.default_rng(3)
    rule = Tullock(lambda below, _: int(rng.integers(below)))
    bids = [(0, bidder, round(spent * ETH)) for bidder, spent in enumerate(contest.outlays)]
    rounds, won = 4000, Counter()
    for _ in range(rounds):
        paid = rule.clear(lots(rule, 0, 1, *bids))
        assert [payment.price for payment in paid] == [price for _, _, price in bids]
        won.update(payment.bidder for payment in paid if payment.wins is not None)
    for bidder, share in enumerate(contest.shares):
        assert abs(won[bidder] / rounds - share) <= 4 * math.sqrt(share * (1 - share) / rounds)


def test_a_tullock_contest_without_spending_has_no_winner():
    rule = Tullock(lambda *_: 0)
    assert rule.clear(lots(rule, 0, 1, (0, 1, 0))) == []
    assert rule.clear(lots(rule, 0, 1, (0, 1, 0), (0, 2, 5)))[1] == Payment(0, 2, 5, 0)


EXTRA = {
    "dutch": {"start": 100},
    "eip1559": {"start": 20.0, "target": 4},
    "amm": {"start": 20.0, "target": 4},
    "elowsson": {"start": 20.0, "target": 4},
    "tullock": {"chance": lambda *_: 0},
}


@pytest.mark.parametrize("name", PRICING)
def test_every_rule_has_a_reserve_and_a_cap(name):
    rule = PRICING[name](**{"reserve": 15, "cap": 2} | EXTRA.get(name, {}))
    made = lots(rule, 4, 9)
    assert len(made) == 2
    assert all(lot.terms.reserve >= 15 for lot in made)
    bids = [(place, bidder, 60) for place in (0, 1) for bidder in (1, 2, 3)]
    sold = winners(rule.clear(lots(rule, 4, 9, *bids)))
    assert len(sold) == 2
    assert all(15 <= price <= 60 for _, price in sold)
    assert len(PRICING[name](**EXTRA.get(name, {})).offer(4, 9)) == 9
