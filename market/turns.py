"""How often participants were asked, and how much of what they wanted came about."""

from __future__ import annotations

from collections import Counter


class Turns:
    """Counts by account. `asked`: how often; `done`: how many intents were carried out, `Hold` not among them."""

    def __init__(self) -> None:
        self.asked: Counter[int] = Counter()
        self.done: Counter[int] = Counter()
