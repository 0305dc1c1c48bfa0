"""`et-testbed run`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from importlib.resources import files
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.lab.cli.run_ending import command_of, finish
from experiments.lab.config.errors import InputError
from experiments.lab.terminal.ending import FAILED, fail, tell
from experiments.lab.terminal.options import (
    AsJson,
    Blocks,
    Out,
    Overrides,
    Processes,
    Quiet,
    Seed,
    Signatures,
    Strict,
    overrides_of,
)
from experiments.lab.terminal.sheet_formats import AsTable, TableFormat, refuse_two_forms

if TYPE_CHECKING:
    from experiments.lab.config.config import Config
    from experiments.lab.conformance.twin.twin import Twin
    from experiments.lab.played.results import Comparison, Result


def run(
    config: Annotated[
        Path | None, typer.Argument(metavar="[CONFIG]", help="TOML file; left out: a day, three structures")
    ] = None,
    blocks: Blocks = None,
    seed: Seed = None,
    set_: Overrides = None,
    out: Out = None,
    as_json: AsJson = False,
    format: AsTable = TableFormat.TABLE,
    signatures: Signatures = "ecdsa",
    strict: Strict = False,
    force: Annotated[
        bool, typer.Option(help="replace what lies in the folder; with --resume: from block 0")
    ] = False,
    quiet: Quiet = False,
    jobs: Processes = None,
    checkpoint_every: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="least time between two checkpoints")
    ] = 10.0,
    resume: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR",
            help="go on with the run in DIR that was cut off, by its own config; executes strategies in it",
        ),
    ] = None,
    trust_checkpoint: Annotated[
        bool, typer.Option("--trust-checkpoint", help="(resume) read one of somebody else's, which runs its code")
    ] = False,
    isolate: Annotated[
        str | None,
        typer.Option(metavar="process", help="one's own strategies decide in processes of their own, with limits"),
    ] = None,
    twin: Annotated[
        bool, typer.Option("--twin", help="compare every slot with the ticket contract on an EVM (extra evm)")
    ] = False,
) -> None:
    """Run a config and print its summary."""
    refuse_two_forms(as_json, format)
    from experiments.lab.cli.light_arrow import without_pandas

    without_pandas()
    overrides = overrides_of(set_, blocks=blocks, seed=seed)
    if isolate is not None:
        overrides = [f"isolation.mode={isolate}", *overrides]
    if resume is not None:
        if config or overrides or out or strict or twin:
            raise InputError(
                f"--resume {resume}: goes on with the run as it is; give no config and no other option"
            )
        more = {
            "checkpoint_seconds": checkpoint_every,
            "trust_checkpoint": trust_checkpoint,
            "force": force,
            "jobs": jobs,
        }
        finish(go_on(resume, quiet, **more), resume, None, as_json=as_json, format=format, quiet=quiet)
        return
    if trust_checkpoint:
        raise InputError("--trust-checkpoint: is for --resume")
    wanted = the_day() if config is None else config
    made = checked(wanted, overrides, isolate)
    beside = opposite(made, signatures) if twin else None
    play = partial(
        start,
        wanted,
        overrides=overrides,
        out=out,
        signatures=signatures,
        strict=strict,
        force=force,
        checkpoint_seconds=checkpoint_every,
        jobs=jobs,
        twin=beside,
    )
    with telling_left_behind(made):
        result = watched(play, made.blocks, quiet, out)
    tell_agreement(beside)
    finish(result, out, command_of(config, overrides), as_json=as_json, format=format, quiet=quiet)


def the_day() -> dict[str, Any]:
    """The config of a run without one: a day under the three structures."""
    from experiments.lab.config.toml_file import read_toml

    return read_toml(Path(str(files("experiments") / "configs" / "day.toml")))


def checked(wanted: Path | dict[str, Any], overrides: list[str], isolate: str | None) -> Config:
    """The config with its overrides. Raises `InputError`."""
    from experiments.lab.assembly.every_fault import read_whole
    from experiments.lab.config.size import size_of

    made = read_whole(wanted, overrides)
    if isolate is not None and not any(map(made.isolation.covers, made.agents)):
        raise InputError(
            f"--isolate {isolate}: no agents play a strategy of one's own; name those to isolate in "
            "isolation.strategies"
        )
    if size := size_of(made):
        tell(size)
    return made


def opposite(made: Config, signatures: str) -> Twin:
    """The contract that the run is compared with. Raises `InputError` where it does not cover the config."""
    from experiments.lab.conformance.twin.twin import Twin

    return Twin(made, signatures)


@contextmanager
def telling_left_behind(made: Config) -> Iterator[None]:
    """Say in the end which files the user's own code has read that whoever gets the run's folder will not have."""
    from experiments.lab.assembly.own_rules import has_own_code

    if not has_own_code(made):
        yield
        return
    from experiments.lab.conformance.own_check.read_elsewhere import ReadElsewhere

    with ReadElsewhere() as elsewhere:
        yield
    for line in elsewhere.lines:
        tell(f"warning: {line}")


def start(wanted: Path | dict[str, Any], *, twin: Twin | None, **options: Any) -> Result | Comparison:
    """Run a config, with its twin where it has one; that the two differ is one line."""
    from experiments.lab.played.runs import run as run_config

    if twin is None:
        return run_config(wanted, **options)
    from experiments.lab.conformance.twin.disagreement import Disagreement

    try:
        return run_config(wanted, drive=twin.drive, **options)
    except Disagreement as difference:
        fail(f"--twin: {difference}", FAILED)


def go_on(place: Path, quiet: bool, **more: Any) -> Result | Comparison:
    """Go on with the run in a folder. Raises `InputError`."""
    from experiments.lab.played.runs import blocks_of
    from experiments.lab.played.runs import resume as resume_run

    play = partial(resume_run, place, tell=tell, **more)
    return watched(play, blocks_of(place), quiet, place)


def watched(
    play: Callable[..., Result | Comparison], blocks: int, quiet: bool, place: Path | None
) -> Result | Comparison:
    """Play with a progress bar; Ctrl-C ends it after the present slot, and what breaks it is one line."""
    from experiments.lab.terminal.interruptible import Interruptible
    from experiments.lab.terminal.progress import shown_run

    try:
        with Interruptible() as interrupt, shown_run(interrupt, blocks, not quiet) as bar:
            return play(progress=bar)
    except OSError as error:
        fail(f"{error}; {what_is_left(place)}", FAILED)


def what_is_left(place: Path | None) -> str:
    """What there is of a run that cannot be written any more."""
    from experiments.lab.runs.folder import way_on

    if place is None:
        return f"the run lies in {gettempdir()}; name another place with TMPDIR, or a folder to keep with --out"
    if place.is_dir() and not any(place.iterdir()):
        return f"nothing of the run is in {place}; begin it again where it can be written"
    if not (place / "manifest.json").is_file():
        return f"{place} was removed, or moved, while the run went on: nothing of it is left there"
    return f"what is recorded is safe: {way_on(place)}"


def tell_agreement(twin: Twin | None) -> None:
    """Say what the contract did alongside, all of it as in the run."""
    if twin is None:
        return
    for structure, done in twin.done.items():
        tell(f"twin: {structure}: {done.total():,} operations on the EVM, all as in the run")
