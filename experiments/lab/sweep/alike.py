"""Points of a grid, named by what they have in common."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from experiments.lab.sweep.grid import Grid, points


def named(numbers: Collection[int], grid: Grid) -> list[str]:
    """Some points of a grid in words: all in one where they are just those with some of their values, such as
    `chain.supply=17`; else one by one."""
    every = {point.number: point.parameters for point in points(grid)}
    some = [every[number] for number in sorted(numbers)]
    shared = {key: value for key, value in some[0].items() if all(other[key] == value for other in some)}
    just_those = sum(shared.items() <= other.items() for other in every.values()) == len(some)
    return [in_words(shared)] if just_those else [in_words(one) for one in some]


def run_name(grid: Grid, number: int, seed: int) -> str:
    """One run in words: its point by the values that are short, or else by its number."""
    parameters = points(grid)[number].parameters
    is_short = not any(isinstance(value, (dict, list, tuple)) for value in parameters.values())
    return in_words((parameters if is_short else {"point": number}) | {"seed": seed})


def in_words(parameters: dict[str, Any]) -> str:
    """Such as `chain.supply=17, market.primary=posted`; `every point` where nothing sets it apart."""
    return ", ".join(f"{key}={value}" for key, value in parameters.items()) or "every point"
