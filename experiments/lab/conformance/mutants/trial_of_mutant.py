"""What becomes of a mutant: it is compiled, stands in for the contract, and is held against tests and twins."""

from __future__ import annotations

import gc
import os
import signal
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Literal, NamedTuple

from chain.evm.bytecode import CONTRACTS, STANDING_IN, Contract, compile_contract
from chain.evm.machine import Machine
from experiments.lab.conformance.mutants.contract_tests import Killer, first_notice
from experiments.lab.conformance.mutants.mutant import Mutant

CPU_SECONDS = 15
"""Of one mutant. The contract itself takes three; a fault may have the machine go round in circles."""
ROOM = 2**17  # bytes of code: a mutant is not made small
SIZE, SPEED = "# pragma optimize codesize", "# pragma optimize none"
"""What the contracts are compiled for, and what a mutant is: the compiler then takes a third of the time."""

MutantVerdict = Literal["killed", "survived", "same code", "not compiled"]


class Fate(NamedTuple):
    """What has become of a mutant, and who noticed it, in its own words."""

    verdict: MutantVerdict
    by: str = ""
    words: str = ""


class OutOfTime(BaseException):
    """A mutant takes too long; no test catches this."""


class Sources(NamedTuple):
    """A folder of sources, and the code that the compiler makes of each contract at its best."""

    folder: Path
    code: dict[str, bytes]


def read_sources(folder: Path) -> Sources:
    """Compile what a folder has of the contracts."""
    there = [name for name in CONTRACTS if (folder / f"{name}.vy").is_file()]
    return Sources(folder, {name: compile_contract(name, folder).code for name in there})


def fate_of(mutant: Mutant, sources: Sources, killers: Sequence[Killer]) -> Fate:
    """Try a mutant, in a process that is for nothing else."""
    gc.disable()
    warnings.simplefilter("ignore")
    silence()
    with TemporaryDirectory() as place:
        changed = Path(place)
        lay_out(mutant, sources.folder, changed, SPEED)
        names = contracts_with(mutant.file, sources)
        try:
            made = {name: compile_contract(name, changed) for name in names}
        except Exception as error:  # the compiler has many; what it does not take is no contract
            return Fate("not compiled", words=str(error).partition("\n")[0])
        fate = held_against(made, killers)
        if fate.verdict == "survived" and is_same_code(mutant, sources, changed):
            return Fate("same code")
        return fate


def held_against(contracts: dict[str, Contract], killers: Sequence[Killer]) -> Fate:
    """Who notices that these contracts stand in for their own."""
    Machine.most_code = ROOM
    STANDING_IN.update(contracts)
    try:
        with limit(CPU_SECONDS):
            noticed = first_notice(killers)
    except OutOfTime:
        return Fate("killed", "time", f"more than {CPU_SECONDS} CPU seconds")
    if noticed is None:
        return Fate("survived")
    return Fate("killed", *noticed)


def lay_out(mutant: Mutant, folder: Path, place: Path, pragma: str) -> None:
    """All sources, one of them changed, to be compiled for size or for speed."""
    for source in folder.glob("*.vy"):
        text = mutant.text if source.name == mutant.file else source.read_text(encoding="utf-8")
        (place / source.name).write_text(text.replace(SIZE, pragma), encoding="utf-8")


def is_same_code(mutant: Mutant, sources: Sources, place: Path) -> bool:
    """Whether the compiler makes the same of it as of the contract itself, at its best."""
    lay_out(mutant, sources.folder, place, SIZE)
    names = contracts_with(mutant.file, sources)
    return all(compile_contract(name, place).code == sources.code[name] for name in names)


def contracts_with(file: str, sources: Sources) -> list[str]:
    """The contracts of which a source is part."""
    part = file.removesuffix(".vy")
    return [name for name in sources.code if name == part or f"\nimport {part}\n" in text_of(name, sources)]


def text_of(name: str, sources: Sources) -> str:
    return (sources.folder / f"{name}.vy").read_text(encoding="utf-8")


def silence() -> None:
    """What tests and the compiler print from now on is not for the user."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)


@contextmanager
def limit(seconds: float) -> Iterator[None]:
    """Raises `OutOfTime` within it after so many seconds of the processor."""

    def end(*_: int | FrameType | None) -> None:
        raise OutOfTime

    before = signal.signal(signal.SIGVTALRM, end)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
