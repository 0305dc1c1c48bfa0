"""Orders that are good until one and the same slot, whenever they are made: a number of slots was meant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from market.intents import Ask, Bid, Intent

FEW_SLOTS = 1000
"""Who names a slot beyond it will not mean a number of slots."""


class Untils:
    """The last slots of orders, by the slot in which these were made."""

    def __init__(self) -> None:
        self._made: defaultdict[type, list[tuple[int, int]]] = defaultdict(list)

    def count(self, intents: Iterable[Intent], slot: int) -> None:
        """What was wanted in a slot."""
        for intent in intents:
            if isinstance(intent, (Ask, Bid)) and type(intent.until) is int:
                self._made[type(intent)].append((slot, intent.until))

    def faults(self) -> Iterator[str]:
        """A line for each kind of order that ends in one and the same slot. One that has ended is illegal."""
        for kind, made in self._made.items():
            slots = [slot for slot, _ in made]
            lasts = {last for _, last in made}
            if len(lasts) == 1 and min(slots) < max(slots) <= max(lasts) <= FEW_SLOTS:
                yield told(kind, len(made), slots, max(lasts))


def told(kind: type, count: int, slots: list[int], last: int) -> str:
    return (
        f"until is {last} in all {count:,} of {kind.__name__}, made in slots {min(slots)} … {max(slots)}: "
        f"it is the last slot, no number of slots; is view.slot + {last} meant?"
    )
