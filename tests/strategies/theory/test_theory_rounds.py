"""Rounds of blocks, ahead of time and just in time: the closed forms of MODEL section 9, P7 to P9."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from scipy import stats

from strategies.theory.block_values import AlikeValues, SharedRewards, kth_best, mean_worth
from strategies.theory.expectation import UniformReward, lognormal
from strategies.theory.informed_rounds import (
    InformedResale,
    informed_sale,
    informed_sale_on_paths,
    sums_at,
    sums_of,
)
from strategies.theory.laws import Continuous, Law, UniformLaw
from strategies.theory.reserve_against_hub import ReserveAgainstHub, best_against_hub, best_on_forecast
from strategies.theory.resold_blocks import kept_unsold, worths
from strategies.theory.round_entry import Tenderers, Turnout, entry, outcome, price_range

UNIFORM = UniformLaw(0.0, 1.0)
EXPONENTIAL = Continuous(stats.expon())


def contest(resale: str = "own", **keys: Any) -> Tenderers:
    """Two buyers with values U[0, 1] and ten blocks."""
    return Tenderers(worths(AlikeValues(UNIFORM, 10), 2, resale, "endowed"), 2, **keys)


@pytest.mark.parametrize(
    ("law", "buyers", "spot", "ahead", "informed", "efficiency"),
    [
        (UNIFORM, 2, 10 / 3, 5.0, 4.483667, 0.827450),
        (UNIFORM, 4, 6.0, 5.0, 5.273615, 0.742683),
        (EXPONENTIAL, 2, 5.0, 10.0, 8.238029, 0.784131),
        (EXPONENTIAL, 5, 12.8333333, 10.0, 11.393614, 0.608734),
    ],
)
def test_a_round_of_ten(
    law: Law, buyers: int, spot: float, ahead: float, informed: float, efficiency: float
) -> None:
    values = AlikeValues(law, 10)
    sale = informed_sale(sums_of(law, 10), buyers)
    best = kth_best(values, buyers, 1)
    assert kth_best(values, buyers, 2) == pytest.approx(spot, abs=1e-6)
    assert mean_worth(values) == pytest.approx(ahead, abs=1e-6)
    assert (sale.price, sale.made / best) == pytest.approx((informed, efficiency), abs=1e-6)
    resold = worths(values, buyers, "own", "endowed")
    assert resold.holding - resold.losing_to_buyer == pytest.approx(spot, abs=1e-6)


@pytest.mark.parametrize(("blocks", "price"), [(1, 1 / 3), (2, 0.383333), (10, 0.448367), (100, 0.483709)])
def test_the_price_of_informed_sums_a_block(blocks: int, price: float) -> None:
    assert informed_sale(sums_of(UNIFORM, blocks), 2).price / blocks == pytest.approx(price, abs=1e-6)


@pytest.mark.parametrize(
    ("law", "buyers", "price", "efficiency"),
    [
        (UNIFORM, 2, 0.541667, 0.937500),
        (UNIFORM, 3, 0.614583, 0.944444),
        (UNIFORM, 4, 0.669792, 0.957031),
        (EXPONENTIAL, 2, 1.0, 0.911920),
        (EXPONENTIAL, 3, 1.183940, 0.909868),
    ],
)
def test_a_holder_that_chooses_its_reserve(law: Law, buyers: int, price: float, efficiency: float) -> None:
    found = worths(AlikeValues(law, 1), buyers, "best", "endowed")
    assert found.holding - found.losing_to_buyer == pytest.approx(price, abs=1e-6)
    assert found.made_by_buyer / found.best == pytest.approx(efficiency, abs=1e-6)


def test_buyers_that_know_their_values_and_resell() -> None:
    one, ten = InformedResale(UNIFORM, 1, 2), InformedResale(UNIFORM, 10, 2)
    assert one.price == pytest.approx(0.25, abs=1e-6)
    assert ten.price == pytest.approx(3.067, abs=0.001)
    assert one.gain_against_hub == pytest.approx(0.064150, abs=1e-6)
    drawn = np.random.default_rng(3).random((200_000, 10))
    gain = np.maximum((drawn - drawn**2 / 2).sum(axis=1) - 10 / 3, 0)
    assert abs(gain.mean() - ten.gain_against_hub) < 4 * gain.std() / 200_000**0.5


def test_one_hub_drives_all_buyers_away_at_any_cost() -> None:
    tiny = contest(hubs=1, reserve=0.1, buyer_cost=1e-9)
    alone = outcome(tiny, entry(tiny))
    assert (alone.price, alone.entrants, alone.void_share) == (0.1, 0, 0)
    assert alone.hub_surplus == pytest.approx(10 / 3 - 0.1)
    assert alone.buyer_surplus == pytest.approx(10 / 6)
    free = contest(hubs=1, reserve=0.1)
    assert price_range(free) == pytest.approx((0.1, 10 / 3))
    assert outcome(free, entry(free)).price == pytest.approx(10 / 3)
    two = contest(hubs=2, reserve=0.1, buyer_cost=0.2)
    assert outcome(two, entry(two)).price == pytest.approx(10 / 3)


def test_hub_and_buyers_that_all_pay_mix() -> None:
    paying = contest(hubs=1, reserve=0.1, buyer_cost=0.2, hub_cost=0.2)
    found = entry(paying)
    assert found.buyer == pytest.approx(0.751292, abs=1e-6)
    assert found.hub == pytest.approx(found.buyer)
    result = outcome(paying, found)
    assert (result.price, result.void_share) == pytest.approx((2.831278, 0.015384), abs=1e-6)


def test_a_buyer_with_the_best_reserve_outbids_the_hub() -> None:
    found = worths(AlikeValues(UNIFORM, 1), 2, "best", "endowed")
    plain = worths(AlikeValues(UNIFORM, 1), 2, "none", "endowed")
    assert found.hub == pytest.approx(0.416667, abs=1e-6)
    assert found.holding - found.losing_to_hub == pytest.approx(0.5)
    assert found.holding - plain.losing_to_hub == pytest.approx(0.416667, abs=1e-6)
    assert entry(contest("best", hubs=1, buyer_cost=0.5)).buyer > 0
    assert entry(contest("best", hubs=1, buyer_cost=0.9)).buyer == 0


CONTESTS = [
    {"hubs": 1, "reserve": 0.1, "buyer_cost": 0.3, "hub_cost": 0.2, "unsold": "empty"},
    {"hubs": 3, "reserve": 0.4, "buyer_cost": 0.2, "hub_cost": 0.25},
    {"hubs": 0, "reserve": 1.0, "buyer_cost": 0.4},
    {"hubs": 2, "buyer_cost": 0.05, "hub_cost": 0.6, "kind": "best"},
    {"hubs": 1, "buyer_cost": 0.3, "kind": "best"},
    {"hubs": 2, "buyer_cost": 0.3, "hub_cost": 0.01, "unsold": "empty"},
    {"hubs": 1, "reserve": 5.0, "unsold": "empty", "buyer_cost": 0.01},
]


@pytest.mark.parametrize("keys", CONTESTS)
def test_nobody_gains_by_coming_or_staying_away(keys: dict[str, Any]) -> None:
    kind, unsold = keys.get("kind", "own"), keys.get("unsold", "endowed")
    terms = {key: value for key, value in keys.items() if key not in ("kind", "unsold")}
    game = Tenderers(worths(AlikeValues(UNIFORM, 10), 3, kind, unsold), 3, **terms)
    found = entry(game)
    for own, chance, cost in (("buyer", found.buyer, game.buyer_cost), ("hub", found.hub, game.hub_cost)):
        if own == "hub" and game.hubs == 0:
            continue
        stays_out = played_out(game, found, own, bids=False)
        gain = played_out(game, found, own, bids=True) - stays_out - cost
        surplus = getattr(outcome(game, found), f"{own}_surplus")
        assert surplus == pytest.approx(stays_out + chance * gain, abs=1e-9)
        if chance in (0.0, 1.0):
            assert gain * (2 * chance - 1) >= -1e-9
        else:
            assert gain == pytest.approx(0, abs=1e-9)


def test_a_bid_that_brings_its_cost_leaves_nothing_at_all() -> None:
    """To the last digit: as differences of expected takings and costs these were 1e-17, or less than nothing."""
    mixed = {"hubs": 2, "buyer_cost": 0.3, "hub_cost": 0.01}
    for unsold in ("empty", "endowed"):
        game = Tenderers(worths(AlikeValues(UNIFORM, 10), 3, "own", unsold), 3, **mixed)
        assert outcome(game, entry(game)).hub_surplus == 0.0
    ahead = Tenderers(kept_unsold(AlikeValues(UNIFORM, 10), 3), 3, buyer_cost=0.3)
    assert 0 < entry(ahead).buyer < 1
    assert outcome(ahead, entry(ahead)).buyer_surplus == 0.0
    one = Tenderers(worths(AlikeValues(UniformLaw(0.3, 0.3), 3), 4, "own", "endowed"), 4)
    sold = outcome(one, entry(one))
    assert (sold.price, sold.efficiency, sold.buyer_surplus) == (one.worth.best, 1.0, 0.0)


def played_out(game: Tenderers, found: Turnout, own: str, bids: bool) -> float:
    """What the first buyer, or the first hub, has of every way in which the others may come, one by one."""
    who = ["buyer"] * game.buyers + ["hub"] * game.hubs
    first = who.index(own)
    total = 0.0
    for there in itertools.product((False, True), repeat=len(who)):
        if there[first] is not bids:
            continue
        chance = 1.0
        for seat, comes in enumerate(there):
            if seat != first:
                each = found.buyer if who[seat] == "buyer" else found.hub
                chance *= each if comes else 1 - each
        total += chance * sale(game, who, there, first)
    return total


def sale(game: Tenderers, who: list[str], there: tuple[bool, ...], first: int) -> float:
    """One sale: every bidder its bid, the highest wins, ties by equal chances, the price is the next one's."""
    worth = game.worth
    against = max(worth.holding - worth.losing_to_buyer, game.reserve)
    offers = [
        (against if who[seat] == "buyer" else worth.hub, seat)
        for seat, comes in enumerate(there)
        if comes and (who[seat] == "buyer" or worth.hub >= game.reserve)
    ]
    if not offers:
        return worth.unsold if who[first] == "buyer" else 0.0
    top = max(bid for bid, _ in offers)
    paid = max([game.reserve, *sorted(bid for bid, _ in offers)[:-1][-1:]])
    winners = [seat for bid, seat in offers if abs(bid - top) < 1e-9]
    return sum(gained(game, who, seat, first, paid) for seat in winners) / len(winners)


def gained(game: Tenderers, who: list[str], winner: int, first: int, paid: float) -> float:
    worth = game.worth
    if winner == first:
        return (worth.holding if who[first] == "buyer" else worth.hub) - paid
    if who[first] == "hub":
        return 0.0
    return worth.losing_to_buyer if who[winner] == "buyer" else worth.losing_to_hub


def test_a_reserve_against_one_hub() -> None:
    law = Continuous(stats.lognorm(0.905, scale=np.exp(-(0.905**2) / 2)))
    found = best_against_hub(law)
    figures = (found.reserve, found.revenue, found.void_share, found.efficiency)
    assert figures == pytest.approx((0.770067, 0.334938, 0.565054, 0.770716), abs=1e-6)
    assert found.left_to_buyer(0.5) == pytest.approx(-0.0912, abs=5e-5)
    assert found.left_to_buyer(1.0) == pytest.approx(0.0234, abs=5e-5)
    assert found.left_to_buyer(0.8978) == pytest.approx(0, abs=2e-5)
    for other in (0.7, 0.85):
        assert ReserveAgainstHub(law, other).revenue < found.revenue


@pytest.mark.parametrize(
    ("phi", "figures"),
    [(0.9, (0.691321, 0.532255, 0.230090, 0.871399)), (0.386, (0.740467, 0.353251, 0.522935, 0.781521))],
)
def test_a_reserve_on_a_forecast(phi: float, figures: tuple[float, ...]) -> None:
    found = best_on_forecast(0.905, phi)
    assert (found.reserve, found.revenue, found.void_share, found.efficiency) == pytest.approx(figures, abs=1e-6)


def test_values_that_share_the_reward() -> None:
    rng = np.random.default_rng(5)
    cost = UniformLaw(0.1, 0.9)
    values = SharedRewards(cost, [(UniformReward(0.2, 1.5), 2)])
    drawn = np.maximum(rng.uniform(0.2, 1.5, (100_000, 1)) - rng.uniform(0.1, 0.9, (100_000, 3)), 0)
    ranked = np.sort(drawn, axis=1)
    for rank in (1, 2):
        error = ranked[:, -rank].std() / 100_000**0.5
        assert abs(kth_best(values, 3, rank) / 2 - ranked[:, -rank].mean()) < 4 * error


def test_known_rewards_that_may_not_be_worth_their_cost_are_summed() -> None:
    rng = np.random.default_rng(6)
    sums = np.maximum(0.5 - rng.random((200_000, 2, 4)), 0).sum(axis=2)
    found = informed_sale(sums_at(UNIFORM, 0.5, 4), 2, reserve=0.6)
    ranked = np.sort(sums, axis=1)
    price = np.where(ranked[:, 1] >= 0.6, np.maximum(ranked[:, 0], 0.6), 0)
    assert abs(found.price - price.mean()) < 4 * price.std() / 200_000**0.5
    assert found.mean == pytest.approx(0.5, abs=1e-9)


def test_all_bid_where_there_is_no_reserve() -> None:
    """Also where what is left unused is put on a point just below 0, and a path of rewards is worth little."""
    paths = np.random.default_rng(7).lognormal(-1.0, 0.8, (20, 6))
    for found in informed_sale_on_paths(UNIFORM, paths, 3, 0.0, 0.0):
        assert (found.entrants, found.sold) == (3, 1)
        assert 0 <= found.price <= found.made


def test_informed_entry_is_samuelsons_with_one_block() -> None:
    found = informed_sale(sums_of(UNIFORM, 1), 5, cost=0.1)
    assert found.price == pytest.approx(0.476986, abs=1e-5)


def test_a_hub_sets_its_reserve_after_the_reward_is_seen() -> None:
    """U[0, 1] costs and a lognormal reward: the best price of a block is R/2 for one buyer with R ≤ 1, by hand."""
    values = SharedRewards(UNIFORM, [(lognormal(0.4, 0.3), 1)])
    found = worths(values, 1, "best", "endowed")
    reward = np.random.default_rng(8).lognormal(np.log(0.4) - 0.045, 0.3, 400_000)
    taken = np.where(reward <= 2, reward**2 / 4, reward - 1)
    assert abs(found.hub - taken.mean()) < 4 * taken.std() / 400_000**0.5
