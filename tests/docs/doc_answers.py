"""The committed answers of experiments (`experiments/expected`)."""

from __future__ import annotations

import json
from functools import cache

from tests.places import ROOT

EXPECTED = ROOT / "experiments" / "expected"
Answer = dict[str, float]


@cache
def cases(experiment: str) -> dict[str, Answer]:
    """The answers of an experiment by the name of their case."""
    return {one["name"]: one["values"] for one in json.loads((EXPECTED / f"{experiment}.json").read_text())}


def case(experiment: str, name: str | None = None) -> Answer:
    """One of them, the last without a name."""
    found = cases(experiment)
    return found[list(found)[-1] if name is None else name]


@cache
def last_answers() -> dict[str, Answer]:
    """The last answer of each experiment."""
    return {path.stem: case(path.stem) for path in EXPECTED.glob("*.json")}
