"""`et-testbed experiments`."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from rich.console import Console


def list_experiments(
    as_json: Annotated[bool, typer.Option("--json", help="print a JSON list")] = False,
) -> None:
    """List the experiments, each with its question."""
    from experiments.lab.study.experiment import all_experiments

    found = all_experiments()
    if as_json:
        typer.echo(json.dumps([{"name": one.name, "question": one.question} for one in found]))
        return
    for one in found:
        Console().print(f"[bold]{one.name}[/bold]\n    {one.question}")
    Console().print("\nrun one with: python -m experiments.NAME [OPTIONS]", highlight=False)
