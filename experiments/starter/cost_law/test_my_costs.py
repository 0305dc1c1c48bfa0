"""Run with: pytest"""

from pathlib import Path

from et_testbed import check_law, run
from my_costs import Beta


def test_it_is_what_a_run_needs() -> None:
    report = check_law(Beta, {"a": 3.0})
    assert not report.warnings


def test_buyers_have_costs_of_it() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=100, signatures="off")
    costs = result.blocks.cost_gwei.dropna()
    assert len(costs)
    assert costs.max() <= Beta(high=0.02).high
