"""Checkpoints: where a run stands, kept in its folder so that it can go on after a crash.

    RUN/checkpoint.pickle

What is pickled is the engine and its driver with everything that it drives, at the end of a slot. The tables are
flushed first. Not in it are private keys, which are derived or read again, and the code of the user's own
strategies and rules.

Like every pickle it runs code when it is read. Before it stands a line of JSON with an HMAC by the user's own key
(`state_key`): one that somebody else has written is not read.
"""

from __future__ import annotations

import importlib
import io
import json
import pickle
import platform
import time
from pathlib import Path
from types import FunctionType
from typing import Any, NamedTuple

from chain.interruption import OWN_CODE, is_interruption
from chain.signatures import Key
from chain.whole_file import whole_file
from chain.wording import told
from experiments.lab.assembly.assembly import Engine
from experiments.lab.assembly.isolation import Birth, CannotBeSaved, IsolatedAgent
from experiments.lab.assembly.outside_memory import RemembersOutside
from experiments.lab.config.errors import InputError
from experiments.lab.runs.folder import parse_json, versions
from experiments.lab.runs.state_key import STATE, is_marked, mark_of
from market.slot.driver import Driver

CHECKPOINT = "checkpoint.pickle"
LAYOUT = "9"  # of the classes in it: another number where they moved, were renamed, or have another attribute
SECONDS = 10.0
WORTH = 50  # a checkpoint may take one part in so many of the time


class Unusable(Exception):
    """There is no checkpoint to go on from; the message says why."""


class Checkpoint(NamedTuple):
    """`run` is a pickle, or None where there can be none: then `obstacle` says why. `mark` is its HMAC."""

    versions: dict[str, str]
    run: bytes | None
    obstacle: str
    mark: str | None = None

    def encoded(self) -> bytes:
        """As it is stored: what it is in a line of JSON, and the pickle."""
        header = {"versions": self.versions, "obstacle": self.obstacle, "hmac": self.mark}
        return json.dumps(header).encode() + b"\n" + (self.run or b"")


class Checkpoints:
    """Takes checkpoints of a run, `seconds` apart or more, so that they cost little."""

    def __init__(self, run: Path, seconds: float = SECONDS) -> None:
        self._path = run / CHECKPOINT
        self._seconds = seconds
        self._due = time.monotonic() + seconds
        self._can = True

    def take_if_due(self, engine: Engine, driver: Driver) -> None:
        """To be called between slots."""
        if time.monotonic() >= self._due:
            self.take(engine, driver)

    def take(self, engine: Engine, driver: Driver) -> None:
        """Flush the tables and write down where the run stands."""
        began = time.monotonic()
        engine.records.flush()
        if self._can:
            checkpoint = snapshot(engine, driver)
            self._can = checkpoint.run is not None
            with whole_file(self._path) as file:
                file.write(checkpoint.encoded())
        took = time.monotonic() - began
        self._due = began + took + max(self._seconds, WORTH * took)


def snapshot(engine: Engine, driver: Driver) -> Checkpoint:
    """A checkpoint of a run at rest."""
    try:
        data = dumps((engine, driver))
    except BaseException as error:  # whatever a user's __reduce__ may raise
        if is_interruption(error):
            raise
        return Checkpoint(here(), None, obstacle(engine, error))
    try:
        return Checkpoint(here(), data, "", mark_of(data))
    except OSError as error:
        return Checkpoint(here(), None, f"there is no place for the key of checkpoints ({error}); set {STATE}")


def restore(run: Path, engine: Engine, trust: bool) -> tuple[Engine, Driver]:
    """A run and its driver as they were at its last checkpoint; its tables are still to be cut back to there.

    `engine` has been assembled anew from the run's config: it gives the keys and the user's code. Raises
    `Unusable`, and `InputError` for a checkpoint that is not the user's own, unless they `trust` it.
    """
    checkpoint = read(run)
    if checkpoint.run is None:
        raise Unusable(checkpoint.obstacle)
    if checkpoint.versions != here():
        raise Unusable(f"its checkpoint is from {describe(checkpoint.versions)}, this is {describe(here())}")
    if not trust:
        check_mark(run / CHECKPOINT, checkpoint.run, checkpoint.mark)
    try:
        engine, driver = loads(checkpoint.run, engine)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise InputError(f"{run / CHECKPOINT}: cannot be read ({why}); --force begins again at block 0") from error
    return engine, driver


def check_mark(place: Path, data: bytes, mark: object) -> None:
    """Raises `InputError` unless a checkpoint was written by this user."""
    try:
        own = is_marked(data, mark)
    except OSError as error:
        raise InputError(f"{place}: cannot be known as your own: {error}; {STATE} names another folder") from None
    if not own:
        raise InputError(
            f"{place}: you did not write it here, or it is damaged; --trust-checkpoint goes on with it, and runs "
            f"code that the folder brings, --force begins again at block 0 ({STATE} takes your key elsewhere)"
        )


def read(run: Path) -> Checkpoint:
    """The checkpoint in a run's folder, its pickle unread. Raises `Unusable` where there is none."""
    try:
        line, _, data = (run / CHECKPOINT).read_bytes().partition(b"\n")
    except FileNotFoundError:
        raise Unusable("it had not come to its first checkpoint") from None
    if line.startswith(b"\x80"):  # a pickle, as versions before wrote it
        raise Unusable("its checkpoint is from an earlier version")
    try:
        header = parse_json(line.decode())
        return Checkpoint(dict(header["versions"]), data or None, str(header["obstacle"]), header["hmac"])
    except (ValueError, TypeError, KeyError):
        raise InputError(f"{run / CHECKPOINT}: is damaged; --force begins again at block 0") from None


def discard(run: Path) -> None:
    """Remove the checkpoint: the run is finished, or is begun again."""
    (run / CHECKPOINT).unlink(missing_ok=True)


def here() -> dict[str, str]:
    """The versions that must be the same for a pickle to mean the same."""
    return {"python": platform.python_version(), **versions(), "layout": LAYOUT}


def describe(made: dict[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in made.items())


def obstacle(engine: Engine, error: BaseException) -> str:
    """What it is that does not pickle."""
    if isinstance(error, RemembersOutside):
        return str(error)
    if isinstance(error, CannotBeSaved):
        return f"a strategy does not pickle: {error}"
    for agent in engine.agents.values():
        for strategy in agent.strategies.values():
            try:
                dumps(strategy)
            except BaseException as own:
                if is_interruption(own):
                    raise
                name = engine.state.accounts[agent.account].name
                return f"the strategy {type(strategy).__name__} of {name} does not pickle: {told(own)}"
    return f"it does not pickle: {told(error)}"


def dumps(thing: object) -> bytes:
    """A pickle without keys and without code."""
    buffer = io.BytesIO()
    _CheckpointPickler(buffer, pickle.HIGHEST_PROTOCOL).dump(thing)
    return buffer.getvalue()


def loads(data: bytes, engine: Engine) -> Any:
    """What `dumps` wrote, with the keys of `engine` and the code as it is loaded now."""
    return _CheckpointUnpickler(io.BytesIO(data), engine).load()


def is_named(code: type | FunctionType) -> bool:
    """Whether it can be found by its name: a lambda cannot, nor what is defined inside a function."""
    return "<" not in code.__qualname__


class _CheckpointPickler(pickle.Pickler):
    def persistent_id(self, thing: Any) -> tuple[str, ...] | None:
        if isinstance(thing, Key):
            return ("key", thing.address.hex())
        if isinstance(thing, Birth):
            return ("birth", str(thing.account))
        if isinstance(thing, (type, FunctionType)) and thing.__module__.startswith(OWN_CODE) and is_named(thing):
            return ("code", thing.__module__, thing.__qualname__)
        return None


class _CheckpointUnpickler(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, engine: Engine) -> None:
        super().__init__(file)
        self._keys = {account.address.hex(): account.key for account in engine.state.accounts}
        self._births = {
            str(agent.account): agent.birth for agent in engine.agents.values() if isinstance(agent, IsolatedAgent)
        }

    def persistent_load(self, name: tuple[str, ...]) -> Any:
        kind, place, *rest = name
        if kind == "key":
            return self._keys[place]
        if kind == "birth":
            return self._births[place]
        found: Any = importlib.import_module(place)
        for part in rest[0].split("."):
            found = getattr(found, part)
        return found
