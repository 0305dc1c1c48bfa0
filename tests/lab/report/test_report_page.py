"""The page of a report: complete, alone, the same every time, and nothing in it taken for markup."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser

import pytest

from experiments import InputError, load, run
from experiments.lab.report import write_report
from experiments.lab.report.agent_labels import shown

ALL = '["pbs","et","et_expost"]'
FIGURES = 10


class Elements(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.found.append((tag, dict(attributes)))


def specs(page):
    pattern = r'<figure id="([^"]+)">.*?<script type="application/json">(.*?)</script>'
    return {name: json.loads(text) for name, text in re.findall(pattern, page, re.DOTALL)}


def without_plotly(page):
    return re.sub(r"<script>/\*\*.*?</script>", "", page, flags=re.DOTALL)


@pytest.fixture(scope="module")
def compared(tmp_path_factory):
    """A run of three structures and its page."""
    out = tmp_path_factory.mktemp("compared") / "run"
    run(blocks=25, seed=3, out=out, signatures="off", overrides=[f"market.structure={ALL}"])
    return out, write_report(out).read_text()


@pytest.fixture
def single(tmp_path, population):
    """A small run of one structure, to be broken."""
    run({"blocks": 12, "agents": population}, out=tmp_path / "run", signatures="off")
    return tmp_path / "run"


def test_default_place(compared):
    out, page = compared
    assert (out / "report.html").read_text() == page
    assert not list(out.glob("*.partial"))


def test_another_place(single, tmp_path):
    wanted = tmp_path / "new" / "folder" / "page.html"
    assert write_report(single, wanted) == wanted
    assert wanted.read_text().startswith("<!DOCTYPE html>")
    assert not (single / "report.html").exists()


def test_nothing_is_loaded(compared):
    elements = Elements(compared[1]).found
    for tag, attributes in elements:
        assert "src" not in attributes, tag
        assert "href" not in attributes, tag
        assert tag not in ("link", "img", "iframe", "object", "embed")
    policy = next(a["content"] for tag, a in elements if a.get("http-equiv") == "Content-Security-Policy")
    assert policy.startswith("default-src 'none'")
    assert "http" not in policy
    assert "http" not in without_plotly(compared[1]).replace("http-equiv", "")


def test_plotly_is_there_once(compared):
    assert compared[1].count("* plotly.js v") == 1
    assert len(compared[1].encode()) < 10_000_000


def test_the_same_bytes(compared, tmp_path):
    out, page = compared
    shutil.copytree(out, tmp_path / "elsewhere")
    assert write_report(tmp_path / "elsewhere", tmp_path / "page.html").read_text() == page


def test_figures_have_captions_and_can_be_saved(compared):
    page = compared[1]
    assert len(specs(page)) == page.count("<figcaption>") == FIGURES
    assert 'format: "svg"' in page


def test_what_was_run(compared):
    page = unescape(compared[1])
    assert "25 blocks with 12 agents and seed 3, under 3 market structures on the same random draws" in page
    assert "drawn from the generator of MEV-Boost payments" in page
    assert "33 tickets are live at a time, with a maturity of 32" in page


def test_the_table(compared):
    out, page = compared
    start = page.index('aria-label="Summary of each market structure"')
    table = page[start : page.index("</table>", start)]
    rows = {name: re.findall(r"<td>(.*?)</td>", rest) for name, rest in re.findall(
        r'<th scope="row">(.*?)</th>(.*?)</tr>', table
    )}  # fmt: skip
    summaries = load(out).summary["structures"].values()
    assert rows["trades"] == [f"{s['trades']:,}" for s in summaries]
    assert rows["cash flow over rewards"] == [f"{100 * s['capture_cash']:.2f} %" for s in summaries]
    assert rows["primary price, mean over sales, ETH"] == [
        "–", *(f"{s['mean_primary_price']:.4f}" for s in list(summaries)[1:])
    ]  # fmt: skip
    assert rows["HHI of ticket holdings"][0] == "–"


def test_the_table_of_agents(compared):
    out, page = compared
    section = page[page.index('<section id="agents">') :]
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', section)
    earned = {name: own["profit_eth"] for name, own in load(out).summary["structures"].items()}
    assert [name for name, _ in rows] == list(earned["et"])
    for name, cells in rows:
        found = re.findall("<td>(.*?)</td>", cells)
        assert found[:6:2] == [f"{earned[structure][name]:,.4f}" for structure in earned]
    proposed = [re.findall("<td>(.*?)</td>", cells)[6:] for _, cells in rows]
    assert [sum(map(int, column)) for column in zip(*proposed, strict=True)] == [
        int((load(out)[structure].blocks.status == "proposed").sum()) for structure in earned
    ]


def test_the_config_is_there(compared):
    out, page = compared
    written = unescape(re.search(r"<pre>(.*?)</pre>", page, re.DOTALL)[1])
    assert json.loads(written) == json.loads((out / "manifest.json").read_text())["config"]


def test_nothing_in_a_run_is_taken_for_markup(single):
    evil = "<img src=x onerror=alert(1)></script><script>alert(2)</script>&-1"
    for name in ("manifest.json", "summary.json"):
        file = single / name
        data = json.loads(file.read_text())
        if name == "summary.json":
            data["profit_eth"][evil] = 1000.0
        else:
            data["config"]["agents"][0]["strategy"] = evil
        file.write_text(json.dumps(data))
    page = write_report(single).read_text()
    assert evil not in page
    assert "alert(1)></script>" not in page
    assert not any(tag == "img" for tag, _ in Elements(page).found)
    assert specs(page)["profits"]["data"][0]["y"][-1] == shown(evil)
    assert specs(page)["profits"]["data"][0]["x"][-1] == 1000.0


def test_long_names_keep_their_number():
    names = [shown(f"{'a_very_long_strategy' * 3}-{number}") for number in range(100)]
    assert len(set(names)) == 100
    assert max(map(len, names)) <= 24
    assert shown("<b>") == "&lt;b&gt;"


def test_no_run_there(tmp_path):
    with pytest.raises(InputError, match="no run lies there"):
        write_report(tmp_path)
    with pytest.raises(InputError, match="no run lies there"):
        write_report(tmp_path / "nowhere")


def test_nowhere_to_write(single, tmp_path):
    with pytest.raises(InputError, match="is a folder"):
        write_report(single, tmp_path)
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        write_report(single, tmp_path / "file" / "page.html")


def test_imports_wait():
    code = "import sys, experiments.lab.report; sys.exit(bool({'plotly', 'pandas'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_link_that_lies_at_the_temporary_name_is_not_followed(compared, tmp_path):
    """What it points to was overwritten."""
    shutil.copytree(compared[0], tmp_path / "run")
    (tmp_path / "target").write_text("mine")
    (tmp_path / "run" / "report.html.partial").symlink_to(tmp_path / "target")
    write_report(tmp_path / "run")
    assert (tmp_path / "target").read_text() == "mine"


def test_what_a_strategy_of_ones_own_did_wrong_is_on_the_page(tmp_path, population):
    (tmp_path / "own.py").write_text(
        "from strategies import Buyer\n\nclass Own(Buyer):\n"
        "    def bid(self, view):\n        raise KeyError('<b>')\n"
    )
    own = {"strategy": f"{tmp_path / 'own.py'}:Own"}
    run({"blocks": 4, "agents": [*population, own]}, out=tmp_path / "run", signatures="off")
    page = write_report(tmp_path / "run").read_text()
    section = page[page.index('<section id="violations">') : page.index('<section id="agents">')]
    assert '<th scope="row" class="error">own.py:5 KeyError: &#x27;&lt;b&gt;&#x27;</th>' in section
    assert "<td>own-8</td><td>4</td><td>4 of 4</td><td>block 0, bid</td>" in section
    assert "own.py:Own never acted: own-8 was asked 4 times, and nothing came but violations (4)" in page
    agents = re.findall(r'<th scope="row">(.*?)</th>', page[page.index('<section id="agents">') :])
    assert agents[:2] == ["own-8", "at_once-1"]


def test_a_run_without_violations_has_no_table_of_them(single):
    assert 'id="violations"' not in write_report(single).read_text()


def test_the_page_begins_with_the_answer_and_what_luck_is(compared):
    page = unescape(compared[1])
    section = page[page.index('<section id="answer">') : page.index("</section>")]
    assert "<strong>On the same 25 blocks a ticket sold ahead (et) brought the protocol 0.0" in section
    assert re.search(r"The run was (un)?lucky by .* ETH, which those who held tickets (lost|gained)", section)
    assert "it has mean 0 whatever one does" in section
    rows = dict(re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', section))
    assert list(rows) == ["block's worth", "paid for it", "paid / worth, %"]
    shares = re.findall("<td>(.*?)</td>", rows["paid / worth, %"])
    summaries = load(compared[0]).summary["structures"]
    for place, name in ((2, "et"), (4, "et_expost")):
        wanted = (summaries[name]["capture"], summaries[name]["capture_expected"])
        found = [float(share) / 100 for share in shares[place : place + 2]]
        assert found == pytest.approx(wanted, rel=1e-3)


def test_of_a_run_with_a_config_of_another_version_luck_is_not_told(single):
    file = single / "manifest.json"
    about = json.loads(file.read_text())
    about["config"]["chain"]["of_before"] = 1
    file.write_text(json.dumps(about))
    page = unescape(write_report(single).read_text())
    assert "What of this run is luck cannot be said: " in page
    assert "of_before" in page
    assert "expected profit" not in page
