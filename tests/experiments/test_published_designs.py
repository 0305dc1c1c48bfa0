"""The just-in-time preset, and the six designs of Stichler (2025), table 3."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import experiments
from experiments import InputError, run, sweep
from experiments.lab.config.config import Config
from experiments.lab.config.loading import read_config
from experiments.lab.verify import verify_run

PUBLISHED = Path(experiments.__path__[0]) / "published"
DESIGNS = sorted(path.stem for path in (PUBLISHED / "designs").glob("*.toml"))
SIGMA = 0.2


def design(name: str) -> Config:
    return read_config(PUBLISHED / "designs" / f"{name}.toml")


@pytest.fixture(scope="module")
def just_in_time():
    return run(PUBLISHED / "jit.toml", blocks=120, signatures="off")


def test_just_in_time_bids_are_for_the_block_as_it_is(just_in_time):
    """MEV c (1 − a) (1 + (V − E V) s): by bidder, linear in V and proportional to the reward."""
    rewards = just_in_time.blocks.reward_gwei.to_numpy(float)
    index = just_in_time.signals.volatility.to_numpy(float) - np.exp(SIGMA**2 / 2)
    bids = just_in_time.bids.assign(block=just_in_time.bids.slot + 1)
    for _, own in bids[bids.block < len(rewards)].groupby("bidder", observed=True):
        block = own.block.to_numpy(int)
        shares = own.price_gwei.to_numpy(float) / rewards[block]
        terms = np.column_stack([np.ones(len(block)), index[block]])
        fit, *_ = np.linalg.lstsq(terms, shares, rcond=None)
        assert len(block) > 100
        assert np.abs(terms @ fit - shares).max() < 1e-6
        assert 0.4 < fit[0] < 0.9


def test_just_in_time_the_best_builder_proposes_at_the_second_price(just_in_time):
    for auction, bids in just_in_time.bids.groupby("auction"):
        second, best = np.sort(bids.price_gwei)[-2:]
        sale = just_in_time.trades[just_in_time.trades.auction == auction].iloc[0]
        assert sale.price_gwei == second
        assert set(bids.bidder[bids.price_gwei == best]) == {sale.buyer}
    assert (just_in_time.blocks.status == "proposed").all()
    assert len(just_in_time.violations) == 0


def test_just_in_time_a_replayed_file_may_be_as_long_as_the_run(tmp_path):
    file = tmp_path / "rewards.csv"
    file.write_text("payment_eth\n" + "0.05\n" * 30)
    replay = read_config(PUBLISHED / "jit.toml").model_dump(exclude_unset=True)
    replay["reward"] = {"process": "replay", "file": str(file)}
    result = run(replay, blocks=30, signatures="off")
    assert list(result.blocks.reward_gwei) == [50_000_000] * 30
    with pytest.raises(InputError, match="has 30 rewards; set blocks to at most that"):
        run(replay, blocks=31, signatures="off")


@pytest.mark.slow
def test_just_in_time_capture_and_concentration_are_those_of_the_model():
    """Twelve seeds against 4,000 sets of holders drawn here, in standard errors of twelve."""
    (point,) = sweep(PUBLISHED / "jit.toml", seeds=range(1, 13), overrides=["blocks=250"]).summary()
    capture, share = baseline(np.random.default_rng(1), sets=4000, slots=250)
    for own, model in ((point["metrics"]["capture"], capture), (point["metrics"]["top_share"], share)):
        assert abs(own["mean"] - model.mean()) <= 4 * model.std() / 12**0.5


def baseline(rng: np.random.Generator, sets: int, slots: int) -> tuple[np.ndarray, np.ndarray]:
    """MEV capture and top share of each of many sets of ten holders without bounds on funds."""
    low, high = np.repeat([[0.85, 0.75, 0.6], [0.95, 0.85, 0.75]], [3, 4, 3], axis=1)
    usual = rng.uniform(low, high, (sets, 10)) * (1 - rng.normal(0.15, 0.02, (sets, 10)))
    skill = rng.normal(1, 0.5, (sets, 10))
    skill[skill <= 0] = 0.1
    surprise = rng.lognormal(0, SIGMA, (sets, slots)) - np.exp(SIGMA**2 / 2)
    mev = rng.exponential(30, (sets, slots))
    shares = usual[:, None] * (1 + surprise[:, :, None] * skill[:, None])
    wins = np.array([np.bincount(best, minlength=10).max() for best in shares.argmax(axis=2)])
    second = np.partition(shares, -2, axis=2)[:, :, -2]
    return (second * mev).sum(axis=1) / mev.sum(axis=1), wins / slots


def test_there_are_the_six_of_the_table():
    amounts = {name: design(name).chain.supply for name in DESIGNS}
    assert amounts == {
        "simple_first_price": 32,
        "jit_slot": 1,
        "flexible_1559": 100,
        "fixed_second_price": 1024,
        "flexible_refundable_amm": 100,
        "fixed_resellable_first_price": 1024,
    }
    assert {name for name in DESIGNS if design(name).chain.maturity != "none"} == {
        "simple_first_price",
        "jit_slot",
    }
    assert {name for name in DESIGNS if design(name).chain.return_haircut is not None} == {
        "flexible_refundable_amm"
    }
    resales = {name: design(name).market.resales for name in DESIGNS}
    assert {name: when for name, when in resales.items() if when != "never"} == {
        "jit_slot": "ex_post",
        "flexible_1559": "both",
        "fixed_resellable_first_price": "both",
    }


def test_those_with_look_ahead_are_drawn_an_epoch_at_once():
    assert {name: design(name).chain.epoch for name in DESIGNS if design(name).chain.draw == "epoch"} == {
        "simple_first_price": 1,
        "flexible_1559": 32,
        "fixed_second_price": 32,
        "flexible_refundable_amm": 1,
        "fixed_resellable_first_price": 1,
    }


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.slow if "fixed" in name else ()) for name in DESIGNS]
)
def test_a_design_runs_and_is_sound(name, tmp_path):
    result = run(PUBLISHED / "designs" / f"{name}.toml", blocks=40, signatures="off", out=tmp_path / "run")
    assert verify_run(tmp_path / "run").is_sound
    assert set(result.violations.code) <= {"return_refused"}
    proposed = (result.blocks.status == "proposed").mean()
    assert proposed > (0.6 if name == "flexible_1559" else 0.95)


def test_the_market_maker_takes_tickets_back():
    """At the start some paid more than the ticket is worth to them."""
    result = run(PUBLISHED / "designs" / "flexible_refundable_amm.toml", blocks=40, signatures="off")
    refunds = result.payments[result.payments.reason == "refund"]
    assert len(refunds) == (result.tickets.end == "returned").sum() > 0


def test_another_process_of_rewards_leaves_the_keys_of_the_first_behind(tmp_path):
    (tmp_path / "own.toml").write_text(
        f'base = "{PUBLISHED}/second_price.toml"\nreward = {{ process = "uniform", low = 0.1, high = 0.2 }}\n'
    )
    own = read_config(tmp_path / "own.toml")
    assert own.reward.model_dump() == {"process": "uniform", "low": 0.1, "high": 0.2}
    assert own.chain == read_config(PUBLISHED / "second_price.toml").chain
