"""`python -m experiments.lab.conformance.mutants`: which faults in the contract its tests and twin notice.

Exit code 0 where at least 95 % of those that change what the contract does are noticed, 1 where not.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

import experiments
from chain.evm.bytecode import SOURCES
from experiments.lab.config.errors import InputError
from experiments.lab.conformance.mutants.contract_tests import Killer, twins, with_tests
from experiments.lab.conformance.mutants.equivalents import Change, change_of, read_equivalents
from experiments.lab.conformance.mutants.mutant import Mutant, mutants_of
from experiments.lab.conformance.mutants.score import Score, scored
from experiments.lab.conformance.mutants.trial_of_mutant import Fate, read_sources
from experiments.lab.conformance.mutants.trials import OwnFault, Trials, cheapest_first
from experiments.lab.processes import cores
from experiments.lab.terminal.ending import FAILED, fail, guarded

FILES = ("ExecutionTickets.vy", "TicketExchange.vy", "signatures.vy", "BlockBeacon.vy")
CHECKOUT = Path(experiments.__path__[0]).parent

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    only: Annotated[
        list[str] | None, typer.Option(metavar="WORDS", help="of these files, functions, operators")
    ] = None,
    sample: Annotated[int | None, typer.Option(min=1, help="so many of them, drawn at random")] = None,
    seed: Annotated[int, typer.Option(help="of the sample")] = 0,
    jobs: Annotated[int | None, typer.Option(min=1, help="tried at a time; left out: one on each core")] = None,
    operations: Annotated[int, typer.Option(min=1, help="of the twin, on each mutant")] = 4_000,
    known: Annotated[
        bool, typer.Option("--known", help="try those as well that are known to do the same")
    ] = False,
    out: Annotated[Path | None, typer.Option("--json", help="where all of it is written")] = None,
) -> None:
    """Plant faults in the contract, one at a time, and see which of them its tests and its twin notice."""
    mutants = [mutant for file in FILES for mutant in mutants_of(file, SOURCES)]
    mutants = chosen(mutants, only or [], sample, seed)
    equivalents = {} if known else read_equivalents()
    tried = [mutant for mutant in mutants if change_of(mutant) not in equivalents]
    with_tests(CHECKOUT, partial(hold, mutants, tried, jobs or cores(), operations, out))


def chosen(mutants: list[Mutant], only: Sequence[str], sample: int | None, seed: int) -> list[Mutant]:
    """Those whose description has one of the words, and of these as many as are wanted.

    Raises `InputError` where there are none.
    """
    some = [mutant for mutant in mutants if not only or any(word.lower() in str(mutant).lower() for word in only)]
    if not some:
        kinds = ", ".join(sorted({mutant.operator for mutant in mutants}))
        raise InputError(
            f"--only {' '.join(only)}: no mutant is of this; name a file ({', '.join(FILES)}), a function of it "
            f"or an operator: {kinds}"
        )
    if sample is None or sample >= len(some):
        return some
    return sorted(random.Random(seed).sample(some, sample))


def hold(
    mutants: list[Mutant], tried: list[Mutant], jobs: int, operations: int, out: Path | None, tests: list[Killer]
) -> None:
    """Hold the tests and the twin against those that are to be tried, and tell how all fared."""
    start = time.monotonic()
    equivalents = read_equivalents()
    trials = Trials(read_sources(SOURCES), [*cheapest_first(tests), *twins(operations)], jobs)
    try:
        fates = dict(zip(tried, trials.fates(tried, Told(len(tried), equivalents).hear), strict=True))
    except OwnFault as fault:
        fail(str(fault), FAILED)
    score = scored(mutants, fates, equivalents)
    show(score)
    typer.echo(f"{len(tests)} tests and {operations:,} operations of the twin; {time.monotonic() - start:z,.0f} s")
    if out is not None:
        out.write_text(json.dumps(score.data, indent=1) + "\n", encoding="utf-8")
    if not score.is_enough:
        raise typer.Exit(FAILED)


def show(score: Score) -> None:
    """Those that were noticed and should not have been, and the score."""
    for one in score.wrongly_excused:
        typer.echo(f"called equivalent, and noticed by {one.fate.by}: {one.mutant}\n{one.mutant.diff}")
    typer.echo(score.sentence)


class Told:
    """What the user sees while it goes on: those that were not noticed, and how far it is on a terminal."""

    def __init__(self, whole: int, equivalents: Mapping[Change, str]) -> None:
        self._whole = whole
        self._equivalents = equivalents
        self._done = 0

    def hear(self, mutant: Mutant, fate: Fate) -> None:
        """One more is done."""
        self._done += 1
        if fate.verdict == "survived" and change_of(mutant) not in self._equivalents:
            typer.echo(f"not noticed: {mutant}\n{mutant.diff}")
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{self._done:,} of {self._whole:,} tried\r")


if __name__ == "__main__":
    guarded(app)
