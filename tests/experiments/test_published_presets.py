"""The presets of `experiments/published` against what was measured on the published model (Stichler 2025)."""

from __future__ import annotations

from math import hypot, sqrt
from pathlib import Path

import pytest

import experiments
from experiments import run, sweep
from experiments.lab.metrics.registry import screen_scale
from experiments.lab.verify import verify_run

PRESETS = Path(experiments.__path__[0]) / "published"
NAMES = ("second_price", "first_price", "amm", "eip1559")
RUNS = 30  # behind every published mean
LIMIT = 4  # standard errors of the two means together
PUBLISHED = {
    "second_price": {
        "top_share": (60.66, 10.19),
        "nakamoto_51": (1.20, 0.41),
        "hhi": (4578, 813),
        "capture_cash": (75.69, 2.85),
        "holders_share": (84.30, 2.84),
        "garman_klass": (0.029, 0.015),
        "mean_price": (22.65, 0.55),
    },
    "first_price": {
        "top_share": (57.01, 9.87),
        "nakamoto_51": (1.30, 0.47),
        "hhi": (4244, 708),
        "capture_cash": (77.82, 3.03),
        "holders_share": (86.82, 2.91),
        "garman_klass": (0.026, 0.014),
        "mean_price": (23.29, 0.57),
    },
    "amm": {
        "top_share": (67.68, 18.38),
        "nakamoto_51": (1.40, 0.50),
        "hhi": (5891, 1574),
        "capture_cash": (77.75, 2.94),
        "holders_share": (85.66, 2.94),
        "garman_klass": (0.010, 0.009),
        "mean_price": (24.03, 0.55),
        "held_tickets": (58.57, 0.63),
    },
    "eip1559": {
        "top_share": (14.29, 1.34),
        "nakamoto_51": (4.80, 0.41),
        "hhi": (1050, 24),
        "capture_cash": (32.04, 3.43),
        "holders_share": (46.23, 3.60),
        "garman_klass": (1.27, 0.06),
        "mean_price": (3132, 1010),
        "empty_slots": (137, 30),
    },
}
"""Mean and standard deviation over 30 seeds of 1,000 slots; shares in percent."""

PAIRED = {
    ("second_price", "capture_cash"): (-0.68, 0.14),
    ("first_price", "capture_cash"): (-0.71, 0.20),
    ("amm", "capture_cash"): (-0.68, 0.22),
    ("eip1559", "capture_cash"): (5.35, 0.89),
    ("second_price", "top_share"): (-10.4, 3.3),
    ("eip1559", "top_share"): (38.3, 2.1),
}
"""What the secondary market changes: paired mean and standard error."""


def in_their_unit(name: str, statistics: dict[str, float]) -> dict[str, float]:
    """Mean and standard error with shares in percent, as the paper has them."""
    return {own: screen_scale(name) * statistics[own] for own in ("mean", "se")}


def agree(preset: str, seeds: int) -> None:
    """Every published metric, with the published spread for both means where ours has few seeds."""
    (point,) = sweep(PRESETS / f"{preset}.toml", seeds=range(1, seeds + 1)).summary()
    for name, (mean, spread) in PUBLISHED[preset].items():
        own = in_their_unit(name, point["metrics"][name])
        error = hypot(spread / sqrt(RUNS), own["se"] if seeds == RUNS else spread / sqrt(seeds))
        assert abs(own["mean"] - mean) <= LIMIT * error, (preset, name, own["mean"], mean)


@pytest.mark.parametrize("preset", ["second_price", "eip1559"])
def test_a_few_runs_agree(preset):
    agree(preset, 3)


@pytest.mark.slow
@pytest.mark.parametrize("preset", NAMES)
def test_thirty_runs_agree(preset):
    agree(preset, RUNS)


@pytest.mark.slow
@pytest.mark.parametrize("preset", NAMES)
def test_what_the_secondary_market_changes(preset):
    grid = {"market.secondary": [False, True]}
    (change,) = sweep(PRESETS / f"{preset}.toml", grid, range(1, RUNS + 1)).differences()
    for (other, name), (mean, error) in PAIRED.items():
        if other == preset:
            own = in_their_unit(name, change["metrics"][name])
            assert abs(own["mean"] - mean) <= LIMIT * hypot(error, own["se"]), (preset, name, own["mean"], mean)


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("secondary", [False, True])
def test_no_bid_is_refused_and_the_run_is_sound(preset, secondary, tmp_path):
    """Budgets are hard: whoever bids can pay."""
    changes = [f"market.secondary={str(secondary).lower()}"]
    result = run(PRESETS / f"{preset}.toml", blocks=70, overrides=changes, signatures="off", out=tmp_path / "run")
    assert len(result.violations) == 0
    assert verify_run(tmp_path / "run").is_sound


def test_expiry_and_the_number_of_tickets_are_overrides():
    changes = ["chain.maturity=64", "chain.supply=50"]
    result = run(PRESETS / "second_price.toml", blocks=100, overrides=changes, signatures="off")
    assert (result.blocks.live == 50).all()
    assert result.blocks.expired.sum() > 0
