"""Laws of the user's own in a model: solved as the testbed's own where they say the same, or refused."""

from __future__ import annotations

import pytest

from experiments import InputError, read_model, simulate, solve

LAWS = '''
import numpy as np
from scipy.special import betaincinv

from chain import Independent, RewardProcess, RewardRun
from market import CostLaw


class Decays(Independent):
    """Exponential with mean 0.1 ETH."""

    def sample(self, rng, size):
        return 1e8 * rng.standard_exponential(size)

    def quantile_gwei(self, share):
        return -1e8 * np.log1p(-np.asarray(share))


class Beta(CostLaw):
    def __init__(self, high: float = 0.02):
        self.high = 1e9 * high

    def sample(self, rng, size):
        return self.high * rng.beta(2.0, 5.0, size)


class StatedBeta(Beta):
    def quantile_gwei(self, share):
        return self.high * betaincinv(2.0, 5.0, share)


class Coin(CostLaw):
    def sample(self, rng, size):
        return rng.choice([1e6, 3e6], size)


class Walk(RewardProcess):
    def start(self, rng):
        return Steps(rng)


class Steps(RewardRun):
    def __init__(self, rng):
        self.rng, self.last = rng, 1e8

    def next_chunk(self):
        levels = 1e8 * np.exp(0.3 * np.sin(np.cumsum(self.rng.random(100))))
        return levels.tolist()

    def outlook(self, block, reward_gwei):
        from chain.rewards.independent import IndependentOutlook
        return IndependentOutlook(block, reward_gwei, Decays())
'''
BUILT_COST = {"distribution": "beta", "low": 0.0, "high": 0.02, "a": 2.0, "b": 5.0}
BUILT_REWARD = {"process": "exponential", "mean": 0.1}


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    folder = tmp_path_factory.mktemp("laws")
    (folder / "laws.py").write_text(LAWS)
    return folder / "laws.py"


def model(place, reward=None, cost=None, **more):
    terms = {"maturity": 6, "discount_rate": 0.001, "buyers": 4, **more}
    own_reward = BUILT_REWARD if reward is None else {"process": f"{place}:{reward}"}
    own_cost = BUILT_COST if cost is None else {"distribution": f"{place}:{cost}"}
    return {"model": {**terms, "reward": own_reward, "cost": own_cost}}


@pytest.mark.parametrize("terms", [{}, {"format": "third_price"}, {"format": "all_pay"}, {"reserve": "optimal"}])
def test_a_law_that_says_its_quantiles_is_solved_as_the_testbed_s_own(place, terms):
    own = solve(model(place, "Decays", "StatedBeta", **terms)).value
    assert own == pytest.approx(solve(model(place, **terms)).value, rel=2e-5)


def test_a_law_that_is_drawn_from_is_solved_nearly(place):
    assert solve(model(place, None, "Beta")).value == pytest.approx(solve(model(place)).value, rel=1e-3)


@pytest.mark.slow
def test_a_round_takes_laws_of_one_s_own(place):
    terms = {"exercise": "round", "blocks": 3, "buyers": 3}
    for regime in ({"regime": "hub", "resale_reserve": "best"}, {"regime": "ahead_informed", "reserve": 0.2}):
        told = {**terms, **regime, "reward": {"process": f"{place}:Decays"}}
        own = solve({"model": {**told, "cost": {"distribution": f"{place}:StatedBeta"}}})
        built = solve({"model": {**terms, **regime, "reward": BUILT_REWARD, "cost": BUILT_COST}})
        assert (own.price, own.efficiency) == pytest.approx((built.price, built.efficiency), rel=1e-4)
    told = {**terms, "regime": "hub", "resale_reserve": "best", "reward": BUILT_REWARD}
    for law, says in (("Beta", "needs a density"), ("Coin", "has an atom")):
        with pytest.raises(InputError, match=says):
            read_model({"model": {**told, "cost": {"distribution": f"{place}:{law}"}}})
    with pytest.raises(InputError, match="has no law in closed form; use one of"):
        read_model({"model": {**told, "cost": BUILT_COST, "reward": {"process": f"{place}:Walk"}}})


def test_a_file_is_found_from_the_model_s_folder(place):
    text = 'maturity = 3\ndiscount_rate = 0.001\nbuyers = 3\n[model.reward]\nprocess = "laws.py:Decays"\n'
    cost = '[model.cost]\ndistribution = "laws.py:StatedBeta"\nparameters = { high = 0.01 }\n'
    file = place.with_name("model.toml")
    file.write_text(f"[model]\n{text}{cost}")
    assert solve(file).value > 0
    file.write_text(f"[model]\n{text}{cost}".replace("high = 0.01", "hig = 0.01"))
    with pytest.raises(InputError, match=r"model.cost.parameters.hig: no such parameter; did you mean 'high'"):
        read_model(file)


def test_it_is_played_as_it_is_solved(place):
    own = read_model(model(place, "Decays", "StatedBeta", maturity=2))
    outcome = simulate(own, tickets=300, seed=3)
    assert outcome.spot_mean == pytest.approx(solve(own).spot_value, abs=4 * outcome.spot_se)


@pytest.mark.parametrize(
    ("reward", "cost", "terms", "says"),
    [
        (None, "Beta", {"format": "third_price"}, "needs a density, and draws alone tell of this law; give it"),
        (None, "Beta", {"reserve": "optimal"}, "needs a density, and draws alone tell of this law; give it"),
        (None, "Coin", {"format": "all_pay"}, 'has no pure equilibrium where .* use "second_price"'),
        (None, "Coin", {"format": "first_price"}, "has no pure equilibrium where"),
        (None, "Decays", {}, "derive a class from market.CostLaw"),
        ("Nothing", None, {}, "has no 'Nothing'"),
    ],
)
def test_what_has_no_answer_is_refused_with_the_reason(place, reward, cost, terms, says):
    with pytest.raises(InputError, match=says) as refusal:
        solve(model(place, reward, cost, **terms))
    assert len(str(refusal.value).splitlines()) == 1


def test_rewards_with_a_memory_are_solved_on_paths_and_not_played(place):
    for maturity, law in ((8, "ar1"), ("none", "lognormal")):
        with pytest.raises(InputError, match=rf'"lottery" is not solved with reward\.process.* e\.g\. "{law}"'):
            solve(model(place, "Walk", exercise="lottery", supply=4, maturity=maturity))
    with pytest.raises(InputError, match="has no path of its own for each ticket"):
        simulate(read_model(model(place, "Walk")), tickets=10)


@pytest.mark.slow
def test_so_they_are(place):
    solution = solve(model(place, "Walk"))
    assert 0.07 < solution.value < 0.14
    assert solution.standard_error > 0
