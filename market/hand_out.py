"""Tickets that are handed out at genesis, before the first sale, at a fixed price that is no revenue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def recipients(funds: Sequence[int], tickets: int, price: int, rng: np.random.Generator) -> Iterator[int]:
    """Who gets each of `tickets` tickets at `price`: an index into `funds`, uniform among those who can still pay.

    It ends early where nobody can. Amounts in Gwei.
    """
    left = list(funds)
    able = [index for index, gwei in enumerate(left) if gwei >= price]
    for draw in rng.random(tickets).tolist():
        if not able:
            return
        place = int(draw * len(able))
        index = able[place]
        left[index] -= price
        if left[index] < price:
            del able[place]
        yield index
