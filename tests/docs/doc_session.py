"""A reader who does what a page says, in a folder and a session of Python of its own."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

from experiments import read_model
from experiments.lab.config.loading import is_model, make_config
from tests.docs.doc_blocks import Block, blocks
from tests.places import ROOT

BY_SHELL = re.compile(r"[|<>$;]")
"""Commands with these are for a shell; all others of ours are given in this process, which is cheap."""


class Session:
    """Runs blocks of one page one after the other; what the last one printed is kept."""

    def __init__(self, folder: Path, et_testbed: Callable[..., CompletedProcess[str]]) -> None:
        self.folder = folder
        self.et_testbed = et_testbed
        self.names: dict[str, Any] = {}
        self.printed = ""

    def run(self, page: Iterable[Block], shortened: bool) -> None:
        """All of them, as they stand or shortened; output of what was shortened or left out is not compared."""
        as_it_stands = True
        for block in page:
            if block.said("output"):
                assert not as_it_stands or agrees(block.code, self.printed), f"{block}: printed\n{self.printed}"
                continue
            if not block.is_run:
                continue
            as_it_stands = not (shortened and (block.said("slow") or block.said("quick")))
            if not (shortened and block.said("slow")):
                self.run_one(block, block.shortened() if shortened else block.code)

    def run_one(self, block: Block, code: str) -> None:
        """One block by its kind."""
        self.prepare(block)
        if block.said("file"):
            self.write(block, code)
        elif block.language == "python":
            self.printed = self.execute(block, code)
        elif block.language == "sh":
            self.printed = self.give_all(code)
        else:
            read(block, code)

    def prepare(self, block: Block) -> None:
        """What the page takes for granted."""
        for page in block.said("given"):
            for other in blocks(block.page.parent / page):
                self.write(other, other.code)
        for command in block.said("first"):
            self.give_all(command)

    def write(self, block: Block, code: str) -> None:
        """A block that is a file, where it is one."""
        for name in block.said("file"):
            (self.folder / name).write_text(code, encoding="utf-8")

    def execute(self, block: Block, code: str) -> str:
        """What a block of Python prints. Its lines are those of the page, for tracebacks."""
        with redirect_stdout(StringIO()) as out:
            exec(compile("\n" * (block.line - 1) + code, block.page, "exec"), self.names)
        return out.getvalue()

    def give_all(self, code: str) -> str:
        """What the commands of a block print."""
        return "".join(map(self.give, commands(code)))

    def give(self, command: str) -> str:
        """What a command prints; it must end well."""
        words = shlex.split(command, comments=True)
        if words[:1] == ["et-testbed"] and not BY_SHELL.search(command):
            done = self.et_testbed(*words[1:], cwd=self.folder)
        else:
            done = by_shell(command, self.folder)
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout


def commands(code: str) -> list[str]:
    """The commands of a block, one a line, or several behind each other with `&&`."""
    lines = code.replace("\\\n", " ").splitlines()
    return [command for line in lines for command in line.split(" && ") if shlex.split(command, comments=True)]


def by_shell(command: str, folder: Path) -> CompletedProcess[str]:
    """With this Python first on the path, as in an environment that is active; `$ROOT` is the checkout."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environment = {**os.environ, "PATH": path, "ROOT": str(ROOT)}
    asked = ["bash", "-ec", command]
    return subprocess.run(asked, capture_output=True, text=True, cwd=folder, env=environment, timeout=900)


def read(block: Block, code: str) -> None:
    """A config or a model that is only shown holds keys and values that there are."""
    found = tomllib.loads(code)
    if is_model(found):
        read_model(found)
    else:
        make_config(found, str(block))


def agrees(shown: str, printed: str) -> bool:
    """Whether what is shown is in what was printed, line for line; spaces at ends of lines are no difference."""
    lines = [re.escape(line.strip()).replace("…", ".*") for line in shown.strip().splitlines()]
    return re.search(r"\s*\n\s*".join(lines), printed) is not None
