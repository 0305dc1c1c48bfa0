"""Many environments of one learner, after Gymnasium's vector interface, in a few processes."""

from __future__ import annotations

import gc
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.connection import Connection
from os import getpid
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from gymnasium.error import ClosedEnvironmentError
from gymnasium.vector import SyncVectorEnv, VectorEnv
from gymnasium.vector.utils import batch_space

from experiments.lab.assembly.rare_collections import rare_collections
from experiments.lab.config.errors import InputError
from experiments.lab.processes import cores
from experiments.lab.processes.owner import watch
from experiments.lab.processes.voice import WorkOutcome, outcome_of_error
from experiments.lab.rl.episodes import whole
from experiments.lab.rl.market_env import SEEN
from experiments.lab.rl.single_env import SingleEnv

ROW = np.dtype([("seen", np.float32, (len(SEEN),)), ("profit", float), ("ended", bool), ("cut", bool)])
"""What a step of one environment brings, but for its info."""

Rows = npt.NDArray[np.void]
Infos = dict[int, dict[str, Any]]
"""The infos that say something, by the number of the environment among those of its process."""


class GroupedEnvs(VectorEnv[Any, Any, Any]):
    """`count` environments like `SingleEnv`, of which each of the `processes` steps an equal part in one go; None:
    as many processes as there are cores.

    They give what Gymnasium's `SyncVectorEnv` of as many gives: an episode that is over goes on to the next one at
    the next step. A slot takes about as long as a word to another process and its answer, which `AsyncVectorEnv`
    wants for each environment. Raises `InputError` for a config that is none of a `SingleEnv`, and for less than
    one environment or process.
    """

    def __init__(
        self,
        config: Mapping[str, Any] | Path | str | None = None,
        count: int = 32,
        processes: int | None = None,
        levels: int | None = None,
    ) -> None:
        self._groups: list[Group] = []
        wanted = cores() if processes is None else at_least_one("processes", processes)
        at_once = min(at_least_one("count", count), wanted)
        make = partial(SingleEnv, config, levels)
        self._take_over(SyncVectorEnv([make]), count)
        memory = get_context().RawArray("b", count * ROW.itemsize)
        self._rows = np.frombuffer(memory, ROW)
        ends = [count * part // at_once for part in range(at_once + 1)]
        for start, stop in pairwise(ends):
            self._groups.append(Group(make, slice(start, stop), memory))

    def reset(
        self, *, seed: int | Sequence[int | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """A new episode of each: the first of `seed` and its own number, or of its own one of several; or the next
        one. The infos have the seeds. Raises `InputError`."""
        if options:
            raise InputError(f"options are {sorted(options)}; there are none, and all are reset together")
        infos = self._ask("reset", seeds_of(seed, self.num_envs))
        return self._rows["seen"].copy(), infos

    def step(self, actions: Any) -> tuple[Any, Any, Any, Any, dict[str, Any]]:
        """Play a slot of each. Raises `InputError` for an action outside the space, or not one for each; slots of
        other environments may be played then."""
        given = np.asarray(actions).tolist()
        if not isinstance(given, list) or len(given) != self.num_envs:
            raise InputError(f"give an action for each of the {self.num_envs} environments")
        infos = self._ask("step", given)
        seen, *rest = (self._rows[name].copy() for name in ROW.names or ())
        profits, ended, cut = rest
        return seen, profits, ended, cut, infos

    def close_extras(self, **kwargs: Any) -> None:  # noqa: ARG002
        """End the processes."""
        for group in self._groups:
            group.end()

    def _take_over(self, one: SyncVectorEnv[Any, Any], count: int) -> None:
        """The spaces are those of a single one, `count` times."""
        self.num_envs = count
        self.metadata = one.metadata
        self.single_observation_space = one.single_observation_space
        self.single_action_space = one.single_action_space
        self.observation_space = batch_space(one.single_observation_space, count)
        self.action_space = batch_space(one.single_action_space, count)
        one.close()

    def _ask(self, word: str, given: list[Any]) -> dict[str, Any]:
        """Have all do something, each with what is given to it. Raises what the first of them has raised."""
        if self.closed:
            raise ClosedEnvironmentError("the environments are closed; make new ones")
        for group in self._groups:
            group.tell(word, given[group.place])
        outcomes = [group.hear() for group in self._groups]
        infos: dict[str, Any] = {}
        for group, outcome in zip(self._groups, outcomes, strict=True):
            if outcome.error is not None:
                raise outcome.error
            for number, info in outcome.value.items():
                infos = self._add_info(infos, info, group.place.start + number)
        return infos


class Group:
    """The environments at `place` among all, in a process of their own, with their rows in shared memory."""

    def __init__(self, make: partial[SingleEnv], place: slice, memory: Any) -> None:
        self.place = place
        context = get_context()
        self._line, other = context.Pipe()
        self._process = context.Process(target=labour, args=(make, place, memory, other, getpid()), daemon=True)
        self._process.start()
        other.close()

    def tell(self, *word: Any) -> None:
        """Have them do something; where they are gone, that is heard."""
        with suppress(OSError):
            self._line.send(word)

    def hear(self) -> WorkOutcome:
        """What came of it."""
        try:
            outcome: WorkOutcome = self._line.recv()
        except (EOFError, OSError):
            first, last = self.place.start, self.place.stop - 1
            told = f"the process of environments {first} to {last} has ended; make new ones"
            return WorkOutcome(error=ChildProcessError(told))
        return outcome

    def end(self) -> None:
        """Throw their tables away, and end the process."""
        self.tell()
        self._process.join()
        self._line.close()


def labour(make: partial[SingleEnv], place: slice, memory: Any, line: Connection, owner: int) -> None:
    """Do what the owner says to some environments, until it says nothing. What goes wrong is the answer then."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the owner ends this, also where the terminal sends it to both
    watch(owner)
    envs = [make() for _ in range(place.start, place.stop)]
    rows = np.frombuffer(memory, ROW)[place]
    gc.freeze()  # what the owner had, and the environments, are no garbage here
    with rare_collections(), suppress(EOFError):  # where it has dropped them
        while word := line.recv():
            line.send(outcome_of(envs, rows, *word))
    for env in envs:
        env.close()


def outcome_of(envs: Sequence[SingleEnv], rows: Rows, word: str, given: Sequence[Any]) -> WorkOutcome:
    """The infos of what is carried out, or what it raised."""
    try:
        return WorkOutcome(carry_out(envs, rows, word, given))
    except Exception as error:
        return outcome_of_error(error)


def carry_out(envs: Sequence[SingleEnv], rows: Rows, word: str, given: Sequence[Any]) -> Infos:
    """Reset or step each environment, and write its row."""
    infos = {}
    for number, (env, what) in enumerate(zip(envs, given, strict=True)):
        row, info = begun(env, what) if word == "reset" else went_on(env, what, rows[number])
        rows[number] = row
        if info:
            infos[number] = info
    return infos


def begun(env: SingleEnv, seed: int | None) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The row of a new episode, and its info."""
    seen, info = env.reset(seed=seed)
    return (seen, 0.0, False, False), info


def went_on(env: SingleEnv, action: Any, before: np.void) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The row of the next slot, and its info; after an end that of the next episode."""
    if before["ended"] or before["cut"]:
        return begun(env, None)
    *row, info = env.step(action)
    return tuple(row), info


def seeds_of(seed: int | Sequence[int | None] | None, count: int) -> list[int | None]:
    """A seed for each environment. Raises `InputError`."""
    if seed is None:
        return [None] * count
    if not isinstance(seed, Sequence):
        return [whole(seed) + number for number in range(count)]
    if len(seed) != count:
        raise InputError(f"seeds are {len(seed)}; give one for each of the {count} environments, or a single one")
    return [None if each is None else whole(each) for each in seed]


def at_least_one(name: str, value: int) -> int:
    """A whole number of something. Raises `InputError` for none."""
    if not isinstance(value, int) or value < 1:
        raise InputError(f"{name} is {value!r}; give a whole number of 1 or more")
    return value
