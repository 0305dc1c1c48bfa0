"""`et-testbed init`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="where to write")] = Path(),
    kind: Annotated[
        str,
        typer.Option(
            metavar="KIND",
            help="buyer, seller, market-maker, draw-rule, pricing-rule, sale-format, reward-law, cost-law, "
            "experiment or model",
        ),
    ] = "buyer",
) -> None:
    """Write something of your own to start from, a strategy, a rule, an experiment or a model for solve, with a
    test; it runs as it is."""
    from experiments.lab.config.starter import to_try, write_starter

    for path in write_starter(folder, kind):
        typer.echo(f"wrote {path}")
    for command in to_try(folder, kind):
        typer.echo(f"try: {command}")
