"""Verification: an audit of a run as a third party would do it who has its tables, its config and its seed.

`audit_run` replays the run from the signed messages in its tables, without the engine: every signature is
recovered, every draw, reward and cost is drawn again from the seed, every book and auction cleared again, every
payment and transfer matched with what it was for. What it cannot see by itself are facts that leave one trace:

- the table `violations`: agent, code and message, and the slot within its neighbours'; a refusal changes nothing
  else;
- `orders.end_slot` of an ask that its maker cancelled: cancelling is not signed, and moves no money;
- in an unsigned run: the terms of orders and auctions that came to nothing, and nonces.

The modules are one kind of fact each. `audit_replay` goes slot by slot; `premises` says what is taken as given.

`verify_run` does the audit and then runs the config once more, which covers these as well. Where a strategy or a
file that the config names is not there, the report says so.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from chain.errors import Refused
from chain.home import expanded
from experiments.lab.config.config import Config
from experiments.lab.config.errors import InputError
from experiments.lab.runs.files import files_of
from experiments.lab.runs.folder import TABLES, read_run
from experiments.lab.verify.audit_replay import Replay
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest, check_digests, check_manifest, load
from experiments.lab.verify.premises import Premises
from experiments.lab.verify.report import Part, Report
from experiments.lab.verify.rerun import check_rerun
from experiments.lab.verify.stored_tables import StoredTables
from experiments.lab.verify.summary_audit import check_summary, check_top

__all__ = ["Fault", "Report", "audit_run", "verify_run"]

Check = Callable[[Part, Path, Manifest, Config, Path], None]


def verify_run(path: Path) -> Report:
    """Audit a run's folder, or all structures in it, and carry the run out once more.

    Raises `InputError` for a folder or a table that cannot be read.
    """
    return examine(expanded(path), [audit, rerun])


def audit_run(path: Path) -> Report:
    """The audit alone; the engine takes no part in it."""
    return examine(expanded(path), [audit])


def examine(path: Path, checks: list[Check]) -> Report:
    """Make `checks` of every structure in a run's folder, up to the first fault. Raises `InputError`."""
    places = places_of(path)
    report = Report(path)
    try:
        for place in places.values():
            about, config = load(place)
            part = Part(about.structure)
            report.parts.append(part)
            for check in checks:
                check(part, place, about, config, files_of(place))
        if path not in places.values():
            check_top(path, places)
    except Fault as fault:
        report.fault = fault
    return report


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


def audit(part: Part, path: Path, about: Manifest, config: Config, folder: Path) -> None:
    """From the manifest over the tables to the summary."""
    tables = StoredTables(path / TABLES)
    part.counts["addresses derived"] = check_manifest(about, config)
    part.counts["tables with their digests"] = check_digests(about, tables)
    replay = Replay(Premises(config, about, folder), tables)
    replay.run()
    part.counts |= replay.counts()
    part.notices += replay.notices()
    part.counts["figures of the summary"] = check_summary(path, about)


def rerun(part: Part, path: Path, about: Manifest, config: Config, folder: Path) -> None:
    """Once more by the engine, where everything that the config names is there."""
    try:
        again = check_rerun(path, about, config, folder)
        part.counts["tables the same in another run"] = again.tables - bool(again.texts)
        if again.texts:
            messages = "1 message" if again.texts == 1 else f"{again.texts} messages"
            part.notices.append(f"the text of {messages} differs; everything else is the same")
    except (InputError, Refused) as error:  # something is missing, or a user's rule does not work any more
        part.notices.append(f"not run again: {error}")
