"""The cases of an experiment: settings and options, what is expected to come of them, and how near that must be.

A case is plain data: `name`, `settings`, `options`, `tolerance` (`relative`, `absolute`, and `why`) and `values`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from inspect import Parameter
from math import isclose, isfinite
from pathlib import Path
from typing import Any, Protocol

from pydantic import TypeAdapter

from chain.near_names import near
from chain.wording import shown
from experiments.lab.study.answer import Answer
from experiments.lab.study.settings import Settings

Case = dict[str, Any]
TOLERANCES = ("relative", "absolute", "why")


class Answering(Protocol):
    """An experiment, as its cases know it."""

    @property
    def options(self) -> list[Parameter]: ...

    def answer(self, settings: Settings, **options: Any) -> Answer: ...


def answer_of(experiment: Answering, case: Case, out: Path | None) -> Answer:
    """What an experiment answers in one of its cases."""
    given = case.get("options", {})
    kinds = {option.name: option.annotation for option in experiment.options if option.name in given}
    options = {name: TypeAdapter(kind).validate_python(given[name]) for name, kind in kinds.items()}
    return experiment.answer(Settings(out=out, **case["settings"]), **{**given, **options})


def faults_written(case: Case) -> Iterator[str]:
    """A line for each number of a case that is none, as one may write it there by hand."""
    tolerance = case["tolerance"]
    for name in tolerance:
        if name not in TOLERANCES:
            yield f"tolerance: no such key {name!r}{near(name, TOLERANCES)}; there are {', '.join(TOLERANCES)}"
    for name in set(TOLERANCES[:2]) & set(tolerance):
        if not is_finite(tolerance[name]) or tolerance[name] < 0:
            yield f"tolerance.{name}: {shown(tolerance[name])} is no number of 0 or more"
    for name, value in case["values"].items():
        if not is_finite(value):
            yield f"values.{name}: {shown(value)} is no number"


def is_finite(value: object) -> bool:
    """Whether it is a number, and not infinite."""
    return isinstance(value, (int, float)) and isfinite(value)


def deviations(case: Case, found: Mapping[str, float]) -> Iterator[str]:
    """A line for each value that is not what is expected."""
    expected = case["values"]
    for name in dict.fromkeys([*expected, *found]):
        if name not in found:
            yield f"{name}: {expected[name]:z.12g} is expected, and it is not there"
        elif name not in expected:
            yield f"{name}: {found[name]:z.12g} is not expected"
        elif not is_near(found[name], expected[name], case["tolerance"]):
            yield f"{name}: {found[name]:z.12g}, expected {expected[name]:z.12g}"


def is_near(found: float, expected: float, tolerance: Mapping[str, Any]) -> bool:
    """Whether a value is as expected: within a share of what is expected, or within an amount."""
    most = max(tolerance.get("absolute", 1e-12), tolerance.get("relative", 0) * abs(expected))
    return isclose(found, expected, rel_tol=0, abs_tol=most)
