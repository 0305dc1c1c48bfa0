"""A run carried out once more, in a process of its own: what its folder brings is executed here and nowhere else.

    python -m experiments.lab.verify.second_run RUN AGAIN OBSTACLE

plays the run of one structure in RUN into the folder AGAIN. Where it cannot, it writes why to the file OBSTACLE.
"""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from chain.errors import Refused
from experiments.lab.assembly.isolation import losses_of
from experiments.lab.config.errors import InputError
from experiments.lab.played.runs import begin, engine_of
from experiments.lab.runs.folder import TABLES, read_manifest


def play(run: Path, again: Path) -> None:
    """Play the run in `run` into `again`, to where it stopped. Raises `InputError` and `Refused`."""
    about = read_manifest(run)
    losses = losses_of(run / TABLES, [account["name"] for account in about["accounts"]])
    engine = engine_of(about, about["structure"], run, again / TABLES, losses)
    begin(engine, again, None, lambda _, done, __: done < about["blocks_done"], None)


def main(run: Path, again: Path, obstacle: Path) -> None:
    """Play it, or write down why that cannot be."""
    try:
        play(run, again)
    except (InputError, Refused) as error:  # something is missing, or a user's rule does not work any more
        obstacle.write_text(str(error), encoding="utf-8")


def end() -> NoReturn:
    """Play what the command line says, and leave: threads that a strategy has left behind are not waited for."""
    code = 0
    try:
        main(*map(Path, sys.argv[1:]))
    except BaseException:
        traceback.print_exc()
        code = 1
    os._exit(code)


if __name__ == "__main__":
    end()
