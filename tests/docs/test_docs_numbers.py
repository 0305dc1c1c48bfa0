"""Every number that README and docs give as a result is that of its experiment, and says so in a marker.

On the pages of results this goes for every number of the prose, elsewhere for shares and for what has an error.
"""

from __future__ import annotations

import re

import pytest

from tests.docs.doc_numbers import NUMBER, Line, Stretch, faults, left, plain, read_lines, stretches, untold
from tests.places import DOCS, ROOT

PAGES = [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]
RESULTS = {
    "model.md": "",
    "design_space.md": "",
    "slot_auction.md": "## Experiments",
    "published.md": "## Agreement",
    "when_is_a_ticket_sold.md": "",
    "what_would_my_rule_do.md": "",
    "would_my_bidder_survive.md": "",
}
"""Pages of results, and the heading from which on they are."""

SHARE = re.compile(rf"{NUMBER.pattern}(?= ?(?:%|±|points))|± ?{NUMBER.pattern}")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_numbers_are_those_of_their_sources(page):
    found = [fault for stretch in stretches(page.read_text()) for fault in faults(stretch)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("name", RESULTS)
def test_no_result_is_without_a_source(name):
    text = (DOCS / name).read_text()
    assert RESULTS[name] in text
    found = {
        plain(stretch.text).strip()[:60]: untold(stretch)
        for stretch in stretches(text[text.index(RESULTS[name]) :])
        if untold(stretch)
    }
    assert not found, found


@pytest.mark.parametrize("page", [page for page in PAGES if page.name not in RESULTS], ids=lambda page: page.name)
def test_no_share_is_without_a_source(page):
    for stretch in stretches(page.read_text()):
        shares = [found.group() for found in SHARE.finditer(left(stretch))]
        assert not shares, (plain(stretch.text).strip()[:60], shares)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_zero_is_less_than_nothing(page):
    assert not re.findall(r"[−-]0?\.?0+(?![\d.])(?= ?(?:%|±|\||ETH))", page.read_text())


def stretch_of(text, *lines):
    return Stretch(text, tuple(read_lines("\n".join(lines))))


def test_a_stale_number_is_found():
    text = "With two buyers it is block 6."
    key = 'sale_timing["entry.n = 2, K = 0.05.best_block"]'
    assert not list(faults(stretch_of(text, f"block 6 := {key}")))
    stale = stretch_of(text.replace("6", "7"), f"block 7 := {key}")
    assert list(faults(stale)) == [f"'block 7' says 7, but it is 6 (within 0.5): {key}"]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("41.2 % := 41.24", None),
        ("41.2 % := 41.26", "says 41.2, but it is 41.26 (within 0.05)"),
        ("41.2 % := 41.26 within .1", None),
        ("41.2 % (38.0 to 44.4) := (41.2, 38.01, 44.37)", None),
        ("41.2 % (38.0 to 44.4) := (41.2, 38.01)", "has 3 numbers, (41.2, 38.01) gives 2"),
        ("more than half := False", "'more than half': False is False"),
        ("more than half := 41.2 > 40", None),
        ("41.2 % := 41.2 +\n  0.01", None),
        ("42 % := 42", "is not in the text above its marker"),
        ("41.2 % :: setting", None),
        ("41.2 % :: rumour, heard", "'rumour' is none of"),
        ("41.2 % :: test, tests/nowhere.py", "names no test"),
    ],
)
def test_a_line_that_is_wrong_says_why(line, fault):
    found = list(faults(stretch_of("It is 41.2 % (38.0 to 44.4),\nmore than half.", line)))
    assert (fault is None and not found) or (len(found) == 1 and fault in found[0])


def test_what_is_neither_source_nor_kind_is_refused():
    with pytest.raises(ValueError, match="neither"):
        list(read_lines("41 % = 41"))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("It gains 3.5 points, −.09 [−.21, .04] and 1,027 more.", ["3.5", "−.09", "−.21", ".04", "1,027"]),
        ("| second price | 70.9 ± 11.6 | -1.1 | 1.19e+03 |", ["70.9", "11.6", "-1.1", "1.19e+03"]),
        (
            "P5, EIP-1559, `x = 3`, $K = .05$, Wu (2023), 1559 style, [41](x1.md), N(.00659, .0001)",
            [".00659", ".0001"],
        ),
        ("between 1–4 and 10 ms", ["1", "4", "10"]),
        ("U(.8, 1).", [".8", "1"]),
    ],
)
def test_numbers_of_prose(text, left):
    assert untold(Stretch(text, ())) == left


def test_a_number_that_is_told_is_not_untold():
    assert untold(Stretch("It is 41 % or 42 %.", (Line("41 %", ":: setting"),))) == ["42"]
    assert untold(Stretch("It is 41 % or 42 %.", (Line("*", ":: setting"),))) == []


def test_markers_speak_of_the_text_above_them_up_to_the_heading():
    page = "# A\n41\n\n## B\n42\n\n<!-- numbers\n42 :: setting\n-->\n\n43\n"
    assert [untold(stretch) for stretch in stretches(page)] == [[], ["41"], [], ["43"]]
