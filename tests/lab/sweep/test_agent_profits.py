"""What each agent earned over the points and seeds of a sweep."""

from __future__ import annotations

import pytest

from experiments import InputError, load, load_sweep, sweep
from experiments.lab.sweep.sweep_text import read_metrics

CONFIG = {
    "blocks": 6,
    "chain": {"supply": 9},
    "agents": [
        {"strategy": "at_once", "role": "seller", "parameters": {"capacity": 9}},
        {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2},
    ],
}
GRID = {"chain.maturity": [8, "none"]}  # tickets without a last block have no draw by it: these runs fail


@pytest.fixture(scope="module")
def swept():
    return sweep(CONFIG, GRID, [1, 2], backend_name="sequential", signatures="off")


def test_a_row_for_each_point_seed_and_agent_of_runs_that_did_not_fail(swept):
    assert len(swept.failed) == 2
    assert swept.profits.index.names == swept.expected_profits.index.names == ["chain.maturity", "seed", "agent"]
    assert len(swept.profits) == 2 * 3
    for seed in (1, 2):
        alone = load(swept.path / "runs" / "point=0" / f"seed={seed}")
        assert swept.profits.xs(seed, level="seed")["profit_eth"].tolist() == alone.profits.tolist()
        expected = swept.expected_profits.xs(seed, level="seed")["expected_profit_eth"]
        assert expected.tolist() == alone.expected_profits.tolist()
    assert len(load_sweep(swept.path).of_seeds([2]).profits) == 3
    assert swept.of_seeds([]).profits.empty


def test_who_asks_for_profits_among_the_metrics_is_told_where_they_are(swept):
    for ask in (lambda: read_metrics(["hhi,profit_eth"]), lambda: swept.metrics["profit_eth"]):
        with pytest.raises(InputError, match=r"'profit_eth' is of each agent, .* see result\.profits and"):
            ask()
    with pytest.raises(KeyError, match="there is no metric 'hh'; did you mean 'hhi'"):
        _ = swept.metrics["hh"]
    assert list(swept.metrics[["hhi"]]) == ["hhi"]


def test_expected_profits_need_the_tables():
    config = CONFIG | {"chain": {"supply": 9, "maturity": 8}}
    bare = sweep(config, seeds=[1], backend_name="sequential", signatures="off", keep_tables=False)
    assert list(bare.profits.index) == [(1, "at_once-1"), (1, "truthful-2"), (1, "truthful-3")]
    with pytest.raises(InputError, match="expected profits are taken of tables, and these were not kept"):
        _ = bare.expected_profits
