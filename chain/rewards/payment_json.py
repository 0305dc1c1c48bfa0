"""Payments as JSON: the answer of a relay's data API, a list of bid traces with numbers as strings."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from chain.nesting import bounded_nesting
from chain.rewards.payment_table import PaymentTable, short, texts

Trace = dict[str, str | None]


class PaymentJson(PaymentTable):
    """A list of objects; a value that is not there is a missing one. Raises `ValueError` with the place."""

    def __init__(self, text: str) -> None:
        self._traces = _traces(text)
        super().__init__(dict.fromkeys(name for trace in self._traces for name in trace))

    def load(self, names: Sequence[str]) -> None:
        pass  # JSON is read as a whole

    def __len__(self) -> int:
        return len(self._traces)

    def column(self, name: str) -> Any:
        return texts(trace.get(name) for trace in self._traces)

    def place(self, row: int) -> str:
        return f"entry {row + 1}"


class _Pairs(tuple[tuple[str, Any], ...]):
    """An object as it is written, so that a name that comes twice is seen."""


def _traces(text: str) -> list[Trace]:
    try:
        # Numbers as they are written: an amount in wei is no float.
        with bounded_nesting():
            found = json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_Pairs)
    except json.JSONDecodeError as problem:
        raise ValueError(f"line {problem.lineno}, column {problem.colno}: is no JSON: {problem.msg}") from None
    except RecursionError:
        raise ValueError("is nested too deeply; give a list of objects, as a relay's data API does") from None
    if not isinstance(found, list):
        raise ValueError("is JSON, but no list of objects, as a relay's data API gives it")
    return [_trace(number, entry) for number, entry in enumerate(found, 1)]


def _trace(number: int, entry: Any) -> Trace:
    if not isinstance(entry, _Pairs):
        raise ValueError(f"entry {number} is no object; give a list of objects, as a relay's data API does")
    trace: Trace = {}
    for name, value in entry:
        if name.strip() in trace:
            raise ValueError(f"entry {number} has {short(name.strip())} twice; rename one of them")
        trace[name.strip()] = _cell(value)
    return trace


def _cell(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    return "an object or a list"
