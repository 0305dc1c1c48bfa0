"""Run with: pytest"""

from pathlib import Path

from et_testbed import run
from my_seller import Steady

from strategies.testing import check_strategy


def test_it_keeps_the_contract() -> None:
    report = check_strategy(Steady, share=0.6)
    assert report, str(report)
    assert not report.warnings, str(report)


def test_it_sells_tickets_and_tries_nothing_that_is_refused() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=100, signatures="off")
    sales = result.trades[result.trades.market == "secondary"]
    assert sales.seller.astype(str).str.startswith("steady").any()
    assert len(result.violations) == 0
