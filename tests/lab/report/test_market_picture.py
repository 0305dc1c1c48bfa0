"""Pictures of who sells what to whom: what stands on the arrows is what the tables add up to."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from experiments import InputError, run
from experiments.lab.report import write_report
from experiments.lab.report.market_arrows import MarketArrow, market_arrows
from experiments.lab.report.market_picture import WIDTH, figures_of
from experiments.lab.report.run_source import read_sources
from tests.places import DOCS, ROOT

CONFIG = ROOT / "experiments" / "configs" / "structures.toml"
NO_RESALE = ["market.resale=never", "market.structure=et"]
SALES = {
    "primary market": ("primary", "ex_ante"),
    "before its draw": ("secondary", "ex_ante"),
    "after its draw": ("secondary", "ex_post"),
    "just in time": ("block", "ex_post"),
}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    return run(CONFIG, blocks=40, out=tmp_path_factory.mktemp("three") / "run", signatures="off")


def arrows_of(played):
    return {source.structure: market_arrows(source) for source in read_sources(played.path)}


def test_arrows_are_the_sums_of_the_tables(played):
    for structure, arrows in arrows_of(played).items():
        trades = played[structure].trades
        sums = trades.groupby(["market", "timing"], observed=True).price_gwei.agg(["count", "sum"])
        drawn = {SALES[one.name]: (one.number, one.gwei) for one in arrows if one.gwei is not None}
        assert drawn == {place: (row["count"], row["sum"]) for place, row in sums.iterrows()}


def test_every_block_comes_to_its_builder(played):
    for structure, arrows in arrows_of(played).items():
        found = {one.name: one.number for one in arrows}
        blocks = played[structure].blocks
        assert found.get("just in time", 0) + found.get("built itself", 0) == blocks.builder.notna().sum() == 40
    assert found["built itself"] == (blocks.proposer.astype(str) == blocks.builder.astype(str)).sum() > 0


def test_each_structure_has_its_own_arrows(played):
    names = {structure: {one.name for one in arrows} for structure, arrows in arrows_of(played).items()}
    assert names["pbs"] == {"given away", "just in time"}
    assert names["et"] == {"primary market", "before its draw", "after its draw", "just in time", "built itself"}
    assert names["et_expost"] == names["et"] - {"before its draw"}


def test_tickets_that_nobody_resells_are_no_market(tmp_path):
    quiet = run(
        CONFIG,
        blocks=12,
        out=tmp_path / "run",
        signatures="off",
        overrides=["market.resale=never", "market.structure=et"],
    )
    arrows = {one.name: one for one in market_arrows(read_sources(quiet.path)[0])}
    assert (arrows["not resold"].number, arrows["not resold"].gwei) == (12, None)
    assert quiet.pictures["et"].title == "Ticket without resale"


def test_words_beside_an_arrow():
    arrow = MarketArrow("proposers", "builders", "just in time", "block", 3, 600_000_000, "#000000")
    assert figures_of(arrow, 6) == ["just in time", "3 blocks", "0.2000 ETH each", "0.1000 ETH a block"]
    assert figures_of(arrow._replace(number=1, gwei=None), 6) == ["just in time", "1 block"]


def test_the_picture_says_them_and_keeps_within_its_frame(played):
    for structure, arrows in arrows_of(played).items():
        tree = ElementTree.fromstring(played.pictures[structure].svg)
        texts = {
            "".join(node.itertext()): float(node.get("x"))
            for node in tree.iter("{http://www.w3.org/2000/svg}text")
        }
        assert {line for arrow in arrows for line in figures_of(arrow, 40)} <= set(texts)
        assert any(text.startswith("Not modelled: validating") for text in texts)
        height = float(tree.get("height"))
        assert all(0 < float(node.get("y")) < height for node in tree.iter("{http://www.w3.org/2000/svg}text"))
        assert max(texts.values()) < WIDTH


def test_the_page_has_them(played):
    page = write_report(played.path).read_text()
    shown = re.search(r'<section id="markets">.*?</section>', page, re.DOTALL)
    assert shown is not None
    assert shown.group().count("<svg") == 3


def test_they_are_written_where_the_command_says(played, et_testbed, tmp_path):
    done = et_testbed("report", str(played.path), "--out", "page.html", "--pictures", "drawn", cwd=tmp_path)
    assert done.returncode == 0
    written = {path.name: path.read_text() for path in (tmp_path / "drawn").iterdir()}
    assert written == {f"structure_{name}.svg": picture.svg for name, picture in played.pictures.items()}


def test_a_run_without_tables_has_none(tmp_path, played):
    (tmp_path / "manifest.json").write_bytes((played.path / "et" / "manifest.json").read_bytes())
    with pytest.raises(InputError):
        type(played["et"])(tmp_path, {"structure": "et"}, finished=False).pictures  # noqa: B018


@pytest.mark.slow  # plays 2,000 blocks three times
def test_those_of_the_docs_are_what_make_pictures_draws(tmp_path):
    played = run(CONFIG, out=tmp_path / "run", signatures="off")
    for name, picture in played.pictures.items():
        assert picture.svg == (DOCS / "figures" / f"structure_{name}.svg").read_text()
