"""What a sweep says of means whose terms have a heavy tail, and of those that have not."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from experiments.lab.config.errors import InputError
from experiments.lab.statistics import Largest, largest_of
from experiments.lab.statistics.statistics_text import cell
from experiments.lab.sweep.job import Row
from experiments.lab.sweep.result import Sweep, tidy
from experiments.lab.sweep.sweep_text import sheets, why
from experiments.lab.sweep.tail_columns import NAMES

GRID = {"chain.supply": [8, 16]}
SHARES = (np.arange(1000) + 0.5) / 1000
LIGHT = largest_of(SHARES ** (-1 / 10))
HEAVY = largest_of(SHARES ** (-1 / 1.25))
TAILS = {"rewards": HEAVY, "primary": LIGHT, "secondary": Largest(), "block": Largest()}


def row(point: int, seed: int, tails: dict[str, Largest]) -> Row:
    """Rewards that are the same at both points, revenues that are not."""
    rewards = float(np.random.default_rng(seed).pareto(1.25))
    metrics = {"reward": rewards, "protocol_revenue": 5.0 + point + 0.1 * seed, "longest_run": float(seed % 3)}
    return Row(point, seed, metrics, "digest", None, tails)


@pytest.fixture
def swept() -> Sweep:
    rows = [row(point, seed, TAILS) for point in (0, 1) for seed in range(1, 6)]
    return Sweep(GRID, tidy(GRID, rows), Path())


def test_a_heavy_tail_leaves_its_metric_without_an_interval(swept):
    found = swept.summary()[0]["metrics"]
    assert found["reward"]["low"] is None
    assert "(50 of 5,000) is 1.23 [0.91, 1.60], below 2" in found["reward"]["reason"]
    assert found["protocol_revenue"]["low"] < 5.3 < found["protocol_revenue"]["high"]
    assert not found["protocol_revenue"]["rough"]
    assert found["longest_run"]["rough"]
    assert {own["median_level"] for own in found.values()} == {0.9375}
    json.dumps(swept.summary(), allow_nan=False)


def test_differences_keep_the_heavier_tail_but_what_cancels_out_is_certain(swept):
    (found,) = swept.difference_summary()
    assert [found["metrics"]["reward"][key] for key in ("low", "mean", "high")] == [0.0, 0.0, 0.0]
    mixed = [row(0, seed, TAILS) for seed in range(5)] + [
        row(1, seed, TAILS | {"primary": HEAVY}) for seed in range(5)
    ]
    for one in mixed:
        one.metrics["protocol_revenue"] += one.seed % 2 * one.point
    (found,) = Sweep(GRID, tidy(GRID, mixed), Path()).difference_summary()
    assert found["metrics"]["protocol_revenue"]["low"] is None


def test_the_columns_of_tails_are_no_metrics(swept):
    assert set(swept.runs.columns) >= NAMES
    assert list(swept.metrics) == swept.metric_names == ["reward", "protocol_revenue", "longest_run"]


def test_the_table_puts_the_median_first_where_the_mean_has_no_interval(swept):
    found = swept.summary()[0]["metrics"]
    first, _, level, second, none = cell(found["reward"]).splitlines()
    assert [first[:7], level, second[:5], none] == ["median ", "93.75 %", "mean ", "(no interval)"]
    assert cell(found["protocol_revenue"]).splitlines()[:2] == ["mean 5.3", "[5.104, 5.496]"]
    assert cell(found["longest_run"]).splitlines()[2] == "rough"
    told = "\n".join(why(swept, ["reward", "longest_run"]))
    assert "reward, no interval: Hill's index" in told
    assert "longest_run, rough: each value is one draw" in told


def test_a_sweep_without_tails_of_an_earlier_version_calls_all_rough(swept):
    old = Sweep(GRID, swept.runs.drop(columns=sorted(NAMES)), Path())
    assert {own["rough"] for own in old.summary()[0]["metrics"].values()} == {True}


def test_differences_are_a_frame_too(swept):
    frame = swept.differences("protocol_revenue")
    (found,) = swept.difference_summary()
    (row,) = frame.to_dict("records")
    assert {key: row[key] for key in ("mean", "low", "high")} == {
        key: found["metrics"]["protocol_revenue"][key] for key in ("mean", "low", "high")
    }
    assert row["less"] == ", ".join(f"{key} = {value}" for key, value in found["baseline"].items())
    assert "less" not in swept.table("protocol_revenue")
    with pytest.raises(InputError, match="differences"):
        swept.differences("protocol_revenu")


def test_a_sweep_is_shown_in_a_notebook(swept):
    shown = swept._repr_html_()
    assert "protocol_revenue" in shown
    assert "result.differences(&#x27;reward&#x27;)" in shown
    assert shown.count("<table>") == 2


def test_a_sweep_is_printed_as_its_command_does(swept):
    printed = str(swept)
    assert all(sheet.title in printed for sheet in sheets(swept))
    assert all(line in printed for line in why(swept))
