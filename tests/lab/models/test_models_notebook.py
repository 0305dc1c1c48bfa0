"""What a notebook shows of solutions and simulations: figures of what each model has, and the same as frames."""

from __future__ import annotations

import pickle

import pandas as pd
import pytest

from experiments.lab.cli.simulate import simulate_command
from experiments.lab.cli.solve import solve_command
from experiments.lab.config.errors import InputError
from experiments.lab.models.game.simulation import simulate
from experiments.lab.models.model.model_file import read_model
from experiments.lab.models.model.solving import solve

EXPONENTIAL = {"process": "exponential", "mean": 1.0}


def model(**keys):
    file = {
        "maturity": 4,
        "discount_rate": 0.01,
        "buyers": 3,
        "cost": {"distribution": "uniform", "low": 0.1, "high": 0.5},
        "reward": {"process": "constant", "value": 1.0},
    }
    return read_model({"model": file | keys})


WINDOW = {"exercise": "window", "cost_information": "at_start", "reward": EXPONENTIAL}


@pytest.mark.parametrize(
    ("keys", "named"),
    [
        ({"entry_cost": 0.05}, ["sale_value", "entry", "values"]),
        (WINDOW, ["sale_value", "tries", "sale_region", "lives", "values"]),
    ],
)
def test_a_solution_has_the_figures_of_its_model(keys, named):
    solution = solve(model(**keys))
    assert [name for name in solution.figures if name != "entry" or "entry_cost" in keys] == named
    assert [solution.plot(name).layout.title.text for name in named] == [solution.figures[name] for name in named]
    assert list(solution.plot().data[0].y) == pytest.approx(solution.sale_value, rel=1e-5)
    assert solution.plot().data[1].x == tuple(solution.ties or ())


def test_a_solution_is_a_frame_by_figure_and_by_block():
    solution = solve(model(**WINDOW))
    assert solution.metrics.loc["value", "value"] == solution.value
    assert solution.metrics.loc["mean_wait", "words"] == "mean blocks between"
    assert solution.by_block["sale_value"].tolist() == solution.sale_value
    assert solution.by_block["exercised_at"].tolist() == solution.sale_and_exercise.exercised_at
    for asked, near in ((lambda: solution.by_block["sale_valu"], "sale_value"), (lambda: solution.valu, "value")):
        with pytest.raises(InputError, match=rf"no '.*'; did you mean '{near}'"):
            asked()
    assert pickle.loads(pickle.dumps(solution)) == solution
    shown = solution._repr_html_()
    assert "value at the best policy" in shown
    assert "next: result.plot()" in shown


def test_an_outcome_stands_beside_theory():
    outcome = simulate(model(**WINDOW), tickets=20, sale_blocks=[0, 4], signatures="off")
    assert list(outcome.figures)[:2] == ["prices", "gaps"]
    simulated, theory = outcome.plot().data
    assert simulated.x == ("spot", "block 0", "block 4")
    assert theory.y[0] == pytest.approx(outcome.theory.spot_mean, rel=1e-5)
    assert outcome.plot("lives_block_4").data[0].name == "sold"
    row = outcome.metrics.loc[("block 4", "gap to spot")]
    assert row["simulation"] == outcome.gap_mean[1]
    assert pd.isna(outcome.metrics.loc[("block 0", "efficiency"), "se"])
    assert "next: result.plot()" in outcome._repr_html_()


FILE = """[model]
maturity = 4
discount_rate = 0.01
buyers = 3
cost = {distribution = "uniform", low = 0.1, high = 0.5}
reward = {process = "constant", value = 1.0}
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "model.toml"
    path.write_text(FILE)
    return path


def test_a_model_is_solved_from_its_file_too(file):
    assert solve(file) == solve(model())


def test_what_is_printed_of_it_is_what_the_commands_print(file, capsys):
    solve_command(file)
    assert capsys.readouterr().out == f"{solve(file)}\n"
    solved = str(solve(file))
    assert solved.startswith("figure")
    assert "t, blocks" in solved
    simulate_command(file, tickets=4, sale_blocks="0", signatures="off", quiet=True)
    played = simulate(model(), tickets=4, sale_blocks=[0], signatures="off")
    assert capsys.readouterr().out == f"{played}\n"
    assert str(played).startswith("4 tickets; ETH in present value at the mint\n")
