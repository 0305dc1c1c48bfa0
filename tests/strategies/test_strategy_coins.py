"""Chance that belongs to a ticket: the same however late it is asked for, and forgotten in the end."""

from __future__ import annotations

import numpy as np
import pytest

from strategies.coins import CHUNK, KEPT, Coins


def numbers(count: int) -> list[float]:
    """The stream from which coins are drawn."""
    return np.random.default_rng(3).random(count).tolist()


def coins() -> Coins:
    return Coins(np.random.default_rng(3))


def test_a_ticket_has_the_number_of_its_place_in_the_stream():
    drawn, expected = coins(), numbers(3 * CHUNK)
    assert [drawn[serial] for serial in (0, CHUNK - 1, CHUNK, 2 * CHUNK + 5)] == [
        expected[serial] for serial in (0, CHUNK - 1, CHUNK, 2 * CHUNK + 5)
    ]
    assert drawn[0] == expected[0]


def test_a_ticket_that_comes_late_has_the_same_number():
    serial = (KEPT + 2) * CHUNK + 7
    drawn, expected = coins(), numbers((KEPT + 3) * CHUNK)
    assert drawn[serial] == expected[serial]
    first = 3 * CHUNK  # of KEPT + 3 chunks the last KEPT are remembered
    assert [drawn[first], drawn[first + 1]] == expected[first : first + 2]
    with pytest.raises(
        IndexError, match=f"ticket {first - 1} is long gone; tickets from {first} on are remembered"
    ):
        drawn[first - 1]
