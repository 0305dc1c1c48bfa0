"""Reports of odd runs: short, unfinished, broken off, without this or that, very long."""

from __future__ import annotations

import json
import re

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments import InputError, load, run
from experiments.lab.report import write_report
from experiments.lab.report.thinning import Bins, spread

ALL = '["pbs","et","et_expost"]'
NO_TICKETS = {"prices", "split", "profits", "proposals", "rows"}
EVERY = NO_TICKETS | {"capture", "sale_blocks", "sale_prices", "holdings", "concentration"}


def specs(page):
    """The figures of a page by their ids, as the page's script reads them."""
    pattern = r'<figure id="([^"]+)">.*?<script type="application/json">(.*?)</script>'
    return {name: json.loads(text) for name, text in re.findall(pattern, page, re.DOTALL)}


@pytest.fixture
def single(tmp_path, population):
    """A small run of one structure, to be broken."""
    run({"blocks": 12, "agents": population}, out=tmp_path / "run", signatures="off")
    return tmp_path / "run"


@pytest.mark.parametrize(
    ("blocks", "changes", "figures"),
    [
        (1, [f"market.structure={ALL}"], EVERY - {"rows"}),
        (20, ["market.structure=pbs"], NO_TICKETS),
        (20, ["chain.draw=lottery", "chain.maturity=none"], EVERY - {"sale_blocks", "sale_prices"}),
        (20, ["market.resale=never"], EVERY - {"sale_blocks", "sale_prices"}),
        (20, ["market.primary_reserve=90"], {"prices", "holdings"}),
        (20, ['reward={process="constant",value=0.0}'], {"holdings"}),
        (20, ['reward={process="constant",value=0.1}'], EVERY),
        (30, ["chain.draw=claim", "chain.lookahead=4"], EVERY),
    ],
)
def test_odd_runs(tmp_path, blocks, changes, figures):
    run(blocks=blocks, out=tmp_path / "run", signatures="off", overrides=changes)
    assert set(specs(write_report(tmp_path / "run").read_text())) == figures


def test_a_hundred_agents(tmp_path):
    agents = [
        {"strategy": "at_once", "role": "seller", "count": 40, "parameters": {"capacity": 2}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 60},
    ]
    run({"blocks": 40, "agents": agents}, out=tmp_path / "run", signatures="off")
    drawn = specs(write_report(tmp_path / "run").read_text())
    profits, expected = drawn["profits"]["data"]
    summary = load(tmp_path / "run").summary["profit_eth"]
    assert profits["y"][-1] == "86 others"
    assert len(profits["y"]) == 15
    assert sum(profits["x"]) == pytest.approx(sum(summary.values()))
    assert (expected["y"], expected["name"]) == (profits["y"], "et, expected")
    assert sum(drawn["proposals"]["data"][0]["x"]) == 40
    assert re.fullmatch(r"\d+ others", drawn["holdings"]["data"][-1]["name"])


def test_an_unfinished_comparison(tmp_path):
    def stop(structure, done, _):
        return not (structure == "et" and done == 8)

    run(blocks=20, out=tmp_path / "run", signatures="off", overrides=[f"market.structure={ALL}"], progress=stop)
    page = write_report(tmp_path / "run").read_text()
    assert "et: unfinished, 8 of 20 blocks were run." in page
    assert "et_expost: was not run." in page
    names = {trace["name"] for trace in specs(page)["profits"]["data"]}
    assert names == {"pbs", "et", "pbs, expected", "et, expected"}
    assert "On the same 8 blocks a ticket" in page


def test_a_run_that_ended_by_an_error(single):
    """It has tables, but neither summary nor digest."""
    before = write_report(single).read_text()
    (single / "summary.json").unlink()
    manifest = json.loads((single / "manifest.json").read_text())
    del manifest["digest"]
    (single / "manifest.json").write_text(json.dumps(manifest | {"finished": False}))
    page = write_report(single).read_text()
    assert "et: unfinished, 12 of 12 blocks were run." in page
    assert specs(page) == specs(before)


def test_a_run_without_a_block(single):
    for name in ("blocks", "trades", "payments", "transfers"):
        file = single / "tables" / f"{name}.parquet"
        table = pq.read_table(file)
        pq.write_table(table.filter(pa.array([False] * len(table))), file)
    (single / "summary.json").unlink()
    assert specs(write_report(single).read_text()) == {}


def test_a_run_that_was_killed(single):
    for file in (single / "tables").iterdir():
        file.rename(file.with_suffix(".partial"))
    with pytest.raises(InputError, match="cut off before its tables were written"):
        write_report(single)


def test_a_broken_table(single):
    (single / "tables" / "trades.parquet").write_bytes(b"nothing")
    with pytest.raises(InputError, match=r"trades\.parquet: cannot be read"):
        write_report(single)


def test_long_runs_are_thinned(single):
    for name in ("blocks", "trades", "transfers"):
        file = single / "tables" / f"{name}.parquet"
        table = pq.read_table(file)
        slot = table.schema.get_field_index("slot")
        parts = [
            table.set_column(slot, "slot", pa.array(table.column("slot").to_numpy() + 12 * number))
            for number in range(1000)
        ]
        pq.write_table(pa.concat_tables(parts), file)
    summary = json.loads((single / "summary.json").read_text())
    (single / "summary.json").write_text(json.dumps(summary | {"blocks": 12_000}))
    page = write_report(single).read_text()
    for name, figure in specs(page).items():
        assert all(len(trace["y"]) <= 4000 for trace in figure["data"]), name
    assert "a line is the mean of every 150 blocks" in page
    assert "Each step is the mean of up to 150 blocks." in page


def test_bins_and_spread():
    assert Bins.fit(80).width == 1
    bins = Bins.fit(205)
    assert (bins.width, bins.count) == (3, 69)
    assert bins.edges[-2:].tolist() == [204, 205]
    assert bins.centres[-1] == 204
    assert bins.index(bins.edges).tolist() == [*range(69), 68]
    groups, values = (
        pa.array([0] * 11 + [1, 2, 2]).to_numpy(),
        pa.array([*map(float, range(11)), 0, 0, 4]).to_numpy(),
    )
    found = spread(groups, values)
    assert found.groups.tolist() == [0, 2]
    assert found.mean.tolist() == [5, 2]
    assert (found.low.tolist(), found.middle[0], found.high[0]) == ([1, 1], 5, 9)
    assert found.most.tolist() == [10, 4]
