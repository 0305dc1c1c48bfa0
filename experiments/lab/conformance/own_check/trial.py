"""The check of something of the user's own, as whoever asks for it sees it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from chain.wording import one_line
from experiments.lab.assembly.isolation.child_process import ChildProcess
from experiments.lab.assembly.isolation.wire import Ended, Garbled, TookTooLong
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.own_check.verdict import Verdict
from experiments.lab.conformance.own_check.watch import STEP_SECONDS, note_of, place_in, seconds_of
from strategies.finding import own_family, split_reference

CHECKER = "experiments.lab.conformance.own_check.checker"
MOST_SECONDS = 600.0
"""For all of a check. Its parts end much sooner; this is for one that has switched off its watch."""
STANDARD_ERROR = 2


def check_own(
    name: str,
    settings: Sequence[str] = (),
    views: int = 1000,
    histories: int = 20,
    folder: Path | None = None,
    patience: float = STEP_SECONDS,
) -> Verdict:
    """Check the strategy, draw rule or pricing rule `name`, `path.py:name` or `package.module:name`, or a config,
    in a process of its own.

    A path is looked up from `folder`; `settings` are a strategy's parameters, or keys of the config, as
    `key=value`. It may take `patience` seconds for an answer, four times as long to be loaded, made and started.

    Raises `InputError` where there is nothing of that name, or nothing that can be checked.
    """
    home = folder or Path()
    place, attribute = split_reference(name)
    if place.endswith(".py"):
        find_file(place, attribute, home)
    with TemporaryFile() as traces, TemporaryFile() as notes:
        process = ChildProcess(CHECKER, [traces.fileno(), notes.fileno()], STANDARD_ERROR)
        process.allow(MOST_SECONDS)
        try:
            process.wire.tell(((name, list(settings), views, histories), str(home.resolve()), patience))
            kind, value = process.wire.answered()
        except (Ended, Garbled, TookTooLong):
            process.wait()
            where = place_in(traces, place, home)
            return ended(name, note_of(notes), where, patience)
        finally:
            process.close()
    if kind == "refused":
        raise InputError(*map(str, value))
    return Verdict(*json.loads(value))


def find_file(place: str, attribute: str, folder: Path) -> None:
    """Raises `InputError` where there is no such file."""
    try:
        own_family(place, attribute, folder)
    except ValueError as error:
        raise InputError(str(error)) from None


def ended(name: str, step: str, where: str | None, patience: float) -> Verdict:
    """What is said of a check that did not come to its end, but to a line in a step; None: its process ended."""
    if where is None:
        what = f"process: it ended in {step}: os._exit, a crash in C code, or too much memory"
    else:
        what = f"time: {where} {step} takes more than {seconds_of(step, patience):g} s; it was ended there"
    return Verdict(False, f"{one_line(name)}\nFAIL {what}", {"name": name, "passed": False, "fault": what})
