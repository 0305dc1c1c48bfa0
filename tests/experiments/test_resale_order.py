"""What the order of resale changes: the committed answer, the page that shows it, and a few seeds of it again."""

from __future__ import annotations

import json
from math import hypot, sqrt
from pathlib import Path

import pytest

import experiments
from experiments.lab.study.settings import Settings
from experiments.resale_order import CROSSED, MEASURED, METRICS, ORDERS, SEEDS, experiment
from tests.places import DOCS

FOUND = json.loads((Path(experiments.__path__[0]) / "published" / "resale_order.json").read_text())
PAGE = (DOCS / "published.md").read_text()
LIMIT = 4  # standard errors of both together
FEW = 10
TITLES = {"second_price": "second price", "first_price": "first price", "amm": "AMM", "eip1559": "EIP-1559 style"}
DIGITS = {"capture_cash": 2, "top_share": 1}


def found(preset: str, order: str, metric: str) -> tuple[float, float]:
    """The committed change and its standard error, points."""
    return FOUND[f"{preset}.{order}.{metric}.change"], FOUND[f"{preset}.{order}.{metric}.se"]


def shown(change: float, error: float, digits: int) -> str:
    return f"{change:+z.{digits}f} ± {error:.{digits}f}".replace("-", "−")


@pytest.mark.parametrize("case", MEASURED, ids=".".join)
def test_the_answer_agrees_with_an_independent_program(case):
    change, error = found(*case)
    other, spread = MEASURED[case]
    assert abs(change - other) <= LIMIT * hypot(error, spread)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("preset", SEEDS)
def test_the_page_shows_the_answer(preset, metric):
    cells = [TITLES[preset], str(SEEDS[preset])]
    for order in reversed(ORDERS):
        own, other = found(preset, order, metric), MEASURED.get((preset, order, metric))
        cells.append(shown(*own, DIGITS[metric]))
        if other is None:
            cells += ["", ""]
        else:
            z = (own[0] - other[0]) / hypot(own[1], other[1])
            cells += [shown(*other, DIGITS[metric]), f"{z:+z.1f}".replace("-", "−")]
    assert f"| {' | '.join(cells)} |".replace("|  |", "| |").replace("|  |", "| |") in PAGE


@pytest.mark.parametrize("reserve", ["in_turn, own bid: value", "at_once, own bid: money"])
def test_the_page_shows_the_crossed_cases(reserve):
    cells = [shown(*found("second_price", reserve, metric), DIGITS[metric]) for metric in METRICS]
    order, _, own_bid = reserve.partition(", own bid: ")
    assert f"| `{order}` | {own_bid} | {CROSSED} | {' | '.join(cells)} |" in PAGE


def test_the_page_shows_the_levels_with_many_tickets():
    for order in ORDERS:
        price, capture = (FOUND[f"many tickets.{order}.{name}"] for name in ("mean_price", "capture_cash"))
        assert f"{price:.1f} ETH and {capture:.1f} %" in PAGE


@pytest.mark.slow
@pytest.mark.parametrize("preset", SEEDS)
def test_a_few_seeds_agree_with_the_answer(preset):
    """They are among the seeds of the answer; their own spread is as unsure as ten of a skewed figure make it."""
    few = experiment.answer(Settings(), preset=[preset], seeds=FEW).values
    for order in ORDERS:
        for metric in METRICS:
            change, error = found(preset, order, metric)
            own = few[f"{preset}.{order}.{metric}.change"]
            assert abs(own - change) <= LIMIT * error * sqrt(SEEDS[preset] / FEW)
