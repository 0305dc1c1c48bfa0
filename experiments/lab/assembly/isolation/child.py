"""The process of one agent's strategies: `python -m experiments.lab.assembly.isolation.child SOCKET MEMORY_MB`."""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from chain.wording import told
from experiments.lab.assembly.isolation.wire import OUT_OF_MEMORY, Ended, Wire
from experiments.lab.assembly.seats import find_classes, make_strategies
from experiments.lab.config.agents import Agents
from market.intents import Intent
from market.participant import MOST_INTENTS
from strategies.base import Strategy

PR_SET_PDEATHSIG = 1
STATUS = Path("/proc/self/statm")


def main() -> None:
    """Answer until the run has no more questions."""
    socket, memory_mb = map(int, sys.argv[1:])
    die_with_parent()
    wire = Wire(socket)
    strategies = begin(wire.receive())
    gc.freeze()  # what is imported is never garbage
    limit(memory_mb)
    wire.send(("ready", None))
    for question in questions(wire):
        wire.send(answer(strategies, *question))


def questions(wire: Wire) -> Iterator[tuple[Any, ...]]:
    """What the run asks, until it closes its end."""
    while True:
        try:
            yield wire.receive()
        except Ended:
            return


def begin(birth: dict[str, Any]) -> list[Strategy]:
    """The agent's strategies in the order of their roles, told the rules of the game, or as they were."""
    group, folder = Agents.model_validate(birth["group"]), Path(birth["folder"])
    made = make_strategies(find_classes(group, "agents", folder), group.parameters, "agents")
    strategies = list(dict.fromkeys(made.values()))
    if birth["memory"] is not None:
        remembered: list[Strategy] = pickle.loads(birth["memory"])
        return remembered
    for strategy in strategies:
        strategy.start(birth["setup"])
    return strategies


def answer(strategies: list[Strategy], kind: str, *what: Any) -> tuple[str, Any]:
    """One reply: intents, what the strategy raised, or its memory."""
    try:
        if kind == "remember":
            return ("memory", pickle.dumps(strategies, pickle.HIGHEST_PROTOCOL))
        number, method, view = what
        found: Sequence[Intent] = getattr(strategies[number], method)(view)
        return ("intents", list(islice(found, MOST_INTENTS)) if found else [])
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except BaseException as error:  # a strategy may raise anything
        return ("raised", told(error))


def die_with_parent() -> None:
    """On Linux: no process is left over where the run is killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def limit(memory_mb: int) -> None:
    """So much memory more than now, no core dumps, no more processes (for users but root), no large files."""
    now = int(STATUS.read_text().split()[0]) * resource.getpagesize() if STATUS.exists() else 2**30
    most = now + memory_mb * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**24, 2**24))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))


if __name__ == "__main__":
    main()
