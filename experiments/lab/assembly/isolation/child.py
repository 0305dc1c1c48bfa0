"""A process with strategies in it: `python -m experiments.lab.assembly.isolation.child SOCKET`."""

from __future__ import annotations

import ctypes
import gc
import os
import pickle
import resource
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chain.clock import Phase
from chain.errors import Refused
from chain.wording import told
from experiments.lab.assembly.asked_forms import written_methods
from experiments.lab.assembly.isolation.wire import Ended, Wire, written
from experiments.lab.assembly.seats import find_classes, make_strategies
from experiments.lab.config.agents import Agents
from experiments.lab.config.errors import InputError
from market.fitting import Unfit, fitting
from market.intents import Intent
from market.view import View
from strategies.agent import METHODS
from strategies.base import Strategy
from strategies.bid_formats import answer
from strategies.setup import Setup
from strategies.slot_bidding import SlotBuilder

PR_SET_PDEATHSIG = 1
STATUS = Path("/proc/self/statm")


def main() -> None:
    """Do what the run's first message says."""
    die_with_parent()
    wire = Wire(int(sys.argv[1]))
    kind, *what = wire.told()
    if kind == "look":
        look(wire, *what)
    else:
        play(wire, *what)


def look(wire: Wire, group: dict[str, Any], key: str, folder: str) -> None:
    """Say what the strategies of a group are, and whether its parameters fit them."""
    about = Agents.model_validate(group)
    try:
        classes = find_classes(about, key, Path(folder))
        make_strategies(classes, about.parameters, key)
    except InputError as error:
        wire.answer("refused", str(error))
        return
    kinds = list(dict.fromkeys(classes.values()))
    roles = [[role, kinds.index(kind)] for role, kind in classes.items()]
    wire.answer("found", [[described(kind) for kind in kinds], roles])


def described(kind: type[Strategy]) -> list[Any]:
    """The arguments of `stand_in`."""
    own = [method for method in METHODS.values() if getattr(kind, method) is not getattr(Strategy, method)]
    roles, written = sorted(kind.roles), sorted(written_methods(kind))
    return [kind.__name__, " ".join(roles), " ".join(own), issubclass(kind, SlotBuilder), " ".join(written)]


def play(
    wire: Wire, group: dict[str, Any], folder: str, setup: Setup, memory: bytes | None, memory_mb: int
) -> None:
    """Answer until the run has no more questions."""
    try:
        strategies = begin(Agents.model_validate(group), Path(folder), setup, memory)
    except BaseException as error:  # a strategy may raise anything
        wire.answer("failed", told(error))
        return
    gc.freeze()  # what is imported is never garbage
    limit(memory_mb)
    wire.answer("ready")
    for kind, *what in questions(wire):
        if kind == "remember":
            remember(wire, strategies)
        else:
            decide(wire, strategies, *what)


def questions(wire: Wire) -> Iterator[tuple[Any, ...]]:
    """What the run asks, until it closes its end."""
    while True:
        try:
            yield wire.told()
        except Ended:
            return


def begin(group: Agents, folder: Path, setup: Setup, memory: bytes | None) -> list[Strategy]:
    """The agent's strategies in the order of their roles, told the rules of the game, or as they were."""
    made = make_strategies(find_classes(group, "agents", folder), group.parameters, "agents")
    strategies = list(dict.fromkeys(made.values()))
    if memory is not None:
        remembered: list[Strategy] = pickle.loads(memory)
        return remembered
    for strategy in strategies:
        strategy.start(setup)
    return strategies


def decide(wire: Wire, strategies: list[Strategy], number: int, phase: Phase, view: View) -> None:
    """Answer with intents, or with what the strategy raised."""
    try:
        found = answer(strategies[number], METHODS[phase], view)
        said = [written(fitted(intent, phase)) for intent in found]
    except MemoryError:
        wire.run_out()
        os._exit(1)
    except BaseException as error:  # a strategy may raise anything
        wire.answer("raised", told(error))
        return
    wire.answer("intents", said)


def fitted(intent: object, phase: Phase) -> Intent | Unfit:
    """The intent as plain data, or the words with which the run would have refused it."""
    if type(intent) is Unfit:
        return intent
    try:
        return fitting(intent, phase)
    except Refused as refusal:
        return Unfit(refusal.code, str(refusal))


def remember(wire: Wire, strategies: list[Strategy]) -> None:
    """Answer with what the strategies remember."""
    try:
        memory = pickle.dumps(strategies, pickle.HIGHEST_PROTOCOL)
    except BaseException as error:  # a strategy may raise anything
        wire.answer("unsaved", told(error))
        return
    wire.answer_bytes(memory)


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
