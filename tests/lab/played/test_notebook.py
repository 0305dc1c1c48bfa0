"""What a notebook shows of a run, and takes from it."""

from __future__ import annotations

import pytest

from experiments import run


@pytest.fixture(scope="module")
def both():
    return run({}, blocks=12, overrides=['market.structure=["pbs","et"]'], signatures="off")


def test_a_run_is_shown_with_its_summary_and_how_to_go_on(both):
    shown = both["et"]._repr_html_()
    assert ">capture of expected rewards" in shown
    assert "next: run(..., out=FOLDER)" in shown
    assert shown.count("<table>") == 1
    assert "<th" in both._repr_html_()
    assert "pbs" in both._repr_html_().partition("<tbody>")[0].partition("<table>")[2]


def test_words_of_a_run_are_no_html(tmp_path):
    assert "<i>" not in run({}, blocks=3, out=tmp_path / "<i>", signatures="off")._repr_html_()


def test_profits_are_by_name(both):
    assert both["et"].profits.to_dict() == both["et"].summary["profit_eth"]
    assert both.profits["pbs"].to_dict() == both["pbs"].summary["profit_eth"]


def test_money_is_in_eth_beside_gwei(both):
    trades = both["et"].in_eth("trades")
    assert list(trades.columns).index("price_eth") == list(trades.columns).index("price_gwei") + 1
    assert (trades["price_eth"] * 1e9).round().astype(int).tolist() == both["et"].trades["price_gwei"].tolist()
    assert "price_eth" not in both["et"].trades
