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
    from experiments.lab.models.model.round_solution import RoundSolution
    from experiments.lab.models.model.solution_text import plot, sheets
    from experiments.lab.models.model.solving import solve

    solution = solve(read_model(model))
    if as_json:
        typer.echo(solution.to_json())
        return
    if isinstance(solution, RoundSolution):
        show(solution.sheets(), format)
        return
    show(sheets(solution), format)
    if format is TableFormat.TABLE and solution.blocks and solution.sale_value:
        typer.echo(plot(solution.sale_value, solution.ties or []))
