"""Two ways to give a command: in this process, which is cheap, and in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path
from subprocess import CompletedProcess
from typing import TextIO
from unittest.mock import patch

from tests.places import ROOT

QUIET = (DeprecationWarning, PendingDeprecationWarning, ImportWarning, ResourceWarning)
"""What Python does not show outside of tests."""


class InProcess:
    """Gives a command here, as if it were in a process of its own: what it prints is caught, its end is a number.

    An exception that a process would die of comes out to the test.
    """

    def __init__(self, main: Callable[[], None]) -> None:
        self.main = main

    def __call__(
        self,
        *arguments: str,
        cwd: Path | None = None,
        env: dict[str, str] | None = None,
        stdin: TextIO | None = None,
        encoding: str = "utf-8",
    ) -> CompletedProcess[str]:
        command = ["et-testbed", *arguments]
        out, err = captured(encoding), captured(encoding)
        with (
            chdir(cwd or Path.cwd()),
            patch.dict(os.environ, env or {}),
            patch.object(sys, "argv", command),
            patch.object(sys, "stdin", stdin or captured()),
            warnings_as_in_a_process(),
            redirect_stdout(out),
            redirect_stderr(err),
        ):
            code = self._end()
        return CompletedProcess(command, code, text_of(out), text_of(err))

    def _end(self) -> int:
        try:
            self.main()
        except SystemExit as end:
            return int(end.code or 0)
        return 0


class OwnProcess:
    """Gives a command to `python -m MODULE`."""

    def __init__(self, module: str) -> None:
        self.module = module

    def __call__(
        self, *arguments: str, cwd: Path | None = None, env: dict[str, str] | None = None
    ) -> CompletedProcess[str]:
        command = [sys.executable, "-m", self.module, *arguments]
        path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
        environment = {**os.environ, "PYTHONPATH": path, **(env or {})}
        return subprocess.run(
            command, capture_output=True, text=True, errors="replace", cwd=cwd, env=environment, timeout=300
        )


def captured(encoding: str = "utf-8") -> TextIOWrapper:
    """A stream of text that is no terminal."""
    return TextIOWrapper(BytesIO(), encoding=encoding, write_through=True)


def text_of(stream: TextIOWrapper) -> str:
    """All that was written to it."""
    stream.seek(0)
    return stream.read()


@contextmanager
def warnings_as_in_a_process() -> Iterator[None]:
    """Each is shown once, and how they are shown is put back in the end."""
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        for kind in QUIET:
            warnings.simplefilter("ignore", kind)
        yield
