"""Laws of rewards and costs of the user's own: in a run, gone on with, sent to other processes, refused."""

from __future__ import annotations

import json

import pytest

from experiments import InputError, measure, resume, run, sweep
from experiments.lab.runs import checkpoint
from experiments.lab.runs.fortune import read_fortunes
from experiments.lab.verify import audit_run

LAWS = '''
from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from chain import Independent, Outlook, RewardProcess, RewardRun
from market import CostLaw

ASKED = [0]


class Gamma(Independent):
    def __init__(self, shape: float = 2.0, mean: float = 0.05) -> None:
        if shape <= 0:
            raise ValueError(f"shape is {shape}; it must be above 0")
        self.shape, self.scale = shape, 1e9 * mean / shape

    def sample(self, rng, size):
        return rng.gamma(self.shape, self.scale, size)


class Counts(Gamma):
    """Keeps outside of itself how often it was asked."""

    def sample(self, rng, size):
        ASKED[0] += 1
        return super().sample(rng, size)


class Slots(Independent):
    def __init__(self, slot_seconds: float) -> None:
        self.seconds = slot_seconds

    def sample(self, rng, size):
        return np.full(size, 1e6 * self.seconds)


class Beta(CostLaw):
    def sample(self, rng, size):
        return 2e7 * rng.beta(2.0, 5.0, size)


class Coin(CostLaw):
    def sample(self, rng, size):
        return rng.choice([1e6, 3e6], size)


class Breaks(Gamma):
    """Draws what no reward can be, after the draws that it is asked by."""

    calls = 0

    def sample(self, rng, size):
        return super().sample(rng, size) if size > 5000 else -np.ones(size)


class Raises(Gamma):
    def sample(self, rng, size):
        return rng.none_such(size)


class Walk(RewardProcess):
    """Doubles or halves with each block, from 0.01 ETH; its runs have a state."""

    def start(self, rng):
        return Steps(rng)


class Steps(RewardRun):
    def __init__(self, rng):
        self.rng, self.last, self.first, self.levels = rng, 1e7, 0, []

    def next_chunk(self):
        self.first += len(self.levels)
        moves = np.where(self.rng.random(8) < 0.5, 0.8, 1.2)
        self.levels = (self.last * np.cumprod(moves)).tolist()
        self.last = self.levels[-1]
        return self.levels

    def outlook(self, block, reward_gwei):
        now = 1e7 if block < 0 else self.levels[block - self.first]
        return Walked(block, reward_gwei, now)


@dataclass(frozen=True, slots=True)
class Walked(Outlook):
    now: float

    def _mean(self, block):
        return self.now

    def _surplus(self, block, cost_gwei):
        return max(self.now - cost_gwei, 0.0)


class Liar(Walk):
    def start(self, rng):
        return LyingSteps(rng)


class LyingSteps(Steps):
    def outlook(self, block, reward_gwei):
        return Walked(block + 1, reward_gwei, 1.0)
'''
ISOLATED = ["isolation.mode=process", 'isolation.strategies=["truthful"]']
SMALL = {"blocks": 30, "chain": {"maturity": 8}, "market": {"structure": "et"}}


@pytest.fixture(scope="module")
def laws(tmp_path_factory):
    place = tmp_path_factory.mktemp("laws")
    (place / "laws.py").write_text(LAWS)
    return place / "laws.py"


def played(laws, reward="Gamma", cost=None, out=None, overrides=(), **options):
    config = SMALL | {"reward": {"process": f"{laws}:{reward}"}}
    if cost is not None:
        config |= {"cost": {"distribution": f"{laws}:{cost}"}}
    return run(config, out=out, overrides=list(overrides), signatures="off", **options)


def test_a_run_says_what_was_expected_and_nothing_of_it_is_executed_to_read_it(laws, tmp_path):
    result = played(laws, cost="Beta", out=tmp_path / "run")
    stated = json.loads((result.path / "manifest.json").read_text())["stated_rewards"]
    assert stated["mean_gwei"] == pytest.approx(5e7, rel=0.02)
    expected = result.summary["capture_expected"]
    (result.path / "files" / "laws.py").write_text("raise SystemExit('executed')\n")
    assert audit_run(result.path).is_sound
    (fortune,) = read_fortunes({"et": result.path}).values()
    assert fortune.expected == pytest.approx(stated["mean_gwei"] / 1e9)
    assert measure(result.path)["capture_expected"] == pytest.approx(expected)


def test_the_audit_says_what_it_believes(laws, tmp_path):
    result = played(laws, cost="Beta", out=tmp_path / "run")
    text = str(audit_run(result.path))
    assert "the law of rewards is the user's own" in text
    assert "the law of costs is the user's own" in text


@pytest.mark.parametrize("reward", ["Gamma", "Walk"])
def test_a_run_that_was_cut_goes_on_as_if_it_had_not_been(laws, tmp_path, monkeypatch, reward):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    whole = played(laws, reward, "Beta")
    played(laws, reward, "Beta", tmp_path / "cut", checkpoint_seconds=0, progress=lambda _, done, __: done < 13)
    said: list[str] = []
    assert resume(tmp_path / "cut", tell=said.append).summary == whole.summary
    assert any("going on from block 13" in line for line in said), said


def test_what_a_law_keeps_elsewhere_is_not_lost_without_a_word(laws, tmp_path, monkeypatch):
    monkeypatch.setattr(checkpoint, "WORTH", 1)
    played(laws, "Counts", None, tmp_path / "cut", checkpoint_seconds=0, progress=lambda _, done, __: done < 13)
    told: list[str] = []
    resume(tmp_path / "cut", tell=told.append)
    assert any("keeps ASKED" in line for line in told)


@pytest.mark.slow
def test_strategies_in_processes_of_their_own_play_the_same(laws):
    assert played(laws, cost="Beta", overrides=ISOLATED).summary == played(laws, cost="Beta").summary


def test_an_outlook_of_one_s_own_is_not_sent_to_other_processes(laws):
    with pytest.raises(InputError, match="not sent to other processes"):
        played(laws, "Walk", overrides=ISOLATED)


def test_where_rewards_have_a_memory_nothing_is_said_of_what_was_expected(laws):
    result = played(laws, "Walk")
    assert result.summary["capture_expected"] is None
    assert "not recorded" in result.summary["missing"]["capture_expected"]


def test_a_law_may_ask_the_run_for_the_length_of_a_slot(laws):
    result = played(laws, "Slots", overrides=["chain.slot_seconds=6"])
    assert set(result.blocks.reward_gwei) == {6_000_000}
    with pytest.raises(InputError, match="the run gives it"):
        played(laws, "Slots", overrides=["reward.parameters.slot_seconds=3"])


@pytest.mark.slow
def test_a_sweep_goes_over_laws_and_their_parameters(laws, tmp_path):
    config = SMALL | {"blocks": 8, "reward": {"process": f"{laws}:Gamma"}}
    found = sweep(config, {"reward.parameters.mean": [0.02, 0.2]}, [1, 2], out=tmp_path / "sweep")
    rewards = found.runs.groupby("reward.parameters.mean")["reward"].mean()
    assert rewards[0.2] == pytest.approx(10 * rewards[0.02], rel=1e-6)


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        (["reward.parameters.shape=-1"], r"reward.parameters: shape is -1.0; it must be above 0"),
        (["reward.parameters.shape=wide"], r"reward.parameters.shape: .*valid number.*'wide'"),
        (["reward.parameters.shape=true"], r"reward.parameters: shape is true; it must be a number"),
        (["reward.parameters.shape=[1, nan]"], r"reward.parameters: shape is \[1, nan\]; it must be a finite"),
        (["reward.parameters.shap=1"], r"reward.parameters.shap: no such parameter; did you mean 'shape'"),
        (["reward.process=laws.py:Gama"], r"there is no file laws.py|has no 'Gama'"),
        (["reward.process=gamma"], r"'gamma' is not one of .*; a law of one's own is named `path.py:Class`"),
        (["cost.distribution=gamma"], r"not one of uniform, beta, .*; a law of one's own is named"),
        (
            ["cost.distribution=beta", "cost.parameters={low = 0.1, high = 0.2, a = 1.0}"],
            r"cost.parameters.b: missing",
        ),
        (
            ["cost.distribution=beta", "cost.parameters={low = 0.2, high = 0.1, a = 1.0, b = 1.0}"],
            r"cost.parameters: low is 0.2, above high, 0.1",
        ),
    ],
)
def test_what_no_law_is_or_takes_is_refused_in_a_line(laws, overrides, message):
    with pytest.raises(InputError, match=message) as refusal:
        played(laws, overrides=overrides)
    assert len(str(refusal.value).splitlines()) == 1


@pytest.mark.parametrize(
    ("reward", "message"),
    [
        ("Raises", r"reward.process: the rule .*Raises' raised laws.py:\d+ AttributeError"),
        ("Beta", "derive a class from chain.Independent"),
        ("Liar", r"reward.process: the law .*outlook\(-1, None\) returned"),
    ],
)
def test_a_law_that_cannot_be_one_is_refused(laws, reward, message):
    with pytest.raises(InputError, match=message):
        played(laws, reward)


def test_a_draw_that_no_reward_can_be_ends_the_run_in_a_line(laws):
    with pytest.raises(ValueError, match=r"sample drew -1\.0; a draw is a finite number of Gwei"):
        played(laws, "Breaks")


@pytest.mark.parametrize("strategy", ["take_it_or_leave_it", "reseller", "first_price_equilibrium"])
def test_who_needs_costs_without_atoms_says_so(laws, strategy):
    roles = {"take_it_or_leave_it": "seller", "reseller": ["seller", "buyer"], "first_price_equilibrium": "buyer"}
    group = {"strategy": strategy, "role": roles[strategy]}
    config = SMALL | {"agents": [group, {"strategy": "truthful", "role": "buyer"}]}
    own = config | {"cost": {"distribution": f"{laws}:Coin"}}
    with pytest.raises(InputError, match=r"costs have atoms|uniform costs alone"):
        run(own, blocks=2, signatures="off")
    run(config, blocks=2, signatures="off")


def test_the_laws_of_models_are_laws_of_runs(tmp_path):
    beta = {"distribution": "beta", "parameters": {"low": 0.0, "high": 0.02, "a": 2.0, "b": 5.0}}
    result = run(SMALL | {"cost": beta}, out=tmp_path / "run", signatures="off")
    report = audit_run(result.path)
    assert report.is_sound
    assert "costs" not in "".join(line for line in str(report).splitlines() if "not checked" in line)
