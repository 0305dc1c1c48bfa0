"""Who plays, in words: `all truthful`, `2 truthful, 1 shade:0.8`, `truthful 60 %, shade:0.8 40 %`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence


def seated(labels: Sequence[str], profile: Sequence[int]) -> str:
    """How many seats each entrant has."""
    seats = Counter(profile)
    if len(seats) == 1:
        return f"all {labels[profile[0]]}"
    return ", ".join(f"{seats[number]} {labels[number]}" for number in sorted(seats))


def mix(shares: Mapping[str, float]) -> str:
    """What share of a population each entrant has."""
    played = {label: share for label, share in shares.items() if share > 0}
    if len(played) == 1:
        return f"all {next(iter(played))}"
    return ", ".join(f"{label} {100 * share:z.0f} %" for label, share in played.items())
