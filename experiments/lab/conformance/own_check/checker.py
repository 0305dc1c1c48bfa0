"""The process in which something is checked: `python -m … SOCKET TRACES NOTES`, all numbers of open files."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from experiments.lab.assembly.box import open_box
from experiments.lab.assembly.isolation.child import die_with_parent
from experiments.lab.assembly.isolation.wire import Wire
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.config_check import ConfigReport, check_config
from experiments.lab.conformance.own_check.own_kinds import Wanted, kind_of, of_kind
from experiments.lab.conformance.own_check.read_elsewhere import ReadElsewhere
from experiments.lab.conformance.own_check.verdict import Verdict
from experiments.lab.conformance.own_check.watch import Watch
from strategies.finding import load_object

MEMORY_MB = 4096
"""Beside what the process begins with."""


def main() -> None:
    """Check what the first message names, and answer with the verdict, or with why there is nothing to check."""
    die_with_parent()
    socket, traces, notes = map(int, sys.argv[1:])
    wire = Wire(socket)
    wanted, folder, patience = wire.told()
    limit_memory()
    check(wire, Wanted(*wanted), Path(folder), Watch(traces, notes, patience))


def check(wire: Wire, wanted: Wanted, folder: Path, watch: Watch) -> None:
    """Answer with the verdict on it, or with why there is none."""
    try:
        verdict = judge(wanted, folder, watch)
    except ValueError as error:
        watch.over()
        wire.answer("refused", [str(line) for line in error.args])
        return
    watch.over()
    wire.answer("verdict", json.dumps(verdict))


def judge(wanted: Wanted, folder: Path, watch: Watch) -> Verdict:
    """Load it, tell its kind, and check that. Raises `ValueError` where there is nothing to check."""
    if wanted.name.endswith(".toml"):
        watch.step("the config")
        with ReadElsewhere() as elsewhere:
            report = check_file(folder, wanted)
        report = report._replace(warnings=(*report.warnings, *elsewhere.lines))
        return Verdict(True, str(report), report.as_dict())
    with ReadElsewhere() as elsewhere:
        verdict = judge_own(wanted, folder, watch)
    return verdict._replace(warnings=(*verdict.warnings, *elsewhere.lines))


def judge_own(wanted: Wanted, folder: Path, watch: Watch) -> Verdict:
    """Load it as a run does, from a folder that holds what a run takes along and nothing else, tell its kind, and
    check that. Raises `ValueError`."""
    watch.step("the import")
    with open_box(folder) as box:
        found = load_object(box.take(wanted.name), box.place)
        kind = kind_of(found, wanted.name)
        return of_kind(kind.check(found, wanted, watch), kind, found)


def check_file(folder: Path, wanted: Wanted) -> ConfigReport:
    """Check a config, and call its file as the user did. Raises `InputError`."""
    try:
        return check_config(folder / wanted.name, wanted.settings)._replace(name=wanted.name)
    except InputError as error:
        raise InputError(*(str(line).removeprefix(f"{folder}/") for line in error.args)) from None


def limit_memory() -> None:
    """What takes memory without end is told so before the machine has none."""
    now = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY_MB * 2**20
    if now == resource.RLIM_INFINITY or now > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, now))


if __name__ == "__main__":
    main()
