"""`et-testbed trace`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def trace(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="folder of a run")],
    serial: Annotated[int, typer.Argument(metavar="SERIAL", help="serial number of the ticket")],
    as_json: Annotated[bool, typer.Option("--json", help="print the events as a JSON list")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """The life of one ticket: mint, listings, bids, sales, transfers, draw, proposal, burn.

    Executes nothing in RUN."""
    refuse_two_forms(as_json, format)
    from experiments.lab.verify.trace import sheet_of, to_json, trace_ticket

    events = trace_ticket(run, serial)
    if as_json:
        typer.echo(to_json(events))
    else:
        show([sheet_of(events)], format)
