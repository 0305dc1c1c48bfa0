"""`et-testbed simulate`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.config.errors import InputError
from experiments.lab.terminal.options import NoBar
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms, show


def simulate_command(
    model: Annotated[Path, typer.Argument(metavar="MODEL", help="TOML file with the model")],
    tickets: Annotated[int, typer.Option(help="tickets for each sale block, or rounds")] = 20_000,
    sale_blocks: Annotated[
        str | None, typer.Option(help="blocks of a ticket's life, e.g. 0,8,16; left out: the best policy")
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="seed of all randomness")] = 7,
    signatures: Annotated[str, typer.Option(help="ecdsa, or off for speed")] = "ecdsa",
    as_json: Annotated[bool, typer.Option("--json", help="print the outcome as one JSON object")] = False,
    format: AsTable = TableFormat.TABLE,
    quiet: NoBar = False,
) -> None:
    """Play a model's game on the block clock, and set it beside the theory."""
    refuse_two_forms(as_json, format)
    from experiments.lab.models.game.simulation import simulate
    from experiments.lab.models.model.model_file import read_model
    from experiments.lab.terminal.bars import CountBar

    with CountBar("tickets", not quiet) as bar:
        outcome = simulate(read_model(model), tickets, parse_blocks(sale_blocks), seed, signatures, bar.count)
    if as_json:
        typer.echo(outcome.to_json())
    else:
        show(outcome.sheets(), format)


def parse_blocks(text: str | None) -> list[int] | None:
    """`0,8,16` as numbers. Raises `InputError`."""
    if text is None:
        return None
    try:
        return [int(part) for part in text.split(",")]
    except ValueError:
        raise InputError(f"--sale-blocks: {text!r} is not a list of blocks; write e.g. 0,8,16") from None
