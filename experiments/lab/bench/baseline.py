"""The figures of one sitting as JSON, and what became slower since another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from experiments.lab.bench.measure import Line
from experiments.lab.config.errors import InputError

SURE = 3.0
"""A ratio has become slower where it has risen by more than so many times the noise of both sittings."""
LEAST = 0.05
"""And by at least this share, below which the noise of a sitting says little."""


def write_lines(place: Path, lines: Sequence[Line]) -> None:
    """All lines by their names."""
    kept = {line.what: {key: value for key, value in line._asdict().items() if key != "what"} for line in lines}
    place.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_lines(place: Path) -> dict[str, Line]:
    """The lines of a file of `write_lines`. Raises `InputError`."""
    try:
        kept = json.loads(place.read_text(encoding="utf-8"))
        return {what: Line(what, **values) for what, values in kept.items()}
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise InputError(f"{place}: no figures of `make bench`: {error}") from None


def slower(before: Mapping[str, Line], now: Iterable[Line]) -> Iterator[str]:
    """A sentence for each line that costs more than before by more than its noise."""
    for line in now:
        old = before.get(line.what)
        if old is None:
            continue
        rise = line.ratio / old.ratio - 1
        if rise > max(LEAST, SURE * (line.noise + old.noise)):
            yield f"slower: {line.what}: {old.ratio:.3g} → {line.ratio:.3g} ({rise:+.0%})"


def no_longer_there(before: Mapping[str, Line], now: Iterable[Line]) -> list[str]:
    """Names of lines that were measured before and are not now."""
    return sorted(before.keys() - {line.what for line in now})
