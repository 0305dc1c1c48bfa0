"""The words of chance that a rule asks for: one that it takes for two is hardly meant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from itertools import count

from chain.beacon import Beacon, Key, key_bytes
from market.primary import Chance

MANY = 10
"""Answers, or words, that are no accident."""


class AskedWords:
    """What a rule asks for, answer by answer. `repeated` counts the answers in which one word was asked for more
    than once."""

    def __init__(self) -> None:
        self.repeated = 0
        self._now: dict[Hashable, set[Hashable]] = {}
        self._answers: Counter[Hashable] = Counter()
        self._asking = 0
        self._own: set[Hashable] = set()
        self._others: set[Hashable] = set()

    def note(self, word: Hashable, draw: Hashable) -> None:
        """The rule asks for a word, for one of its draws."""
        self._now.setdefault(word, set()).add(draw)

    def forget(self) -> None:
        """Somebody else has asked."""
        self._now.clear()

    def end_answer(self, own: Hashable = None) -> None:
        """The rule has answered; what it asks for from now on belongs to the next answer. `own` is the word that
        this answer has for itself."""
        self._own |= self._now.keys() & {own}
        self._others |= self._now.keys() - {own}
        self.repeated += any(len(draws) > 1 for draws in self._now.values())
        self._asking += bool(self._now)
        self._answers.update(self._now.keys())
        self._now.clear()

    @property
    def is_fixed(self) -> bool:
        """Whether all answers asked for one and the same word, many times over."""
        return self._asking >= MANY and self._asking in self._answers.values()

    @property
    def is_shared(self) -> bool:
        """Whether many words that an answer has for itself were asked for in another one, too."""
        return len(self._own & self._others) >= MANY


class AskedBeacon(Beacon):
    """A beacon that notes which of its words are asked for."""

    def __init__(self, seed: bytes, words: AskedWords) -> None:
        super().__init__(seed)
        self._words = words
        self._draws = count()

    def word(self, slot: int, attempt: int = 0, key: Key = "") -> bytes:
        """A further attempt belongs to the same draw."""
        if attempt == 0:
            self._words.note((slot, key_bytes(key)), next(self._draws))
        return super().word(slot, attempt, key)


class AskedChance:
    """Chance that notes for what it is asked. A rule may be asked for its price more than once in a sale: the same
    number is then the same draw."""

    def __init__(self, chance: Chance, words: AskedWords) -> None:
        self._chance = chance
        self._words = words

    def __call__(self, n: int, key: int, again: Key = "") -> int:
        self._words.note((key, key_bytes(again)), n)
        return self._chance(n, key, again)

    __call__.__qualname__ = "view.chance"


def chance_warnings(repeated: int, fixed: int) -> list[str]:
    """What to say of a rule that took one draw of `view.chance` for two in so many sales, or for all in so many
    histories."""
    found = []
    if repeated:
        found.append(
            "view.chance is asked for one key with two bounds in a sale: that is one draw, and the second number "
            'follows from the first; tell them apart by a third argument, view.chance(n, key, "second")'
        )
    if fixed:
        found.append(
            "all sales ask view.chance for the same key, which is one draw for the whole run; take view.slot + 1, "
            "or a ticket's serial"
        )
    return found
