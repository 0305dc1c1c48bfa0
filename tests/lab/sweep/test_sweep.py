"""Sweeps: grids, seeds, backends, what is kept, what fails."""

from __future__ import annotations

import json
import re
import socket
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from experiments import InputError, resume
from experiments.lab.played.replayed_run import replay
from experiments.lab.sweep import load_sweep, read_grid, read_seeds, sweep
from experiments.lab.sweep.grid import checked_axes, checked_seeds
from experiments.lab.sweep.sweep_text import about_seeds, ranges
from experiments.lab.verify import verify_run
from tests.extras import needs

CONFIG = {
    "blocks": 30,
    "chain": {"supply": 4, "maturity": "none", "draw": "lottery"},
    "reward": {"process": "uniform", "low": 0.0, "high": 0.2},
    "agents": [{"strategy": "keep", "role": "seller", "count": 4, "can_build": True}],
    "market": {"structure": "et", "resale": "never", "pbs": "off"},
}
GRID = {"chain.supply": [4, 8]}
SEEDS = [1, 2, 3]


@pytest.fixture(scope="module")
def expected():
    return sweep(CONFIG, GRID, SEEDS, backend_name="sequential")


def same(one, other):
    pd.testing.assert_frame_equal(one.runs, other.runs)


def test_a_row_for_every_point_and_seed(expected):
    runs = expected.runs
    assert list(zip(runs["point"], runs["chain.supply"], runs["seed"], strict=True)) == [
        (point, supply, seed) for point, supply in enumerate([4, 8]) for seed in SEEDS
    ]
    assert runs["digest"].nunique() == 6
    assert runs["error"].isna().all()
    assert {"capture_cash", "hhi", "top_share", "nakamoto_51", "holders_share", "held_tickets"} <= set(
        runs.columns
    )


def test_the_summary_is_the_statistics_of_the_rows(expected):
    first, second = expected.summary()
    assert first["parameters"] == {"chain.supply": 4}
    assert second["runs"] == 3
    values = expected.runs.query("point == 1")["capture_cash"].to_numpy()
    got = second["metrics"]["capture_cash"]
    assert got["mean"] == pytest.approx(values.mean(), rel=1e-12)
    assert got["sd"] == pytest.approx(values.std(ddof=1), rel=1e-12)
    assert got["se"] == pytest.approx(values.std(ddof=1) / 3**0.5, rel=1e-12)
    assert got["median"] == pytest.approx(np.median(values), rel=1e-12)
    half = 4.302652729911275 * got["se"]  # Student's t, 2 degrees of freedom
    assert (got["low"], got["high"]) == pytest.approx((got["mean"] - half, got["mean"] + half), rel=1e-9)


def test_differences_are_paired_by_seed(expected):
    (difference,) = expected.difference_summary()
    by_seed = expected.runs.pivot(index="seed", columns="point", values="capture_cash")
    paired = by_seed[1] - by_seed[0]
    assert difference["parameters"] == {"chain.supply": 8}
    assert difference["baseline"] == {"chain.supply": 4}
    assert difference["metrics"]["capture_cash"]["mean"] == pytest.approx(paired.mean(), rel=1e-12)
    assert difference["metrics"]["capture_cash"]["se"] == pytest.approx(paired.std() / 3**0.5, rel=1e-12)


@pytest.mark.parametrize(("backend", "jobs"), [("loky", 2), ("threading", 3), ("loky", 1)])
def test_every_backend_and_number_of_workers_gives_the_same(expected, backend, jobs):
    same(sweep(CONFIG, GRID, SEEDS, backend_name=backend, jobs=jobs), expected)


def free_port():
    with socket.socket() as place:
        place.bind(("127.0.0.1", 0))
        return place.getsockname()[1]


@pytest.fixture
def cluster(tmp_path):
    """The address of a real dask scheduler with two workers, processes of their own."""
    needs("distributed", "dask")
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard"]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--no-dashboard", "--nthreads", "1"]
    options = {"stderr": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "cwd": tmp_path}
    processes = [subprocess.Popen([*dask, "--port", str(port)], **options)]
    processes += [subprocess.Popen([*worker, "--no-nanny"], **options) for _ in range(2)]
    yield address, processes
    for process in processes:
        process.kill()
        process.wait()


@pytest.mark.slow  # a cluster takes seconds to begin and to end
def test_on_a_dask_cluster_that_is_there(expected, cluster, tmp_path):
    from dask.distributed import Client

    address, _ = cluster
    with Client(address, timeout=60) as client:
        client.wait_for_workers(2, timeout=60)
        workers = set(client.scheduler_info()["workers"])
    assert len(workers) == 2
    result = sweep(CONFIG, GRID, SEEDS, backend_name="dask", scheduler=address, out=tmp_path / "sweep")
    same(result, expected)


def test_a_cluster_that_is_not_there():
    needs("distributed", "dask")
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(InputError, match=f"--scheduler {address}: no dask scheduler answers"):
        sweep(CONFIG, GRID, SEEDS, backend_name="dask", scheduler=address)


def test_an_interrupted_sweep_goes_on_where_it_was(expected, tmp_path):
    done = []

    def stop_after_two(finished, total):
        done.append(total)
        return finished < 2

    out = tmp_path / "sweep"
    with pytest.raises(KeyboardInterrupt):
        sweep(CONFIG, GRID, SEEDS, backend_name="sequential", out=out, progress=stop_after_two)
    with pytest.raises(InputError, match="cut off; give the same command again"):
        load_sweep(out)
    kept = {file: file.stat().st_mtime_ns for file in out.glob("runs/*/*/row.json")}
    assert len(kept) == 2
    result = sweep(CONFIG, GRID, SEEDS, backend_name="sequential", out=out)
    same(result, expected)
    assert all(file.stat().st_mtime_ns == time for file, time in kept.items())
    same(load_sweep(out), expected)
    assert load_sweep(out).summary() == json.loads((out / "summary.json").read_text())


def test_more_seeds_add_to_a_sweep_and_another_grid_is_refused(expected, tmp_path):
    out = tmp_path / "sweep"
    sweep(CONFIG, GRID, [1, 2], out=out)
    kept = {file: file.stat().st_mtime_ns for file in out.glob("runs/*/*/row.json")}
    same(sweep(CONFIG, GRID, SEEDS, out=out), expected)
    assert all(file.stat().st_mtime_ns == time for file, time in kept.items())
    with pytest.raises(InputError, match="of another grid"):
        sweep(CONFIG, {"chain.supply": [4, 9]}, SEEDS, out=out)
    other = sweep(CONFIG, {"chain.supply": [4, 9]}, [1], out=out, force=True)
    assert len(other.runs) == 2


def test_fewer_or_other_seeds_take_nothing_out_of_the_tables(tmp_path):
    """The folder has all its runs in its tables; who wants some of them asks for these."""
    out, short = tmp_path / "sweep", CONFIG | {"blocks": 5}
    first = sweep(short, GRID, [1, 2], out=out)
    found = sweep(short, GRID, [3], out=out)
    assert found.seeds == load_sweep(out).seeds == [1, 2, 3]
    same(found.of_seeds(np.array([1, 2])), first)
    with pytest.raises(InputError, match="seeds: no run is of seed 7; there are 1, 2, 3"):
        found.of_seeds([1, 7])
    with pytest.raises(InputError, match=r"seeds: 1 is no list of seeds; write \[1\]"):
        found.of_seeds(1)
    assert list(about_seeds(found, [3])) == ["the folder held 2 seeds more, whose runs are in the tables: 1..2"]
    (out / "runs" / "point=0" / "seed=1" / "row.json").unlink()
    assert list(about_seeds(sweep(short, GRID, [3], out=out), [3])) == [
        "the folder held 2 seeds more, whose runs are in the tables: 1..2",
        "not finished, and not in the tables: seeds 1; --seeds 1 plays them",
    ]


def test_seeds_are_told_as_they_are_given():
    assert ranges([7, 1, 2, 3, 9, 10]) == "1..3,7,9..10"
    assert read_seeds("1..3,7,9..10") == [1, 2, 3, 7, 9, 10]


def test_code_that_is_not_there_is_refused_before_anything_is_played(tmp_path):
    (tmp_path / "mine.py").write_text(FAULTY)
    for key, names, says in (
        ("market.primary", ["second_price", f"{tmp_path}/mine.py:pricin"], "did you mean 'pricing'"),
        ("chain.draw", ["lottery", "lotery"], "did you mean 'lottery'"),
        ("agents.0.strategy", ["keep", "kep"], "did you mean 'keep'"),
        ("reward.process", ["uniform", f"{tmp_path}/mine.py:Law"], "has no 'Law'"),
    ):
        with pytest.raises(InputError, match=says):
            sweep(CONFIG, {key: names}, [1], out=tmp_path / "sweep")
    assert not list((tmp_path / "sweep").glob("runs/*"))


def test_code_in_the_place_of_its_name_is_told_in_a_line():
    with pytest.raises(InputError, match=r"is code; write it to a file: 'my_file\.py:same'"):
        sweep(CONFIG, {"chain.draw": ["lottery", same]}, [1])


def test_a_folder_with_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(InputError, match="not empty and holds no sweep"):
        sweep(CONFIG, GRID, SEEDS, out=tmp_path, force=True)
    assert (tmp_path / "thesis.tex").read_text() == "years of work"


DEADLY = """
import os
import signal
from strategies import Seller


class Deadly(Seller):
    def __init__(self, mode: str = "live"):
        self.mode = mode

    def primary(self, view):
        if self.mode == "exit":
            os.kill(os.getpid(), signal.SIGKILL)
        return []
"""


def test_a_worker_that_dies_costs_its_own_run_alone(tmp_path):
    (tmp_path / "deadly.py").write_text(DEADLY)
    agents = [*CONFIG["agents"], {"strategy": f"{tmp_path}/deadly.py:Deadly", "parameters": {"mode": "live"}}]
    grid = {"agents.1.parameters.mode": ["live", "exit", "other"]}
    result = sweep(CONFIG | {"agents": agents}, grid, [1, 2], jobs=2, out=tmp_path / "sweep")
    assert result.runs["error"].isna().tolist() == [True, True, False, False, True, True]
    assert "its worker died" in result.failed["error"].iloc[0]
    assert [point["runs"] for point in result.summary()] == [2, 0, 2]


FAULTY = """
def draw(state, block):
    return state.urn[0]


def pricing(lots):
    raise ZeroDivisionError("in the user's own rule")
"""


def test_a_point_that_fails_is_reported_with_its_traceback(tmp_path):
    (tmp_path / "faulty.py").write_text(FAULTY)
    grid = {"market.primary": ["second_price", f"{tmp_path}/faulty.py:pricing"]}
    result = sweep(CONFIG, grid, [1])
    assert result.runs["error"].isna().tolist() == [True, False]
    assert "in the user's own rule" in result.failed["error"].iloc[0]
    assert "Traceback" in result.failed["error"].iloc[0]


def test_a_point_that_makes_no_sense_is_a_row_and_a_typo_is_refused():
    result = sweep(CONFIG, {"chain.draw": ["lottery", "maturity"]}, [1])
    assert result.failed["chain.draw"].tolist() == ["maturity"]
    assert "needs a number of blocks" in result.failed["error"].iloc[0]
    assert "1 of them FAILED: see .failed" in repr(result)
    with pytest.warns(UserWarning, match="1 of 2 runs failed and are left out"):
        result.differences("hhi")
    with pytest.raises(InputError, match="did you mean 'supply'"):
        sweep(CONFIG, {"chain.suply": [4, 8]}, [1])


def test_structures_of_the_config_are_a_key_of_the_grid():
    market = {"structure": ["pbs", "et"]}
    result = sweep(CONFIG | {"market": market}, seeds=[1])
    assert [point.parameters for point in result.points()] == [
        {"market.structure": "pbs"},
        {"market.structure": "et"},
    ]


def test_own_rules_are_values_of_a_grid_and_go_along(tmp_path, expected):
    (tmp_path / "rules.py").write_text(FAULTY)
    grid = {"chain.draw": ["lottery", f"{tmp_path}/rules.py:draw"]}
    result = sweep(CONFIG, grid, [1], out=tmp_path / "sweep")
    assert result.runs["digest"].iloc[0] == expected.runs["digest"].iloc[0]
    assert result.runs["digest"].nunique() == 2
    (tmp_path / "rules.py").unlink()
    (tmp_path / "sweep").rename(tmp_path / "sent")
    assert {name: outcome.is_same for name, outcome in replay(tmp_path / "sent").items()} == {
        "point=0/seed=1": True,
        "point=1/seed=1": True,
    }


@pytest.mark.parametrize(
    ("option", "grid"),
    [
        ("chain.supply=8,16", {"chain.supply": [8, 16]}),
        ("chain.draw=lottery, maturity", {"chain.draw": ["lottery", "maturity"]}),
        ('agents.0.role=["buyer", "builder"],seller', {"agents.0.role": [["buyer", "builder"], "seller"]}),
        ("a.b={x = 1, y = 2},3", {"a.b": [{"x": 1, "y": 2}, 3]}),
        ('market.pbs="a,b",off', {"market.pbs": ["a,b", "off"]}),
        ("reward.low=0.5,1e-3,true", {"reward.low": [0.5, 0.001, True]}),
    ],
)
def test_a_grid_is_read(option, grid):
    assert read_grid([option]) == grid


@pytest.mark.parametrize("option", ["chain.supply", "=3", "chain.supply=", "chain.supply=8,8", " =1,2"])
def test_a_bad_grid_is_refused(option):
    with pytest.raises(InputError, match="--grid"):
        read_grid([option])
    with pytest.raises(InputError, match="twice"):
        read_grid(["a=1", "a=2"])


def test_seeds_are_read():
    assert read_seeds("1..4") == [1, 2, 3, 4]
    assert read_seeds("7") == [7]
    assert read_seeds("1, 5..6,9") == [1, 5, 6, 9]


@pytest.mark.parametrize("text", ["", "a", "4..1", "1..", "-3", "1..99999999999", "1,1", "1..3,2", "1.5", "²"])
def test_bad_seeds_are_refused(text):
    with pytest.raises(InputError, match="--seeds"):
        read_seeds(text)


@pytest.mark.parametrize(
    ("changes", "hint"),
    [
        ({"backend_name": "slurm"}, "--backend slurm: is not one of"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "is for a cluster"),
        ({"grid": {"seed": [1, 2]}}, "--seeds"),
        ({"seeds": []}, "seeds: there are none"),
        ({"seeds": [-1]}, "seeds: -1 is no seed"),
        ({"seeds": [1.5]}, r"seeds: 1\.5 is no seed"),
        ({"seeds": [2**63]}, "is no seed"),
        ({"seeds": [1, 1]}, "twice"),
        ({"seeds": 3}, r"\[3\]"),
        ({"grid": {"chain.supply": []}}, "chain.supply: the list is empty"),
        ({"grid": {"chain.supply": 17}}, r"chain.supply: 17 is no list of values; write \[17\]"),
        ({"grid": {"chain.draw": "lottery"}}, "'lottery' is no list"),
        ({"signatures": "rsa"}, "'rsa' is not one of ecdsa, off"),
        ({"jobs": 0}, "--jobs 0"),
    ],
)
def test_bad_options_are_refused(changes, hint):
    with pytest.raises(InputError, match=hint):
        sweep(CONFIG, **changes)


def test_a_sweep_is_not_taken_for_a_run(tmp_path):
    sweep(CONFIG | {"blocks": 5}, out=tmp_path / "sweep", backend_name="sequential")
    for command in (resume, verify_run):
        with pytest.raises(InputError, match="holds a sweep; name one of its runs"):
            command(tmp_path / "sweep")


def test_on_the_command_line(et_testbed, tmp_path, expected):
    (tmp_path / "config.toml").write_text(
        "blocks = 30\n[chain]\nsupply = 4\nmaturity = 'none'\ndraw = 'lottery'\n"
        "[reward]\nprocess = 'uniform'\nlow = 0.0\nhigh = 0.2\n"
        "[market]\nstructure = 'et'\nresale = 'never'\npbs = 'off'\n"
        "[[agents]]\nstrategy = 'keep'\nrole = 'seller'\ncount = 4\ncan_build = true\n"
    )
    command = [
        "sweep",
        str(tmp_path / "config.toml"),
        "--grid",
        "chain.supply=4,8",
        "--seeds",
        "1..3",
    ]
    done = et_testbed(*command, "--jobs", "2", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == expected.summary()
    out = ("--backend", "sequential", "--out", str(tmp_path / "out"))
    shown = et_testbed(*command, "--metric", "capture_cash", *out)
    assert shown.returncode == 0, shown.stderr
    assert "capture_cash" in shown.stdout
    assert {path.name for path in (tmp_path / "out").iterdir()} >= {"manifest.json", "runs.parquet", "runs"}
    wrong = et_testbed(*command, "--metric", "capture_cas")
    assert wrong.returncode == 2
    assert "did you mean 'capture_cash'" in wrong.stderr


@pytest.mark.parametrize(
    ("seeds", "written"),
    [("1..3", r"range(1, 4)"), ("1,2,5", "[1, 2, 5]"), ("4", "[4]"), ("x", "range(1, 31)"), (4, "[4], or range")],
)
def test_seeds_as_a_command_has_them_are_told_as_python_has_them(seeds, written):
    with pytest.raises(InputError, match=re.escape(f"is no list of seeds; write {written}")):
        checked_seeds(seeds)


def test_a_grid_of_numpy_is_one_of_numbers():
    axes = checked_axes({"chain.maturity": np.array([4, 8]), "chain.refund": pd.Series([0.5])})
    assert json.dumps(axes) == '{"chain.maturity": [4, 8], "chain.refund": [0.5]}'
