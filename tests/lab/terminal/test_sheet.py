"""Tables of commands: nothing in them is broken, however narrow the terminal; programs read what people see."""

from __future__ import annotations

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from experiments.lab.terminal.sheet import Sheet, SheetColumn, Shown, number, prose
from experiments.lab.terminal.sheet_formats import to_csv, to_json, to_latex, to_markdown
from experiments.lab.terminal.sheet_text import fitted

SALES = Sheet(
    (
        SheetColumn("market.secondary"),
        number("capture", "capture\nshare"),
        number("blocks"),
        prose("what", "what it is"),
    ),
    [
        (
            "second_price",
            Shown("0.9123\n[0.9012, 0.9234]", {"": 0.9123, "low": 0.9012, "high": 0.9234}),
            7200,
            "what | the bidder_x & its rivals paid",
        ),
        ("first_price", None, -0.0, "nothing"),
    ],
    "mean [95 % interval]",
)


def on_a_terminal(sheet: Sheet, width: int) -> str:
    console = Console(width=width, file=io.StringIO())
    with console.capture() as printed:
        console.print(fitted(sheet, console), crop=False)
    return printed.get()


@pytest.mark.parametrize("width", [1, 10, 20, 40, 60, 80, 160])
def test_no_number_and_no_name_is_broken_on_any_terminal(width):
    shown = on_a_terminal(SALES, width)
    for whole in ("second_price", "first_price", "0.9123", "[0.9012, 0.9234]", "7,200"):
        assert whole in shown


WORDS = st.text("abcdefgh_.,[]- ", min_size=1, max_size=30).map(str.strip).filter(bool)


@given(st.lists(st.tuples(WORDS, WORDS, st.floats(-1e9, 1e9)), min_size=1, max_size=5), st.integers(1, 170))
def test_any_name_is_whole_at_any_width(rows, width):
    shown = on_a_terminal(Sheet((SheetColumn("name"), SheetColumn("other name"), number("value")), rows), width)
    for name, other, value in rows:
        assert name in shown
        assert other in shown
        assert f"{value:z,.6g}" in shown


def test_where_it_is_narrow_columns_become_rows_and_then_paragraphs():
    sheet = Sheet((SheetColumn("point"), *map(number, ("capture", "efficiency", "hhi"))), [("a", 1.5, 2.5, 3.5)])
    assert len(on_a_terminal(sheet, 60).splitlines()) == 2
    turned = on_a_terminal(sheet, 20)
    assert [line.split() for line in turned.splitlines()] == [
        ["point", "a"], ["capture", "1.5"], ["efficiency", "2.5"], ["hhi", "3.5"],
    ]  # fmt: skip
    assert on_a_terminal(sheet, 12).splitlines()[:3] == ["point: a", "capture: 1.5", "efficiency:"]


def test_sentences_alone_are_broken_between_words():
    text = "a sentence that is longer than what there is room for"
    shown = on_a_terminal(Sheet((SheetColumn("name"), prose("what")), [("x", text)]), 40)
    lines = shown.splitlines()[1:]
    assert len(lines) > 1
    assert " ".join(line[6:].strip() for line in lines) == text


def test_programs_get_values_all_rows_with_the_same_names():
    records = json.loads(to_json([SALES]))
    assert records == [
        {"market.secondary": "second_price", "capture": 0.9123, "capture_low": 0.9012, "capture_high": 0.9234,
         "blocks": 7200, "what": "what | the bidder_x & its rivals paid"},
        {"market.secondary": "first_price", "capture": None, "capture_low": None, "capture_high": None,
         "blocks": 0.0, "what": "nothing"},
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO(to_csv([SALES]))))
    assert [row["capture_low"] for row in rows] == ["0.9012", ""]
    assert rows[0].keys() == records[0].keys()


def test_several_tables_are_told_apart():
    named = [SALES._replace(name=name) for name in ("one", "two")]
    assert list(json.loads(to_json(named))) == ["one", "two"]
    assert to_csv(named).count("\n\n") == 1


def test_what_means_something_to_latex_or_markdown_is_escaped():
    assert r"bidder\_x \& its" in to_latex([SALES])
    assert r"what \| the bidder_x" in to_markdown([SALES])
    assert len({line.count("|") - line.count(r"\|") for line in to_markdown([SALES]).splitlines()}) == 1


def test_nothing_is_minus_zero():
    assert "-0" not in on_a_terminal(SALES, 100)
