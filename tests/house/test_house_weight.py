"""What a run may not import before it needs it: packages that take a second to load are for the edge."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.places import ROOT

START = ("chain.state", "chain.signatures", "market", "numpy", "pyarrow", "pydantic", "strategies", "tabulate")
"""What `--help`, completion and wrong words need not load."""
HEAVY = ("web3", "eth_account", "pandas", "scipy")
UNUSED = (
    "chain.rewards.payments",
    "chain.rewards.round_signals",
    "experiments.lab.metrics.registry",
    "experiments.lab.report.figure",
    "html",
    "multiprocessing.connection",
)
"""Nor rewards from a file, private signals, all metrics, figures, HTML and processes side by side."""
NOT_QUIET = ("rich.console", "pyarrow.compute", "pyarrow.dataset", "numpy.ma")
"""Nor what only tables on a terminal, arithmetic by Arrow, other programs' data sets and masked arrays need."""


@pytest.mark.parametrize(
    "modules",
    [
        "experiments.lab.played.runs, experiments.lab.cli.run",
        "chain, market, strategies",
        "chain.protocol, chain.transfer, chain.clock, chain.rewards",
        "market.house, market.exchange, market.desk, market.pbs, market.viewer",
        "strategies.agent, strategies.finding, strategies.valuation",
    ],
)
def test_what_every_run_needs_is_light(modules):
    code = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def loaded(code, names):
    """Which of some modules a process has loaded at the end of what it does."""
    tell = f"print([name for name in {names} if name in sys.modules])"
    told = f"import atexit, sys; atexit.register(lambda: {tell}); {code}"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True, cwd=ROOT)
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"]])
def test_help_loads_what_tells_of_commands_alone(words):
    code = f"from experiments.lab.cli.app import main; sys.argv = {['et-testbed', *words]}; main()"
    assert loaded(code, START) == "[]"


@pytest.mark.parametrize("words", ["et-testbed ru", "et-testbed run --bl"])
def test_what_a_shell_completes_loads_less(monkeypatch, words):
    monkeypatch.setenv("_ET_TESTBED_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    code = "from experiments.lab.cli.app import main; sys.argv = ['et-testbed']; main()"
    assert loaded(code, (*START, "rich.console", "experiments.lab.cli.serve")) == "[]"


def test_a_command_leaves_nothing_for_the_collector_at_its_end():
    told = "import atexit, gc; atexit.register(lambda: print(gc.get_freeze_count() > len(gc.get_objects())))"
    code = "from experiments.lab.cli.app import main; sys.argv = ['et-testbed', '--version']; main()"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; {told}; {code}"], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout.splitlines()[-1] == "True"


@pytest.mark.slow
def test_a_run_loads_no_pandas_and_its_results_find_it(tmp_path):
    words = ["et-testbed", "run", "--blocks", "1", "--out", str(tmp_path / "run"), "--quiet"]
    code = f"from experiments.lab.cli.app import main; sys.argv = {words}; main()"
    assert loaded(code, (*HEAVY, *NOT_QUIET, *UNUSED, "tabulate")) == "[]"


@pytest.mark.parametrize(
    ("code", "given"),
    [
        ("len(pyarrow.table({'a': [1, 2]}).to_pandas())", "2"),
        ("pyarrow.array(__import__('pandas').Series(['a', None], dtype='string')).null_count", "1"),
    ],
)
def test_without_pandas_arrow_still_gives_it_frames_and_takes_its_values(code, given):
    begun = "from experiments.lab.cli.light_arrow import without_pandas; import pyarrow; without_pandas(); "
    code = f"import sys; {begun}pyarrow.array([1]); print('pandas' in sys.modules, {code})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", given]
