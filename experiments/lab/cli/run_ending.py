"""How `et-testbed run` ends: what is told of the run, where it is kept, and the next command."""

from __future__ import annotations

import json
import shlex
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from chain.wording import as_typed
from experiments.lab.terminal.ending import INTERRUPTED, tell
from experiments.lab.terminal.sheet import Sheet
from experiments.lab.terminal.sheet_formats import TableFormat, show

if TYPE_CHECKING:
    from experiments.lab.played.results import Comparison, Result
    from experiments.lab.runs.run_text import Epilogue


def finish(
    result: Result | Comparison,
    place: Path | None,
    command: str | None,
    *,
    as_json: bool,
    format: TableFormat,
    quiet: bool,
) -> None:
    """Tell of the run that is kept in `place`, and say where it was interrupted. `command` makes it again."""
    from experiments.lab.played.results import summed_up
    from experiments.lab.runs.taking_part import idle_of

    if as_json:
        typer.echo(json.dumps(result.summary, allow_nan=False))
    elif format is not TableFormat.TABLE:
        show([summary_of(result)], format)
    if as_json or quiet or format is not TableFormat.TABLE:
        for line in idle_of(summed_up(result)):
            typer.secho(line, fg="yellow", err=True)
    else:
        from experiments.lab.runs.run_text import show_run
        from experiments.lab.terminal.sheet_text import console_of_output

        show_run(console_of_output(), summed_up(result), epilogue(result, place, command))
    if not result.finished and not is_live(result.path):
        tell("interrupted: what was recorded until then is there")
        raise typer.Exit(INTERRUPTED)


def summary_of(result: Result | Comparison) -> Sheet:
    """The summaries side by side, for other programs."""
    from experiments.lab.played.results import summed_up
    from experiments.lab.runs.folder import read_manifest
    from experiments.lab.runs.summary_text import summary_sheet

    folders = summed_up(result)
    return summary_sheet({read_manifest(path)["structure"]: summary for path, summary in folders})


def is_live(place: Path) -> bool:
    """Whether a run was played live: it ends where it was left."""
    from experiments.lab.runs.folder import read_manifest

    return bool(read_manifest(place).get("live"))


def epilogue(result: Result | Comparison, place: Path | None, command: str | None) -> Epilogue:
    """Where the run is kept, and the next command: one that mends, where strategies of the user's own fail."""
    from experiments.lab.runs.run_text import Epilogue

    mend = None if command is None else f"{command} --strict  # stops at the first violation, with its traceback"
    if place is None:
        return Epilogue("nothing is kept: no --out was given", f"{command} --out {free_folder()}", mend)
    kept = as_typed(place)
    if not result.finished and not is_live(result.path):
        return Epilogue(f"kept in {place}, as far as it came", f"et-testbed run --resume {kept}", mend)
    return Epilogue(f"kept in {place}", f"et-testbed report {kept}  # a page with the plots", mend)


def command_of(config: Path | None, overrides: list[str]) -> str:
    """What runs the same again."""
    words = ["et-testbed", "run", *([] if config is None else [str(config)])]
    for override in overrides:
        words += ["--set", override]
    return shlex.join(words)


def free_folder() -> Path:
    """A folder for a run that is not there yet."""
    names = (Path("out") / ("run" if number == 1 else f"run_{number}") for number in count(1))
    return next(name for name in names if not name.exists())
