"""What a run may not import before it needs it: packages that take a second to load are for the edge."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.places import ROOT

HEAVY = ("web3", "eth_account", "pandas", "scipy")


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
