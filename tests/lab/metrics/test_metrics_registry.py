"""`measure` on real runs: against the summary, the tables themselves, and what the documentation says."""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys

import numpy as np
import pytest

from experiments import InputError, measure, run, sweep
from experiments.lab.metrics import METRICS
from experiments.lab.metrics.concentration import hhi, mean_holdings
from experiments.lab.metrics.orderbook import depth, quoted
from experiments.lab.metrics.prices import garman_klass, series
from experiments.lab.metrics.registry import BY_NAME, GROUPS
from experiments.lab.metrics.revenue import split
from experiments.lab.runs.summary_text import LINES
from tests.places import ROOT

CENSORSHIP = {
    "censored_share", "censored_run", "censored_delay", "censored_delay_max", "censor_cost", "censor_premium"
}  # fmt: skip


@pytest.fixture(scope="module")
def both(population):
    """Two structures, with costs of entry, refunds and missed proposals."""
    agents = [{**group, "missed_proposal": 0.1} for group in population]
    config = {
        "blocks": 150,
        "agents": [*agents, {"strategy": "market_maker", "role": "buyer", "can_build": False}],
        "cost": {"entry": 1e-4, "primary_entry": 1e-5},
        "market": {"structure": ["pbs", "et"]},
    }
    return run(config, signatures="off")


@pytest.fixture(scope="module")
def result(both):
    return both["et"]


@pytest.fixture(scope="module")
def measured(result):
    return measure(result.path / "tables")


@pytest.fixture(scope="module")
def lottery():
    """Tickets that expire undrawn, with a refund."""
    return run(
        blocks=120,
        signatures="off",
        overrides=["chain.draw=lottery", "chain.maturity=10", "chain.supply=12", "chain.refund=0.5"],
    )


def test_names_are_unique_and_plain(measured):
    names = [metric.name for metric in METRICS]
    assert list(measured) == names
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]*", name) for name in names)
    assert all(metric.words and metric.unit and metric.formula and metric.source for metric in METRICS)


def test_the_names_and_units_of_the_published_model():
    units = {metric.name: metric.unit for metric in METRICS}
    wanted = {"top_share": "share", "hhi": "HHI", "capture_cash": "share", "holders_share": "share"}
    assert wanted.items() <= units.items()
    assert {"nakamoto_51", "garman_klass", "price_change_variance", "held_tickets", "mean_price"} <= units.keys()


def test_words_and_formulas_stand_for_themselves():
    words = [metric.words for metric in METRICS]
    assert len(set(words)) == len(words)
    formulas = [metric.formula for metric in METRICS]
    assert len(set(formulas)) == len(formulas)
    assert not [text for text in formulas if re.search("the same|likewise|those of them", text)]


def test_the_documentation_lists_every_metric():
    text = (ROOT / "docs" / "metrics.md").read_text()
    rows = re.findall(r"^\| `(\w+)` \| (.+?) \| (.+?) \| (.+?) \| (.+?) \| (.+?) \|$", text, re.MULTILINE)
    assert rows == [(own.name, own.words, own.unit, own.formula, own.bounds, own.source) for own in METRICS]
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    assert [heading for heading in headings if heading in GROUPS] == list(GROUPS)


def test_every_value_lies_in_its_range(measured, lottery):
    for found in (measured, measure(lottery)):
        for name, value in found.items():
            low, high = BY_NAME[name].range
            assert value is None or ((low is None or low <= value) and (high is None or value <= high)), name


def test_the_example_of_the_documentation_runs(capsys):
    text = (ROOT / "docs" / "metrics.md").read_text()
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert blocks
    code = "\n".join(blocks).replace("blocks=1000", "blocks=60")
    exec(code, {})
    assert "capture_expected" in capsys.readouterr().out


NO_METRIC = {"structure", "missing", "profit_eth", "digest"}
"""What a summary has beside its metrics."""


@pytest.mark.parametrize("structure", ["et", "pbs"])
def test_the_summary_says_the_same_in_the_same_words(both, structure):
    """It sums other tables, in passes: every figure that it has is the metric of its name."""
    found, summary = measure(both[structure]), both[structure].summary
    assert summary.keys() >= NO_METRIC
    assert set(LINES) == summary.keys() - NO_METRIC
    for name in LINES:
        assert found[name] == (None if summary[name] is None else pytest.approx(summary[name], rel=1e-9)), name


def test_a_sweep_says_the_same_as_the_run(result, measured):
    config = json.loads((result.path / "manifest.json").read_text())["config"]
    row = sweep(config, overrides=["market.structure=et"]).runs.iloc[0]
    for name, value in measured.items():
        assert row[name] == value or (value is None and math.isnan(row[name])), name


def test_the_split_adds_up_to_what_the_agents_have(both, lottery):
    """All gains but the protocol's, less entry costs and what live tickets cost, are the profits of all agents."""
    for result in (both["et"], both["pbs"], lottery):
        parties, found = split(result.blocks, result.trades, result.tickets), measure(result.path / "tables")
        net = result.blocks.net_gwei.sum() / 1e9
        gains = parties.protocol + parties.holders + parties.proposers + parties.builders
        assert gains == pytest.approx(net + parties.outstanding, abs=1e-6)
        profits = sum(result.summary["profit_eth"].values())
        gained = gains - parties.protocol - parties.outstanding - found["entry_costs"]
        assert gained == pytest.approx(profits, abs=1e-6)


def test_the_runs_have_what_is_tested(both, lottery):
    found, drawn = measure(both["et"].path / "tables"), measure(lottery.path / "tables")
    assert found["entry_costs"] > 0
    assert found["outstanding"] > 0
    assert found["empty_slots"] > 0
    assert found["spread"] > 0
    assert drawn["refunds"] > 0
    assert drawn["expired_tickets"] > 0


def test_holdings_are_those_of_the_blocks(result, lottery, measured):
    for one in (result, lottery):
        held = mean_holdings(one.transfers, len(one.blocks))
        assert sum(held.values()) == pytest.approx(one.blocks.held.mean(), rel=1e-12)
    sold = result.trades[(result.trades.market == "primary") & (result.trades.slot >= 0)]
    assert measured["held_tickets"] == pytest.approx((result.blocks.held.sum() - len(sold)) / len(result.blocks))


def test_dataframes_and_files_give_the_same(result, measured):
    proposed = result.blocks.proposer[result.blocks.status == "proposed"]
    assert measured["hhi"] == hhi(proposed.value_counts())
    prices = series(result.trades, len(result.blocks))
    assert measured["garman_klass"] == garman_klass(prices)
    assert measured["mean_price"] == prices.mean()
    assert measured["spread"] == np.nanmean(quoted(result.orders, len(result.blocks)).spread)


def test_the_book_against_a_search_of_the_orders(result):
    """Every slot's book, looked up in the table of orders anew."""
    orders, blocks = result.orders[result.orders.side != "claim"], len(result.blocks)
    found, resting = quoted(result.orders, blocks), depth(result.orders, blocks)
    for slot in range(blocks):
        there = orders[(orders.slot <= slot) & ~(orders.end_slot <= slot)]
        bids, asks = there[there.side == "bid"], there[there.side == "ask"]
        assert (resting.bids[slot], resting.asks[slot]) == (len(bids), len(asks))
        best = asks.groupby(["drawn", "series_block"]).price_gwei.min()
        spreads = (best - bids.groupby(["drawn", "series_block"]).price_gwei.max()).dropna() / 1e9
        assert found.spread[slot] == pytest.approx(spreads.mean() if len(spreads) else math.nan, nan_ok=True)


def test_censors_are_named_by_the_caller(result, measured):
    assert {measured[name] for name in CENSORSHIP} == {None}
    censor = result.blocks.proposer.value_counts().index[0]
    found = measure(result.path / "tables", censors=[censor])
    assert {name for name in found if found[name] != measured[name]} == CENSORSHIP - {
        name for name in CENSORSHIP if found[name] is None
    }
    proposed = (result.blocks.status == "proposed") & (result.blocks.proposer == censor)
    assert found["censored_share"] == pytest.approx(proposed.mean())
    assert found["censored_delay_max"] >= 1


@pytest.mark.parametrize(
    "changes",
    [
        ["blocks=1"],
        ["blocks=1", "market.structure=pbs"],
        ["blocks=20", "market.primary_reserve=90"],
        ["blocks=20", 'reward={process="constant",value=0.0}'],
        ["blocks=20", "chain.draw=claim", "chain.lookahead=4"],
        ["blocks=20", "chain.draw=lottery", "chain.maturity=none", "market.pbs=off"],
    ],
)
def test_odd_runs(changes):
    result = run(overrides=changes, signatures="off")
    found = measure(result.path / "tables")
    json.dumps(found, allow_nan=False)
    assert {type(value) for value in found.values()} <= {float, type(None)}
    assert found["reward"] is not None


def test_nothing_sold_has_no_price():
    result = run(blocks=5, overrides=["market.primary_reserve=90"], signatures="off")
    found = measure(result.path / "tables")
    assert found["empty_slots"] == 5
    none = (
        "mean_price",
        "garman_klass",
        "volatility",
        "hhi",
        "nakamoto_51",
        "top_share",
        "holders_share",
        "spread",
    )
    assert {found[name] for name in none} == {None}


def test_a_folder_without_tables(tmp_path):
    with pytest.raises(InputError, match=r"blocks\.parquet: cannot be read"):
        measure(tmp_path)


def test_pandas_is_not_imported_with_the_metrics():
    code = "import sys, experiments.lab.cli.app, experiments.lab.metrics; sys.exit('pandas' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=120).returncode == 0
