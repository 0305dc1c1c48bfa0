"""What the figures of a report show is what the tables say."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from experiments import run
from experiments.lab.report import write_report
from experiments.lab.report.thinning import MOST_POINTS
from experiments.lab.runs.fortune import read_fortunes

STRUCTURES = ("pbs", "et", "et_expost")


def figures(page):
    """The figures of a page by their ids, as the page's script reads them."""
    pattern = r'<figure id="([^"]+)">.*?<script type="application/json">(.*?)</script>'
    return {name: json.loads(text) for name, text in re.findall(pattern, page, re.DOTALL)}


def report(result):
    return figures(write_report(result.path).read_text())


def named(figure, name):
    """The traces of a name, by their panel."""
    return {trace.get("yaxis", "y"): trace for trace in figure["data"] if trace["name"] == name}


@pytest.fixture(scope="module")
def short(tmp_path_factory):
    """A run short enough for every sale to be drawn, with entry costs."""
    return run(
        blocks=60,
        out=tmp_path_factory.mktemp("short") / "run",
        signatures="off",
        overrides=['market.structure=["pbs","et","et_expost"]', "chain.maturity=9", "cost.entry=0.001"],
    )


@pytest.fixture(scope="module")
def long(tmp_path_factory):
    """A run long enough to be thinned, by a lottery with refunds."""
    changes = ["chain.draw=lottery", "chain.maturity=8", "chain.supply=9", "chain.refund=0.5"]
    out = tmp_path_factory.mktemp("long") / "run"
    return run(blocks=MOST_POINTS + 30, out=out, signatures="off", overrides=changes)


@pytest.fixture(scope="module")
def drawn(short):
    return report(short)


@pytest.fixture(scope="module")
def thinned(long):
    return report(long)


def test_plotly_knows_every_property(drawn, thinned):
    for figure in [*drawn.values(), *thinned.values()]:
        go.Figure(figure)


def test_which_figures(drawn, thinned):
    tickets = ["sale_blocks", "sale_prices", "holdings", "concentration"]
    every = ["prices", "capture", "split", "profits", *tickets, "proposals", "rows"]
    assert list(drawn) == every
    assert list(thinned) == every


def test_prices_one_by_one(short, drawn):
    for number, structure in enumerate(STRUCTURES):
        trades, panel = short[structure].trades, "y" if number == 0 else f"y{number + 1}"
        for market, timing, name in (
            ("primary", "ex_ante", "primary sale of a ticket"),
            ("secondary", "ex_ante", "resale before the draw (ex ante)"),
            ("secondary", "ex_post", "resale after the draw (ex post)"),
            ("block", "ex_post", "block sold just in time"),
        ):
            sold = trades[(trades.market == market) & (trades.timing == timing) & (trades.price_gwei > 0)]
            trace = named(drawn["prices"], name).get(panel, {"x": [], "y": []})
            assert trace["x"] == sold.slot.tolist()
            assert trace["y"] == (sold.price_gwei / 1e9).tolist()
        reward = named(drawn["prices"], "reward of the block")[panel]
        assert reward["y"] == (short[structure].blocks.reward_gwei / 1e9).tolist()


def test_prices_of_a_long_run(long, thinned):
    edges = thinned["holdings"]["data"][0]["x"]
    blocks = long.blocks
    bins = np.searchsorted(edges, blocks.slot, side="right") - 1
    rewards = (blocks.reward_gwei / 1e9).groupby(bins)
    ticks, band, mean = (t for t in thinned["prices"]["data"] if t["name"] == "reward of the block")
    assert mean["y"] == pytest.approx(rewards.mean().tolist())
    assert ticks["y"] == rewards.max().tolist()
    ranked = [sorted(group) for _, group in rewards]
    high = [values[round(0.9 * (len(values) - 1))] for values in ranked]
    low = [values[round(0.1 * (len(values) - 1))] for values in ranked]
    assert band["y"] == [*high, *low[::-1]]


def test_the_scale_holds_all_that_is_drawn(drawn, thinned):
    for figure in (drawn["prices"], thinned["prices"], drawn["sale_prices"], thinned["sale_prices"]):
        low, high = figure["layout"]["yaxis"]["range"]
        values = np.log10([value for trace in figure["data"] for value in trace["y"]])
        assert low < values.min()
        assert values.max() < high


@pytest.mark.parametrize("structure", STRUCTURES)
def test_the_split_adds_up(short, drawn, structure):
    result = short[structure]
    split = {trace["name"]: dict(zip(trace["y"], trace["x"], strict=True)) for trace in drawn["split"]["data"]}
    payments = result.payments.groupby("reason", observed=True).amount_gwei.sum() / 1e9
    own = split[structure]
    assert sum(own.values()) == pytest.approx(payments["reward"], abs=1e-8)
    assert own["protocol (burned)"] == pytest.approx(result.summary["protocol_revenue"])
    positions = ("resellers of tickets", "proposers", "builders", "bidders, for entering", "paid for live tickets")
    earned = sum(result.summary["profit_eth"].values())
    assert sum(own[name] for name in positions) == pytest.approx(earned, abs=1e-8)


def test_the_split_with_expiry(long, thinned):
    (trace,) = thinned["split"]["data"]
    assert long.summary["expired_tickets"] > 0
    paid = long.payments[long.payments.reason == "reward"].amount_gwei.sum() / 1e9
    assert sum(trace["x"]) == pytest.approx(paid, abs=1e-8)


def test_resellers_by_their_trades(short, drawn):
    """Followed ticket by ticket: what each seller got, less what it had paid."""
    made, cost = Counter(), {}
    for trade in short["et"].trades.itertuples():
        if trade.market == "secondary":
            made["all"] += trade.price_gwei - cost[trade.ticket]
        if trade.market != "block":
            cost[trade.ticket] = trade.price_gwei
    (trace,) = (trace for trace in drawn["split"]["data"] if trace["name"] == "et")
    assert trace["x"][trace["y"].index("resellers of tickets")] == pytest.approx(made["all"] / 1e9)


def test_profits_and_proposals(short, drawn):
    for number, structure in enumerate(STRUCTURES):
        profits, proposals = (drawn[name]["data"][number] for name in ("profits", "proposals"))
        assert dict(zip(profits["y"], profits["x"], strict=True)) == short[structure].summary["profit_eth"]
        counts = short[structure].blocks.query("status == 'proposed'").proposer.value_counts()
        assert proposals["x"] == [counts.get(name, 0) for name in proposals["y"]]


def test_profits_stand_beside_what_was_expected(short, drawn):
    bars = {trace["name"]: trace for trace in drawn["profits"]["data"]}
    luck = read_fortunes({name: short[name].path for name in STRUCTURES})
    for name in STRUCTURES:
        fair = dict(zip(bars[f"{name}, expected"]["y"], bars[f"{name}, expected"]["x"], strict=True))
        for agent, profit in short[name].summary["profit_eth"].items():
            assert fair[agent] == pytest.approx(profit - luck[name].luck.get(agent, 0))
        assert bars[name]["offsetgroup"] == bars[f"{name}, expected"]["offsetgroup"]


def test_resales_stand_beside_what_was_expected_of_their_blocks(short, drawn):
    """After the draw, in the slot of the block, that is its reward."""
    dashes = [trace for trace in drawn["sale_prices"]["data"] if trace["name"] == "expected worth of their blocks"]
    resold = short["et_expost"].trades.query("market == 'secondary'")
    rewards = short["et_expost"].blocks.set_index("ticket").reward_gwei / 1e9
    worth = resold.ticket.map(rewards).groupby(resold.to_maturity).mean()
    (last,) = [trace for trace in dashes if trace["yaxis"] == "y2"]
    assert last["x"] == worth.index.tolist() == [0]
    assert last["y"] == pytest.approx(worth.tolist())


def test_sale_blocks(short, drawn):
    resold = short["et"].trades.query("market == 'secondary' and timing == 'ex_ante'")
    bars = named(drawn["sale_blocks"], "resale before the draw (ex ante)")["y"]
    counts = resold.to_maturity.value_counts()
    assert bars["x"] == list(range(10))
    assert bars["y"] == [counts.get(left, 0) for left in bars["x"]]


def test_prices_by_blocks_left(long, thinned):
    resold = long.trades.query("market == 'secondary' and timing == 'ex_post'")
    price = (resold.price_gwei / 1e9).groupby(resold.to_maturity)
    counts = price.count()
    whisker, mean = (t for t in thinned["sale_prices"]["data"] if t["name"] == "resale after the draw (ex post)")
    assert mean["x"] == sorted(price.groups)
    assert mean["y"] == pytest.approx(price.mean().tolist())
    assert mean["customdata"] == counts.tolist()
    sizes = np.array(mean["marker"]["size"])
    assert sizes[counts.argmax()] == sizes.max()
    assert all(one <= other for one, other in pairwise(sizes[np.argsort(counts.to_numpy())]))
    assert all(low <= y for low, y in zip(whisker["error_y"]["arrayminus"], whisker["y"], strict=True))


def holdings_by_slot(result):
    """Followed transfer by transfer: who holds how many tickets at the end of each slot."""
    held, slots = Counter(), []
    moves = result.transfers.itertuples()
    move = next(moves)
    for slot in result.blocks.slot:
        while move is not None and move.slot <= slot:
            held.update({move.taker: 1} if pd.notna(move.taker) else {})
            held.subtract({move.giver: 1} if pd.notna(move.giver) else {})
            move = next(moves, None)
        slots.append(dict(held))
    return pd.DataFrame(slots).fillna(0)


def test_capture(short, drawn, long, thinned):
    """Line by line at every block of a short run; the ends of the bins of a long one."""
    rewards, expected, *burned = drawn["capture"]["data"]
    assert [trace["name"] for trace in burned] == ["et", "et_expost"]
    for trace in burned:
        result = short[trace["name"]]
        genesis = result.trades.query("slot < 0 and market == 'primary'").price_gwei.sum()
        sums = genesis + (result.blocks.primary_gwei - result.blocks.refund_gwei).cumsum()
        assert trace["x"] == list(range(-1, 60))
        assert trace["y"] == pytest.approx([genesis / 1e9, *(sums / 1e9)], abs=1e-6)
        assert trace["y"][-1] == pytest.approx(result.summary["protocol_revenue"], abs=1e-6)
    assert rewards["y"] == pytest.approx([0, *(short["et"].blocks.reward_gwei.cumsum() / 1e9)], abs=1e-6)
    summary = short["et"].summary
    whole = summary["capture"] * summary["reward"] / summary["capture_expected"]
    assert expected["y"][-1] == pytest.approx(whole, rel=1e-5)
    rewards, _, burned = thinned["capture"]["data"]
    sums = long.blocks.reward_gwei.cumsum() / 1e9
    assert rewards["x"][0] == -1
    assert rewards["y"][1:] == pytest.approx([sums[slot] for slot in rewards["x"][1:]], abs=1e-6)
    assert long.blocks.refund_gwei.sum() > 0
    assert burned["y"][-1] == pytest.approx(long.summary["protocol_revenue"], abs=1e-6)


def test_blocks_in_a_row(short, drawn):
    for structure in STRUCTURES:
        chance, marks = (trace for trace in drawn["rows"]["data"] if trace["name"] == structure)
        proposers = short[structure].blocks.proposer.where(short[structure].blocks.status == "proposed").tolist()
        for m, share in zip(marks["x"], marks["y"], strict=True):
            windows = [proposers[at : at + m] for at in range(len(proposers) - m + 1)]
            whole = [len(set(own)) == 1 and isinstance(own[0], str) for own in windows]
            assert share == pytest.approx(100 * sum(whole) / len(windows))
        shares = np.array(list(Counter(own for own in proposers if isinstance(own, str)).values())) / 60
        assert chance["y"] == pytest.approx([100 * (shares**m).sum() for m in chance["x"]])


def test_holdings(long, thinned):
    held = holdings_by_slot(long)
    traces = {trace["name"]: trace for trace in thinned["holdings"]["data"]}
    edges = thinned["holdings"]["data"][0]["x"]
    bins = np.searchsorted(edges, long.blocks.slot, side="right") - 1
    means = held.groupby(bins).mean()
    shares = 100 * means.div(means.sum(axis=1), axis=0)
    assert edges[-1] == len(long.blocks)
    shown = [name for name in traces if name in shares]
    assert len(shown) == 8
    for name in shown:
        assert traces[name]["y"][:-1] == pytest.approx(shares[name].tolist(), abs=1e-4)
    rest = shares.drop(columns=[*shown, "protocol"]).sum(axis=1)
    others = next(trace for name, trace in traces.items() if name.endswith("others"))
    assert others["y"][:-1] == pytest.approx(rest.tolist(), abs=1e-4)
    whole = np.sum([trace["y"] for trace in traces.values()], axis=0)
    assert whole == pytest.approx(100, abs=1e-2)


def test_concentration(short, drawn):
    for trace in drawn["concentration"]["data"]:
        blocks = short[trace["name"]].blocks
        index = 10_000 * blocks.squares / blocks.held**2
        assert trace["y"][:-1] == pytest.approx(index.tolist(), abs=0.1)
