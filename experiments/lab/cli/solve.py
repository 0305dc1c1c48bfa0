"""`et-testbed solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def solve_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="TOML file with the model")],
    as_json: Annotated[bool, typer.Option("--json", help="print the solution as one JSON object")] = False,
    format: AsTable = TableFormat.TABLE,
) -> None:
    """Solve when to sell a ticket, and what it is then worth; or what a round of blocks is sold for."""
    refuse_two_forms(as_json, format)
    from experiments.lab.models.model.model_file import read_model
    from experiments.lab.models.model.solving import solve

    solution = solve(read_model(model))
    if as_json:
        typer.echo(solution.to_json())
    elif format is TableFormat.TABLE:
        typer.echo(str(solution))
    else:
        show(solution.sheets(), format)
