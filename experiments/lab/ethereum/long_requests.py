"""Long requests in turns: between two steps others are answered, and what waits for clients goes out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeVar

from chain.rpc.dispatch import Steps

if TYPE_CHECKING:
    from experiments.lab.ethereum.subscriber import Subscriber

PATIENCE = 5.0  # seconds that a slot waits for a client that reads slowly

T = TypeVar("T")


class LongRequests:
    """`subscribers` are asked each time: those whose outboxes are crowded hold a long request up."""

    def __init__(self, subscribers: Callable[[], Iterable[Subscriber]]) -> None:
        self._subscribers = subscribers

    async def take(self, steps: Steps[T]) -> T:
        """The result of all steps."""
        while True:
            try:
                next(steps)
            except StopIteration as end:
                result: T = end.value
                return result
            await self.give()

    async def give(self) -> None:
        """Let others have theirs. Who has not read for long enough is let go of."""
        await asyncio.sleep(0)
        waits = {
            asyncio.ensure_future(each.outbox.wait_for_room()): each
            for each in self._subscribers()
            if not each.outbox.has_room
        }
        if not waits:
            return
        _, late = await asyncio.wait(waits, timeout=PATIENCE)
        for wait in late:
            wait.cancel()
            waits[wait].drop()
