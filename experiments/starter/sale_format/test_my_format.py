"""Run with: pytest"""

from pathlib import Path

from et_testbed import check_format, run
from my_format import clear

from market import Lot, Offer, Payment, Terms


def test_it_is_what_the_market_needs() -> None:
    report = check_format(clear)
    assert not report.warnings


def test_the_winner_pays_the_middle_of_the_two_highest_bids() -> None:
    lot = Lot(0, Terms(reserve=2), [Offer(1, 4), Offer(2, 10), Offer(3, 6)])
    assert clear(lot) == [Payment(0, 2, 8, 0)]
    assert clear(lot._replace(offers=[])) == []


def test_holders_sell_in_it() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=60, signatures="off")
    resold = result.trades[result.trades.market == "secondary"]
    assert set(resold.venue) == {"own"}
