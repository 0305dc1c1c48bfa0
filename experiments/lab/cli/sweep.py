"""`et-testbed sweep`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.completion import last_of
from experiments.lab.terminal.ending import FAILED, interruptible, tell
from experiments.lab.terminal.options import (
    AsJson,
    Blocks,
    Force,
    Jobs,
    Out,
    Overrides,
    Quiet,
    Strict,
    overrides_of,
)
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def metrics_begun(begun: str) -> Iterator[str]:
    """Names of metrics, for the shell."""
    from experiments.lab.metrics.registry import BY_NAME

    return last_of(begun, BY_NAME)


def sweep(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="TOML file")],
    grid: Annotated[
        list[str] | None, typer.Option(metavar="KEY=VALUE,…", help="values of a key, e.g. chain.supply=8,16,32")
    ] = None,
    seeds: Annotated[
        str | None, typer.Option(help="1..30, or 1,2,3; left out: the config's own seed", metavar="SEEDS")
    ] = None,
    blocks: Blocks = None,
    set_: Overrides = None,
    jobs: Jobs = 1,
    backend: Annotated[str, typer.Option(help="loky, sequential, threading, dask or ray")] = "loky",
    scheduler: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="a dask or ray cluster that is there, e.g. tcp://host:8786"),
    ] = None,
    out: Out = None,
    as_json: AsJson = False,
    signatures: Annotated[str, typer.Option(help="off, or ecdsa: the same trades, more slowly")] = "off",
    strict: Strict = False,
    keep_tables: Annotated[bool, typer.Option(help="keep the tables of every run")] = True,
    metrics: Annotated[
        list[str] | None,
        typer.Option(
            "--metrics",
            "--metric",
            metavar="NAME,…",
            help="metrics to show; left out: the main ones",
            autocompletion=metrics_begun,
        ),
    ] = None,
    format: AsTable = TableFormat.TABLE,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Run a config over a grid of parameters and seeds, and compare. Given again, a sweep goes on where it was."""
    refuse_two_forms(as_json, format)
    from experiments.lab.sweep import read_grid, read_seeds
    from experiments.lab.sweep import sweep as sweep_config
    from experiments.lab.sweep.sweep_text import about_seeds, choice, failures, read_metrics, sheets, why
    from experiments.lab.terminal.interruptible import Interruptible
    from experiments.lab.terminal.progress import shown_sweep

    names = read_metrics(metrics or ())

    kept = "give the same command again and it goes on" if out else "nothing is kept without --out"
    with (
        interruptible(kept),
        Interruptible("the runs that are being played") as interrupt,
        shown_sweep(interrupt, not quiet) as bar,
    ):
        asked = None if seeds is None else read_seeds(seeds)
        result = sweep_config(
            config,
            read_grid(grid or ()),
            asked,
            overrides=overrides_of(set_, blocks=blocks),
            jobs=jobs,
            backend_name=backend,
            scheduler=scheduler,
            out=out,
            signatures=signatures,
            force=force,
            strict=strict,
            keep_tables=keep_tables and out is not None,
            progress=bar,
        )
    if as_json:
        typer.echo(json.dumps(result.summary(), allow_nan=False))
    elif not quiet:
        show(sheets(result, names), format)
        held = about_seeds(result, result.seeds if asked is None else asked)
        for line in (*why(result, names), choice(result, names), *held):
            typer.echo(line, err=format is not TableFormat.TABLE)
    for line in failures(result):
        tell(line)
    if len(result.failed):
        raise typer.Exit(FAILED)
