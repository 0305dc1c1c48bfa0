"""Verification: an audit of a run as a third party would do it who has its tables, its config and its seed.

`audit_run` replays the run from the signed messages in its tables, without the engine: every signature is
recovered, every draw, reward and cost is drawn again from the seed, every book and auction cleared again, every
payment and transfer matched with what it was for. What it cannot see by itself are facts that leave one trace:

- the table `violations`: agent, code and message, and the slot within its neighbours'; a refusal changes nothing
  else;
- `orders.end_slot` of an ask that its maker cancelled: cancelling is not signed, and moves no money;
- which of the rows of `orders` that ended in the same millisecond comes first: each row says all else of itself;
- in an unsigned run: the terms of orders and auctions that came to nothing, and nonces.

A live run in which someone took part is not audited but run again by its journal, which has their transactions.

The modules are one kind of fact each. `audit_replay` goes slot by slot; `premises` says what is taken as given.

The audit executes nothing that lies in the folder. What the user's own strategies, draw rule and pricing decided
is believed, and the report says so.

`verify` does the audit and then runs the config once more, which covers these as well. That executes the
strategies and rules of the folder, in a process of its own, and once the audit has come to its verdict. Where one
of them is not there, the report says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple

from chain.home import expanded
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.config.loading import make_config
from experiments.lab.config.told_calls import tells_arguments
from experiments.lab.played.replayed_run import changed_since
from experiments.lab.played.structures_at_once import (
    checked_jobs,
    load_ahead,
    obstacle_of,
    processes_for,
    threads_now,
)
from experiments.lab.processes import Voice, side_by_side
from experiments.lab.runs.files import files_of
from experiments.lab.runs.folder import TABLES, check_kept, read_manifest, read_run
from experiments.lab.runs.kept_folder import Kept
from experiments.lab.terminal.notebook_bar import labelled_bar
from experiments.lab.verify.audit_replay import Counted, Replay
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest, check_digests, check_manifest, load
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.published_rules import check_files, check_rules
from experiments.lab.verify.report import Part, Report
from experiments.lab.verify.rerun import Elsewhere, begun_afresh, reruns
from experiments.lab.verify.stored_tables import StoredTables
from experiments.lab.verify.summary_audit import check_summary, check_top

__all__ = ["Fault", "Report", "audit_run", "run_again", "verify", "verify_run"]

Audits = Callable[[str, int, int], object]
"""Is told of an audit: the structure, how many of its blocks are done, of how many."""

EVERY = 64
"""Blocks between two words about progress from another process."""

LIVE = "the tables: transactions from outside took part, which only another run by the journal follows"


@tells_arguments
def verify(run: Kept | Path | str, jobs: int | None = 1, progress: Audits | None = None) -> Report:
    """Audit a run, its result or its folder, in all its structures, and carry it out once more.

    `jobs` is how many structures are looked at at a time, a process each (None: as many as are worth it). A
    notebook shows how far the audit is, unless `progress` is given. Raises `InputError` for a folder or a table
    that cannot be read.
    """
    report = audit_run(run, jobs, progress)
    run_again(report, jobs)
    return report


verify_run = verify
"""The name that it had first."""


@tells_arguments
def audit_run(run: Kept | Path | str, jobs: int | None = 1, progress: Audits | None = None) -> Report:
    """The audit alone, up to the first fault; neither the engine nor any code in the folder takes part in it.

    `jobs`: how many structures at a time, a process each (None: as many as are worth it). `progress` is told of
    each how many of its blocks are done. Raises `InputError`.
    """
    path = run.path if isinstance(run, Kept) else expanded(run)
    places = places_of(path)
    report = Report(path)
    try:
        for audited in audits(places, processes_of(path, len(places), jobs), progress or labelled_bar("blocks")):
            report.parts.append(audited.part)
            if audited.fault is not None:
                raise audited.fault
        if path not in places.values():
            report.is_at_top = True
            check_top(path, places)
    except Fault as fault:
        report.fault_of_audit = fault
    return report


class Audited(NamedTuple):
    """What came of one structure's audit: a fault, or none; or what could not be read of it."""

    part: Part
    fault: Fault | None = None
    obstacle: InputError | None = None


def audits(places: Mapping[str, Path], at_once: int, progress: Audits) -> Iterator[Audited]:
    """The audits of structures, in their order. Raises `InputError` at the first that cannot be read."""
    done: Iterable[Audited] = (audited(place, partial(progress, name)) for name, place in places.items())
    if at_once > 1:
        works = {name: partial(audited_elsewhere, place) for name, place in places.items()}
        load_ahead()
        done = side_by_side(works, at_once, progress).values()
    for each in done:
        if each.obstacle is not None:
            raise each.obstacle
        yield each


def audited_elsewhere(place: Path, voice: Voice) -> Audited:
    """The audit of the structure in a folder, whose progress is told now and then."""

    def tell(done: int, total: int) -> None:
        if done % EVERY == 0 or done == total:
            voice.say(done, total)

    return audited(place, tell)


def audited(place: Path, progress: Counted) -> Audited:
    """The audit of the structure in a folder."""
    part = Part(place.name, place)
    try:
        about, config = load(place)
        part.structure, part.manifest = about.structure, read_manifest(place)
        audit(part, about, config, progress)
    except Fault as fault:
        return Audited(part, fault=fault)
    except InputError as error:
        return Audited(part, obstacle=error)
    return Audited(part)


def processes_of(path: Path, structures: int, jobs: int | None) -> int:
    """How many structures are audited at a time."""
    about = read_run(path)
    try:
        config = make_config(about["config"], str(path))
    except InputError:  # the audit will say so
        return 1
    signed = about.get("signatures") == "ecdsa"
    return processes_for(config, structures, checked_jobs(jobs), signed, obstacle_of(threads_now()))


def run_again(report: Report, jobs: int | None = 1, elsewhere: Elsewhere = begun_afresh) -> None:
    """Carry a run that was found sound out once more, and add to the report what comes of it. This executes the
    strategies and rules in the run's folder, in the process that `elsewhere` begins."""
    if not report.is_sound:
        return
    at_once = processes_of(report.path, len(report.parts), jobs)
    for part, again in reruns(report.parts, at_once, elsewhere):
        if isinstance(again, Fault):
            part.fault_again = again
            return
        if isinstance(again, InputError):
            part.notices_again.append(f"not run again: {again}")
            continue
        part.same_again = again.tables - bool(again.texts)
        part.changed_files = changed_since(part.path)
        if again.texts:
            messages = "1 message" if again.texts == 1 else f"{again.texts} messages"
            part.notices_again.append(f"the text of {messages} differs; everything else is the same")


def places_of(path: Path) -> dict[str, Path]:
    """The folders of single structures in a run: itself, or one for each. An interrupted run may lack some.

    Raises `InputError`.
    """
    about = read_run(path)
    if "structures" not in about:
        return {path.name: path}
    places = {str(name): path / str(name) for name in about["structures"]}
    there = {name: place for name, place in places.items() if place.is_dir()}
    return places if about.get("finished") or not there else there


def has_guests(path: Path) -> bool:
    """Whether anyone took part from outside in a run that was live. Raises `InputError`."""
    from experiments.lab.runs.live_journal import has_transactions  # slow to import, and of no use to other runs

    return has_transactions(path)


def audit(part: Part, about: Manifest, config: Config, progress: Counted) -> None:
    """From the manifest over the tables to the summary. Raises `Fault`."""
    path = part.path
    check_kept(path)
    tables = StoredTables(path / TABLES)
    part.counts["addresses derived"] = check_manifest(about, config)
    part.contents = check_digests(about, tables)
    part.counts["tables with their digests"] = len(part.contents)
    if about.live and has_guests(path):
        part.notices.append(LIVE)
    else:
        premises = Premises(config, about, files_of(path))
        if premises.has_tickets:
            check_rules(about, premises.rules)
            check_files(premises.rules, config, premises.folder)
        replay = Replay(premises, tables)
        replay.run(progress)
        part.counts |= replay.counts()
        part.is_recovered = replay.signatures == tables.signatures()
        part.notices += replay.notices()
    part.counts["figures of the summary"] = check_summary(path, about, part.notices)
