"""Carrying out a sweep."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from chain.home import expanded
from experiments.lab.assembly.box import open_box
from experiments.lab.config.config import Config
from experiments.lab.config.effort import UNSIGNED, effort_of
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import folder_of
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.played.structures_at_once import STRICT
from experiments.lab.processes import cores
from experiments.lab.processes.told_once import warn_each
from experiments.lab.runs.folder import (
    MANIFEST,
    clear,
    holds_something,
    locked,
    make_folder,
    read_manifest,
    write_json,
)
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.own_failures import FailedRun, warn_of_failures
from experiments.lab.sweep.alike import run_name
from experiments.lab.sweep.backend import CLUSTERS, Each, WorkersDied, backend
from experiments.lab.sweep.grid import Grid
from experiments.lab.sweep.job import Extra, Job, Row, done_before, work
from experiments.lab.sweep.plan import Plan
from experiments.lab.sweep.result import Sweep, tidy
from experiments.lab.terminal.notebook_bar import count_bar

Finished = Callable[[int, int], bool]
"""Called after each run with the runs done and all there are; False stops the sweep."""

WORTH_SECONDS = 5.0
"""Of CPU time in all, estimated: a worker of loky takes more than a second to begin."""

Rows = dict[tuple[int, int], Row]


@tells_arguments
def sweep(
    config: Config | Mapping[str, Any] | Path | str | None = None,
    grid: Grid | None = None,
    seeds: Iterable[int] | None = None,
    *,
    overrides: Iterable[str] = (),
    jobs: int | None = 1,
    backend_name: str = "loky",
    scheduler: str | None = None,
    out: Path | str | None = None,
    signatures: str = "off",
    force: bool = False,
    keep_tables: bool = True,
    extra: Extra | None = None,
    progress: Finished | None = None,
    folder: Path | str | None = None,
    strict: bool = False,
) -> Sweep:
    """Run a config at every point of a grid with every seed, and measure each run.

    Files that a config names are looked up as by `run`, those of a dict from `folder`.
    `grid` maps keys of the config to lists of values; `seeds` is the config's own where it is left out. Several
    market structures count as a key of the grid. `jobs` runs go on at a time (None: as the cores allow,
    where that is worth it) on joblib's backend `backend_name` (loky, sequential, threading, dask, ray), for the
    last two on the cluster at `scheduler` where one is named. `out` is a folder for all of it: a sweep that was
    cut off goes on there, and one with other seeds adds to it: the result has all runs that are finished there
    (`Sweep.of_seeds` those of some seeds); its runs keep their tables unless `keep_tables` is
    False. `extra` gives more metrics of a run.

    A run that fails is a row with its traceback, and so is one of a point of the grid that makes no config, which
    is warned of before anything is played, as are methods of the user's own strategies that no point asks. Of
    those strategies that raise, are refused or never act there is a warning at the end; with `strict` the first
    violation ends the sweep and is raised, of runs that are played in this process, one after the other. A
    notebook shows how far it is, unless `progress` is given.
    Raises `InputError`, and `KeyboardInterrupt` where `progress` says stop; what is finished is kept.
    """
    if strict:
        jobs, backend_name = in_this_process(jobs, backend_name)
    home = folder_of(config, folder)
    keeper = KeptFolder() if out is None else None
    path = expanded(str(out)) if keeper is None else keeper.path
    with open_box(home) as box:
        plan = Plan(config, overrides, grid or {}, seeds, signatures, box, home, strict)
        for fault in plan.warnings():
            warnings.warn(fault, stacklevel=3)
        warn_each({line: line for line in plan.unasked.lines()}, stacklevel=4)
        make_folder(path)
        with locked(path):
            occupy(path, plan, force)
            box.send_along(path)
            runs = plan.jobs(path, keep_tables, extra)
            with backend(backend_name, workers_for(runs) if jobs is None else jobs, scheduler) as each:
                rows = carry_out(runs, each, progress or count_bar("runs"))
            rows += plan.earlier_rows(path)
            seeds = dict.fromkeys([*plan.seeds, *(row.seed for row in rows)])
            result = Sweep(plan.grid, tidy(plan.grid, [*rows, *plan.bad_rows(seeds)]), path, keeper)
            result.save()
    warn_of_failures(failed_runs(plan.grid, rows), stacklevel=4)
    return result


def in_this_process(jobs: int | None, backend_name: str) -> tuple[int, str]:
    """The jobs and the backend of a strict sweep; a warning for whoever wanted more. Raises `InputError` for a
    cluster."""
    if backend_name in CLUSTERS:
        raise InputError(f"--backend {backend_name}: strict plays in this process; leave it out, or strict")
    if jobs is not None and jobs != 1:
        warnings.warn(f"jobs = {jobs}: {STRICT}; runs are played one after the other", stacklevel=4)
    return 1, "sequential"


def failed_runs(grid: Grid, rows: Iterable[Row]) -> list[FailedRun]:
    """What went wrong with the user's own strategies in all runs that came to their end, by point and seed."""
    played = sorted((row for row in rows if row.error is None), key=lambda row: (row.point, row.seed))
    return [FailedRun(run_name(grid, row.point, row.seed), row.point, row.own) for row in played]


def workers_for(runs: Sequence[Job]) -> int:
    """As many workers as there are cores; one where the runs take less than workers need to begin."""
    if not runs:
        return 1
    effort = effort_of(Config.model_validate(runs[0].config))
    seconds = len(runs) * UNSIGNED * sum(effort.by_structure.values())
    return min(cores(), len(runs)) if seconds >= WORTH_SECONDS else 1


def occupy(path: Path, plan: Plan, force: bool) -> None:
    """Make the folder this sweep's own. Raises `InputError` where another one, or anything else, lies there."""
    about = plan.manifest()
    if holds_something(path):
        if not (path / MANIFEST).is_file():
            raise InputError(f"{path}: the folder is not empty and holds no sweep; name another one with --out")
        if force:
            clear(path)
        elif (other := differing(read_manifest(path), about)) is not None:
            raise InputError(
                f"{path}: holds another run or sweep, of another {other}; name another folder, or replace it "
                "with --force"
            )
        else:
            about["seeds"] = list(dict.fromkeys([*read_manifest(path)["seeds"], *about["seeds"]]))
    write_json(path / MANIFEST, about)


def differing(before: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """The first thing in which two sweeps differ, other than their seeds."""
    return next((key for key in now if key != "seeds" and before.get(key) != now[key]), None)


def carry_out(jobs: list[Job], each: Each, progress: Finished) -> list[Row]:
    """Rows of all jobs; an earlier attempt's are read. A job that kills its worker becomes a row that says so."""
    rows: Rows = {}
    collect(jobs, rows)
    while pending := [job for job in jobs if (job.point, job.seed) not in rows]:
        before = len(rows)
        try:
            receive(each, pending, rows, len(jobs), progress)
        except WorkersDied:
            collect(pending, rows)
            if not progress(len(rows), len(jobs)):
                raise KeyboardInterrupt from None
            if len(rows) == before:
                one_by_one(each, pending, rows, len(jobs), progress)
    return list(rows.values())


def collect(jobs: list[Job], rows: Rows) -> None:
    """Read the rows that jobs have left on the disk."""
    for job in jobs:
        row = done_before(job)
        if row is not None:
            refuse_violations(job, row)
            rows[job.point, job.seed] = row


def refuse_violations(job: Job, row: Row) -> None:
    """Raises `InputError` where a strict sweep would go on over runs that have violations already."""
    if job.strict and row.metrics.get("violations"):
        raise InputError(
            f"{job.place}: was played before and has violations, at the first of which strict stops; name another "
            "folder, or play all of it anew with --force"
        )


def receive(each: Each, jobs: list[Job], rows: Rows, total: int, progress: Finished) -> None:
    """Carry out jobs and take their rows as they come."""
    for row in each(work, jobs):
        rows[row.point, row.seed] = row
        if not progress(len(rows), total):
            raise KeyboardInterrupt


def one_by_one(each: Each, jobs: list[Job], rows: Rows, total: int, progress: Finished) -> None:
    """Find out which job kills its worker."""
    for job in jobs:
        try:
            receive(each, [job], rows, total, progress)
        except WorkersDied as death:
            why = f"its worker died, which out of memory or a call of os._exit would do: {death}"
            rows[job.point, job.seed] = Row(job.point, job.seed, {}, None, why, {})
