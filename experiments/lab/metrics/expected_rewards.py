"""What blocks were expected to be worth when their tickets were sold: E[R_b], given what was public then."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chain.rewards import Outlook, RewardPath

GENESIS = -1

Sale = tuple[int, int]
"""The slot of a primary sale, and the serial of the ticket."""


class ExpectedRewards:
    """Goes through a run once, with the rewards drawn again from its seed.

    `path`: the rewards, none revealed yet. `sales`: all primary sales, in order of time. `handed_out`: the tickets
    with lower serials were handed out at genesis. `in_time`: whether the protocol sells tickets just in time, when
    the reward of the next block is public.
    """

    def __init__(self, path: RewardPath, sales: Iterable[Sale], handed_out: int, in_time: bool) -> None:
        self._path = path
        self._sales = iter(sales)
        self._waiting: Sale | None = next(self._sales, None)
        self._at_sale: dict[int, Outlook] = dict.fromkeys(range(handed_out), path.outlook())
        if in_time:
            path.advance()
        self._sell(GENESIS)

    def by_block(self, tickets: Iterable[int | None]) -> Iterator[float]:
        """E[R_b] of block 0, 1, …, Gwei, by the ticket drawn for it.

        Of a block whose ticket was never sold: given what was public when it could last have been.
        """
        held: int | None = None
        for block, ticket in enumerate(tickets):
            if ticket != held and held is not None:
                self._at_sale.pop(held, None)
            held = ticket
            yield self._outlook(ticket).expected_reward(block)
            self._path.advance()
            self._sell(block)

    def _outlook(self, ticket: int | None) -> Outlook:
        """What was public when this ticket was sold."""
        known = None if ticket is None else self._at_sale.get(ticket)
        return known or self._path.outlook()

    def _sell(self, slot: int) -> None:
        """Remember what is public now for the tickets that are sold in this slot."""
        while self._waiting is not None and self._waiting[0] == slot:
            self._at_sale[self._waiting[1]] = self._path.outlook()
            self._waiting = next(self._sales, None)
