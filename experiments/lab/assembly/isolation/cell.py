"""The run's side of one strategy's process."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import weakref
from contextlib import suppress
from typing import Any, NamedTuple, NoReturn

from experiments.lab.assembly.isolation.wire import OUT_OF_MEMORY, Ended, Garbled, TookTooLong, Wire
from market.errors import StrategyExited, StrategyOutOfMemory, StrategyTimedOut

START_SECONDS = 60.0
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
"""One thread each: more of them would only reserve memory."""
PASSED_ON = ("PATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


class Limits(NamedTuple):
    """What a decision may take: milliseconds by the clock (None: any time), and MB beside what the process begins
    with; after `strikes` losses the place is lost."""

    decision_ms: int | None
    memory_mb: int
    strikes: int


class Cell:
    """A process with one agent's strategies. It lives until it is closed, or loses.

    Whatever asks it raises `StrategyTimedOut`, `StrategyOutOfMemory` or `StrategyExited` where it does not answer;
    then it is no more.
    """

    def __init__(self, birth: dict[str, Any], limits: Limits) -> None:
        self._limits = limits
        self._own, other = socket.socketpair()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",  # what lies in the present folder is not looked at before the path
                "-m",
                "experiments.lab.assembly.isolation.child",
                str(other.fileno()),
                str(limits.memory_mb),
            ],
            pass_fds=[other.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=surroundings(),
            start_new_session=True,
        )
        other.close()
        self._end = weakref.finalize(self, end, self._process, self._own)
        self._wire = Wire(self._own.fileno())
        self._allow(START_SECONDS)
        self._tell(birth)
        self._hear()
        self._allow(None if limits.decision_ms is None else limits.decision_ms / 1000)

    def ask(self, *question: Any) -> tuple[str, Any]:
        """What the process answers."""
        self._tell(question)
        return self._hear()

    def close(self) -> None:
        """End the process and all that it started in its session."""
        self._end()

    def _allow(self, seconds: float | None) -> None:
        """How long a message may take, in both directions."""
        self._wire.seconds = seconds
        time = struct.pack("ll", *divmod(int((seconds or 0) * 1_000_000), 1_000_000))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._own.setsockopt(socket.SOL_SOCKET, option, time)

    def _tell(self, message: object) -> None:
        try:
            self._wire.send(message)
        except Ended:
            self._lose()

    def _hear(self) -> tuple[str, Any]:
        try:
            kind, value = self._wire.receive_plain()
        except TookTooLong:
            self.close()
            raise StrategyTimedOut(f"no answer within {self._limits.decision_ms} ms") from None
        except (Ended, Garbled, TypeError, ValueError):
            self._lose()
        return kind, value

    def _lose(self) -> NoReturn:
        """Raises the reason why the process does not answer."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)
        code = self._process.poll()
        self.close()
        if code == OUT_OF_MEMORY:
            raise StrategyOutOfMemory(f"it took more than {self._limits.memory_mb} MB")
        raise StrategyExited("its process ended, or answered with something that is no list of intents")


def surroundings() -> dict[str, str]:
    """The environment of the process. It finds modules where the run finds them, in the same order."""
    passed_on = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    places = [place or os.getcwd() for place in sys.path]
    return ENVIRONMENT | passed_on | {"PYTHONPATH": os.pathsep.join(places)}


def end(process: subprocess.Popen[bytes], own: socket.socket) -> None:
    """Kill a process with its session, and wait for it."""
    own.close()
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
