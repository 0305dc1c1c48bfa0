"""Runs carried out once more, in a process of their own: what their folders bring is executed here alone.

    python -m experiments.lab.verify.second_run OWNER JOBS [RUN AGAIN OBSTACLE recorded|unsigned] …

plays each run of one structure in RUN into the folder AGAIN, JOBS at a time. Where it cannot, it writes why to the
file OBSTACLE. A run is signed as it was when it was recorded, or not at all. It ends with the process OWNER.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NoReturn

from chain.errors import Refused
from experiments.lab.assembly.isolation import losses_of
from experiments.lab.config.errors import InputError
from experiments.lab.played.runs import begin, engine_of
from experiments.lab.played.structures_at_once import load_ahead
from experiments.lab.processes import Voice, side_by_side
from experiments.lab.processes.owner import watch
from experiments.lab.runs.folder import TABLES, read_manifest


def play(run: Path, again: Path, kind: str) -> None:
    """Play the run in `run` into `again`, to where it stopped. Raises `InputError` and `Refused`."""
    about = read_manifest(run)
    if kind == "unsigned":
        about["signatures"] = kind
    losses = losses_of(run / TABLES, [account["name"] for account in about["accounts"]])
    engine = engine_of(about, about["structure"], run, again / TABLES, losses)
    begin(engine, again, None, lambda _, done, __: done < about["blocks_done"], None)


def main(words: Sequence[str], _: Voice | None = None) -> None:
    """Play it, or write down why that cannot be."""
    run, again, obstacle, kind = words
    try:
        play(Path(run), Path(again), kind)
    except (InputError, Refused) as error:  # something is missing, or a user's rule does not work any more
        Path(obstacle).write_text(str(error), encoding="utf-8")


def play_all(owner: int, at_once: int, runs: Sequence[Sequence[str]]) -> None:
    """Play runs, `at_once` at a time. Raises what ends the process of one of them."""
    watch(owner)
    if at_once == 1:
        for run in runs:
            main(run)
        return
    works = {run[0]: partial(main, run) for run in runs}
    load_ahead()
    side_by_side(works, at_once)


def end(told: Sequence[str]) -> NoReturn:
    """Play what the words of a command line say, and leave: threads that a strategy has left behind are not waited
    for."""
    code = 0
    owner, at_once, *words = told
    try:
        play_all(int(owner), int(at_once), [words[start : start + 4] for start in range(0, len(words), 4)])
    except BaseException:
        traceback.print_exc()
        code = 1
    os._exit(code)


if __name__ == "__main__":
    end(sys.argv[1:])
