"""Contest, early or late, price update, market thickness, the window of Moser."""

from fractions import Fraction

import numpy as np
import pytest
from scipy import stats

from strategies.theory.arrivals import second_of_crowd, thickening_sale_values
from strategies.theory.before_or_after import early_price, late_price, late_price_with_reserve, late_wins
from strategies.theory.buyer_types import Types
from strategies.theory.laws import Array, Continuous, Empirical
from strategies.theory.moser import window_values
from strategies.theory.order_statistics import kth_highest
from strategies.theory.price_update import price_factor
from strategies.theory.reserve import optimal_reserve
from strategies.theory.ticket_contest import tullock_contest

UNIFORM = Continuous(stats.uniform())
UNIT = Types(UNIFORM, lambda cost: 1 - cost)


def test_a_contest_of_two() -> None:
    contest = tullock_contest([4, 2])
    assert contest.spend == pytest.approx(4 / 3, rel=1e-12)
    np.testing.assert_allclose(contest.shares, [2 / 3, 1 / 3], rtol=1e-12)


def test_a_contest_leaves_the_weak_out() -> None:
    contest = tullock_contest([10, 30, 20])
    assert contest.spend == pytest.approx(12, rel=1e-12)
    np.testing.assert_array_equal(contest.active, [False, True, True])
    assert contest.shares.sum() == pytest.approx(1, rel=1e-12)
    assert contest.outlays.sum() == pytest.approx(12, rel=1e-12)


@pytest.mark.parametrize("values", [(4.0, 2.0), (10.0, 30.0, 20.0), (5.0, 5.0, 5.0, 4.9, 1.0)])
def test_no_other_outlay_earns_more_in_a_contest(values: tuple[float, ...]) -> None:
    contest = tullock_contest(values)
    outlay = np.linspace(1e-9, max(values), 20_001)
    for value, own in zip(values, contest.outlays, strict=True):
        rivals = contest.spend - own
        best = (value * outlay / (outlay + rivals) - outlay).max()
        assert best <= value * own / contest.spend - own + 1e-9


def test_a_contest_needs_two() -> None:
    with pytest.raises(ValueError, match="at least two"):
        tullock_contest([3.0])
    with pytest.raises(ValueError, match="positive value"):
        tullock_contest([3.0, 0.0])


@pytest.mark.parametrize(("buyers", "gain"), [(2, -1 / 6), (3, 0), (4, 0.1)])
def test_early_wins_thin_markets_and_late_wins_thick_ones(buyers: int, gain: float) -> None:
    laws = [UNIFORM] * buyers
    assert late_price(laws) - early_price(laws) == pytest.approx(gain, abs=1e-12)
    assert late_wins(laws) == (gain > 0 or late_price(laws) > early_price(laws))


def test_with_the_optimal_reserve_late_wins_from_three() -> None:
    late = [late_price_with_reserve(UNIFORM, buyers, float(optimal_reserve(UNIFORM))) for buyers in (2, 3)]
    assert late == pytest.approx([5 / 12, 17 / 32], rel=1e-12)
    assert late[0] < 0.5 < late[1]


def test_unlike_buyers_by_simulation() -> None:
    laws = [UNIFORM, Continuous(stats.beta(2, 2, scale=1.5)), Empirical([0.2, 0.9])]
    rng = np.random.default_rng(12)
    values = np.sort([law.ppf(rng.random(200_000)) for law in laws], axis=0)[-2]
    assert abs(values.mean() - late_price(laws)) <= 4 * values.std() / np.sqrt(values.size)
    assert early_price(laws) == pytest.approx(0.55)
    with pytest.raises(ValueError, match="buyers must be at least 2"):
        early_price([UNIFORM])


def test_elowssons_price() -> None:
    factors = price_factor(np.arange(5), 1.0, 0.0, 32.0)
    np.testing.assert_allclose(factors, [0.968994, 1, 1.03149, 1.06348, 1.09595], atol=5e-6)
    assert factors[0] == pytest.approx(0.968994, abs=5e-7)
    assert float(price_factor(1, 1.0, 8.0, 32.0)) == pytest.approx(1 + 8 / 256, rel=1e-14)
    with pytest.raises(ValueError, match="targets must be positive"):
        price_factor(1, 0.0, 0.0, 32.0)


def direct_thickness(rate: float, delta: float, block: int) -> float:
    count = np.arange(2, 400)
    chances = stats.poisson(rate * block).pmf(count)
    return float(delta**block * (chances * (count - 1) / (count + 1)).sum())


def test_a_market_thickens() -> None:
    blocks = np.arange(60)
    values = thickening_sale_values(UNIT, 0.5, blocks, 1 / 0.97 - 1)
    assert int(values.argmax()) == 13
    assert values.max() == pytest.approx(0.467265, abs=5e-7)
    direct = [direct_thickness(0.5, 0.97, int(block)) for block in blocks]
    np.testing.assert_allclose(values, direct, atol=1e-12)


@pytest.mark.parametrize("mean", [0.0, 0.01, 3.0, 100.0])
def test_the_second_of_a_crowd(mean: float) -> None:
    sample = Empirical([0.1, 0.4, 0.45])
    count = np.arange(2, 300)
    second = [kth_highest(Empirical([0.9, 0.6, 0.55]), int(size), 2) for size in count]
    direct = float(stats.poisson(mean).pmf(count) @ second)
    crowd = second_of_crowd(Types(sample, lambda cost: 1 - cost), np.array(mean))
    assert float(crowd) == pytest.approx(direct, abs=1e-9)
    with pytest.raises(ValueError, match="must not be negative"):
        thickening_sale_values(UNIT, -1.0, [1], 0.01)


def moser(terms: int) -> list[Fraction]:
    sequence = [Fraction(1, 2)]
    while len(sequence) < terms:
        sequence.append((1 + sequence[-1] ** 2) / 2)
    return sequence


def test_mosers_sequence() -> None:
    values = window_values(UNIFORM, 12)
    assert moser(3) == [Fraction(1, 2), Fraction(5, 8), Fraction(89, 128)]
    np.testing.assert_allclose(values, [float(term) for term in moser(13)], rtol=1e-12)


def passing(rewards: Array, cost: float, values: Array, rate: float) -> Array:
    paid = np.zeros(len(rewards))
    waits = np.ones(len(rewards), dtype=bool)
    for block in range(rewards.shape[1]):
        left = rewards.shape[1] - 1 - block
        bar = values[left - 1] / (1 + rate) if left else 0.0
        takes = waits & (rewards[:, block] - cost >= bar)
        paid[takes] = (rewards[takes, block] - cost) / (1 + rate) ** block
        waits &= ~takes
    return paid


def test_a_window_with_costs_by_simulation() -> None:
    law = Continuous(stats.lognorm(0.8, scale=0.5))
    values = window_values(law, 6, discount_rate=0.05, cost=0.3)
    paid = passing(law.ppf(np.random.default_rng(10).random((100_000, 7))), 0.3, values, 0.05)
    assert (np.diff(values) > 0).all()
    assert abs(paid.mean() - values[-1]) <= 4 * paid.std() / np.sqrt(paid.size)
