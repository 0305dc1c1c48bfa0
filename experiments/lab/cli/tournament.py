"""`et-testbed tournament`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.terminal.completion import strategies
from experiments.lab.terminal.ending import interruptible, tell
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
from experiments.lab.terminal.sheet_formats import TableFormat, refuse_two_forms, show


def tournament(
    config: Annotated[Path, typer.Argument(metavar="CONFIG", help="TOML file of the market")],
    entrants: Annotated[
        str,
        typer.Option(
            metavar="NAME,…",
            help="e.g. truthful,shade:0.8,my.py:Sniper:margin=0.1",
            autocompletion=strategies,
        ),
    ],
    seeds: Annotated[str, typer.Option(help="1..50, or 1,2,3", metavar="SEEDS")] = "1..20",
    seating: Annotated[str, typer.Option(help="together, round_robin, one_against or full")] = "together",
    group: Annotated[
        int | None, typer.Option(help="the group of agents whose seats they take, from 0; left out: the first fit")
    ] = None,
    blocks: Blocks = None,
    set_: Overrides = None,
    jobs: Jobs = 1,
    backend: Annotated[str, typer.Option(help="loky, sequential, threading, dask or ray")] = "loky",
    out: Out = None,
    strict: Strict = False,
    as_json: AsJson = False,
    format: Annotated[str, typer.Option(help=f"how to write the tables: {', '.join(TableFormat)}")] = "table",
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Let strategies play every seat of a market on the same draws, and rank them, ties where one cannot tell."""
    from experiments.lab.runs.folder import make_folder
    from experiments.lab.study.answer import draw
    from experiments.lab.sweep import read_seeds
    from experiments.lab.terminal.interruptible import Interruptible
    from experiments.lab.terminal.progress import shown_sweep
    from experiments.lab.tournament import read_entrants
    from experiments.lab.tournament import tournament as play
    from experiments.lab.tournament.formats import TWO_SIDED
    from experiments.lab.tournament.population_figure import population
    from experiments.lab.tournament.tournament_page import write_tournament_page
    from experiments.lab.tournament.tournament_text import said, sheets

    style = table_format(format)
    refuse_two_forms(as_json, style)
    if seating in TWO_SIDED:
        check_can_say_who_survives(out)
    kept = "give the same command again and it goes on" if out else "nothing is kept without --out"
    with (
        interruptible(kept),
        Interruptible("the runs that are being played") as interrupt,
        shown_sweep(interrupt, not quiet) as bar,
    ):
        played = play(
            config,
            read_entrants(entrants, config.parent),
            read_seeds(seeds),
            format=seating,
            group=group,
            overrides=overrides_of(set_, blocks=blocks),
            jobs=jobs,
            backend_name=backend,
            out=out,
            force=force,
            strict=strict,
            progress=bar,
        )
    if out is not None:
        tell(f"page: {write_tournament_page(out)}")
    if out is not None and played.format in TWO_SIDED:
        make_folder(out / "figures")
        tell(f"who survives: {draw(population(played), out, 'population')}")
    if as_json:
        typer.echo(json.dumps(played.summary(), allow_nan=False))
    elif quiet:
        return
    elif style is TableFormat.TABLE:
        typer.echo(str(played))
    else:
        show(sheets(played), style)
        for line in said(played):
            typer.echo(line, err=True)


def check_can_say_who_survives(out: Path | None) -> None:
    """Raises `InputError` where that cannot be computed, or not be drawn into `out`: before a long play."""
    from experiments.lab.config.extras import check_extra
    from experiments.lab.tournament.population import check_can_evolve

    check_can_evolve()
    if out is not None:
        check_extra("who survives is drawn into --out, which", "matplotlib", "figures")


def table_format(name: str) -> TableFormat:
    """How to write the tables. Raises `InputError`, also for what `--format` once was: who sits where."""
    from experiments.lab.tournament.formats import FORMATS

    if name in FORMATS:
        raise InputError(f"--format {name}: who sits where is --seating {name} now; --format is of the tables")
    if name not in list(TableFormat):
        raise InputError(f"--format {name}: there are {', '.join(TableFormat)}")
    return TableFormat(name)
