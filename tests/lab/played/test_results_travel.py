"""What a run gives back can be pickled, copied and sent home by workers."""

from __future__ import annotations

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor

import pytest
from joblib import Parallel, delayed

from experiments import run, sweep, write_report

CONFIG = {"blocks": 6, "chain": {"supply": 9, "maturity": 8}}
BOTH = CONFIG | {"market": {"structure": ["pbs", "et"]}}


def play(seed: int):
    return run(CONFIG, seed=seed, signatures="off")


WAYS = {
    "pickle": lambda result: pickle.loads(pickle.dumps(result)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
    "twice": lambda result: pickle.loads(pickle.dumps(pickle.loads(pickle.dumps(copy.copy(result))))),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("is_kept", [True, False])
def test_a_result_arrives_whole(way, is_kept, tmp_path):
    result = run(CONFIG, signatures="off", out=tmp_path / "run" if is_kept else None)
    trades, summary = result.trades.copy(), dict(result.summary)
    arrived = way(result)
    del result
    assert arrived.summary == summary
    assert arrived.trades.equals(trades)
    assert len(arrived.blocks) == 6
    assert arrived.path.is_dir()


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_comparison_arrives_whole(way):
    comparison = run(BOTH, signatures="off")
    digest, table = comparison.summary["digest"], comparison.table
    arrived = way(comparison)
    del comparison
    assert arrived.summary["digest"] == digest
    assert arrived.table.equals(table)
    assert len(arrived["et"].blocks) == 6


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_sweep_arrives_whole(way):
    swept = sweep(CONFIG, {"chain.supply": [9, 10]}, seeds=[1], signatures="off")
    runs = swept.runs.copy()
    arrived = way(swept)
    del swept
    assert arrived.runs.equals(runs)
    assert (arrived.path / "summary.json").is_file()


def test_a_result_with_tables_read_takes_them_along():
    result = play(1)
    result.trades["mine"] = 1
    assert (copy.deepcopy(result).trades["mine"] == 1).all()


def test_a_missing_table_is_still_named(tmp_path):
    arrived = pickle.loads(pickle.dumps(run(CONFIG, out=tmp_path / "run", signatures="off")))
    with pytest.raises(AttributeError, match="a run has no table 'nonsense'; there are auctions"):
        arrived.nonsense  # noqa: B018


def test_what_is_asked_in_another_way_is_told_how_it_is_written(tmp_path):
    one = run(CONFIG, out=tmp_path / "one", signatures="off")
    for key, way in (("trades", "write result.trades"), ("capture", r"write result.summary\['capture'\]")):
        with pytest.raises(TypeError, match=f"a run of one structure has names, no keys; {way}$"):
            one[key]
    with pytest.raises(AttributeError, match=r"have no attribute 'capture'; write \['capture'\]"):
        one.summary.capture  # noqa: B018
    both = pickle.loads(pickle.dumps(run(BOTH, out=tmp_path / "both", signatures="off")))
    with pytest.raises(AttributeError, match=r"each structure has trades of its own: write result\['pbs'\]"):
        both.trades  # noqa: B018
    with pytest.raises(KeyError, match=r"write result\['pbs'\].summary\['capture'\]"):
        both.summary["capture"]
    with pytest.raises(AttributeError, match="each structure has in_eth of its own"):
        both.in_eth("trades")
    with pytest.raises(KeyError, match="there is no 'price'; did you mean 'price_gwei'"):
        both["et"].trades["price"]
    with pytest.raises(KeyError, match="there is no 'et_expost'; there are pbs, et"):
        both.pictures["et_expost"]
    with pytest.raises(TypeError, match=r"write_report: folder is Comparison\(.*\); it takes a path$"):
        write_report(both)
    with pytest.raises(AttributeError, match="a Comparison has no 'profit'; did you mean 'profits'"):
        both.profit  # noqa: B018


def test_workers_send_their_results_home():
    expected = [play(seed).summary["digest"] for seed in (1, 2)]
    with ProcessPoolExecutor(2) as pool:
        results = list(pool.map(play, (1, 2)))
    assert [result.summary["digest"] for result in results] == expected
    assert all(len(result.blocks) == 6 for result in results)
    results = Parallel(n_jobs=2)(delayed(run)(CONFIG, seed=seed, signatures="off") for seed in (1, 2))
    assert [result.summary["digest"] for result in results] == expected
    assert all(len(result.trades) for result in results)
