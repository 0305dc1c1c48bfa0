"""Run with: pytest"""

from pathlib import Path

from et_testbed import check_pricing, run
from my_pricing import Damped, award

from market import Award, Lot, Offer, Terms


def test_it_is_what_the_market_needs() -> None:
    report = check_pricing(Damped, histories=5, parameters={"share": 0.8})
    assert not report.warnings


def test_the_winner_pays_the_second_highest_bid() -> None:
    lot = Lot(0, Terms(reserve=2), [Offer(1, 4), Offer(2, 10), Offer(3, 6)])
    assert award(lot) == Award(2, 6)
    assert award(lot._replace(offers=[])) is None


def test_no_ticket_is_sold_below_a_share_of_what_was_paid() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=60, signatures="off")
    sales = result.trades[result.trades.market == "primary"]
    assert len(sales) > 20
    reserves = result.auctions[result.auctions.market == "primary"].reserve_gwei
    assert reserves.iloc[0] == 0
    assert reserves.max() > 0
