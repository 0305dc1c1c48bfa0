"""How often participants were asked, and how much of what they wanted came about."""

from __future__ import annotations


class Turns:
    """Counts by account. `asked`: how often; `done`: how many intents were carried out, `Hold` not among them."""

    def __init__(self, accounts: int) -> None:
        self.asked = [0] * accounts
        self.done = [0] * accounts
