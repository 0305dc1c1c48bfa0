"""The options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.lab.terminal.completion import keys_of_set

Blocks = Annotated[int | None, typer.Option(help="blocks to run")]
Seed = Annotated[int | None, typer.Option(help="seed of all randomness")]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set", metavar="KEY=VALUE", help="override a key, e.g. chain.supply=33", autocompletion=keys_of_set
    ),
]
Out = Annotated[Path | None, typer.Option(help="folder for tables, summary and manifest")]
AsJson = Annotated[bool, typer.Option("--json", help="print the summary as one JSON object")]
Signatures = Annotated[str, typer.Option(help="ecdsa, or off for speed")]
Strict = Annotated[bool, typer.Option(help="stop at the first violation, with its traceback")]
Force = Annotated[bool, typer.Option(help="replace what lies in the folder")]
NoBar = Annotated[bool, typer.Option("--quiet", help="no progress bar")]
Quiet = Annotated[bool, typer.Option(help="no progress bar and no table")]
Golden = Annotated[
    bool, typer.Option(help="keep this answer and its runs beside the file, as what is expected of these settings")
]
Processes = Annotated[
    int | None,
    typer.Option(
        "--jobs", metavar="N", min=1, help="structures at a time, a process each; left out: by the cores there are"
    ),
]
RunsAtOnce = Annotated[
    int | None, typer.Option("--jobs", metavar="N", min=1, help="how many runs at a time; left out: by the cores")
]
Jobs = Annotated[int, typer.Option(min=1, help="how many runs at a time")]


def overrides_of(given: list[str] | None, **values: int | None) -> list[str]:
    """What `--set` gives, and the options that stand for a key of the config."""
    return [*(given or ()), *(f"{key}={value}" for key, value in values.items() if value is not None)]
