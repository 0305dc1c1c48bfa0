"""Which logs are asked for, and filters that are polled."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from chain.rpc.as_json import show_log
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.history import Block, History, LoggedEvent
from chain.rpc.values import data, parse_data, parse_quantity, shown

MOST_BLOCKS = 100_000  # in one question for logs
MOST_LOGS = 20_000
MOST_FILTERS = 1_000
MOST_WORDS = 1_000  # addresses, or topics in one place
TAGS = {"latest": -1, "safe": -1, "finalized": -1, "pending": -1}
Words = frozenset[bytes] | None


class Query(NamedTuple):
    """Blocks `first` … `last`, addresses and topics; None stands for any."""

    first: int
    last: int
    addresses: Words
    topics: tuple[Words, ...]

    def matches(self, entry: LoggedEvent) -> bool:
        """Whether the log is one that is asked for, its block aside."""
        topics = entry.emitted.log.topics
        if self.addresses is not None and entry.emitted.address not in self.addresses:
            return False
        if len(self.topics) > len(topics):
            return False
        return all(wanted is None or topic in wanted for wanted, topic in zip(self.topics, topics, strict=False))

    def find(self, blocks: list[Block]) -> list[dict[str, Any]]:
        """The logs in these blocks. Raises `RpcError` where there are too many."""
        found = [show_log(entry, block) for block in blocks for entry in block.entries if self.matches(entry)]
        if len(found) > MOST_LOGS:
            raise RpcError(f"more than {MOST_LOGS} logs; ask for fewer blocks")
        return found


def parse_block(tag: object, history: History) -> int:
    """A block's number from a number or a tag. Raises `BadParams`."""
    if tag == "earliest":
        return 0
    if isinstance(tag, str) and tag in TAGS:
        return history.last
    return parse_quantity(tag, "block")


def parse_query(asked: object, history: History) -> Query:
    """The filter object of `eth_getLogs`. Raises `BadParams`, `RpcError`."""
    if not isinstance(asked, dict):
        raise BadParams(f"a filter is an object, not {shown(asked)}")
    if asked.get("blockHash") is not None:
        block = history.by_hash.get(parse_data(asked["blockHash"], "blockHash", 32))
        if block is None:
            raise RpcError("unknown block")
        first = last = block.number
    else:
        first, last = (parse_block(named(asked, name), history) for name in ("fromBlock", "toBlock"))
    if min(last, history.last) - first >= MOST_BLOCKS:
        raise RpcError(f"a question for logs covers at most {MOST_BLOCKS} blocks")
    topics = asked.get("topics")
    if topics is None:
        topics = []
    if not isinstance(topics, list) or len(topics) > 4:
        raise BadParams(f"topics is a list of at most 4, not {shown(topics)}")
    addresses = parse_words(asked.get("address"), "address", 20)
    return Query(first, last, addresses, tuple(parse_words(topic, "topic", 32) for topic in topics))


def named(asked: dict[str, object], name: str) -> object:
    """A block as it is asked for; the last one where it is not named."""
    if asked.get(name) is None:
        return "latest"
    return asked[name]


def parse_words(asked: object, name: str, size: int) -> Words:
    """One word, or a list of which any will do; null is any at all."""
    if asked is None or asked == []:
        return None
    words: list[object] = [asked]
    if isinstance(asked, list):
        words = asked
    if len(words) > MOST_WORDS:
        raise BadParams(f"at most {MOST_WORDS} of {name} at a time")
    return frozenset(parse_data(word, name, size) for word in words)


class Filters:
    """Filters by their ids, each with the block up to which it was answered."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._ids = count(1)
        self._queries: dict[int, Query | None] = {}
        self._next: dict[int, int] = {}

    def add(self, query: Query | None) -> str:
        """A new filter, of logs or (None) of blocks. The oldest goes where there are too many."""
        if len(self._queries) >= MOST_FILTERS:
            self.remove(hex(next(iter(self._queries))))
        id = next(self._ids)
        self._queries[id] = query
        self._next[id] = len(self._history.blocks)
        return hex(id)

    def remove(self, id: object) -> bool:
        """Whether there was such a filter."""
        number = parse_quantity(id, "filter")
        self._next.pop(number, None)
        return self._queries.pop(number, self) is not self

    def changes(self, id: object) -> list[Any]:
        """What is new since the last time. Raises `RpcError`."""
        number = self._known(id)
        query = self._queries[number]
        blocks = self._history.blocks[self._next[number] :]
        if query is None:
            found: list[Any] = [data(block.hash) for block in blocks]
        else:
            found = query.find(list(within(query, blocks)))
        self._next[number] = len(self._history.blocks)
        return found

    def logs(self, id: object) -> list[Any]:
        """All logs of a filter. Raises `RpcError`."""
        query = self._queries[self._known(id)]
        if query is None:
            raise RpcError("a filter of blocks has no logs")
        return query.find(self._history.blocks[query.first : query.last + 1])

    def _known(self, id: object) -> int:
        number = parse_quantity(id, "filter")
        if number not in self._queries:
            raise RpcError("filter not found")
        return number


def within(query: Query, blocks: list[Block]) -> Iterator[Block]:
    """The blocks from the query's first on: what is polled has no end."""
    return (block for block in blocks if block.number >= query.first)
