"""`check` of a law of one's own: what is sound, and each fault in one line with its remedy."""

from __future__ import annotations

import pickle

import numpy as np
import pytest

from chain import Independent, Outlook, RewardProcess, RewardRun
from chain.rewards import AR1
from experiments import InputError, LawFault, check_law
from experiments.lab.conformance.config_check import check_config
from market import CostLaw
from market.cost_laws import COST_LAWS

ASKED = [0]


class Even(Independent):
    """Uniform on 0 … 0.1 ETH."""

    def sample(self, rng, size):
        return 1e8 * rng.random(size)


class Wide(Even):
    def sample(self, rng, size):
        return rng.random(size + 1)


class Debts(Even):
    def sample(self, rng, size):
        return rng.normal(0.0, 1e8, size)


class OwnChance(Even):
    def sample(self, rng, size):  # noqa: ARG002
        return 1e8 * np.random.default_rng().random(size)


class Drifts(Even):
    def __init__(self) -> None:
        self.scale = 1e8

    def sample(self, rng, size):
        self.scale *= 1.01
        return self.scale * rng.random(size)


class KeepsOutside(Even):
    def sample(self, rng, size):
        ASKED[0] += 1
        return super().sample(rng, size)


class HoldsCode(Even):
    def __init__(self) -> None:
        self.scale = lambda: 1e8


class FalseMean(Even):
    mean_gwei = 6e7


class FalseShares(Even):
    def cdf_gwei(self, gwei):
        return np.clip(np.asarray(gwei) / 2e8, 0, 1)


class FalseQuantiles(Even):
    def quantile_gwei(self, share):
        return 9e7 * np.asarray(share)


class FalseSurplus(Even):
    def surplus_gwei(self, cost_gwei):
        return max(6e7 - cost_gwei, 0.0)


class ShapedShares(Even):
    def cdf_gwei(self, gwei):
        return np.clip(np.atleast_1d(gwei) / 1e8, 0, 1)


class FalseAtoms(CostLaw):
    atoms_gwei = (2e6,)

    def sample(self, rng, size):
        return rng.choice([1e6, 3e6], size)


class InEth(CostLaw):
    def sample(self, rng, size):
        return rng.random(size)


@pytest.mark.parametrize("law", [Even, InEth])
def test_a_sampler_is_enough(law):
    report = check_law(law)
    assert "says nothing of itself, so that draws are asked" in str(report)
    assert bool(report.warnings) == (law is InEth)


SLOW = {"truncnorm", "beta"}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in COST_LAWS]
)
def test_the_testbed_s_own_laws_of_costs_are_sound(name):
    parameters = {"low": 0.01, "high": 0.03, "a": 2.0, "b": 3.0, "values": (0.01, 0.02, 0.02)}
    kind = COST_LAWS[name]
    taken = {key: value for key, value in parameters.items() if key in kind.__dataclass_fields__}
    report = check_law(kind, taken)
    assert report.atoms == (2 if name == "empirical" else 0)
    assert "quantile_gwei" in report.stated


@pytest.mark.parametrize(
    ("law", "says"),
    [
        (Wide, r"the shape \(2,\) where size is 1; return 1 numbers of Gwei"),
        (Debts, r"sample drew -\d+\.\d+; a draw is a finite number of Gwei, 0 or more"),
        (OwnChance, r"of a law made anew and asked again; take chance from rng alone"),
        (Drifts, r"of a law drawn from before; its draws are independent: keep nothing of them"),
        (KeepsOutside, r"the law keeps ASKED, and no checkpoint holds that; keep it in self"),
        (HoldsCode, r"cannot be written into a checkpoint: .*; keep what it holds in plain attributes of self"),
        (FalseMean, r"its mean is 6e\+07 Gwei, and that of its draws 5\.\d+e\+07 ± .*; mend the one or the other"),
        (FalseShares, r"cdf_gwei\(.*\) is 0\.0\d+, and 0\.\d+ of its draws do not exceed that; mend"),
        (FalseQuantiles, r"quantile_gwei\(.*\) is .*, which 0\.\d+ of its draws do not exceed; mend"),
        (FalseSurplus, r"surplus_gwei\(.*\) is .*, and of its draws .* are; mend"),
        (ShapedShares, r"cdf_gwei\(.*\) is \[.*\]; return one finite number for one"),
        (FalseAtoms, r"0\.5\d+ of its draws are 1e\+06, which is none of its atoms; name it in atoms_gwei"),
    ],
)
def test_each_fault_is_a_line_with_its_remedy(law, says):
    with pytest.raises(LawFault, match=says) as fault:
        check_law(law)
    assert "\n" not in str(fault.value)


def test_parameters_are_checked():
    with pytest.raises(InputError, match=r"law.parameters.shape: no such parameter"):
        check_law(Even, {"shape": 1})


class Steps(RewardRun):
    """Halves or doubles by chance, from 0.01 ETH: expected is 1.25 times the last."""

    factor = 1.25

    def __init__(self, rng):
        self.rng, self.last, self.first, self.levels = rng, 1e7, 0, []

    def next_chunk(self):
        self.first += len(self.levels)
        self.levels = (self.last * np.cumprod(self.rng.choice([0.9, 1.1], 4))).tolist()
        self.last = self.levels[-1]
        return self.levels

    def outlook(self, block, reward_gwei):
        return self.seen(block, reward_gwei, 1e7 if block < 0 else self.levels[block - self.first])

    def seen(self, block, reward_gwei, now):
        return Stepped(block, reward_gwei, now)


class Stepped(Outlook):
    """A martingale: what is, is expected."""

    def __init__(self, block, reward_gwei, now):
        super().__init__(block, reward_gwei)
        object.__setattr__(self, "now", now)

    def _mean(self, block):  # noqa: ARG002
        return self.now

    def _surplus(self, block, cost_gwei):  # noqa: ARG002
        return max(self.now - cost_gwei, 0.0)


class Hopeful(Steps):
    def seen(self, block, reward_gwei, now):
        return Stepped(block, reward_gwei, 1.2 * now)


class Muddled(Steps):
    def seen(self, block, reward_gwei, now):
        return Stepped(block - 1, reward_gwei, now)


class Ends(Steps):
    def next_chunk(self):
        return [] if self.levels else super().next_chunk()


class Walk(RewardProcess):
    run: type[RewardRun] = Steps

    def start(self, rng):
        return self.run(rng)


class HopefulWalk(Walk):
    run = Hopeful


class MuddledWalk(Walk):
    run = Muddled


class EndingWalk(Walk):
    run = Ends


@pytest.mark.parametrize("law", [Walk, pytest.param(AR1, marks=pytest.mark.slow)])
def test_rewards_with_a_memory_are_held_to_what_they_expect(law):
    report = check_law(law)
    assert "what its outlook expects comes in the mean" in str(report)
    assert pickle.loads(pickle.dumps(report)) == report


@pytest.mark.parametrize(
    ("law", "says"),
    [
        (HopefulWalk, r"its outlook expects \+\d.* Gwei more in the mean than comes 1 blocks on"),
        (MuddledWalk, r"outlook\(-1, None\) returned .*; return an Outlook that begins with these two"),
        (EndingWalk, r"ends after 4 rewards"),
    ],
)
def test_a_false_outlook_is_told(law, says):
    with pytest.raises(LawFault, match=says):
        check_law(law)


@pytest.mark.parametrize("law", [3, "laws.py:Gamma", None, int])
def test_what_is_no_law_is_said_to_be_none(law):
    with pytest.raises(LawFault, match=r"is no law; give a class of chain\.Independent"):
        check_law(law)


class TooFew(Independent):
    def sample(self, rng):
        return rng.gamma(2, 1e8, 1)


class Sampl(CostLaw):
    def sampl(self, rng, size):
        return rng.gamma(2, 1e8, size)


@pytest.mark.parametrize(
    ("law", "says"),
    [
        (TooFew, r"sample\(self, rng\) is asked as sample\(self, rng, size\); write it so"),
        (Sampl, "says nothing of sample; write it, in the place of sampl"),
    ],
)
def test_a_method_that_is_written_otherwise_is_told_how_it_is_asked(law, says):
    with pytest.raises(InputError, match=says):
        check_law(law)


def test_a_run_is_warned_of_rewards_in_eth(tmp_path):
    text = "from chain import Independent\nclass G(Independent):\n    def sample(self, rng, size):\n"
    (tmp_path / "laws.py").write_text(f"{text}        return rng.gamma(2, 0.05, size)\n")
    told = check_config({"blocks": 5, "reward": {"process": f"{tmp_path}/laws.py:G"}}).warnings
    assert [line for line in told if "laws.py:G: its mean is 0." in line and "a law speaks of Gwei" in line]
