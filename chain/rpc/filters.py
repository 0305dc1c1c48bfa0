"""Filters that are polled: what is new since the last time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any, Protocol

from chain.rpc.error_codes import RpcError
from chain.rpc.history import History
from chain.rpc.log_query import MOST_LOGS, Query, find_so_far
from chain.rpc.values import data, parse_quantity

MOST_FILTERS = 1_000
MOST_WORDS = 200_000  # addresses and topics, of all of them


class Filter(Protocol):
    """What is polled. `words`: how many addresses and topics it keeps."""

    words: int

    def changes(self) -> list[Any]:
        """What is new since the last time. Raises `RpcError`."""

    def logs(self) -> list[Any]:
        """All logs of it up to now. Raises `RpcError`."""


class LogFilter:
    """Logs of the blocks that come, as far as the query goes."""

    def __init__(self, history: History, query: Query) -> None:
        self._history = history
        self._query = query
        self.words = query.words
        self._next = len(history.blocks)
        self._cuts = history.cuts

    def changes(self) -> list[Any]:
        """Those of a few blocks where there are too many for one answer; the next one goes on from there."""
        found: list[Any] = []
        self._next = self._history.first_new(self._next, self._cuts)
        self._cuts = self._history.cuts
        for block in self._history.blocks[self._next :]:
            new = self._query.find([block]) if self._query.covers(block) else []
            if found and len(found) + len(new) > MOST_LOGS:
                break
            found += new
            self._next = block.number + 1
        return found

    def logs(self) -> list[Any]:
        """All of them, also of blocks that were there before it."""
        return find_so_far(self._query, self._history)


class BlockFilter:
    """The hashes of the blocks that come."""

    words = 0

    def __init__(self, history: History) -> None:
        self._history = history
        self._next = len(history.blocks)
        self._cuts = history.cuts

    def changes(self) -> list[Any]:
        """The hashes of the new ones."""
        self._next = self._history.first_new(self._next, self._cuts)
        self._cuts = self._history.cuts
        blocks = self._history.blocks[self._next :]
        self._next += len(blocks)
        return [data(block.hash) for block in blocks]

    def logs(self) -> list[Any]:
        """Raises `RpcError`: it has none."""
        raise RpcError("a filter of blocks has no logs")


class PendingFilter:
    """Transactions as they are taken in; `arrived` is the growing list of the hashes of all, `show` what of one is
    told, None where it is gone."""

    words = 0

    def __init__(self, arrived: list[bytes], show: Callable[[bytes], Any]) -> None:
        self._arrived = arrived
        self._show = show
        self._next = len(arrived)

    def changes(self) -> list[Any]:
        """The new ones."""
        new = self._arrived[self._next :]
        self._next += len(new)
        return [told for told in map(self._show, new) if told is not None]

    def logs(self) -> list[Any]:
        """Raises `RpcError`: it has none."""
        raise RpcError("a filter of waiting transactions has no logs")


class Filters:
    """Filters by their ids."""

    def __init__(self) -> None:
        self._ids = count(1)
        self._filters: dict[int, Filter] = {}

    def add(self, filter: Filter) -> str:
        """The id of a new one. The one goes that was not asked for longest where there are too many."""
        while self._filters and not self._has_room(filter):
            del self._filters[next(iter(self._filters))]
        id = next(self._ids)
        self._filters[id] = filter
        return hex(id)

    def _has_room(self, new: Filter) -> bool:
        words = sum(each.words for each in (*self._filters.values(), new))
        return len(self._filters) < MOST_FILTERS and words <= MOST_WORDS

    def remove(self, id: object) -> bool:
        """Whether there was such a filter."""
        return self._filters.pop(parse_quantity(id, "filter"), None) is not None

    def get(self, id: object) -> Filter:
        """The filter of an id. Raises `RpcError`."""
        number = parse_quantity(id, "filter")
        if number not in self._filters:
            raise RpcError("filter not found")
        filter = self._filters.pop(number)
        self._filters[number] = filter  # the last to go
        return filter
