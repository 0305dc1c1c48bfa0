"""Optimal stopping by grid, by simulation and by least squares: each against another route."""

import numpy as np
import pytest
from scipy import stats

from strategies.theory.bids import first_price_bid, ranked_bid
from strategies.theory.crowd import Arrived, Fixed, Thinned
from strategies.theory.expectation import LognormalReward, UniformReward, lognormal
from strategies.theory.kinks import best_of
from strategies.theory.laws import Array, NetValue, UniformLaw
from strategies.theory.least_squares import fit, mean_and_error, regress_positive, stopped
from strategies.theory.public_state import Autoregression, IndependentRewards, Known
from strategies.theory.quadrature import nodes_between
from strategies.theory.sale import informed_sale
from strategies.theory.sale_values import at_start, gradual
from strategies.theory.stopping import Stopping, best_stopping
from strategies.theory.ticket_sale import SaleTable, SaleTerms, maturity_sales, plan_values
from strategies.theory.window import window_sales

COST = UniformLaw(0.1, 0.5)
PHI, SIGMA, LAST, RATE = 0.8, 0.3, 16, 0.01
CENTRE = float(np.log(0.4))
WALK = Autoregression(CENTRE, PHI, SIGMA, CENTRE, LAST)


def walks(count: int, seed: int) -> Array:
    """Rewards of blocks 0 … T on simulated paths, shape (count, T + 1)."""
    logs = np.full((count, LAST + 1), CENTRE)
    shocks = np.random.default_rng(seed).standard_normal((count, LAST))
    for block in range(LAST):
        logs[:, block + 1] = CENTRE + PHI * (logs[:, block] - CENTRE) + SIGMA * shocks[:, block]
    return np.exp(logs)


def terms(cost: float = 0.0, informed: Array | None = None, seller: float = RATE, buyers: int = 3) -> SaleTerms:
    return SaleTerms(
        COST, at_start(LAST) if informed is None else informed, informed_sale, seller, RATE, buyers, 0.0, cost
    )


def solved(model: SaleTerms, state: Autoregression = WALK) -> tuple[SaleTable, Array, Stopping]:
    table, horizons = maturity_sales(model, state), np.full(LAST + 1, float(LAST))
    plans = plan_values(state, table.values, model.seller_rate, horizons)
    return table, plans, best_stopping(state, table.values, model.seller_rate, horizons)


@pytest.mark.parametrize("phi", [-0.7, 0.0, 0.5, 0.99])
def test_the_grid_knows_the_mean_reward(phi: float) -> None:
    state = Autoregression(0.0, phi, 0.2, 0.5, 40)
    value = state.rewards[40]
    for block in range(39, -1, -1):
        value = state.expected(block, value, 40)
        direct = state.ahead(slice(block, block + 1), 40).mean[0, :, 0]
        np.testing.assert_allclose(value, direct, rtol=1e-10)
    assert float(state.mean(7, state.rewards[7], 7)) == pytest.approx(
        float(np.exp(phi**7 * 0.5 + state.sd(7) ** 2 / 2)), rel=1e-10
    )


def test_the_grid_knows_the_surplus() -> None:
    state = Autoregression(CENTRE, PHI, SIGMA, CENTRE, LAST, 401)
    value = np.maximum(state.rewards[LAST] - 0.45, 0.0)
    value = best_of(state.rewards[LAST] - 0.45, np.zeros(state.scores.size))
    for block in range(LAST - 1, -1, -1):
        value = state.expected(block, value, LAST)
    exact = state.ahead(slice(0, 1), LAST).surplus(np.full((1, 1, 1), 0.45))[0, 0, 0]
    assert value[0] == pytest.approx(exact, rel=1e-6)


def test_surplus_in_closed_form_agrees_with_quadrature() -> None:
    for law in (lognormal(0.3, 0.7), UniformReward(0.1, 0.6)):
        for cost in (0.0, 0.05, 0.3, 0.9):
            quantile, weight = nodes_between(np.union1d(np.linspace(0, 1, 200), law.cdf(cost)))
            direct = np.maximum(law.ppf(quantile) - cost, 0) @ weight
            assert float(law.surplus(cost)) == pytest.approx(direct, rel=1e-5, abs=1e-9)
        assert float(law.mean) == pytest.approx(law.ppf(quantile) @ weight, rel=1e-6)
        np.testing.assert_allclose(law.cdf(law.ppf([0.2, 0.7])), [0.2, 0.7], rtol=1e-12)
    sure = LognormalReward(np.log([0.3, 0.5]), np.zeros(1))
    np.testing.assert_allclose(sure.surplus(np.array([0.4, 0.4])), [0, 0.1], atol=1e-15)


@pytest.mark.parametrize(
    "case", [terms(0.02), terms(0.02, gradual(LAST), buyers=2), terms(0.05, gradual(LAST), 0.06, 8)]
)
def test_the_grid_agrees_with_simulation(case: SaleTerms) -> None:
    table, plans, stopping = solved(case)
    paths = walks(100_000, 3)
    sold, earned = np.full(len(paths), -1), np.zeros(len(paths))
    for block in range(LAST + 1):
        seen = paths[:, block]
        worth = (
            np.interp(seen, WALK.rewards[block], table.values[block])
            if block
            else np.full_like(seen, table.values[0, 0])
        )
        assert abs(worth.mean() * (1 + case.seller_rate) ** -block - plans[block]) <= 4 * worth.std() / 316 + 1e-5
        stops = (sold < 0) & stopping.sells(block, seen)
        earned[stops], sold[stops] = worth[stops] * (1 + case.seller_rate) ** -block, block
    assert (sold >= 0).all()
    assert abs(earned.mean() - stopping.value) <= 4 * earned.std() / 316 + 1e-5 * stopping.value
    share = np.bincount(sold, minlength=LAST + 1) / len(paths)
    assert (np.abs(share - stopping.distribution) <= 4 * np.sqrt(share * (1 - share) / len(paths)) + 2e-3).all()


def test_least_squares_agrees_with_the_grid() -> None:
    case = terms(0.05, gradual(LAST), seller=0.06, buyers=8)
    table, plans, stopping = solved(case)

    def view(seed: int) -> tuple[Array, Array]:
        paths = walks(40_000, seed)
        worth = [np.interp(paths[:, t], WALK.rewards[t], table.values[t]) for t in range(1, LAST + 1)]
        worth = [np.full(len(paths), table.values[0, 0]), *worth]
        return paths, np.stack(worth, axis=1) * 1.06 ** -np.arange(LAST + 1.0)

    def features(paths: Array, block: int) -> Array:
        return np.vander(np.log(paths[:, block]) - CENTRE, 5, increasing=True)

    seen, payoffs = view(1)
    rule = fit(payoffs, lambda block: features(seen, block))
    fresh, payoffs = view(2)
    blocks = stopped(rule, LAST, lambda block: features(fresh, block))
    value, error = mean_and_error(payoffs[np.arange(len(blocks)), blocks], np.arange(len(blocks)))
    assert stopping.value > plans.max() + 2e-3
    assert -4 * error - 3e-4 <= value - stopping.value <= 4 * error


def test_the_american_put_of_longstaff_and_schwartz() -> None:
    def market(seed: int) -> Array:
        shocks = np.random.default_rng(seed).standard_normal((25_000, 50))
        steps = (0.06 - 0.02) / 50 + 0.2 / np.sqrt(50) * np.concatenate((shocks, -shocks))
        return 36 * np.exp(np.concatenate((np.zeros((len(steps), 1)), np.cumsum(steps, axis=1)), axis=1))

    def put(prices: Array) -> Array:
        return np.maximum(40 - prices, 0) * np.exp(-0.06 * np.arange(51) / 50)

    def features(prices: Array, block: int) -> Array:
        return np.vander(prices[:, block] / 40, 5, increasing=True)

    seen, fresh = market(1), market(2)
    later = np.arange(51) > 0  # 50 dates, of which today is none
    rule = fit(put(seen), lambda block: features(seen, block), (put(seen) > 0) & later)
    blocks = stopped(rule, 50, lambda block: features(fresh, block), (put(fresh) > 0) & later)
    earned = put(fresh)[np.arange(len(blocks)), blocks]
    value, error = mean_and_error(earned, np.tile(np.arange(25_000), 2))
    assert error < 0.02
    assert abs(value - 4.47781) <= 4 * error


def test_the_window_agrees_with_simulated_exercise() -> None:
    case = terms(buyers=2)
    sales = window_sales(case, WALK)
    plans = plan_values(WALK, sales.right.values, RATE, np.arange(LAST + 1.0))
    free = SaleTerms(UniformLaw(0.3, 0.3), at_start(LAST), informed_sale, RATE, RATE, 2)
    held = window_sales(free, Autoregression(CENTRE, PHI, SIGMA, CENTRE, LAST, 801)).right.values
    paths = walks(100_000, 7)
    earned = np.maximum(paths[:, LAST] - 0.3, 0) * 1.01**-LAST
    grid = Autoregression(CENTRE, PHI, SIGMA, CENTRE, LAST, 801).rewards
    for block in range(LAST - 1, 0, -1):
        now = paths[:, block] - 0.3
        stops = now >= np.interp(paths[:, block], grid[block], held[block]) * (1 - 1e-4)
        earned = np.where(stops & (now > 0), now * 1.01**-block, earned)
    assert abs(earned.mean() - held[0, 0]) <= 4 * earned.std() / 316 + 1e-4 * held[0, 0]
    assert plans[0] < held[0, 0]  # two buyers: the worse one's cost is above .3 on average


def test_sale_blocks_and_regions_of_a_known_reward() -> None:
    sales = np.array([[1.0], [1.05], [1.0]])
    stopping = best_stopping(Known(np.ones(3)), sales, 0.01, np.full(3, 2.0))
    assert stopping.value == pytest.approx(1.05 / 1.01)
    np.testing.assert_array_equal(stopping.distribution, [0, 1, 0])
    assert stopping.intervals(0) == []
    assert stopping.intervals(1) == [(0.0, float("inf"))]


def test_a_region_may_have_two_parts() -> None:
    state = IndependentRewards(UniformReward(0.0, 1.0), 1)
    sales = np.stack(((state.rewards[0] - 0.5) ** 2, np.full(401, 0.04)))
    stopping = best_stopping(state, sales, 0.0, np.ones(2))
    (zero, low), (high, top) = stopping.intervals(0)
    assert (zero, top) == (0.0, float("inf"))
    assert (low, high) == (pytest.approx(0.3, abs=1e-4), pytest.approx(0.7, abs=1e-4))
    assert stopping.distribution[0] == pytest.approx(0.6, abs=1e-3)
    assert stopping.value == pytest.approx(0.4 * 0.04 + 2 * (0.5**3 - 0.2**3) / 3, abs=1e-5)


def test_ranked_bids_are_those_of_the_law_of_values() -> None:
    cost = np.array([0.1, 0.2, 0.3, 0.45])
    for reserve, entry in ((0.0, 0.0), (0.6, 0.0), (0.0, 0.05)):
        direct = first_price_bid(0.9 * (1 - cost), NetValue(COST, 1.0, 0.9), 4, reserve, entry)
        sale = informed_sale_of(reserve, entry)
        bids = ranked_bid(
            COST.cdf(cost), lambda rank: 0.9 * (1 - COST.ppf(rank)), Fixed(4), sale, np.full(1, reserve)
        )
        np.testing.assert_allclose(bids, direct, rtol=1e-10)


def informed_sale_of(reserve: float, entry: float) -> Array:
    """The last rank that bids, shape (1,)."""
    from strategies.theory.entry import informed_entry

    return informed_entry(
        lambda rank: 0.9 * (1 - COST.ppf(rank)), Fixed(4), np.full(1, entry), np.full(1, reserve)
    )


def test_crowds_agree_with_counting() -> None:
    rank, size = np.array([0.1, 0.4, 0.9]), np.arange(60)
    mean = np.full(1, 6.0)
    weights = stats.poisson(6).pmf(size)
    for name in ("nobody", "lone", "best", "second"):
        direct = sum(w * getattr(Fixed(int(n)), name)(rank) for w, n in zip(weights, size, strict=True))
        np.testing.assert_allclose(getattr(Arrived(mean), name)(rank), direct, rtol=1e-9)
        thinned = sum(
            w * getattr(Fixed(int(n)), name)(rank)
            for w, n in zip(stats.binom(8, 0.3).pmf(size[:9]), size, strict=False)
        )
        np.testing.assert_allclose(getattr(Thinned(Fixed(8), np.full(1, 0.3)), name)(rank), thinned, rtol=1e-9)
    assert Arrived(mean).entrants(np.full(1, 0.5)).sum() == pytest.approx(1, abs=1e-9)


def test_log_regression_finds_the_mean_of_heavy_tails() -> None:
    rng = np.random.default_rng(4)
    x = rng.standard_normal(200_000)
    target = np.exp(0.3 + 0.5 * x + 1.2 * rng.standard_normal(x.size))
    fitted = regress_positive(np.stack((np.ones_like(x), x), axis=1), target)
    np.testing.assert_allclose(fitted, [0.3 + 0.72, 0.5], atol=0.03)
