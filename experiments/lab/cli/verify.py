"""`et-testbed verify`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.ending import FAILED
from experiments.lab.terminal.options import NoBar, Processes


def verify(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")],
    rerun: Annotated[
        bool,
        typer.Option(
            "--rerun/--no-rerun",
            help="then run it again too, which executes the strategies and rules in RUN, in a process of its own",
        ),
    ] = True,
    jobs: Processes = None,
    as_json: Annotated[bool, typer.Option("--json", help="print the report as one JSON object")] = False,
    quiet: NoBar = False,
) -> None:
    """Recover every signature, recompute every draw, replay every payment and transfer of a run. This
    executes nothing that lies in RUN. Its verdict is printed; then, unless --no-rerun, the strategies in RUN are
    executed to run it again."""
    from experiments.lab.cli.light_arrow import without_pandas
    from experiments.lab.terminal.bars import CountBar
    from experiments.lab.verify import audit_run, run_again
    from experiments.lab.verify.rerun import in_a_command

    without_pandas()
    with CountBar("blocks", not quiet) as bar:
        report = audit_run(run, jobs, bar)
    if not as_json:
        typer.echo(report.verdict)
    if rerun:
        with CountBar("blocks", not quiet) as bar:
            bar.wait("run again")
            run_again(report, jobs, in_a_command())
    if as_json:
        typer.echo(json.dumps(report.as_dict()))
    elif report.again:
        typer.echo(report.again)
    if not report.is_sound:
        raise typer.Exit(FAILED)
