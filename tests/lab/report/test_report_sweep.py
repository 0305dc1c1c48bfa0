"""The page about a sweep: its figures and tables say what the sweep's files say."""

from __future__ import annotations

import json
import re
from html import unescape

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from experiments import InputError
from experiments.lab.metrics.registry import BY_NAME
from experiments.lab.report import write_report
from experiments.lab.report.sweep.axes import across, is_geometric
from experiments.lab.report.sweep.sweep_source import read_sweep, scaled
from experiments.lab.report.sweep.sweep_tables import seeds
from experiments.lab.report.table import number
from experiments.lab.statistics import is_above, is_below

GRID = {"chain.supply": [8, 16, 32], "market.structure": ["et", "et_expost"]}
SEEDS = range(1, 6)
FAILED = {(2, 3), (5, 1), (5, 2)}


def figures(page):
    """The figures of a page by their titles, as the page's script reads them."""
    pattern = r'<figure id="[^"]+"><h2>(.*?)</h2>.*?<script type="application/json">(.*?)</script>'
    return {name: json.loads(text) for name, text in re.findall(pattern, page, re.DOTALL)}


def cells(page, section):
    """The texts of a section's table, row by row, headings first."""
    text = page[page.index(f'<section id="{section}">') :]
    rows = re.findall(r"<tr>(.*?)</tr>", text[: text.index("</table>")], re.DOTALL)
    return [
        [unescape(re.sub("<.*?>", " ", own)).strip() for own in re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row)]
        for row in rows
    ]


@pytest.fixture
def swept(sweep_folder, tmp_path):
    return sweep_folder(tmp_path / "sweep", GRID, SEEDS, FAILED)


@pytest.fixture
def page(swept):
    return write_report(swept).read_text()


def test_what_was_swept(page):
    assert "<h1>Sweep over chain.supply and market.structure</h1>" in page
    assert "6 points with 5 seeds: 30 runs of 100 blocks unless swept. Every point has the same seeds." in page
    assert '<th scope="row">chain.supply</th><td class="text">8, 16, 32</td>' in page
    assert '<th scope="row">seed</th><td class="text">1 to 5</td>' in page
    assert json.loads(unescape(re.search(r"<pre>(\{.*?)</pre>", page, re.DOTALL)[1]))["chain"] == {"supply": 33}


def test_which_metrics(page):
    """Those that change and are most wanted first; one that has no value anywhere is left out."""
    first = ["capture", "efficiency", "hhi", "mean_price", "top_share"]
    assert list(figures(page)) == [*first, "my_own", "gini", "reward"]
    ticked = re.findall(r'value="metric-\d" checked><span>(.*?)</span>', page)
    assert [name.replace("<wbr>", "") for name in ticked] == first


def test_plotly_knows_every_property(page):
    for figure in figures(page).values():
        go.Figure(figure)


def test_means_with_their_intervals(swept, page):
    summary = json.loads((swept / "summary.json").read_text())
    traces = [trace for trace in figures(page)["hhi"]["data"][1:] if trace["yaxis"] == "y"]
    assert [trace["name"] for trace in traces] == ["et", "et_expost"]
    for trace in traces:
        own = [point for point in summary if point["parameters"]["market.structure"] == trace["name"]]
        metrics = [point["metrics"]["hhi"] for point in own]
        assert trace["y"] == pytest.approx([each["mean"] for each in metrics], rel=1e-5)
        bars = zip(metrics, trace["error_y"]["arrayminus"], trace["error_y"]["array"], strict=True)
        for each, down, up in bars:
            assert (each["mean"] - down, each["mean"] + up) == pytest.approx((each["low"], each["high"]), rel=1e-5)
    assert [trace["x"] for trace in traces] == [[7.68, 15.68, 31.68], [8.32, 16.32, 32.32]]


def test_single_runs(swept, page):
    runs = pd.read_parquet(swept / "runs.parquet")
    dots = figures(page)["hhi"]["data"][0]
    assert (dots["name"], dots["visible"]) == ("single runs", "legendonly")
    assert "A click on the legend shows single runs." in page
    assert dots["y"] == runs.hhi.dropna().tolist()
    assert dots["customdata"] == runs.seed[runs.error.isna()].tolist()
    beside = np.where(runs["market.structure"] == "et", -0.32, 0.32)
    assert dots["x"] == pytest.approx((runs["chain.supply"] + beside)[runs.error.isna()].tolist())


def test_a_sweep_over_seeds_shows_its_runs(sweep_folder, tmp_path):
    page = write_report(sweep_folder(tmp_path / "sweep", {}, SEEDS)).read_text()
    assert "<h1>Sweep over seeds</h1>" in page
    assert "1 point with 5 seeds: 5 runs of 100 blocks unless swept.<" in page
    dots, mean = figures(page)["hhi"]["data"]
    assert dots["visible"] is True
    assert mean["y"] == pytest.approx([np.mean(dots["y"])])


def test_many_runs_are_not_drawn_one_by_one(sweep_folder, tmp_path):
    page = write_report(sweep_folder(tmp_path / "sweep", {"a": [1, 2]}, range(251))).read_text()
    assert {trace["name"] for trace in figures(page)["hhi"]["data"]} == {"mean"}
    assert "Single runs are not drawn of more than 500." in page


def test_differences_below(swept, page):
    differences = json.loads((swept / "differences.json").read_text())
    traces = [trace for trace in figures(page)["hhi"]["data"] if trace["yaxis"] == "y2"]
    for trace in traces:
        own = [each for each in differences if each["parameters"]["market.structure"] == trace["name"]]
        assert trace["y"] == pytest.approx([each["metrics"]["hhi"]["mean"] for each in own], rel=1e-5)
    assert [len(trace["y"]) for trace in traces] == [2, 3]
    assert "from chain.supply = 8, market.structure = et, the runs of the same seed paired" in page


def test_points(swept, page):
    summary = json.loads((swept / "summary.json").read_text())
    heads, *rows = cells(page, "points")
    assert [head.replace(" ", "") for head in heads[:4]] == [
        "chain.supply", "market.structure", "runs", "capture%"
    ]  # fmt: skip
    assert [row[:3] for row in rows] == [
        [str(point["parameters"]["chain.supply"]), point["parameters"]["market.structure"], str(point["runs"])]
        for point in summary
    ]
    for row, point in zip(rows, summary, strict=True):
        own = {name: scaled(value, 100) for name, value in point["metrics"]["capture"].items()}
        mean = [number(own["mean"]), number(own["low"]), "to", number(own["high"])]
        level = f"{own['median_level']:.4g}"
        median = [number(own["median"]) + ",", number(own["median_low"]), "to", number(own["median_high"]) + ","]
        assert row[3].split() == [*mean, "median", *median, level, "%"]


def test_other_statistics(swept, page):
    summary = json.loads((swept / "summary.json").read_text())
    found = json.loads(re.search(r'id="statistics">(.*?)</script>', page)[1])["metric-0"]
    assert set(found) == {"median", "sd", "se"}
    for name, values in found.items():
        assert values == [number(100 * point["metrics"]["capture"][name]) for point in summary]


def test_differences_come_first_and_metrics_have_words(page):
    places = [page.index(mark) for mark in ('<section id="differences">', "<figure id=", '<section id="points">')]
    assert places == sorted(places)
    words = f"{BY_NAME['hhi'].words}hhi, HHI"
    assert words.replace(" ", "") in {head.replace(" ", "") for head in cells(page, "points")[0]}


def test_the_table_of_differences(swept, page):
    differences = json.loads((swept / "differences.json").read_text())
    _, *rows = cells(page, "differences")
    assert len(rows) == len(differences) == 5
    for row, own in zip(rows, differences, strict=True):
        metric = own["metrics"]["capture"]
        assert row[2:4][0] == str(own["runs"])
        assert row[3].split()[0] == number(100 * metric["mean"])
    section = page[page.index('<section id="differences">') : page.index('<section id="points">')]
    found = [each for own in differences for each in own["metrics"].values() if each]
    assert section.count("<b>") == sum(is_above(each) or is_below(each) for each in found) > 0


def test_where_the_mean_has_no_interval_the_median_is_first_and_the_reason_is_told(swept, page):
    """In the figure, in the cell, and below the table."""
    summary = json.loads((swept / "summary.json").read_text())
    own = [point["metrics"]["reward"] for point in summary]
    assert {each["low"] for each in own} == {None}
    traces = [trace for trace in figures(page)["reward"]["data"][1:] if trace["yaxis"] == "y"]
    assert [y for trace in traces for y in trace["y"]] == [own[n]["median"] for n in (0, 2, 4, 1, 3, 5)]
    section = unescape(page[page.index('<section id="points">') : page.index('<section id="failures">')])
    assert f"{number(own[0]['median'])}<small>median, " in section
    assert f"mean {number(own[0]['mean'])}, <abbr" in section
    assert f"<li>reward, no interval: {own[0]['reason']}</li>" in section
    assert "Hill's index of the largest 1 % of values (100 of 10,000) is 1.33" in section
    assert re.search(r"<li>my_own, rough: each value is one draw; ", section)


def test_failures(page):
    assert "3 of 30 runs failed; their errors are at the end." in page
    _, *rows = cells(page, "failures")
    assert [row[:3] for row in rows] == [["16", "et", "3"], ["32", "et_expost", "1"], ["32", "et_expost", "2"]]
    assert "<summary>ZeroDivisionError: division by zero</summary>" in page
    assert "line 1, in &lt;b&gt;" in page
    assert "in <b>" not in page


def test_a_whole_sweep(sweep_folder, tmp_path):
    page = write_report(sweep_folder(tmp_path / "sweep", GRID, SEEDS)).read_text()
    assert 'class="warning">3' not in page
    assert 'id="failures"' not in page


def test_points_without_a_run(sweep_folder, tmp_path):
    failed = {(0, seed) for seed in SEEDS}
    page = write_report(sweep_folder(tmp_path / "sweep", GRID, SEEDS, failed)).read_text()
    assert "Without a finished run: chain.supply = 8, market.structure = et." in page
    first = next(trace for trace in figures(page)["hhi"]["data"] if trace["name"] == "et")
    assert len(first["x"]) == 2
    assert cells(page, "points")[1][2:4] == ["0", "–"]


def test_an_unfinished_sweep(swept):
    manifest = json.loads((swept / "manifest.json").read_text())
    (swept / "manifest.json").write_text(json.dumps(manifest | {"seeds": list(range(1, 8))}))
    assert "Unfinished: 12 of 42 runs are missing." in write_report(swept).read_text()


@pytest.mark.parametrize(
    ("grid", "key", "places"),
    [
        ({"a": ["x", "y"]}, "a", [0, 1]),
        ({"a": ["x", "y"], "b": [1, 2, 3]}, "b", [1, 2, 3]),
        ({"a": [5], "b": [1, 2]}, "b", [1, 2]),
        ({"a": [True, False]}, "a", [0, 1]),
        ({"a": [5]}, "a", [5]),
        ({}, "", [0]),
        ({"a": [1, 10, 100]}, "a", [0, 1, 2]),
    ],
)
def test_axes(sweep_folder, tmp_path, grid, key, places):
    """The first key with several numbers; texts have places of their own; geometric values a logarithmic axis."""
    folder = sweep_folder(tmp_path / "sweep", grid, [1])
    axis = across(read_sweep(folder))
    assert axis.key == key
    assert list(axis.places.values()) == places
    for figure in figures(write_report(folder).read_text()).values():
        assert go.Figure(figure).data


def test_geometric_values():
    assert is_geometric([8, 16, 32, 64])
    assert not is_geometric([1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert not is_geometric([0, 1, 10, 100])
    assert not is_geometric([1, 100])


def test_one_seed(sweep_folder, tmp_path):
    page = write_report(sweep_folder(tmp_path / "sweep", GRID, [4])).read_text()
    assert set(figures(page)["hhi"]["data"][0]["error_y"]["array"]) == {0.0}
    assert "A mark is a single run, so there is no interval" in page
    assert cells(page, "points")[1][3] == "25"


def test_many_lines(sweep_folder, tmp_path):
    grid = {"a": [1, 2], "b": list(range(6)), "c": list(range(6))}
    drawn = figures(write_report(sweep_folder(tmp_path / "sweep", grid, [1])).read_text())["hhi"]["data"]
    means = [trace for trace in drawn if trace["yaxis"] == "y"]
    assert len(means) == 24
    looks = {(trace["line"]["color"], trace["marker"]["symbol"]) for trace in means}
    assert len(looks) == 24
    assert "The first 24 of 36 lines are drawn" in (tmp_path / "sweep" / "report.html").read_text()


def test_without_differences(swept):
    (swept / "differences.json").unlink()
    page = write_report(swept).read_text()
    assert 'id="differences"' not in page
    assert {trace["yaxis"] for trace in figures(page)["hhi"]["data"]} == {"y"}


def test_nothing_in_a_sweep_is_taken_for_markup(sweep_folder, tmp_path):
    evil = "</script><img src=x onerror=alert(1)>"
    page = write_report(sweep_folder(tmp_path / "sweep", {evil: [1, 2], "b": [evil, "c"]}, [1, 2])).read_text()
    assert evil not in page
    assert "<img" not in page
    assert cells(page, "points")[1][:2] == ["1", evil]


def test_the_same_bytes(swept, page, tmp_path):
    assert write_report(swept, tmp_path / "page.html").read_text() == page


def test_broken_sweeps(swept):
    (swept / "differences.json").write_text("[1]")
    with pytest.raises(InputError, match=r"differences\.json: is not a list of the points"):
        write_report(swept)
    (swept / "differences.json").unlink()
    (swept / "runs.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"runs\.parquet: cannot be read"):
        write_report(swept)
    (swept / "summary.json").unlink()
    with pytest.raises(InputError, match="ended before its points were taken together"):
        write_report(swept)


def test_seeds():
    assert seeds([1, 2, 3, 4]) == "1 to 4"
    assert seeds([1, 2]) == "1, 2"
    assert seeds([3, 1, 2]) == "3, 1, 2"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"), (float("nan"), "–"), (0.0, "0"), (12.0, "12"), (1234.0, "1,234"), (1234.56, "1,235"),
        (0.0123456, "0.01235"), (-56.2, "-56.20"), (1e-9, "1.000e-09"), (2.5e12, "2.500e+12"),
        (99999.7, "100,000"),
    ],
)  # fmt: skip
def test_numbers(value, text):
    assert number(value) == text
