"""Run with: pytest"""

from pathlib import Path

from et_testbed import run
from my_market_maker import TwoSided

from strategies.testing import check_strategy


def test_it_keeps_the_contract() -> None:
    report = check_strategy(TwoSided, spread=0.2)
    assert report, str(report)
    assert not report.warnings, str(report)


def test_it_trades_on_both_sides_and_is_refused_only_where_it_comes_too_late() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=100, signatures="off")
    trades = result.trades[result.trades.market == "secondary"]
    assert trades.buyer.astype(str).str.startswith("two_sided").any()
    assert trades.seller.astype(str).str.startswith("two_sided").any()
    late = {"unknown_order", "not_owner"}  # an order of its own was taken while it was about to be replaced
    assert set(result.violations.code) <= late
