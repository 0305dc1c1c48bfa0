"""What a run keeps does not grow with its blocks: views, memories, caches and rows that wait are bounded."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from chain import records
from experiments.lab.assembly.assembly import assemble, make_driver
from experiments.lab.config.loading import read_config
from experiments.lab.runs.checkpoint import dumps
from experiments.lab.runs.schema import SCHEMAS
from tests.places import ROOT

RICH = {"endowment_eth": 1e5}
BUILDERS = {"strategy": "truthful", "role": ["buyer", "builder"], "count": 2, **RICH}
AUCTIONS = [{"strategy": "at_once", "role": "seller", **RICH}, BUILDERS]
BOOK = [
    {"strategy": "gjerstad_dickhaut", "role": "seller", **RICH},
    {"strategy": "market_maker", "role": "buyer", **RICH},
    BUILDERS,
]


def config(agents):
    return {"chain": {"maturity": 7}, "cost": {"per": "run"}, "agents": agents, "market": {"structure": "et"}}


@pytest.fixture
def driven(tmp_path):
    def start(agents, structure="et"):
        engine = assemble(read_config(config(agents), []), structure, tmp_path, tmp_path, "off", strict=False)
        driver = make_driver(engine)
        driver.open()
        return engine, driver

    return start


def state_after(engine, driver, blocks):
    """Bytes of all that a checkpoint holds; rows are in the tables."""
    while driver.blocks_done < blocks:
        driver.run_slot()
    engine.records.flush()
    return len(dumps((engine, driver)))


@pytest.mark.parametrize("agents", [AUCTIONS, BOOK], ids=["auctions", "book"])
def test_the_state_of_a_run_does_not_grow(driven, agents):
    engine, driver = driven(agents)
    early, late = (state_after(engine, driver, blocks) for blocks in (40, 160))
    assert late - early < 120 * 16  # bytes: less than a number a block


class Asked(dict):
    """Counts how often it is asked for a key."""

    times = 0

    def get(self, *key):
        self.times += 1
        return super().get(*key)


def test_without_tickets_no_slot_looks_at_all_blocks_before_it(driven):
    engine, driver = driven(AUCTIONS, "pbs")
    engine.state.endings = asked = Asked(engine.state.endings)
    for _ in range(30):
        driver.run_slot()
    assert asked.times <= 30


def test_what_waits_for_the_disk_is_bounded_in_bytes(driven, monkeypatch):
    most = 20_000
    monkeypatch.setattr(records, "PART_BYTES", most)
    engine, driver = driven(AUCTIONS)
    waited = []
    for _ in range(60):
        driver.run_slot()
        waited.append(engine.records.held_bytes())
    assert most < max(waited) < most * len(SCHEMAS)


PEAK = """
import json, sys
from experiments import run
run(json.loads(sys.argv[1]), blocks=int(sys.argv[2]), signatures="off", out=sys.argv[3])
# the peak of this program alone: what getrusage says is that of its parent too
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024)
"""


@pytest.mark.slow
@pytest.mark.parametrize(("each", "blocks", "most"), [(1, 5_000, 300), (500, 40, 500)])
def test_the_peak_of_a_run_is_bounded(tmp_path, each, blocks, most):
    """MB, the libraries included: of one seller and two buyers for 8 tickets, and of a thousand agents."""
    agents = [AUCTIONS[0] | {"count": each}, BUILDERS | {"count": max(each, 2)}]
    command = [sys.executable, "-c", PEAK, json.dumps(config(agents)), str(blocks), str(tmp_path / "run")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < most
