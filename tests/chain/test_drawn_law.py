"""What is asked of a law that does not say it of itself, against closed forms."""

from __future__ import annotations

import pickle

import numpy as np
import pytest
from scipy import stats

from chain.drawn_law import DrawnLaw, amounts
from chain.errors import RuleBroken
from chain.quantiles import DRAWS, NODES, shares
from chain.rewards import Exponential, Lognormal, Uniform

SHAPE, SCALE = 2.0, 6e7
GAMMA = stats.gamma(SHAPE, scale=SCALE)
COSTS = np.array([0.0, 1e7, 1.2e8, 4e8])


class Sampled(DrawnLaw):
    def sample(self, rng, size):
        return rng.gamma(SHAPE, SCALE, size)


class WithQuantiles(Sampled):
    def quantile_gwei(self, share):
        return GAMMA.ppf(share)


class WithShares(Sampled):
    def cdf_gwei(self, gwei):
        return GAMMA.cdf(gwei)


class Coin(DrawnLaw):
    def sample(self, rng, size):
        return rng.choice([1e6, 3e6], size, p=[0.3, 0.7])


class StatedCoin(Coin):
    def quantile_gwei(self, share):
        return np.where(np.asarray(share) <= 0.3, 1e6, 3e6)


def surplus(cost: float) -> float:
    """E[max(R − c, 0)] of a gamma law, by the law of one shape more."""
    return float(SHAPE * SCALE * stats.gamma(SHAPE + 1, scale=SCALE).sf(cost) - cost * GAMMA.sf(cost))


@pytest.mark.parametrize(("law", "rel"), [(WithQuantiles(), 2e-5), (WithShares(), 2e-5), (Sampled(), 0.02)])
def test_a_law_that_says_little_is_known_nearly(law, rel):
    """Draws: within six of their standard errors."""
    assert law.mean_gwei == pytest.approx(GAMMA.mean(), rel=rel)
    for cost in COSTS.tolist():
        assert law.surplus_gwei(cost) == pytest.approx(surplus(cost), rel=10 * rel)
        assert law.cdf_gwei(cost) == pytest.approx(GAMMA.cdf(cost), abs=rel)
    middle = np.array([0.01, 0.5, 0.99])
    np.testing.assert_allclose(law.quantile_gwei(middle), GAMMA.ppf(middle), rtol=3 * rel)
    assert law.known.is_simulated == (type(law) is Sampled)
    assert law.known.atoms_gwei == ()


def test_draws_that_are_asked_are_the_same_in_every_process_and_leave_the_law_as_it_is():
    law = Sampled()
    before = pickle.dumps(law)
    assert law.known == Sampled().known == pickle.loads(pickle.dumps(law.known))
    assert hash(law.known) == hash(Sampled().known)
    assert pickle.loads(before).__dict__ == {}


def test_the_density_is_that_of_the_quantiles_and_draws_have_none():
    at = np.array([3e7, 6e7, 1.5e8])
    np.testing.assert_allclose(WithQuantiles().known.pdf_gwei(at), GAMMA.pdf(at), rtol=1e-3)
    with pytest.raises(ValueError, match="needs a law that says its quantiles"):
        Sampled().known.pdf_gwei(at)
    with pytest.raises(ValueError, match="without atoms"):
        Coin().known.pdf_gwei(at)


@pytest.mark.parametrize(("law", "slack"), [(StatedCoin(), 2 / DRAWS), (Coin(), 0.008)])
def test_atoms_are_found(law, slack):
    known = law.known
    assert known.atoms_gwei == (1e6, 3e6)
    assert known.mean_gwei == pytest.approx(2.4e6, abs=2e6 * slack)
    assert known.surplus_gwei(2e6) == pytest.approx(0.7e6, abs=1e6 * slack)
    assert known.surplus_gwei(3e6) == 0
    assert known.cdf_gwei([0, 1e6, 2e6, 3e6]) == pytest.approx([0, 0.3, 0.3, 1], abs=0.006)
    assert set(known.quantile_gwei(np.linspace(0, 1, 99)).tolist()) == {1e6, 3e6}
    assert len(known.breaks()) == 3


@pytest.mark.parametrize("law", [Uniform(0.1, 0.4), Exponential(0.2), Lognormal(0.1, 1.0)])
def test_the_closed_forms_of_the_testbed_s_own_are_what_their_draws_show(law):
    class Blind(DrawnLaw):
        def sample(self, rng, size):
            return law.sample(rng, size)

    known = Blind().known
    assert known.mean_gwei == pytest.approx(law.mean_gwei, rel=0.03)
    for cost in (0.0, 5e7, 2e8):
        assert known.surplus_gwei(cost) == pytest.approx(law.surplus_gwei(cost), rel=0.06, abs=1e5)


@pytest.mark.parametrize(
    ("cdf", "message"),
    [
        (lambda gwei: np.full_like(gwei, np.nan), "as many shares from 0 to 1"),
        (lambda gwei: 100 * np.ones_like(gwei), "as many shares from 0 to 1"),
        (lambda _: 0.5, "of 2049 amounts is"),
        (lambda gwei: np.minimum(gwei / 2e8, 0.9), "is still below"),
    ],
)
def test_what_is_no_distribution_function_is_refused(cdf, message):
    class Says(Coin):
        def cdf_gwei(self, gwei):
            return cdf(gwei)

    with pytest.raises(RuleBroken, match=message):
        _ = Says().known


@pytest.mark.parametrize("atom", [-5, float("nan"), "x"])
def test_atoms_are_amounts(atom):
    class Says(Coin):
        atoms_gwei = (atom, 7)

    with pytest.raises(RuleBroken, match="its atoms_gwei have"):
        _ = Says().known


def test_what_a_law_says_goes_before_what_follows():
    class Says(WithQuantiles):
        mean_gwei = 1.3e8
        atoms_gwei = (7.0,)

        def surplus_gwei(self, cost_gwei):
            return 5.0 + 0 * cost_gwei

    known = Says().known
    assert known.mean_gwei == 1.3e8
    assert known.atoms_gwei == (7.0,)
    assert known.surplus_gwei(1e8) == 5.0


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (np.zeros(3), r"the shape \(3,\) where size is 4"),
        (3.0, r"the shape \(\) where size is 4"),
        (np.zeros((4, 1)), r"the shape \(4, 1\) where size is 4"),
        (["a", "b", "c", "d"], "return an array of 4 numbers"),
        (np.zeros(4, dtype=bool), "return an array of 4 numbers"),
        (np.zeros(4, dtype=complex), "return an array of 4 numbers"),
        ([1, [2], 3, 4], "return an array of 4 numbers"),
        (None, "return an array of 4 numbers"),
        ([1.0, -1.0, 2.0, 3.0], "sample drew -1.0"),
        ([1.0, np.inf, 2.0, 3.0], "sample drew inf"),
        ([1.0, np.nan, 2.0, 3.0], "sample drew nan"),
    ],
)
def test_what_is_no_sample_is_refused(answer, message):
    with pytest.raises(RuleBroken, match=message):
        amounts(answer, 4)


def test_whole_numbers_and_lists_are_samples():
    assert amounts([1, 2], 2).dtype == amounts(np.array([1, 2], dtype=np.uint8), 2).dtype == np.float64


@pytest.mark.parametrize(
    ("quantile", "message"),
    [
        (lambda share: 1 - share, "fall as the share rises"),
        (lambda share: share - 1, "below 0"),
        (lambda share: share[:5], rf"{NODES} shares have the shape \(5,\)"),
        (lambda share: np.full(share.shape, np.nan), "not finite"),
    ],
)
def test_what_are_no_quantiles_is_refused(quantile, message):
    class Wrong(Sampled):
        def quantile_gwei(self, share):
            return quantile(share)

    with pytest.raises(RuleBroken, match=message):
        _ = Wrong().known


@pytest.mark.parametrize("mean", [-1.0, np.nan, "3", None])
def test_what_is_no_mean_is_refused(mean):
    class Wrong(Sampled):
        mean_gwei = mean

    with pytest.raises(RuleBroken, match="a mean is a finite number of Gwei"):
        _ = Wrong().known


def test_the_shares_of_the_table_lie_close_at_both_ends():
    assert shares()[0] == 0
    assert shares()[-1] == 1
    assert 0 < shares()[1] < 1e-11
    assert np.all(np.diff(shares()) >= 0)
