"""`et-testbed run`."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from experiments.lab.config.errors import InputError
from experiments.lab.terminal.ending import FAILED, INTERRUPTED, fail, tell
from experiments.lab.terminal.options import (
    AsJson,
    Blocks,
    Force,
    Out,
    Overrides,
    Quiet,
    Seed,
    Signatures,
    Strict,
    overrides_of,
)


def run(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="TOML file; left out: a day, three structures")
    ] = None,
    blocks: Blocks = None,
    seed: Seed = None,
    set_: Overrides = None,
    out: Out = None,
    as_json: AsJson = False,
    signatures: Signatures = "ecdsa",
    strict: Strict = False,
    force: Force = False,
    quiet: Quiet = False,
    checkpoint_every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="least time between two checkpoints")
    ] = 10.0,
    resume: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="go on with the run in DIR that was cut off, by its own config"),
    ] = None,
    isolate: Annotated[
        str | None,
        typer.Option(metavar="process", help="one's own strategies decide in processes of their own, with limits"),
    ] = None,
    twin: Annotated[
        bool, typer.Option("--twin", help="compare every slot with the ticket contract on an EVM (extra evm)")
    ] = False,
) -> None:
    """Run a config and print its summary."""
    from experiments.lab.config.loading import read_config, read_toml
    from experiments.lab.conformance.twin.disagreement import Disagreement
    from experiments.lab.conformance.twin.twin import Twin
    from experiments.lab.engine.driver import Driver
    from experiments.lab.runs.runs import blocks_of
    from experiments.lab.runs.runs import resume as resume_run
    from experiments.lab.runs.runs import run as run_config
    from experiments.lab.terminal.progress import Bar, Interruptible

    overrides = overrides_of(set_, blocks=blocks, seed=seed)
    if isolate is not None:
        overrides = [f"isolation.mode={isolate}", *overrides]
    if resume is not None and (config or overrides or out or force or strict or twin):
        raise InputError(f"--resume {resume}: goes on with the run as it is; give no config and no other option")
    wanted = config or read_toml(Path(str(files("experiments") / "configs" / "day.toml")))
    made = None if resume else read_config(wanted, overrides)
    if isolate is not None and made and not any(map(made.isolation.covers, made.agents)):
        raise InputError(
            f"--isolate {isolate}: no agents play a strategy of one's own; name those to isolate in "
            "isolation.strategies"
        )
    length = made.blocks if made else blocks_of(resume)  # type: ignore[arg-type]
    beside = Twin(made, signatures) if made and twin else None
    try:
        with Interruptible() as interrupt, Bar(interrupt, length, not quiet) as bar:
            result = (
                resume_run(resume, progress=bar, checkpoint_seconds=checkpoint_every, tell=tell)
                if resume
                else run_config(
                    wanted,
                    overrides=overrides,
                    out=out,
                    signatures=signatures,
                    strict=strict,
                    force=force,
                    progress=bar,
                    checkpoint_seconds=checkpoint_every,
                    drive=beside.drive if beside else Driver,
                )
            )
    except Disagreement as difference:
        fail(f"--twin: {difference}", FAILED)
    except OSError as error:
        place = resume or out
        fail(f"{error}{f'; what is recorded is safe: go on with --resume {place}' if place else ''}", FAILED)
    for structure, done in (beside.done if beside else {}).items():
        tell(f"twin: {structure}: {done.total():,} operations on the EVM, all as in the run")
    if as_json:
        typer.echo(json.dumps(result.summary, allow_nan=False))
    elif not quiet:
        show(result.summary)
    if not result.finished:
        tell("interrupted: what was recorded until then is there")
        raise typer.Exit(INTERRUPTED)


def show(summary: dict[str, object]) -> None:
    """Print a summary as a table."""
    from experiments.lab.runs.tables import summary_table

    structures = summary.get("structures")
    single = {str(summary.get("structure")): summary}
    Console().print(summary_table(structures if isinstance(structures, dict) else single))
