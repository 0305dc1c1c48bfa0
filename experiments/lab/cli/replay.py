"""`et-testbed replay`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.ending import FAILED, interruptible
from experiments.lab.terminal.options import Quiet


def replay(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run, a sweep or an experiment")],
    as_json: Annotated[bool, typer.Option("--json", help="print the outcome as one JSON object")] = False,
    keep_tables: Annotated[
        bool, typer.Option("--keep-tables", help="give a run that kept no tables those that come out now")
    ] = False,
    quiet: Quiet = False,
) -> None:
    """Run a manifest's config again and compare every table with what came out then. This executes the strategies
    and rules in RUN."""
    from experiments.lab.played.replayed_run import replay as replay_run
    from experiments.lab.played.runs import blocks_of
    from experiments.lab.runs.folder import MANIFEST
    from experiments.lab.terminal.interruptible import Interruptible
    from experiments.lab.terminal.progress import shown_run

    with (
        interruptible("nothing is said of what was not compared"),
        Interruptible() as interrupt,
        shown_run(interrupt, blocks_of(run) if (run / MANIFEST).is_file() else None, not quiet) as bar,
    ):
        outcomes = replay_run(run, bar, keep_tables=keep_tables)
    if as_json:
        typer.echo(json.dumps({place: outcome.as_dict() for place, outcome in outcomes.items()}))
    else:
        for place, outcome in outcomes.items():
            typer.echo(f"{place}: {outcome}")
    if not all(outcome.is_same for outcome in outcomes.values()):
        raise typer.Exit(FAILED)
