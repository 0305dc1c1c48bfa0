"""What a strategy's process is told before it is asked anything."""

from __future__ import annotations

from typing import Any

from strategies.setup import Setup


class Birth:
    """Which strategies to make for an account, as the config says it, from which folder; the rules of the game.

    Not in a checkpoint: the run that goes on has its own.
    """

    def __init__(self, account: int, group: dict[str, Any], folder: str, setup: Setup) -> None:
        self.account = account
        self.group = group
        self.folder = folder
        self.setup = setup
