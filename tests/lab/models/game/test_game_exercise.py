"""Windows: when tickets are sold and exercised, played against solved, and how it is said.

Every other test of a window that compares prices compares these shares and means too (`worst`).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from experiments.lab.models.game.outcome_text import sheets
from experiments.lab.models.game.simulation import simulate

AR1 = {"process": "ar1", "mean": 0.6, "phi": 0.8, "sigma": 0.2}
UNIFORM = {"process": "uniform", "low": 0.0, "high": 1.0}
WIDE = {"distribution": "uniform", "low": 0.1, "high": 0.9}
WINDOW = {"exercise": "window", "maturity": 3, "cost": WIDE}


@pytest.mark.slow
@pytest.mark.parametrize(
    "terms",
    [
        {"buyers": None, "arrival_rate": 0.8},
        {"buyers": 1},
        {"reserve": 0.3},
        {"reserve": "optimal"},
        {"format": "first_price"},
        {"entry": "uninformed", "entry_cost": 0.03},
        {"cost_information": "at_maturity"},
        {"cost_information": "gradual", "entry_cost": 0.03},
        {"seller_cost": 0.4},
        {"seller_discount_rate": 0.05},
        {"cost": {"distribution": "empirical", "values": [0.1, 0.3, 0.9]}},
        {"cost": {"distribution": "beta", "a": 2.0, "b": 5.0, "low": 0.1, "high": 0.9}, "buyers": 12},
    ],
    ids=lambda terms: "-".join(map(str, terms.values()))[:40],
)
@pytest.mark.parametrize("reward", [UNIFORM, AR1], ids=["uniform", "ar1"])
def test_all_terms_of_a_sale(make_model: Any, worst: Any, reward: dict[str, Any], terms: dict[str, Any]) -> None:
    model = make_model(**WINDOW | terms, reward=reward)
    for blocks in ([0, 2], None):
        assert worst(simulate(model, 600, blocks, signatures="off")) <= 4


def test_a_window_that_nobody_buys_says_so(make_model: Any) -> None:
    outcome = simulate(make_model(**WINDOW, reward=UNIFORM, entry_cost=2.0), 20, [1], signatures="off")
    assert outcome.sale_and_exercise is not None
    for found in (outcome.sale_and_exercise[0], outcome.theory.sale_and_exercise[0]):  # type: ignore[index]
        assert found.found_a_buyer == 0
        assert found.tried_at == [0, 1, 0, 0]
        assert found.sold_at is found.at_once is found.never is found.mean_wait is None
    *_, by_block = sheets(outcome)
    assert ["1", "– (–)", "– (–)", "– (–)"] in list(by_block.texts())


def test_whoever_loses_nothing_by_it_exercises_at_once(make_model: Any, worst: Any) -> None:
    """A known reward, no discounting: every block is as good, and rounding does not choose."""
    outcome = simulate(make_model(**WINDOW, discount_rate=0.0), 30, [2], signatures="off")
    assert worst(outcome) <= 4
    assert outcome.sale_and_exercise is not None
    assert outcome.sale_and_exercise[0].at_once == 1


def test_only_windows_have_it(make_model: Any) -> None:
    outcome = simulate(make_model(maturity=2), 20, [1], signatures="off")
    assert outcome.sale_and_exercise is None
    assert outcome.theory.sale_and_exercise is None


def test_text_and_json_have_the_same(et_testbed: Any, tmp_path: Path) -> None:
    path = tmp_path / "window.toml"
    path.write_text(
        '[model]\nexercise = "window"\nmaturity = 2\ndiscount_rate = 0.01\nbuyers = 3\nentry_cost = 0.03\n'
        '[model.cost]\ndistribution = "uniform"\nlow = 0.1\nhigh = 0.9\n'
        '[model.reward]\nprocess = "uniform"\nlow = 0.0\nhigh = 1.0\n'
    )
    options = ("--tickets", "30", "--signatures", "off")
    outcome = json.loads(et_testbed("simulate", str(path), *options, "--json").stdout)
    (played,), (solved,) = outcome["sale_and_exercise"], outcome["theory"]["sale_and_exercise"]
    for found in (played, solved):
        assert sum(found["sold_at"]) == pytest.approx(1)
        assert sum(found["exercised_at"]) == pytest.approx(1 - found["never"])
        assert sum(found["waited"]) == pytest.approx(1 - found["never"])
        assert found["at_once"] == found["waited"][0]
        assert found["mean_block_exercised"] >= found["mean_block_sold"]
    text = et_testbed("simulate", str(path), *options).stdout
    assert f"exercised at once          {played['at_once']:.6f}" in text
    assert f"{played['sold_at'][2]:.4f} ({solved['sold_at'][2]:.4f})" in text
    printed = et_testbed("solve", str(path)).stdout
    assert f"{solved['at_once']:.6f}" in printed
    assert json.loads(et_testbed("solve", str(path), "--json").stdout)["sale_and_exercise"] == solved
