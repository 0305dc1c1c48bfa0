"""Run with: pytest"""

from pathlib import Path

from et_testbed import simulate, solve

MODEL = Path(__file__).parent / "my_model.toml"


def test_the_best_block_is_no_worse_than_the_spot_auction() -> None:
    solution = solve(MODEL)
    assert solution.value >= solution.spot_value
    assert max(solution.sale_value) <= solution.value


def test_tickets_that_are_sold_bring_what_the_theory_says() -> None:
    outcome = simulate(MODEL, tickets=400, sale_blocks=[0, 32], signatures="off")
    assert (outcome.metrics["z"].dropna().abs() < 5).all()
