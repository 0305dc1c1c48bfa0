"""Run with: pytest"""

from pathlib import Path

from et_testbed import check_pricing, run
from my_pricing import pricing

from market import Award, Lot, Offer, Terms


def test_it_is_what_the_market_needs() -> None:
    report = check_pricing(pricing)
    assert not report.warnings


def test_the_winner_pays_the_middle_of_the_two_highest_bids() -> None:
    lot = Lot(0, Terms(reserve=2), [Offer(1, 4), Offer(2, 10), Offer(3, 6)])
    assert pricing([lot, lot._replace(offers=[])]) == [Award(2, 8), None]


def test_the_protocol_sells_under_it() -> None:
    result = run(Path(__file__).parent / "config.toml", blocks=60, signatures="off")
    assert (result.trades.market == "primary").any()
