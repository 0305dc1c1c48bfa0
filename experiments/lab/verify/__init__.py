"""Verification: an audit of a run as a third party would do it who has its tables, its config and its seed.

`audit_run` replays the run from the signed messages in its tables, without the engine: every signature is
recovered, every draw, reward and cost is drawn again from the seed, every book and auction cleared again, every
payment and transfer matched with what it was for. What it cannot see by itself are facts that leave one trace:

- the table `violations`: agent, code and message, and the slot within its neighbours'; a refusal changes nothing
  else;
- `orders.end_slot` of an ask that its maker cancelled: cancelling is not signed, and moves no money;
- in an unsigned run: the terms of orders and auctions that came to nothing, and nonces.

A live run in which someone took part is not audited but run again by its journal, which has their transactions.

The modules are one kind of fact each. `audit_replay` goes slot by slot; `premises` says what is taken as given.

The audit executes nothing that lies in the folder. What the user's own strategies, draw rule and pricing decided
is believed, and the report says so.

`verify_run` does the audit and then runs the config once more, which covers these as well. That executes the
strategies and rules of the folder, in a process of its own, and once the audit has come to its verdict. Where one
of them is not there, the report says so.
"""

from __future__ import annotations

from pathlib import Path

from chain.home import expanded
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.runs.files import files_of
from experiments.lab.runs.folder import TABLES, read_run
from experiments.lab.runs.live_journal import has_transactions
from experiments.lab.verify.audit_replay import Replay
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest, check_digests, check_manifest, load
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.published_rules import check_files, check_rules
from experiments.lab.verify.report import Part, Report
from experiments.lab.verify.rerun import check_rerun
from experiments.lab.verify.stored_tables import StoredTables
from experiments.lab.verify.summary_audit import check_summary, check_top

__all__ = ["Fault", "Report", "audit_run", "run_again", "verify_run"]

LIVE = "the tables: transactions from outside took part, which only another run by the journal follows"


def verify_run(path: Path) -> Report:
    """Audit a run's folder, or all structures in it, and carry the run out once more.

    Raises `InputError` for a folder or a table that cannot be read.
    """
    report = audit_run(path)
    run_again(report)
    return report


def audit_run(path: Path) -> Report:
    """The audit alone, up to the first fault; neither the engine nor any code in the folder takes part in it.

    Raises `InputError`.
    """
    path = expanded(path)
    places = places_of(path)
    report = Report(path)
    try:
        for place in places.values():
            about, config = load(place)
            part = Part(about.structure, place)
            report.parts.append(part)
            audit(part, about, config)
        if path not in places.values():
            check_top(path, places)
    except Fault as fault:
        report.fault_of_audit = fault
    return report


def run_again(report: Report) -> None:
    """Carry a run that was found sound out once more, and add to the report what comes of it. This executes the
    strategies and rules in the run's folder."""
    for part in report.parts if report.is_sound else ():
        try:
            again = check_rerun(part.path, load(part.path)[0])
            part.same_again = again.tables - bool(again.texts)
            if again.texts:
                messages = "1 message" if again.texts == 1 else f"{again.texts} messages"
                part.notices_again.append(f"the text of {messages} differs; everything else is the same")
        except InputError as error:
            part.notices_again.append(f"not run again: {error}")
        except Fault as fault:
            part.fault_again = fault
            break


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


def audit(part: Part, about: Manifest, config: Config) -> None:
    """From the manifest over the tables to the summary. Raises `Fault`."""
    path = part.path
    tables = StoredTables(path / TABLES)
    part.counts["addresses derived"] = check_manifest(about, config)
    part.counts["tables with their digests"] = check_digests(about, tables)
    if about.live and has_transactions(path):
        part.notices.append(LIVE)
    else:
        premises = Premises(config, about, files_of(path))
        if premises.has_tickets:
            check_rules(about, premises.rules)
            check_files(premises.rules, config, premises.folder)
        replay = Replay(premises, tables)
        replay.run()
        part.counts |= replay.counts()
        part.notices += replay.notices()
    part.counts["figures of the summary"] = check_summary(path, about, part.notices)
