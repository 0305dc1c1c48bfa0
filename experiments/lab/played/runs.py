"""Running a config, and going on with a run that was cut off: `run(...)` and `resume(...)`."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from chain.home import expanded
from chain.whole_file import remove_partials
from experiments.lab.assembly.assembly import Drive, Engine, assemble, begin_isolated, end_isolated, make_driver
from experiments.lab.assembly.box import open_box
from experiments.lab.assembly.every_fault import read_whole, telling_all
from experiments.lab.assembly.isolation import Losses
from experiments.lab.assembly.no_way_out import no_way_out
from experiments.lab.assembly.own_rules import has_own_code
from experiments.lab.assembly.rare_collections import rare_collections
from experiments.lab.assembly.run_warnings import warn_of
from experiments.lab.config.config import Config
from experiments.lab.config.loading import folder_of, make_config
from experiments.lab.config.market import Structure
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.played.finishing import finish
from experiments.lab.played.results import Comparison, Result, load, single
from experiments.lab.played.structures_at_once import (
    LIVE,
    Part,
    Playing,
    Progress,
    checked_jobs,
    obstacle_of,
    obstacle_of_terms,
    processes_for,
    threads_now,
)
from experiments.lab.runs.checkpoint import SECONDS, Checkpoints, Unusable, discard, restore
from experiments.lab.runs.description import describe, kind_of, manifest
from experiments.lab.runs.digest import run_digest
from experiments.lab.runs.files import files_of
from experiments.lab.runs.folder import (
    MANIFEST,
    SUMMARY,
    TABLES,
    check_alone,
    locked,
    prepared,
    read_manifest,
    read_run,
    run_folders,
    signatures_of,
    write_json,
)
from experiments.lab.runs.kept_folder import KeptFolder
from experiments.lab.runs.way_on import Tell, Way, check_belongs, check_unchanged, is_finished, renew
from experiments.lab.terminal.notebook_bar import run_bar
from market.slot.driver import Driver


@tells_arguments
def run(
    config: Config | Mapping[str, Any] | Path | str | None = None,
    *,
    seed: int | None = None,
    blocks: int | None = None,
    overrides: Iterable[str] = (),
    out: Path | str | None = None,
    signatures: str = "ecdsa",
    strict: bool = False,
    force: bool = False,
    progress: Progress | None = None,
    checkpoint_seconds: float = SECONDS,
    drive: Drive = make_driver,
    jobs: int | None = 1,
    folder: Path | str | None = None,
) -> Result | Comparison:
    """Run a config: a `Config`, a dict like a TOML file, the path of one, or None for the defaults.

    Files that a config names are looked up from the folder of its file, those of a dict from `folder`, and then
    from where one is.
    `overrides` are `key.path=value`; `out` is the folder of the run (None: a temporary one, which lives as long
    as the result). In a folder of its own a run takes checkpoints, at least `checkpoint_seconds` apart, from which
    `resume` goes on. With `strict` the first violation ends the run and is raised. `drive` makes each structure's
    driver, e.g. `Twin(config).drive`. Returns a `Result`, or a `Comparison` where the config names several market
    structures, of which `jobs` are played at a time, each in a process that is forked off (None: as many as are
    worth it): then what strategies leave in memory is not here. A notebook shows
    how far it is, unless `progress` is given. Raises `InputError`.
    """
    checked_jobs(jobs)
    before = threads_now()
    short = [f"{key}={value}" for key, value in (("seed", seed), ("blocks", blocks)) if value is not None]
    read = read_whole(config, [*overrides, *short])
    home = folder_of(config, folder)
    given, keeper = (expanded(out), None) if out is not None else temporary()
    path = given.absolute()  # wherever a strategy may go
    with open_box(home) as box:
        structures = read.market.structures
        places = {name: path if len(structures) == 1 else path / name for name in structures}
        with telling_all(read, home):
            made = box.pack(read)
            engines = [
                assemble(made, name, at / TABLES, box.place, signatures, strict) for name, at in places.items()
            ]
        for engine in engines:
            engine.files = box.digests()
        begin_isolated(engines[0])
        warn_of(engines)
        obstacle = obstacle_of_terms(strict, drive is make_driver) or obstacle_of(before, has_own_code(made))
        at_once = processes_for(made, len(structures), jobs, signatures != "off", obstacle)
        if at_once > 1:
            end_isolated(engines[0])  # the process that plays the structure begins its own
        every = None if keeper else checkpoint_seconds
        with prepared(path, force):
            about = manifest(
                made,
                structures=list(structures),
                signatures=kind_of(engines[0]),
                files=box.digests(),
                finished=False,
            )
            write_json(path / MANIFEST, about if len(engines) > 1 else describe(engines[0]))
            box.send_along(path)
            parts: dict[str, Part] = {
                engine.structure: partial(play_into, engine, path, places[engine.structure], keeper, every, drive)
                for engine in engines
            }
            results = Playing(made, parts, at_once, keeper).play(progress or run_bar(made.blocks), warnings.warn)
            return results[structures[0]] if len(structures) == 1 else compare(about, results, path, keeper)


@tells_arguments
def resume(
    path: Path | str,
    *,
    progress: Progress | None = None,
    checkpoint_seconds: float = SECONDS,
    tell: Tell = lambda _: None,
    trust_checkpoint: bool = False,
    force: bool = False,
    jobs: int | None = 1,
) -> Result | Comparison:
    """Go on with the run in a folder from its last checkpoint; it ends as if it had never been cut off.

    A finished run is left as it is; a live one is ended where its journal ends. Where there is no checkpoint to
    go on from, the run is begun again from block 0, and `tell` is told why. A checkpoint that somebody else wrote
    is read with `trust_checkpoint` alone, and runs code that it brings. With `force` what is not finished is begun
    again from block 0, by the manifest and the files as they are now. `jobs`: as in `run`.

    Raises `InputError`, also where something was changed or damaged, and then deletes nothing.
    """
    checked_jobs(jobs)
    before = threads_now()
    path = expanded(path)
    about = read_run(path)
    if about.get("finished"):
        tell(f"{path}: the run is finished; there is nothing to do")
        return load(path)
    with locked(path):
        remove_partials(path)
        if force:
            renew(path, about)
        check_unchanged(path, about)
        way = Way(about, trust_checkpoint, force)
        places = run_folders(path)
        parts: dict[str, Part] = {
            name: partial(go_on_in, path, place, name, checkpoint_seconds, way) for name, place in places.items()
        }
        config = make_config(about["config"], str(path / MANIFEST))
        obstacle = LIVE if about.get("live") else obstacle_of(before)
        at_once = processes_for(config, len(places), jobs, about.get("signatures") == "ecdsa", obstacle)
        results = Playing(config, parts, at_once).play(progress or run_bar(config.blocks), tell)
        return compare(about, results, path) if "structures" in about else results[about["structure"]]


def mend_journal(about: dict[str, Any], run: Path, tell: Tell) -> None:
    """Drop the line of a live run's journal in which its process was killed, and say so."""
    if not about.get("live"):
        return
    from experiments.lab.runs.live_journal import drop_cut_off  # slow to import, and of no use to other runs

    cut_off = drop_cut_off(run)
    if cut_off is not None:
        tell(f"{run}: the last line of the journal was cut off, and is dropped: {cut_off}")


def blocks_of(path: Path) -> int:
    """How many blocks the run in a folder is to have. Raises `InputError`."""
    return make_config(read_manifest(path)["config"], str(path / MANIFEST)).blocks


def temporary() -> tuple[Path, KeptFolder]:
    """A folder that goes when its keeper goes."""
    keeper = KeptFolder()
    return keeper.path / "run", keeper


def locked_below(top: Path, place: Path) -> AbstractContextManager[None]:
    """The lock of one structure's folder, which lies in the run's or is the run's own."""
    if place == top:
        return nullcontext()
    place.mkdir(exist_ok=True)
    return locked(place)


def engine_of(
    about: dict[str, Any], structure: Structure, run: Path, tables: Path, losses: Losses = None
) -> Engine:
    """The engine of one structure of a run, as its manifest has it; it has not moved yet. Raises `InputError`."""
    check_alone(about, run)
    config = make_config(about["config"], str(run / MANIFEST))
    signatures = signatures_of(about, run)
    engine = assemble(config, structure, tables, files_of(run), signatures, strict=False, losses=losses)
    engine.files = about.get("files", {})
    if about.get("live"):
        from experiments.lab.runs.live_journal import follow_journal  # as above

        follow_journal(engine, about, run)
    return engine


def play_into(
    engine: Engine,
    path: Path,
    place: Path,
    keeper: KeptFolder | None,
    checkpoint_seconds: float | None,
    drive: Drive,
    progress: Progress,
    tell: Tell,  # noqa: ARG001
) -> Result:
    """Play one structure of the run in `path` from block 0 into its own place."""
    with locked_below(path, place):
        checkpoints = None if checkpoint_seconds is None else Checkpoints(place, checkpoint_seconds)
        return begin(engine, place, keeper, progress, checkpoints, drive)


def go_on_in(
    path: Path,
    place: Path,
    structure: Structure,
    checkpoint_seconds: float,
    way: Way,
    progress: Progress,
    tell: Tell,
) -> Result:
    """Go on with one structure of the run in `path`."""
    with locked_below(path, place):
        mend_journal(way.about, place, tell)
        engine = engine_of(way.about, structure, place, place / TABLES)
        return go_on(engine, place, progress, Checkpoints(place, checkpoint_seconds), way, tell)


@rare_collections()
def begin(
    engine: Engine,
    path: Path,
    keeper: KeptFolder | None,
    progress: Progress | None,
    checkpoints: Checkpoints | None,
    drive: Drive = make_driver,
) -> Result:
    """Run one structure into its folder from block 0."""
    path.mkdir(exist_ok=True)
    write_json(path / MANIFEST, describe(engine))
    driver = drive(engine)
    with no_way_out():
        driver.open()
    return play(engine, driver, path, keeper, progress, checkpoints)


@rare_collections()
def go_on(
    engine: Engine, path: Path, progress: Progress, checkpoints: Checkpoints, way: Way, tell: Tell
) -> Result:
    """Run one structure from its last checkpoint; where it has none, or by force, from block 0.

    Raises `InputError` where what is recorded does not belong together.
    """
    has_begun = (path / MANIFEST).is_file()
    if has_begun and is_finished(path, way):
        return single(path)
    if engine.is_live:
        return end_live(engine, path, progress, tell)
    try:
        if way.force:
            raise Unusable("--force")
        restored, driver = restore(path, engine, way.trust)
    except Unusable as why:
        tell(f"{path}: {f'running again from block 0: {why}' if has_begun else 'begins at block 0'}")
        discard(path)
        shutil.rmtree(path / TABLES, ignore_errors=True)
        return begin(engine, path, None, progress, checkpoints)
    check_belongs(path, restored, way.about)
    engine = restored
    engine.records.rewind(path / TABLES)
    tell(f"{path}: going on from block {driver.blocks_done:,}")
    (path / SUMMARY).unlink(missing_ok=True)
    write_json(path / MANIFEST, describe(engine))
    return play(engine, driver, path, None, progress, checkpoints)


def end_live(engine: Engine, path: Path, progress: Progress | None, tell: Tell) -> Result:
    """Play a live run again by its journal, and end it where that ends: nobody can take part any more.

    Raises `KeyboardInterrupt` where `progress` stops it: then the journal still has everything.
    """
    tell(f"{path}: a live run: playing its journal, and ending it after {engine.ends_at:,} blocks")
    shutil.rmtree(path / TABLES, ignore_errors=True)
    return begin(engine, path, None, whole(progress), None)


def whole(progress: Progress | None) -> Progress:
    """What stops a run halfway leaves none that says it was ended there."""

    def goes_on(structure: str, done: int, trades: int) -> bool:
        if progress is not None and not progress(structure, done, trades):
            raise KeyboardInterrupt
        return True

    return goes_on


@no_way_out()
def play(
    engine: Engine,
    driver: Driver,
    path: Path,
    keeper: KeptFolder | None,
    progress: Progress | None,
    checkpoints: Checkpoints | None,
) -> Result:
    """Run to the end, or until `progress` says that it is enough. Whatever ends it, its tables are finished."""
    try:
        play_slots(engine, driver, progress, checkpoints)
    except OSError:  # a full disk, say: nothing more can be written, and what is there is safe
        raise
    except BaseException:
        driver.close()
        raise
    return finish(engine, driver, path, keeper)


def play_slots(engine: Engine, driver: Driver, progress: Progress | None, checkpoints: Checkpoints | None) -> None:
    """Slot by slot, with a checkpoint where one is due, and where it stops before the end."""
    blocks = engine.config.blocks if engine.ends_at is None else engine.ends_at
    # What a strategy makes of numpy's errors is felt until the end of a slot.
    run_slot = np.errstate()(driver.run_slot) if engine.files else driver.run_slot
    while driver.blocks_done < blocks:
        run_slot()
        if checkpoints is not None:
            checkpoints.take_if_due(engine, driver)
        if progress is not None and not progress(engine.structure, driver.blocks_done, engine.market.trades.count):
            break
    if checkpoints is not None and driver.blocks_done < blocks:
        checkpoints.take(engine, driver)


def compare(
    about: dict[str, Any], results: dict[str, Result], path: Path, keeper: KeptFolder | None = None
) -> Comparison:
    """Write the manifest and the summary on top of several structures."""
    digest = run_digest({name: result.summary["digest"] for name, result in results.items()})
    finished = all(results[name].finished if name in results else False for name in about["structures"])
    summary = {"structures": {name: result.summary for name, result in results.items()}, "digest": digest}
    write_json(path / SUMMARY, summary)
    write_json(path / MANIFEST, about | {"finished": finished, "digest": digest})
    return Comparison(path, results, summary, finished, keeper)
