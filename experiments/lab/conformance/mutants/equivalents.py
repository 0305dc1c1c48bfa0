"""The mutants that are known to do nothing else than the contract, each with its reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import NamedTuple

from experiments.lab.conformance.mutants.mutant import Mutant

TABLE = "equivalents.toml"


class Change(NamedTuple):
    """What a mutant is named by."""

    file: str
    function: str
    before: str
    after: str


def change_of(mutant: Mutant) -> Change:
    """The name of a mutant, which stays when lines move."""
    return Change(mutant.file, mutant.function, mutant.before, mutant.after)


def read_equivalents() -> dict[Change, str]:
    """Why each of them is one."""
    text = (files("experiments.lab.conformance.mutants") / TABLE).read_text(encoding="utf-8")
    entries = tomllib.loads(text).get("mutant", [])
    return {Change(*(entry[name].strip() for name in Change._fields)): entry["reason"] for entry in entries}


def not_there(equivalents: Iterable[Change], mutants: Iterable[Mutant]) -> list[Change]:
    """Those that the sources do not have, or no longer."""
    there = set(map(change_of, mutants))
    return [change for change in equivalents if change not in there]
