"""The process in which something is checked: `python -m … SOCKET TRACES NOTES`, all numbers of open files."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path

from experiments.lab.assembly.isolation.child import die_with_parent
from experiments.lab.assembly.isolation.wire import Wire
from experiments.lab.conformance.own_check.own_kinds import Wanted, kind_of
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
    watch = Watch(traces, notes, patience)
    watch.step("the import")
    check(wire, Wanted(*wanted), Path(folder), watch)


def check(wire: Wire, wanted: Wanted, folder: Path, watch: Watch) -> None:
    """Load it, tell its kind, and check that."""
    try:
        found = load_object(wanted.name, folder)
        kind = kind_of(found, wanted.name)
    except ValueError as error:
        watch.over()
        wire.answer("refused", str(error))
        return
    verdict = kind.check(found, wanted, watch)
    watch.over()
    wire.answer("verdict", json.dumps(verdict))


def limit_memory() -> None:
    """What takes memory without end is told so before the machine has none."""
    now = resource.getrlimit(resource.RLIMIT_AS)[1]
    most = MEMORY_MB * 2**20
    if now == resource.RLIM_INFINITY or now > most:
        resource.setrlimit(resource.RLIMIT_AS, (most, now))


if __name__ == "__main__":
    main()
