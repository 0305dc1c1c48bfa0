"""The notebooks of the docs: they open with what they are for, are small, and say what executing them says."""

from __future__ import annotations

import re

import pytest

from tests.docs.played_notebooks import (
    NOTEBOOKS,
    code_of,
    is_bar,
    joined,
    played,
    read,
    rounded,
    still,
    text_of,
    texts,
)

MOST = 100_000  # bytes
PICTURES = {"text/plain", "text/html", "image/png", "image/svg+xml"}


def each():
    return pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def outputs(file):
    return [output for cell in code_of(read(file)) for output in cell["outputs"]]


def test_there_are_those_that_were_asked_for():
    assert [file.stem for file in NOTEBOOKS] == ["own_bidder", "own_question", "own_rule", "when_to_sell"]


@each()
def test_it_opens_with_what_one_will_know(file):
    first = read(file)["cells"][0]
    assert first["cell_type"] == "markdown"
    assert "**At the end you will know**" in joined(first["source"])


@each()
def test_its_links_lead_somewhere(file):
    words = "".join(joined(cell["source"]) for cell in read(file)["cells"] if cell["cell_type"] == "markdown")
    found = re.findall(r"\]\(([^)#]+)\)", words)
    assert found
    assert [link for link in found if not (file.parent / link).is_file()] == []


@each()
def test_what_is_committed_is_small_and_still(file):
    assert file.stat().st_size < MOST
    found = outputs(file)
    assert any("image/png" in output.get("data", {}) for output in found)
    assert {kind for output in found for kind in output.get("data", {})} <= PICTURES
    assert not any("<script" in text_of(output) or is_bar(output) for output in found)
    assert not any(place in text_of(output) for output in found for place in ("/tmp/", "/home/", "Traceback"))


@each()
def test_all_cells_were_executed_in_their_order(file):
    counts = [cell["execution_count"] for cell in code_of(read(file))]
    assert counts == list(range(1, len(counts) + 1))


@pytest.mark.slow  # half a minute
@each()
def test_executed_again_it_says_the_same(file):
    assert texts(played(file)) == texts(read(file))


def test_what_differs_from_time_to_time_is_left_out():
    counted = {
        "output_type": "execute_result",
        "data": {"text/plain": "pickle: 9 bytes, 7 µs of CPU, 5 bytes"},
    }
    assert text_of(still(counted)) == "pickle: some bytes, some µs of CPU, 5 bytes"
    assert rounded("0.5575998140412339 of 1.25") == rounded("0.5575998140412338 of 1.25") == "0.557599814 of 1.25"
    assert rounded("0.5575998141412339") != rounded("0.5575998140412339")
    assert rounded("gap=1.110223024625157e-16") == "gap=0.0"
    bar = {"output_type": "display_data", "data": {"text/html": '<progress max="3"></progress> 3 of 3'}}
    assert is_bar(bar)
    figure = {"data": {"application/vnd.plotly.v1+json": {"layout": {"title": {"text": "Ranks"}}}}}
    assert text_of(still(figure)) == "figure: Ranks"
