"""The presets of the published model: CPU time of 1,000 slots, and per bid as holders and tickets grow."""

from __future__ import annotations

from functools import partial
from importlib.resources import files
from pathlib import Path

from experiments.lab.bench.measure import in_turns, line
from experiments.lab.played.results import Comparison, Result
from experiments.lab.played.runs import run

PRESETS = Path(str(files("experiments") / "published"))
NAMES = ("second_price", "first_price", "amm", "eip1559", "jit")
MANY = ["chain.supply=1024", "agents.0.count=30", "agents.1.count=40", "agents.2.count=30"]


def bench_presets() -> None:
    """1,000 slots without a secondary market."""
    for name in NAMES:
        play = partial(run, PRESETS / f"{name}.toml")
        signed, unsigned = in_turns(partial(play, signatures="ecdsa"), partial(play, signatures="off"))
        line(f"published {name}, 1,000 slots signed, CPU s", f"{signed:.2f}", "3 or less")
        line("  unsigned", f"{unsigned:.2f}", "1 or less")


def bench_per_bid() -> None:
    """1,024 tickets and 100 holders against 100 and 10."""
    preset = PRESETS / "second_price.toml"
    few = partial(run, preset, blocks=300)
    many = partial(run, preset, blocks=300, overrides=MANY)
    counts = [bids(play(signatures="off")) for play in (few, many)]
    for kind in ("ecdsa", "off"):
        times = in_turns(partial(few, signatures=kind), partial(many, signatures=kind))
        growth = (times[1] / counts[1]) / (times[0] / counts[0])
        label = "unsigned"
        if kind == "ecdsa":
            label = "signed"
        line(f"CPU per bid, 1,024 tickets and 100 holders to 100 and 10, {label}", f"{growth:.2f}", "1.2 or less")


def bids(result: Result | Comparison) -> int:
    """How many bids a run had."""
    assert isinstance(result, Result)
    return len(result.bids)
