"""`et-testbed solve`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def solve_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="TOML file with the model")],
    as_json: Annotated[bool, typer.Option("--json", help="print the solution as one JSON object")] = False,
) -> None:
    """Solve when to sell a ticket, and what it is then worth."""
    from rich.console import Console

    from experiments.lab.models.model.model_file import read_model
    from experiments.lab.models.model.solution_text import render
    from experiments.lab.models.model.solving import solve

    solution = solve(read_model(model))
    if as_json:
        typer.echo(solution.to_json())
    else:
        Console().print(render(solution))
