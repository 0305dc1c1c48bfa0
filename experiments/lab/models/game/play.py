"""Playing the game once, with one way to sell."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from experiments.lab.models.game.engine import Stage, assemble_game
from experiments.lab.models.game.take import Take
from strategies.base import Strategy


def play(stage: Stage, seller: Strategy, tickets: int) -> Take:
    """Sell `tickets` tickets on the block clock."""
    driver, state, records = assemble_game(stage, seller)
    with rare_collection():
        driver.open()
        while not stage.is_done(state, tickets):
            driver.run_slot()
            stage.game.progress(min(state.titles.burned, tickets), tickets)
    if not state.ledger.is_balanced():
        raise RuntimeError("the ledger does not balance: money was made or lost")
    return stage.measure(records, tickets)


@contextmanager
def rare_collection() -> Iterator[None]:
    """Look for garbage seldom: a game makes many rows that stay, and few circles."""
    usual = gc.get_threshold()
    gc.set_threshold(100_000, 50, 100)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
