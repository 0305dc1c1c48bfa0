"""The tables of all commands, on terminals of three widths and piped: no number and no name in them is broken."""

from __future__ import annotations

import csv
import io
import json

import pandas as pd
import pytest
from rich.console import Console

from experiments.lab.study.answer import Answer
from experiments.lab.study.answer_text import sheet_of
from experiments.lab.terminal import sheet_formats
from experiments.lab.terminal.sheet import Sheet, SheetColumn, prose
from experiments.lab.terminal.sheet_formats import TableFormat
from experiments.lab.terminal.sheet_text import ENDLESS, fitted

CONFIG = """blocks = 12
[chain]
supply = 5
maturity = 4
[reward]
process = "uniform"
low = 0.1
high = 0.2
[[agents]]
strategy = "truthful"
role = "buyer"
count = 3
can_build = true
"""
MODEL = """[model]
maturity = 3
buyers = 3
exercise = "window"
entry_cost = 0.02
discount_rate = 0.01
[model.reward]
process = "uniform"
low = 0.0
high = 0.2
[model.cost]
distribution = "uniform"
low = 0.0
high = 0.05
"""
COMMANDS = {
    "run": ("run", "config.toml", "--signatures", "off", "--out", "played", "--force"),
    "trace": ("trace", "played", "0"),
    "sweep": (
        "sweep", "config.toml", "--grid", "chain.gas_price_gwei=0,1", "--seeds", "1-2", "--backend", "sequential",
    ),
    "tournament": (
        "tournament", "config.toml", "--entrants", "truthful,shade:0.8", "--seeds", "1-2",
        "--seating", "one_against", "--backend", "sequential",
    ),
    "exploit": ("exploit", "truthful", "--seeds", "1", "--held-out", "2", "--families", "shade", "--blocks", "5"),
    "solve": ("solve", "model.toml"),
    "simulate": ("simulate", "model.toml", "--tickets", "20", "--signatures", "off"),
    "strategies": ("strategies",),
    "metrics": ("metrics",),
    "schema": ("schema",),
    "keys": ("schema", "--config"),
}  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    place = tmp_path_factory.mktemp("tables")
    (place / "config.toml").write_text(CONFIG)
    (place / "model.toml").write_text(MODEL)
    return place


@pytest.fixture
def sheets(et_testbed, place, monkeypatch, request):
    """What a command prints, before it is written."""
    found = []

    def kept(given):
        found.extend(given)
        return ""

    monkeypatch.setitem(sheet_formats.WRITERS, TableFormat.CSV, kept)
    done = et_testbed(*request.param, "--format", "csv", cwd=place)
    assert done.returncode == 0, done.stderr
    assert found
    return found


def printed(sheet, width):
    console = Console(width=width, file=io.StringIO())
    with console.capture() as text:
        console.print(fitted(sheet, console), crop=False)
    return text.get()


@pytest.mark.parametrize("sheets", COMMANDS.values(), ids=COMMANDS, indirect=True)
def test_nothing_is_broken_at_any_width_and_programs_can_read_it(sheets):
    for sheet in sheets:
        for width in (60, 80, 160, ENDLESS):
            text = printed(sheet, width)
            for column, *cells in zip(sheet.columns, *sheet.texts(), strict=True):
                if not column.is_prose:
                    assert all(line.strip() in text for cell in cells for line in cell.split("\n")), (
                        width,
                        column,
                    )
        assert len(list(csv.reader(io.StringIO(sheet_formats.csv_of(sheet))))) == 1 + len(sheet.rows)
    assert json.loads(sheet_formats.to_json(sheets))
    for write in (sheet_formats.to_latex, sheet_formats.to_markdown):
        assert write(sheets)


def test_sentences_that_are_piped_leave_the_names_in_sight():
    sheet = Sheet(
        [SheetColumn("name"), prose("one"), prose("two")], [["hub", "so many words " * 30, "more " * 90]]
    )
    assert max(map(len, printed(sheet, ENDLESS).splitlines())) < 140


def test_the_table_of_an_answer_is_a_sheet():
    table = pd.DataFrame({"point": ["a", "b"], "blocks": [3, 4], "share": [0.123456, float("nan")]})
    sheet = sheet_of(Answer(table, {}, {}), "why?")
    assert list(sheet.texts()) == [["a", "3", "0.1235"], ["b", "4", "–"]]
    assert json.loads(sheet_formats.to_json([sheet]))[0] == {"point": "a", "blocks": 3, "share": 0.123456}


def test_a_rule_that_changed_no_trade_is_told(et_testbed, place):
    done = et_testbed(*COMMANDS["sweep"], "--format", "json", "--quiet", cwd=place)
    shown = et_testbed(*COMMANDS["sweep"], "--format", "json", cwd=place)
    assert done.stdout == ""
    (difference,) = json.loads(shown.stdout)["differences"]
    assert difference["remark"] == "same trades as the first point"
    assert difference["capture"] == difference["capture_low"] == 0.0


def test_a_point_that_differs_for_sure_has_its_mark(et_testbed, place):
    grid = ("--grid", "reward.high=0.2,0.9", "--seeds", "1-5", "--metrics", "mean_price,trades")
    done = et_testbed("sweep", "config.toml", *grid, "--backend", "sequential", cwd=place)
    differing = done.stdout.split("less the first point (reward.high=0.2)")[1]
    assert "▲" in differing
    assert "same trades" not in differing
    assert "2 of " in done.stdout


GIVEN = [
    ["run", "none.toml"],
    ["sweep", "none.toml"],
    ["tournament", "none.toml", "--entrants", "truthful"],
    ["exploit", "truthful", "--config", "none.toml"],
    ["experiments", "structures"],
    ["solve", "none.toml"],
    ["simulate", "none.toml"],
    ["trace", "none", "1"],
    ["schema", "--config"],
    ["strategies"],
    ["metrics"],
    ["wallet", "list"],
]


@pytest.mark.parametrize("given", GIVEN, ids=lambda given: given[0])
def test_two_ways_to_write_it_are_refused_before_anything_is_done(et_testbed, given):
    done = et_testbed(*given, "--json", "--format", "csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: --format csv: is for the table, and --json prints all")
