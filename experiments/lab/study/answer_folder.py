"""The folder of an experiment's answer while another one is looked for."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from experiments.lab.config.errors import InputError
from experiments.lab.played.expected_runs import ANSWER
from experiments.lab.runs.folder import make_folder, remove

BEFORE = ".before-"
"""How the folder is called in which an earlier answer lies until there is another."""
BESIDE = {"figures", "table.csv"}
"""What there may be beside the runs where no answer could be written."""


@contextmanager
def prepared(out: Path, force: bool) -> Iterator[None]:
    """An empty folder for an experiment; what lay there before is there again where no answer comes of it.

    Raises `InputError` where something else lies there, or, without `force`, an answer.
    """
    refuse_occupied(out, force)
    before = Path(tempfile.mkdtemp(prefix=BEFORE, dir=out))
    move_all(out, before)
    try:
        yield
    except BaseException:
        if any(before.iterdir()):
            for path in without(before, out):
                remove(path)
            move_all(before, out)
        raise
    finally:
        shutil.rmtree(before)


def move_all(source: Path, target: Path) -> None:
    """All that lies in a folder, but for the other one, into that."""
    for path in without(target, source):
        path.rename(target / path.name)


def without(one: Path, folder: Path) -> list[Path]:
    """What lies in a folder beside that one."""
    return [path for path in folder.iterdir() if path != one]


def refuse_occupied(out: Path, force: bool) -> None:
    """Make the folder. Raises `InputError` where something else lies in it, or, without `force`, an answer."""
    make_folder(out)
    names = {path.name for path in out.iterdir() if not path.name.startswith(BEFORE)}
    if names:
        if not (out / ANSWER).is_file() and names - BESIDE != {"runs"}:
            raise InputError(
                f"{out}: the folder is not empty and holds no experiment; name another one with --out"
            )
        if not force:
            raise InputError(
                f"{out}: holds an answer already, or runs for one; name another folder, or add --force"
            )
