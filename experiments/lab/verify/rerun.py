"""The last check: the run carried out once more, by the engine, table against table.

It covers what leaves no second trace in the tables, such as the text of a refusal. The strategies and rules that a
run brings are executed in another process; what it has written is all that is looked at here.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, repeat
from multiprocessing import get_context
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import pyarrow as pa
import pyarrow.parquet as pq

from chain.errors import BadAmount
from chain.held_folder import HeldFolder
from experiments.lab.config.errors import InputError
from experiments.lab.played.replayed_run import changed_since, told_chance, told_changed, writer
from experiments.lab.played.structures_at_once import obstacle_of, threads_now
from experiments.lab.processes.crew import write_by_itself
from experiments.lab.runs.differences import first_difference
from experiments.lab.runs.digest import column_digests, content_digest, digest_of_columns
from experiments.lab.runs.folder import MANIFEST, TABLES, read_manifest
from experiments.lab.runs.parting import first_parting
from experiments.lab.verify.fault import Fault
from experiments.lab.verify.manifest import Manifest
from experiments.lab.verify.report import Part
from market.errors import StrategyRaised, WrongIntent
from market.violations import VIOLATIONS

OWN_WORDS = {StrategyRaised.code, WrongIntent.code, BadAmount.code}
"""Refusals that show an exception or a value of the strategy's own."""

SECOND_RUN = "experiments.lab.verify.second_run"
DERIVED = ("beacon_seed", "accounts", "rules", "rules_id", "stated_draw", "stated_rewards")
"""What a manifest says that another run says too."""


class SecondRun(NamedTuple):
    """A run that is played again into `place`, signed as it was or not at all. `obstacle`: the file with why it
    cannot be."""

    run: Path
    place: Path
    obstacle: Path
    as_recorded: bool

    @classmethod
    def of(cls, part: Part, place: Path) -> SecondRun:
        """What covers a part: without signatures where the audit has recovered each of them."""
        return cls(part.path.resolve(), place, place.with_name(f"{place.name}.txt"), not part.is_recovered)

    def signed_as_recorded(self) -> SecondRun:
        """The same, signed as it was."""
        return self._replace(place=self.place.with_name(f"{self.place.name}-recorded"), as_recorded=True)

    def words(self) -> list[str]:
        """What its process is told."""
        return [str(self.run), str(self.place), str(self.obstacle), "recorded" if self.as_recorded else "unsigned"]


class Again(NamedTuple):
    """How many tables another run has given alike, and in how many messages only a strategy's own words differ."""

    tables: int
    texts: int


Rerun = Again | InputError | Fault
"""What comes of another run: how much is alike; why there can be none; or the first thing that is not the same."""


Elsewhere = Callable[[Sequence[SecondRun], int], int]
"""Has runs played again, so many at a time, by a process that this one only waits for. Returns its exit code."""


def reruns(parts: Sequence[Part], at_once: int, elsewhere: Elsewhere) -> Iterator[tuple[Part, Rerun]]:
    """What comes of another run of each part, `at_once` at a time."""
    with HeldFolder() as place:
        again = [SecondRun.of(part, place / part.structure) for part in parts]
        if at_once > 1:
            codes: Iterator[int] = repeat(elsewhere(again, at_once))
        else:
            codes = (elsewhere([one], 1) for one in again)
        for part, one, code in zip(parts, again, codes, strict=False):
            yield part, outcome(part, one, code, elsewhere)


def outcome(part: Part, again: SecondRun, code: int, elsewhere: Elsewhere) -> Rerun:
    """What comes of a part that has been run again. Where an unsigned run differs from a signed one, another that
    is signed has the last word: a strategy may know."""
    try:
        try:
            return compared(part, again, code)
        except Fault:
            if again.as_recorded:
                raise
        signed = again.signed_as_recorded()
        return compared(part, signed, elsewhere([signed], 1))
    except (InputError, Fault) as error:
        return error


def compared(part: Part, again: SecondRun, code: int) -> Again:
    """Raises `Fault` at the first row that another run does not give; `InputError` where there can be none."""
    if again.obstacle.is_file():
        raise InputError(again.obstacle.read_text(encoding="utf-8"))
    if code != 0 and not is_whole(again.place):
        raise InputError(f"its process ended with {code}")
    try:
        return compare(part, again)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"its process wrote no tables to compare: {error}") from None


def is_whole(place: Path) -> bool:
    """Whether a run came to its end, whatever others in its process did."""
    try:
        return "digest" in read_manifest(place)
    except InputError:
        return False


def differing_words(stored: Path, again: Path) -> int:
    """How many messages of violations differ, where nothing else does and a strategy has worded them; else 0."""
    one, other = (pq.read_table(tables / f"{VIOLATIONS.name}.parquet").to_pylist() for tables in (stored, again))
    pairs = [(row, same) for row, same in zip(one, other, strict=False) if row != same]
    if len(one) != len(other) or any(row | {"message": ""} != same | {"message": ""} for row, same in pairs):
        return 0
    return len(pairs) if all(row["code"] in OWN_WORDS for row, _ in pairs) else 0


def in_a_command() -> Elsewhere:
    """How a command has runs played again, whose process has executed nothing of the user's own."""
    return forked if obstacle_of(threads_now()) is None else begun_afresh


def begun_afresh(runs: Sequence[SecondRun], at_once: int) -> int:
    """By a process that knows nothing of this one, in which the user's modules may have been at work already."""
    places = [place or os.getcwd() for place in sys.path]
    done = subprocess.run(
        [sys.executable, "-P", "-m", SECOND_RUN, *words_for(runs, at_once)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(places)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
    return done.returncode


def forked(runs: Sequence[SecondRun], at_once: int) -> int:
    """By a process forked off this one, which has loaded all that is needed: that takes half a second of CPU."""
    process = get_context("fork").Process(target=play_out_of_sight, args=words_for(runs, at_once))
    process.start()
    try:
        process.join()
    finally:
        process.kill()
    return process.exitcode or 0


def play_out_of_sight(*words: str) -> NoReturn:
    """Play runs again, and leave: nothing that they print is seen."""
    from experiments.lab.verify.second_run import end  # a script, which Python wants to load itself

    gc.freeze()  # what the owner has put together is no garbage here
    write_by_itself()
    sys.stdout = open(os.devnull, "r+")  # noqa: SIM115
    for number in (0, 1):
        os.dup2(sys.stdout.fileno(), number)
    end(words)


def words_for(runs: Sequence[SecondRun], at_once: int) -> list[str]:
    """What a process is told that plays runs again."""
    return [str(os.getpid()), str(at_once), *chain.from_iterable(run.words() for run in runs)]


def compare(part: Part, again: SecondRun) -> Again:
    """Raises `Fault` at the first thing in which two runs differ; an unsigned one has no signatures to compare."""
    texts, about = 0, Manifest.model_validate(part.manifest)
    expected, digest = (about.tables, digest_of_columns) if again.as_recorded else (part.contents, content_digest)
    tables = again.place / TABLES
    for name in about.tables:
        if digest(column_digests(tables / f"{name}.parquet")) == expected[name]:
            continue
        texts = differing_words(part.path / TABLES, tables) if name == VIOLATIONS.name else 0
        if not texts:
            raise difference(name, part.path, tables, about)
    compare_manifests(part.manifest, read_manifest(again.place))
    return Again(len(about.tables), texts)


def compare_manifests(stored: Mapping[str, Any], other: Mapping[str, Any]) -> None:
    """Raises `Fault` unless two runs say the same of who takes part. Earlier versions say less."""
    for key in DERIVED:
        if key == "accounts" and not all("roles" in entry for entry in stored[key]):
            continue
        if (parting := first_parting({key: stored.get(key)}, {key: other.get(key)})) is not None:
            raise Fault(MANIFEST, None, *parting, "by running the config again")


def difference(name: str, run: Path, again: Path, about: Manifest) -> Fault:
    """Where a table of a run and that of another part."""
    why = f"by running the config again, with strategies as they are now{writer({'versions': about.versions})}"
    why += told_changed(changed_since(run)) + told_chance(run)
    found = first_difference(run / TABLES / f"{name}.parquet", again / f"{name}.parquet")
    if found is None:
        return Fault(name, None, None, "another digest", about.tables[name], why)
    row, column, value, other = found
    return Fault(name, row, column, value, other, why)
