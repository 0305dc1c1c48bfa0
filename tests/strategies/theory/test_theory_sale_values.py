"""S(t) of MODEL section 4: irrelevance, information, participation, patience, interior optima, corners."""

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats

from strategies.theory.bids import lowest_bidder
from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array, Continuous, Empirical, Law, NetValue, PosteriorMean
from strategies.theory.order_statistics import second_lowest
from strategies.theory.sale_values import (
    INFORMATION,
    SaleModel,
    SaleValues,
    at_maturity,
    at_start,
    constant_reward,
    gradual,
    informed_sale_values,
    uninformed_sale_values,
)

COST = Continuous(stats.uniform(0.1, 0.4))
BETA = Continuous(stats.beta(2, 5, loc=0.1, scale=0.4))
SAMPLE = Empirical([0.1, 0.2, 0.2, 0.35, 0.5])
CENTRED = Empirical([0.1, 0.3, 0.3, 0.5])
TYPES = Types(COST, constant_reward(1.0))
UNIT = Types(Continuous(stats.uniform()), lambda cost: 1 - cost)


def sale(
    informed: Array, buyers: int, rate: float = 0.01, cost: float = 0.0, types: Types = TYPES, kept: float = 0.0
) -> SaleValues:
    return informed_sale_values(SaleModel(types, informed, buyers, rate, rate, cost, kept=kept))


@pytest.mark.parametrize("buyers", [1, 2, 5])
@pytest.mark.parametrize("law", [COST, BETA, SAMPLE], ids=["uniform", "beta", "sample"])
def test_the_block_of_sale_is_irrelevant(law: Law, buyers: int) -> None:
    values = sale(at_start(64), buyers, types=Types(law, constant_reward(1.0))).values
    assert np.ptp(values) <= 1e-9
    if buyers > 1:
        assert values[0] == pytest.approx(1.01**-64 * (1 - second_lowest(law, buyers)), rel=1e-9)


def test_irrelevance_holds_where_rewards_may_fall_below_costs() -> None:
    rewards = np.array([0.15, 0.3, 1.0])

    def worth(cost: Array) -> Array:
        return np.maximum(rewards - cost[..., None], 0).mean(axis=-1)

    outcome = sale(at_start(16), 4, types=Types(COST, worth))
    cheap = np.sort(COST.ppf(np.random.default_rng(3).random((200_000, 4))), axis=1)[:, 1]
    drawn = worth(cheap)
    assert np.ptp(outcome.values) <= 1e-9
    assert abs(drawn.mean() - 1.01**16 * outcome.values[0]) <= 4 * drawn.std() / np.sqrt(drawn.size)


@pytest.mark.parametrize("information", [gradual, at_maturity])
@pytest.mark.parametrize(("buyers", "direction"), [(2, -1), (3, 0), (4, 1), (8, 1)])
def test_thick_markets_wait_for_information(
    information: Callable[[int], Array], buyers: int, direction: int
) -> None:
    outcome = sale(information(32), buyers)
    steps = np.diff(outcome.values)
    assert (np.sign(steps * (np.abs(steps) > 1e-9)) >= 0).all() if direction > 0 else (steps <= 1e-9).all()
    assert np.sign(outcome.spot_value - outcome.values[0]) == direction or np.ptp(outcome.values) <= 1e-9
    assert outcome.optimal_block == (32 if direction > 0 else 0)


def test_with_three_buyers_information_changes_nothing() -> None:
    assert np.ptp(sale(gradual(32), 3).values) <= 1e-9
    assert np.ptp(sale(gradual(32), 3, types=Types(BETA, constant_reward(1.0))).values) > 1e-4


@pytest.mark.parametrize("law", [COST, BETA, SAMPLE, CENTRED], ids=["uniform", "beta", "sample", "centred"])
def test_gradual_information_agrees_with_the_law_of_posterior_means(law: Law) -> None:
    values = sale(gradual(10), 5, types=Types(law, constant_reward(1.0))).values
    direct = [1 - second_lowest(PosteriorMean(law, block / 10), 5) for block in range(11)]
    np.testing.assert_allclose(1.01**10 * values, direct, rtol=1e-8)


def test_entry_costs_move_the_sale_to_maturity() -> None:
    outcome = sale(at_start(32), 5, cost=0.05)
    assert (np.diff(outcome.thresholds) > 0).all()
    assert (np.diff(outcome.values) > 0).all()
    assert outcome.optimal_block == 32
    assert outcome.equivalence_gap == 0
    assert outcome.thresholds[-1] < 0.5
    stake = 0.05 * 1.01 ** (32 - np.arange(33))
    profit = (1 - outcome.thresholds) * (1 - COST.cdf(outcome.thresholds)) ** 4
    np.testing.assert_allclose(profit, stake, rtol=1e-12)
    for block in (0, 20, 32):
        ahead = 1.01 ** (block - 32)
        lowest = lowest_bidder(NetValue(COST, 1.0, ahead), 5, entry_cost=0.05)
        assert lowest == pytest.approx(ahead * (1 - outcome.thresholds[block]), rel=1e-12)


def test_entry_has_corners() -> None:
    nobody = sale(at_start(100), 5, cost=0.5)
    early = nobody.values == 0
    np.testing.assert_array_equal(early, 0.5 * 1.01 ** (100 - np.arange(101)) >= 0.9)
    np.testing.assert_array_equal(np.isnan(nobody.thresholds), early)
    np.testing.assert_array_equal(nobody.unsold[early], 1.0)
    assert sale(at_start(8), 2, cost=0.0).thresholds == pytest.approx(0.5)
    assert sale(at_start(8), 1, cost=0.3).thresholds == pytest.approx(0.5)
    assert sale(at_start(0), 1, cost=0.7).thresholds == pytest.approx(0.3)


def test_a_sale_to_entrants_agrees_with_simulation() -> None:
    costs = np.sort(COST.ppf(np.random.default_rng(1).random((200_000, 5))), axis=1)
    outcome = sale(at_start(32), 5, cost=0.05)
    for block in (0, 32):
        paid = 1.01**-32 * np.where(costs[:, 1] <= outcome.thresholds[block], 1 - costs[:, 1], 0)
        assert abs(paid.mean() - outcome.values[block]) <= 4 * paid.std() / np.sqrt(len(paid))


@pytest.mark.parametrize(("seller", "block"), [(0.02, 0), (0.005, 40)])
def test_the_impatient_sell_at_once(seller: float, block: int) -> None:
    outcome = informed_sale_values(SaleModel(TYPES, at_start(40), 4, seller, 0.01))
    ratio = outcome.values[1:] / outcome.values[:-1]
    np.testing.assert_allclose(ratio, 1.01 / (1 + seller), rtol=1e-12)
    assert outcome.optimal_block == block


def test_interior_optimum_of_impatience_and_information() -> None:
    outcome = informed_sale_values(SaleModel(TYPES, gradual(60), 8, 0.017, 0.015))
    assert outcome.optimal_block == 52
    assert outcome.equivalence_gap > 0


def test_interior_optimum_of_entry_and_information() -> None:
    outcome = sale(gradual(32), 2, cost=0.05)
    assert outcome.optimal_block == 6
    assert outcome.probabilities[0] == pytest.approx(0.90179, abs=5e-6)
    np.testing.assert_allclose(outcome.values[[0, 6, 32]], [0.41402, 0.41944, 0.39372], atol=5e-6)
    assert outcome.thresholds[0] == pytest.approx(0.3)


def test_mixing_on_the_mean_agrees_with_simulation() -> None:
    outcome, rng = sale(gradual(32), 2, cost=0.05), np.random.default_rng(9)
    for t in (0, 2, 4):
        assert outcome.thresholds[t] == COST.mean()
        knows = rng.random((300_000, 2)) < t / 32
        means = np.where(knows, COST.ppf(rng.random((300_000, 2))), COST.mean())
        mixes = ~knows & (rng.random((300_000, 2)) < outcome.probabilities[t])
        enters = (means < outcome.thresholds[t]) | mixes
        paid = 1.01**-32 * np.where(enters.all(axis=1), 1 - means.max(axis=1), 0)
        assert abs(paid.mean() - outcome.values[t]) <= 4 * paid.std() / np.sqrt(len(paid))


def test_mixing_makes_the_marginal_buyer_indifferent() -> None:
    outcome, t = sale(gradual(32), 4, cost=0.15), np.arange(33)
    on_the_mean = (outcome.thresholds == COST.mean()) & (outcome.probabilities < 1)
    known, q = t / 32, outcome.probabilities
    alone = 1 - known * float(COST.cdf(0.3)) - (1 - known) * q
    profit = 0.7 * alone**3
    assert on_the_mean.sum() >= 3
    np.testing.assert_allclose(profit[on_the_mean], (0.15 * 1.01 ** (32 - t))[on_the_mean], rtol=1e-9)


def test_a_sample_of_costs_mixes_on_its_values() -> None:
    outcome = sale(at_start(0), 3, cost=0.2, types=Types(SAMPLE, constant_reward(1.0)))
    threshold, q = float(outcome.thresholds[0]), float(outcome.probabilities[0])
    below, at = {0.1: (0.0, 0.2), 0.2: (0.2, 0.4), 0.35: (0.6, 0.2)}[threshold]
    assert 0 < q <= 1
    assert (1 - threshold) * (1 - below - at * q) ** 2 == pytest.approx(0.2, rel=1e-9)


@pytest.mark.parametrize(("buyers", "revenue"), [(2, 0.254415), (5, 0.476986)])
def test_samuelson(buyers: int, revenue: float) -> None:
    outcome = sale(at_start(0), buyers, cost=0.1, types=UNIT)
    assert outcome.value == pytest.approx(revenue, abs=5e-7)
    assert 1 - outcome.thresholds[0] == pytest.approx(0.1 ** (1 / buyers), rel=1e-12)


def test_samuelson_in_a_large_market() -> None:
    limit = 1 - 0.1 + 0.1 * np.log(0.1)
    gaps = [limit - sale(at_start(0), buyers, cost=0.1, types=UNIT).value for buyers in (100, 1000, 100_000)]
    assert gaps[0] > gaps[1] > gaps[2] > 0
    assert gaps[2] == pytest.approx(0, abs=1e-4)


def free_entry(buyers: int, cost: float, maturity: int = 0, reserve: float = 0.0) -> SaleValues:
    return uninformed_sale_values(SaleModel(UNIT, at_start(maturity), buyers, 0.01, 0.01, cost, reserve))


def test_levin_and_smith() -> None:
    outcome = free_entry(5, 0.1)
    assert outcome.probabilities[0] == pytest.approx(0.558727, abs=5e-7)
    assert outcome.value == pytest.approx(0.424542, abs=5e-7)
    p, k = outcome.probabilities[0], np.arange(6)
    entrants = stats.binom(5, p).pmf(k)
    assert outcome.value == pytest.approx((entrants[2:] * (k[2:] - 1) / (k[2:] + 1)).sum(), rel=1e-12)
    rivals = stats.binom(4, p).pmf(np.arange(5))
    assert (rivals / ((np.arange(5) + 1) * (np.arange(5) + 2))).sum() == pytest.approx(0.1, rel=1e-10)


def test_uninformed_entry_has_corners() -> None:
    assert free_entry(5, 1 / 30 - 1e-9).probabilities[0] == 1
    assert free_entry(5, 0.5 + 1e-9).probabilities[0] == 0
    assert free_entry(5, 0.5 + 1e-9).value == 0
    assert free_entry(4, 0.0).value == pytest.approx(0.6, rel=1e-10)


def test_uninformed_entry_thickens_towards_maturity() -> None:
    outcome = free_entry(5, 0.1, maturity=40)
    assert (np.diff(outcome.probabilities) > 0).all()
    assert outcome.optimal_block == 40


@pytest.mark.parametrize("reserve", [0.0, 0.4])
def test_uninformed_entry_agrees_with_simulation(reserve: float) -> None:
    outcome, rng = free_entry(5, 0.1, reserve=reserve), np.random.default_rng(2)
    comes = rng.random((200_000, 5)) < outcome.entry[0]
    bids = np.sort(np.where(comes, rng.random((200_000, 5)), -1), axis=1)
    paid = np.where(bids[:, -1] >= reserve, np.maximum(bids[:, -2], reserve), 0)
    profit = np.where(bids[:, -1] >= reserve, bids[:, -1], 0) - paid - 0.1 * comes.sum(axis=1)
    for sample, mean in ((paid, outcome.value), (profit, 0.0)):
        assert abs(sample.mean() - mean) <= 4 * sample.std() / np.sqrt(sample.size)


@pytest.mark.parametrize("buyers", [1, 2, 4])
def test_a_reserve_and_a_holder_who_can_build(buyers: int) -> None:
    outcome = sale(at_start(12), buyers, kept=0.7)
    costs = np.sort(COST.ppf(np.random.default_rng(4).random((200_000, buyers + 1))[:, :buyers]), axis=1)
    worth = np.concatenate((1 - costs, np.full((len(costs), 1), 0.0)), axis=1)
    spot = 1.01**-12 * np.where(worth[:, 0] >= 0.7, np.maximum(worth[:, 1], 0.7), 0.7)
    assert abs(spot.mean() - outcome.spot_value) <= 4 * spot.std() / np.sqrt(spot.size) + 1e-12
    assert outcome.unsold[-1] == pytest.approx(0.5**buyers, rel=1e-9)
    assert outcome.optimal_block == 12


def test_a_ticket_that_nobody_buys_is_kept_until_maturity() -> None:
    outcome = sale(at_start(12), 3, cost=2.0, kept=0.6)
    np.testing.assert_allclose(outcome.values, 0.6 * 1.01**-12, rtol=1e-12)


def test_equals_with_a_known_cost_at_the_mean_mix_alike() -> None:
    outcome = sale(gradual(4), 3, cost=0.2, types=Types(CENTRED, constant_reward(1.0)))
    at_mean = 0.25 * np.arange(4) * 0.5 + 1 - 0.25 * np.arange(4)
    better = 0.25 * 0.25 * np.arange(4)
    profit = (1 - CENTRED.mean()) * (1 - better - at_mean * outcome.probabilities[:4]) ** 2
    np.testing.assert_allclose(profit, 0.2 * 1.01 ** np.arange(4, 0, -1), rtol=1e-9)


@pytest.mark.parametrize("information", INFORMATION)
def test_a_ticket_of_no_maturity_is_sold_at_once_to_buyers_who_know(information: str) -> None:
    outcome = sale(INFORMATION[information](0), 4)
    assert outcome.optimal_block == 0
    assert outcome.value == pytest.approx(1 - second_lowest(COST, 4), rel=1e-10)


def test_what_the_model_refuses() -> None:
    for informed in (gradual(4), at_maturity(4)):
        with pytest.raises(ValueError, match="uninformed entry needs"):
            uninformed_sale_values(SaleModel(TYPES, informed, 4, 0.01, 0.01, 0.1))
    with pytest.raises(ValueError, match="buyers must be at least 1"):
        SaleModel(TYPES, at_start(4), 0, 0.01, 0.01)
    with pytest.raises(ValueError, match="above -1"):
        SaleModel(TYPES, at_start(4), 2, -1.0, 0.01)
    with pytest.raises(ValueError, match="must not be negative"):
        SaleModel(TYPES, at_start(4), 2, 0.01, 0.01, entry_cost=-0.1)
