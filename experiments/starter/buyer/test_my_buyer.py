"""Run with: pytest"""

from pathlib import Path

from et_testbed import run
from my_buyer import Patient

from strategies.testing import check_strategy


def test_it_keeps_the_contract() -> None:
    report = check_strategy(Patient, margin=0.02)
    assert report, str(report)
    assert not report.warnings, str(report)


def test_it_wins_tickets_and_tries_nothing_that_is_refused() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=100, signatures="off")
    assert result.trades.buyer.astype(str).str.startswith("patient").any()
    assert len(result.violations) == 0
