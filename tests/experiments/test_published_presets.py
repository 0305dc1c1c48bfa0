"""The presets of `experiments/published` against what was measured on the published model (Stichler 2025)."""

from __future__ import annotations

import re
from math import hypot, sqrt
from pathlib import Path

import pytest

import experiments
from experiments import run, sweep
from experiments.lab.metrics.registry import screen_scale
from experiments.lab.verify import verify_run
from tests.places import DOCS

PRESETS = Path(experiments.__path__[0]) / "published"
NAMES = ("second_price", "first_price", "amm", "eip1559")
RUNS = 30  # behind a published mean that does not say of how many
LIMIT = 4  # standard errors of the two means together
PUBLISHED: dict[str, dict[str, tuple[float, ...]]] = {
    "second_price": {
        "top_share": (67.86, 12.5, 600),
        "nakamoto_51": (1.12, 0.32, 600),
        "hhi": (5318, 1176, 600),
        "capture_cash": (75.69, 2.85),
        "holders_share": (84.30, 2.84),
        "garman_klass": (0.029, 0.015),
        "mean_price": (22.65, 0.55),
    },
    "first_price": {
        "top_share": (62.06, 18.6, 600),
        "nakamoto_51": (1.22, 0.41, 600),
        "hhi": (4774, 1641, 600),
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
"""Mean and standard deviation over 30 seeds of 1,000 slots, or over as many as are said; shares in percent."""


def in_their_unit(name: str, statistics: dict[str, float]) -> dict[str, float]:
    """Mean and standard error with shares in percent, as the paper has them."""
    return {own: screen_scale(name) * statistics[own] for own in ("mean", "se")}


def agree(preset: str, seeds: int) -> None:
    """Every published metric, with the published spread for both means where ours has few seeds."""
    (point,) = sweep(PRESETS / f"{preset}.toml", seeds=range(1, seeds + 1)).summary()
    for name, (mean, spread, *runs) in PUBLISHED[preset].items():
        own = in_their_unit(name, point["metrics"][name])
        theirs = spread / sqrt(*runs or [RUNS])
        error = hypot(theirs, own["se"] if seeds == RUNS else spread / sqrt(seeds))
        assert abs(own["mean"] - mean) <= LIMIT * error, (preset, name, own["mean"], mean)


@pytest.mark.parametrize("preset", ["second_price", "eip1559"])
def test_a_few_runs_agree(preset):
    agree(preset, 3)


@pytest.mark.slow
@pytest.mark.parametrize("preset", NAMES)
def test_thirty_runs_agree(preset):
    agree(preset, RUNS)


@pytest.mark.parametrize("preset", NAMES)
@pytest.mark.parametrize("order", ["at_once", "in_turn"])
def test_no_bid_is_refused_and_the_run_is_sound(preset, order, tmp_path):
    """Budgets are hard: whoever bids can pay."""
    changes = ["market.secondary=true", f"market.resale_order={order}"]
    result = run(PRESETS / f"{preset}.toml", blocks=70, overrides=changes, signatures="off", out=tmp_path / "run")
    assert len(result.violations) == 0
    assert verify_run(tmp_path / "run").is_sound


def test_expiry_and_the_number_of_tickets_are_overrides():
    changes = ["chain.maturity=64", "chain.supply=50"]
    result = run(PRESETS / "second_price.toml", blocks=100, overrides=changes, signatures="off")
    assert (result.blocks.live == 50).all()
    assert result.blocks.expired.sum() > 0


def test_the_page_shows_what_the_presets_are_held_to():
    page = (DOCS / "published.md").read_text()
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| .* \| (\S+) ± (\S+) \| .* \|$", page, re.MULTILINE)
    shown = {(preset, name): (float(mean), float(spread)) for preset, name, mean, spread in rows}
    assert shown == {(preset, name): PUBLISHED[preset][name][:2] for preset in NAMES for name in PUBLISHED[preset]}
