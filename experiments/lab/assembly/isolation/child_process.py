"""The run's end of a process in which strategies are loaded and asked."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import weakref
from collections.abc import Sequence
from contextlib import suppress

from experiments.lab.assembly.isolation.wire import Wire

START_SECONDS = 60.0
STRATEGIES = "experiments.lab.assembly.isolation.child"
ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": "1"}
"""One thread each: more of them would only reserve memory."""
PASSED_ON = ("PATH", "VIRTUAL_ENV", "LANG", "LC_ALL", "HOME", "TMPDIR", "LD_LIBRARY_PATH")


class ChildProcess:
    """A process of its own, which lives until it is closed. It has `START_SECONDS` for its first message.

    It runs `module` with the number of its end of the socket and those of the open `files` that it is handed. What
    it prints goes to `output`.
    """

    def __init__(
        self, module: str = STRATEGIES, files: Sequence[int] = (), output: int = subprocess.DEVNULL
    ) -> None:
        self._own, other = socket.socketpair()
        handed = [other.fileno(), *files]
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-P",  # what lies in the present folder is not looked at before the path
                "-m",
                module,
                *map(str, handed),
            ],
            pass_fds=handed,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=surroundings(),
            start_new_session=True,
        )
        other.close()
        self.wire = Wire(self._own.fileno())
        self._end = weakref.finalize(self, end, self._process, self._own)
        self.allow(START_SECONDS)

    def allow(self, seconds: float | None) -> None:
        """How long a message may take from now on, in both directions."""
        self.wire.seconds = seconds
        time = struct.pack("ll", *divmod(int((seconds or 0) * 1_000_000), 1_000_000))
        for option in (socket.SO_RCVTIMEO, socket.SO_SNDTIMEO):
            self._own.setsockopt(socket.SOL_SOCKET, option, time)

    def close(self) -> None:
        """End it and all that it started in its session."""
        self._end()

    def wait(self) -> None:
        """Give it a moment to end by itself."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(1.0)


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
