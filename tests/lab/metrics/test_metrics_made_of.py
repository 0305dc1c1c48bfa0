"""What metrics are means over, by name, and the tails of what that is."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.lab.metrics import METRICS
from experiments.lab.metrics.made_of import AMOUNTS, COUNTS, read_largest, sampling_of
from experiments.lab.statistics import ONE_DRAW, Largest, Sampling, UpperTail, largest_of


def test_every_name_is_a_metric_s_and_is_named_once():
    named = [name for table in (AMOUNTS, COUNTS) for names in table.values() for name in names]
    assert len(set(named)) == len(named)
    assert set(named) <= {metric.name for metric in METRICS}


def test_the_largest_are_those_of_rewards_and_of_prices_by_market(tmp_path):
    rng = np.random.default_rng(1)
    rewards, prices = rng.pareto(1.5, 400), rng.pareto(3.0, 600)
    markets = np.array(["primary", "secondary"] * 300)
    pq.write_table(pa.table({"reward_gwei": rewards}), tmp_path / "blocks.parquet")
    pq.write_table(pa.table({"market": markets, "price_gwei": prices}), tmp_path / "trades.parquet")
    assert read_largest(tmp_path) == {
        "rewards": largest_of(rewards),
        "primary": largest_of(prices[::2]),
        "secondary": largest_of(prices[1::2]),
        "block": Largest(0, []),
    }


def test_what_a_metric_is_made_of():
    """An amount has the tail of its terms, a count has their number, all else is one draw."""
    tails = {"rewards": UpperTail(2000, 20, 12.0), "secondary": UpperTail(500, 5, 1.0)}
    assert sampling_of("reward", tails, runs=4) == Sampling(500, tails["rewards"])
    assert sampling_of("mean_secondary_price", tails, runs=4) == Sampling(125, tails["secondary"])
    assert sampling_of("held_tickets", tails, runs=4) == Sampling(500)
    assert sampling_of("longest_run", tails, runs=4) == ONE_DRAW
    assert sampling_of("a metric of one's own", tails, runs=4) == ONE_DRAW
