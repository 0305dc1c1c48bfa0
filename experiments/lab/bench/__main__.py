"""`python -m experiments.lab.bench`: prints the figures, and keeps them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.bench.baseline import no_longer_there, read_lines, slower, write_lines
from experiments.lab.bench.books import bench_book
from experiments.lab.bench.isolated_calls import bench_isolation
from experiments.lab.bench.learning import bench_learning, bench_vector
from experiments.lab.bench.long_run import bench_growth
from experiments.lab.bench.measure import HEADER
from experiments.lab.bench.models import bench_game, bench_solve
from experiments.lab.bench.rpc_requests import bench_ethereum
from experiments.lab.bench.rpc_subscriptions import bench_edge
from experiments.lab.bench.signed_orders import bench_signatures
from experiments.lab.bench.slot_auctions import bench_slot_auctions, bench_twin
from experiments.lab.bench.starts import bench_starts
from experiments.lab.bench.strategies import bench_idle, bench_tournament
from experiments.lab.bench.sweeps import bench_overhead, bench_sweep
from experiments.lab.bench.whole_runs import (
    bench_per_bid,
    bench_presets,
    bench_rounds,
    bench_run,
    bench_slot_signatures,
)
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.ending import guarded

BENCHES = (
    bench_book,
    bench_signatures,
    bench_run,
    bench_rounds,
    bench_solve,
    bench_game,
    bench_starts,
    bench_growth,
    bench_presets,
    bench_per_bid,
    bench_idle,
    bench_learning,
    bench_vector,
    bench_tournament,
    bench_isolation,
    bench_overhead,
    bench_sweep,
    bench_slot_auctions,
    bench_slot_signatures,
    bench_twin,
    bench_ethereum,
    bench_edge,
)

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    names: Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="book, run, …; none: all")] = None,
    out: Annotated[Path, typer.Option(help="where the figures are kept")] = Path("out/bench.json"),
    compare: Annotated[Path | None, typer.Option(metavar="OLD.json", help="figures of another sitting")] = None,
) -> None:
    """What things cost in terms of a yardstick that is timed beside them; less is better."""
    before = {} if compare is None else read_lines(compare)
    known = {bench.__name__.removeprefix("bench_"): bench for bench in BENCHES}
    for name in names or ():
        if name not in known:
            raise InputError(f"{name}: no such bench; there are {', '.join(known)}")
    typer.echo(HEADER)
    lines = []
    for name in names or known:
        for line in known[name]():
            typer.echo(line.text)
            lines.append(line)
    out.parent.mkdir(parents=True, exist_ok=True)
    write_lines(out, lines)
    typer.echo(f"kept in {out}")
    for sentence in slower(before, lines):
        typer.echo(sentence)
    if not names:
        for what in no_longer_there(before, lines):
            typer.echo(f"not measured any more: {what}")


if __name__ == "__main__":
    guarded(app)
