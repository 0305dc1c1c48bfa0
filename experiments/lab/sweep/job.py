"""One run of a sweep, as a worker does it: it needs nothing but what is in its job."""

from __future__ import annotations

import json
import shutil
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from chain.errors import Refused
from experiments.lab.assembly.assembly import assemble
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.metrics.made_of import read_largest
from experiments.lab.played.measured import measure
from experiments.lab.played.results import Result
from experiments.lab.played.runs import begin
from experiments.lab.runs.folder import ROW, TABLES, read_manifest, write_json
from experiments.lab.runs.own_failures import OwnFailure, own_failures
from experiments.lab.runs.stored_summary import has_old_names
from experiments.lab.statistics import Largest

Extra = Callable[[Result], Mapping[str, float | None]]
"""More metrics of a run, by name."""


class Job(NamedTuple):
    """One run. `config` names a single structure; `files` has the user's files, `place` becomes its folder. The
    first violation of a `strict` one is raised, with its `name`."""

    point: int
    seed: int
    config: dict[str, Any]
    files: Path
    place: Path
    signatures: str
    keeps_tables: bool
    extra: Extra | None
    strict: bool = False
    name: str = ""


class Row(NamedTuple):
    """What came of it: its metrics and digest, or what was refused, or the traceback of what went wrong;
    `largest`: `read_largest`; `own`: what went wrong with the user's own strategies."""

    point: int
    seed: int
    metrics: dict[str, float | None]
    digest: str | None
    error: str | None
    largest: dict[str, Largest]
    trades: str | None = None  # the digest of the table of trades
    own: Sequence[OwnFailure] = ()


def work(job: Job) -> Row:
    """Run it, measure it, and write the row down beside it. A failure is a row too: nothing is raised but the
    first violation of a strict run."""
    try:
        row = run_and_measure(job)
    except InputError as refusal:
        return Row(job.point, job.seed, {}, None, str(refusal), {})
    except Exception as error:
        if job.strict and isinstance(error, Refused):
            error.add_note(job.name)
            raise
        return Row(job.point, job.seed, {}, None, traceback.format_exc(), {})
    write_json(job.place / ROW, row._asdict())
    return row


def run_and_measure(job: Job) -> Row:
    """The run in its folder; whatever an earlier attempt left there goes."""
    shutil.rmtree(job.place, ignore_errors=True)
    job.place.mkdir(parents=True)
    config = Config.model_validate(job.config)
    structure = config.market.structures[0]
    engine = assemble(config, structure, job.place / TABLES, job.files, job.signatures, job.strict)
    result = begin(engine, job.place, None, None, None)
    metrics = measure(job.place / TABLES, slot_ms=round(config.chain.slot_seconds * 1000))
    if job.extra is not None:
        metrics |= job.extra(result)
    largest = read_largest(job.place / TABLES)
    own = own_failures(job.place, result.summary)
    if not job.keeps_tables:
        shutil.rmtree(job.place / TABLES)
    trades = read_manifest(job.place)["tables"]["trades"]
    return Row(job.point, job.seed, metrics, result.summary["digest"], None, largest, trades, own)


def done_before(job: Job) -> Row | None:
    """The row of a job that was finished earlier; None where it was not, or in the words of an earlier version."""
    return read_row(job.place)


def read_row(place: Path) -> Row | None:
    """The row in the folder of a run; None where it is not finished, or in the words of an earlier version."""
    try:
        row = Row(**json.loads((place / ROW).read_text(encoding="utf-8")))
        row = row._replace(own=[OwnFailure(*one) for one in row.own])
    except (OSError, ValueError, TypeError):
        return None
    return None if has_old_names(row.metrics) else row
