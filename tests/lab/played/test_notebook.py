"""What a notebook shows of a run, and takes from it."""

from __future__ import annotations

import pytest

from experiments import METRICS, InputError, audit_run, load, load_sweep, measure, run, sweep
from experiments.lab.runs.expected_table import profit
from experiments.lab.runs.fortune import read_fortunes
from experiments.lab.runs.taking_part import read_participation


@pytest.fixture(scope="module")
def both():
    return run({}, blocks=12, overrides=['market.structure=["pbs","et"]'], signatures="off")


def test_a_run_is_shown_with_its_summary_and_how_to_go_on(both):
    shown = both["et"]._repr_html_()
    assert ">capture of expected rewards" in shown
    assert "next: run(..., out=FOLDER)" in shown
    assert shown.count("<table>") == 2
    assert "tickets of" in shown
    assert "<th" in both._repr_html_()
    assert "pbs" in both._repr_html_().partition("<tbody>")[0].partition("<table>")[2]


def test_words_of_a_run_are_no_html(tmp_path):
    assert "<i>" not in run({}, blocks=3, out=tmp_path / "<i>", signatures="off")._repr_html_()


def test_profits_are_by_name(both):
    assert both["et"].profits.to_dict() == both["et"].summary["profit_eth"]
    assert both.profits["pbs"].to_dict() == both["pbs"].summary["profit_eth"]


def test_expected_profits_are_those_that_are_told(both):
    fortunes = read_fortunes({name: both[name].path for name in both.structures})
    for name, own in both.structures.items():
        played = read_participation(own.path, own.summary)
        told = {agent: profit(played, fortunes, [agent])[1] for agent in own.summary["profit_eth"]}
        assert both.expected_profits[name].to_dict() == told
        assert told != own.summary["profit_eth"]
    assert both["et"].expected_profits.to_dict() == both.expected_profits["et"].to_dict()


def test_no_profit_is_expected_where_luck_cannot_be_told():
    claimed = run({"blocks": 3, "chain": {"draw": "claim"}}, signatures="off")
    assert len(claimed.expected_profits) == len(claimed.profits)
    assert claimed.expected_profits.isna().all()


def test_money_is_in_eth_beside_gwei(both):
    trades = both["et"].in_eth("trades")
    assert list(trades.columns).index("price_eth") == list(trades.columns).index("price_gwei") + 1
    assert (trades["price_eth"] * 1e9).round().astype(int).tolist() == both["et"].trades["price_gwei"].tolist()
    assert "price_eth" not in both["et"].trades


def test_metrics_are_a_frame_by_name(both):
    frame = both.metrics
    assert list(frame.index) == [metric.name for metric in METRICS]
    assert frame.loc["hhi", "et"] == measure(both["et"])["hhi"]
    assert both["et"].metrics.loc["capture", ["value", "unit"]].tolist() == [
        measure(both["et"])["capture"],
        "share",
    ]


def test_structures_differ_by_their_metrics(both):
    metrics = both.metrics
    first, second = both.structures
    found = both.differences()
    assert list(found) == [f"{second} - {first}", "unit", "words"]
    known = metrics[second].notna() & metrics[first].notna()
    assert known.sum() > 5
    assert (found.iloc[:, 0] == metrics[second] - metrics[first])[known].all()
    assert next(iter(both.differences(second))) == f"{first} - {second}"
    with pytest.raises(InputError, match="'etx' was not played; there are"):
        both.differences("etx")


def test_it_plots_what_its_page_draws(both):
    assert list(both["et"].figures)[:2] == ["prices", "capture"]
    panels = {note.text.partition("</b>")[0] for note in both.plot().layout.annotations}
    assert {"<b>pbs", "<b>et"} <= panels
    with pytest.raises(InputError, match=r"no figure 'price'; did you mean 'prices'"):
        both.plot("price")


def test_a_folder_of_a_sweep_names_what_reads_it(tmp_path):
    swept = sweep({"blocks": 2}, seeds=[1], out=tmp_path / "swept")
    with pytest.raises(InputError, match="load_sweep"):
        load(swept.path)
    assert list(swept.figures)[:1] == list(load_sweep(swept.path).figures)[:1]
    assert swept.plot("hhi").layout.title.text == "HHI of proposals"


def test_a_run_is_audited_by_its_result(both):
    told = []
    report = audit_run(both, progress=lambda *words: told.append(words))
    assert told == [(name, done, 12) for name in ("pbs", "et") for done in range(1, 13)]
    assert report.is_sound
    assert "<pre>" in report._repr_html_()
    assert repr(report) == f"Report({both.path}: sound)"
    assert "manifest" not in repr(report.parts[0])


def test_a_fault_of_input_is_one_line_in_a_notebook():
    with pytest.raises(InputError) as refused:
        run({"block": 3})
    assert refused.value._render_traceback_() == [f"InputError: {refused.value}"]


def test_a_figure_that_is_taken_for_a_table_and_a_misspelt_one_are_named(both):
    with pytest.raises(AttributeError, match=r"no table 'capture', but a figure: summary\['capture'\]"):
        _ = both["et"].capture
    with pytest.raises(AttributeError, match="no table 'tradez'; did you mean 'trades'"):
        _ = both["et"].tradez


KEYS = {
    "summary": (lambda both: both["et"].summary["captur"], "no 'captur'; did you mean 'capture'"),
    "figures": (lambda both: both.figures["profit"], "no 'profit'; did you mean 'profits'"),
    "structure": (lambda both: both["ett"], "no 'ett'; did you mean 'et'"),
    "metrics": (
        lambda both: both["et"].metrics.loc["captur", "value"],
        "no metric 'captur'; did you mean 'capture'",
    ),
    "a row": (
        lambda both: both["et"].metrics["capture"],
        r"'capture' is a row, and no column: take .loc\['capture'\]",
    ),
    "an old name": (lambda both: both.metrics.loc["mev_capture"], "called 'capture_cash' now"),
    "profits": (lambda both: both["et"].profits["truthful"], "no agent 'truthful'; did you mean 'truthful-"),
    "of both": (lambda both: both.profits.loc["truthful", "et"], "no agent 'truthful'; did you mean 'truthful-"),
    "expected": (lambda both: both["et"].expected_profits.loc["truthful"], "no agent 'truthful'; did you"),
}


@pytest.mark.parametrize("what", KEYS)
def test_a_wrong_name_is_one_line_with_what_comes_near(both, what):
    ask, says = KEYS[what]
    with pytest.raises(KeyError, match=says) as refused:
        ask(both)
    assert len(refused.value._render_traceback_()) == 1


def test_frames_are_asked_as_those_of_pandas(both):
    metrics = both["et"].metrics
    assert metrics.loc["hhi", "value"] == metrics["value"]["hhi"] == metrics.loc[["hhi"], "value"].iloc[0]
    assert both.profits["et"].equals(both.profits.loc[:, "et"])
    assert "captur" not in metrics
    assert metrics.get("captur") is None


def test_completion_finds_tables_and_all_else(both):
    assert {"trades", "blocks", "plot", "figures", "metrics", "profits"} <= set(dir(both["et"]))
