"""Capture of the tickets that ended: the same for every maturity; that of expected rewards has no luck in it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from chain.rewards import AR1, RewardPath
from experiments import measure, run
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.expected_rewards import ExpectedRewards
from experiments.lab.metrics.matched_capture import capture, ended_per_block, handed_out_that_ended
from experiments.lab.runs.captures import OF_NOTHING

EXACT = 0.9474568
"""E[(R − θ_(2))^+] / E[R], R exponential of mean .122561, θ_(2) the second-lowest of five costs of U[0, .02]."""

EXPONENTIAL = ['reward={process="exponential"}', "cost.high=0.02"]


def ran(blocks, *changes, seed=7):
    return run(blocks=blocks, seed=seed, signatures="off", overrides=changes)


def tickets_of(maturity):
    return (f"chain.maturity={maturity}", f"chain.supply={maturity + 1}")


def test_constant_rewards_are_captured_alike_at_every_maturity():
    plain = ('reward={process="constant",value=0.1}', "market.resale=never", "market.pbs=off")
    found = [ran(10, *plain, *tickets_of(maturity)).summary for maturity in (8, 32, 128)]
    assert found[0]["capture"] == pytest.approx(1 - 0.0046 / 3 / 0.1, rel=1e-6)
    for one in found[1:]:
        assert one["capture"] == pytest.approx(found[0]["capture"], rel=1e-12)
        assert one["capture_cash"] > one["capture"]
    assert {one["tickets_ended_per_block"] for one in found} == {1.0}


@pytest.mark.parametrize("seed", [1, 2])
def test_capture_of_expected_rewards_is_the_ratio_of_means_in_every_run(seed):
    summary = ran(20, *EXPONENTIAL, seed=seed).summary
    assert summary["capture_expected"] == pytest.approx(EXACT, abs=1e-4)
    assert summary["capture"] != pytest.approx(EXACT, abs=1e-3)


def test_the_exact_value_by_an_integral():
    """E e^(−θ/μ) of the second of five, density 20 u (1 − u)³ of θ = .02 u."""
    place, weight = np.polynomial.legendre.leggauss(40)
    u = (place + 1) / 2
    density = 20 * u * (1 - u) ** 3
    assert (weight / 2 * density * np.exp(-0.02 * u / 0.122561)).sum() == pytest.approx(EXACT, abs=1e-7)


@pytest.mark.slow
def test_capture_over_seeds_is_the_ratio_of_means():
    """Σ paid / Σ reward, with the standard error of a ratio of sums over seeds."""
    plain = (*EXPONENTIAL, "market.resale=never", "market.pbs=off")
    summaries = [ran(300, *plain, seed=seed).summary for seed in range(120)]
    rewards = np.array([one["reward"] for one in summaries])
    paid = rewards * np.array([one["capture"] for one in summaries])
    pooled = paid.sum() / rewards.sum()
    left = paid - pooled * rewards
    error = left.std(ddof=1) * math.sqrt(len(left)) / rewards.sum()
    assert error < 0.01
    assert pooled == pytest.approx(EXACT, abs=4 * error)


@pytest.mark.parametrize(
    "changes",
    [
        ["chain.draw=lottery", "chain.maturity=10", "chain.supply=12", "chain.refund=0.5"],
        ["market.genesis.handed_out=0.5"],
        ["market.primary=tullock", "chain.draw=lottery", "chain.maturity=none"],
        ["chain.draw=lottery", "chain.maturity=none", "chain.return_haircut=0.2", "market.primary=eip1559"],
        ["market.just_in_time=true", "chain.maturity=1", "chain.supply=2", 'reward={process="ar1"}'],
        ["market.structure=pbs"],
    ],
)
def test_the_summary_and_the_metrics_say_the_same(changes):
    """One sums what was paid and leaves out live tickets, the other sums what was paid for those that ended."""
    result = ran(40, *changes)
    found = measure(result)
    for name in ("capture", "capture_expected", "tickets_ended_per_block", "handed_out_tickets"):
        expected = result.summary[name]
        assert found[name] == (None if expected is None else pytest.approx(expected, rel=1e-9)), name


def test_handed_out_tickets_count_at_price_0():
    summary = ran(40, "market.genesis.handed_out=0.5").summary
    assert summary["handed_out_tickets"] == 16
    assert summary["tickets_ended_per_block"] == 1
    assert summary["capture_expected"] < 0.7


def test_no_figure_without_a_reason(tmp_path):
    file = tmp_path / "payments.csv"
    file.write_text("block,payment_eth\n" + "".join(f"{block},0.1\n" for block in range(30)))
    replayed = ran(20, f'reward={{process="replay",file="{file}"}}').summary
    assert replayed["capture"] > 0
    assert replayed["capture_expected"] is None
    assert replayed["missing"] == {"capture_expected": "the rewards are payments of a file: they have no law"}
    spot = ran(5, "market.structure=pbs").summary
    assert spot["capture"] is None
    assert spot["capture_cash"] == 0
    assert spot["missing"]["capture"] == "there are no tickets"


def test_a_share_of_nothing_has_a_reason():
    summary = ran(5, 'reward={process="constant",value=0}', "market.structure=et", "chain.maturity=8").summary
    assert summary["capture"] is summary["capture_expected"] is None
    assert summary["missing"] == {"capture": OF_NOTHING, "capture_expected": OF_NOTHING}


def test_a_ratio_that_no_number_is_as_large_as_is_none():
    assert ratio(10**17, 5e-324) is None
    assert ratio(1, 4) == 0.25


def test_tables_alone_have_no_law(tmp_path):
    result = ran(5)
    alone = tmp_path / "tables"
    alone.mkdir()
    for table in (result.path / "tables").glob("*.parquet"):
        (alone / table.name).write_bytes(table.read_bytes())
    found, whole = measure(str(alone)), measure(result)
    assert found.pop("capture_expected") is None
    assert whole.pop("capture_expected") > 0
    assert found == whole


def test_expected_rewards_are_those_at_the_sale():
    """An autoregression: ticket 0 is handed out, 1 is sold at genesis, 2 after block 0; block 3 has none."""
    process = AR1(mean=0.1, phi=0.9, sigma=0.5)
    path, again = (RewardPath(process, np.random.default_rng(1)) for _ in range(2))
    expected = ExpectedRewards(path, [(-1, 1), (0, 2)], handed_out=1, in_time=False)
    genesis = again.outlook()
    known = []
    for _ in range(3):
        again.advance()
        known.append(again.outlook())
    found = list(expected.by_block([0, 1, 2, None]))
    assert found == [
        genesis.expected_reward(0),
        genesis.expected_reward(1),
        known[0].expected_reward(2),
        known[2].expected_reward(3),
    ]


def test_just_in_time_the_reward_is_known():
    path, again = (RewardPath(AR1(0.1, 0.9, 0.5), np.random.default_rng(1)) for _ in range(2))
    expected = ExpectedRewards(path, [(-1, 0), (0, 1)], handed_out=0, in_time=True)
    assert list(expected.by_block([0, 1, None])) == [again.advance() for _ in range(3)]


ETH = 10**9
BLOCKS = pd.DataFrame({"slot": range(4), "status": "proposed", "reward_gwei": [10 * ETH] * 4})
TICKETS = pd.DataFrame(
    [
        (0, "a", "proposed"),
        (1, "a", "expired"),
        (2, "b", "missed"),
        (3, "protocol", "expired"),
        (4, "protocol", "unsold"),
        (5, "b", "returned"),
        (6, "a", "live"),
    ],
    columns=["ticket", "owner", "end"],
)
PAYMENTS = pd.DataFrame(
    [("primary", ticket, 2 * ETH) for ticket in (1, 2, 5, 6)]
    + [("primary", 2, ETH), ("refund", 1, ETH), ("refund", 5, ETH), ("trade", 1, 7 * ETH), ("missed", 2, 3 * ETH)],
    columns=["reason", "ticket", "amount_gwei"],
)


def test_what_counts_by_hand():
    """2 for each of 1, 2 and 5, 1 more that a loser paid for 2, less two refunds; 3 and 4 nobody held."""
    assert capture(BLOCKS, TICKETS, PAYMENTS) == (3 * 2 + 1 - 2) / 40
    assert ended_per_block(BLOCKS, TICKETS) == 1
    transfers = pd.DataFrame({"reason": ["mint", "mint", "genesis", "primary"]})
    assert handed_out_that_ended(BLOCKS, TICKETS, transfers) == 1


def test_nothing_sold_of_an_elastic_supply_is_a_capture_of_0():
    assert capture(BLOCKS.assign(status="no_ticket"), TICKETS[:0], PAYMENTS[:0]) == 0
    assert capture(BLOCKS, TICKETS[:0], PAYMENTS[:0]) is None
