"""Frames and series that say what comes near where they are asked for a name that they have not."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from experiments.lab.metrics.old_names import UnknownName, near_or_all, unknown, unknown_agent


class NearLoc:
    """`loc` of pandas, with the same said of a wrong label."""

    def __init__(self, frame: TellsNear, inner: Any) -> None:
        self._frame = frame
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def __call__(self, *given: Any, **named: Any) -> Any:
        return self._inner(*given, **named)

    def __setitem__(self, key: Any, value: Any) -> None:
        self._inner[key] = value

    def __getitem__(self, key: Any) -> Any:
        try:
            return self._inner[key]
        except KeyError as error:
            raise self._frame.told(key) or error from None


class TellsNear:
    """What is asked for by a name that there is not raises an `UnknownName`, a `KeyError` in one line. What is
    made of it is plain pandas."""

    def __getitem__(self, key: Any) -> Any:
        try:
            return super().__getitem__(key)  # type: ignore[misc]
        except KeyError as error:
            raise self.told(key) or error from None

    @property
    def loc(self) -> NearLoc:
        """By labels."""
        return NearLoc(self, super().loc)  # type: ignore[misc]

    def told(self, key: Any) -> UnknownName | None:
        """What is said of a key that is not there; None where it is no name."""
        rows = labels(self.index)  # type: ignore[attr-defined]
        columns = labels(getattr(self, "columns", ()))
        name = wrong_part(key, [*rows, *columns])
        if name is not None:
            return UnknownName(self.words(name, rows, columns))
        if isinstance(key, str) and key in rows and key not in columns:
            return UnknownName(f"{key!r} is a row, and no column: take {self.way_to(key)}")
        return None

    def way_to(self, row: str) -> str:
        """How a row is asked for by its name, or all rows with that name on one level."""
        index: Any = self.index  # type: ignore[attr-defined]
        if index.nlevels == 1:
            return f".loc[{row!r}]"
        level = next(name for name, labels in zip(index.names, index.levels, strict=True) if row in labels)
        return f".xs({row!r}, level={level!r})"

    def words(self, name: str, rows: list[str], columns: list[str]) -> str:
        """What is said of a name that is not there."""
        raise NotImplementedError


class ToldFrame(TellsNear, pd.DataFrame):  # type: ignore[misc]  # pandas is untyped here
    """Any table that a user asks for columns and rows by their names."""

    def words(self, name: str, rows: list[str], columns: list[str]) -> str:
        return f"there is no {name!r}{near_or_all(name, [*columns, *rows])}"


class MetricFrame(TellsNear, pd.DataFrame):  # type: ignore[misc]
    """Metrics by column, or by row."""

    def words(self, name: str, rows: list[str], columns: list[str]) -> str:
        return f"metrics: {unknown(name, [*rows, *columns])}"


class ProfitSeries(TellsNear, pd.Series):  # type: ignore[misc]
    """Figures of agents by their names."""

    def words(self, name: str, rows: list[str], columns: list[str]) -> str:
        return unknown_agent(name, [*rows, *columns])


class ProfitFrame(TellsNear, pd.DataFrame):  # type: ignore[misc]
    """The same for several structures, or for the runs of a sweep."""

    def words(self, name: str, rows: list[str], columns: list[str]) -> str:
        return unknown_agent(name, [*rows, *columns])


def labels(axis: Any) -> list[str]:
    """The names on an axis, each once, of all its levels."""
    found: Iterable[Any] = axis
    if getattr(axis, "nlevels", 1) > 1:
        found = (label for level in axis.levels for label in level)
    return list(dict.fromkeys(label for label in found if isinstance(label, str)))


def wrong_part(key: Any, known: list[str]) -> str | None:
    """The first name in a key that is none of those known; None where there is no such name."""
    parts = key if isinstance(key, (tuple, list)) else [key]
    return next((part for part in parts if isinstance(part, str) and part not in known), None)
