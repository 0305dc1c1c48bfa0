"""Which logs are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from chain.rpc.as_json import show_log
from chain.rpc.asked_block import by_hash, parse_tag
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.history import Block, History, LoggedEvent
from chain.rpc.values import parse_data, shown

MOST_BLOCKS = 100_000  # in one question for logs
MOST_LOGS = 20_000
MOST_WORDS = 1_000  # addresses, or topics in one place
Words = frozenset[bytes] | None


class Query(NamedTuple):
    """Blocks `first` … `last`, addresses and topics; None stands for the last block when it is asked, and for any
    word."""

    first: int | None
    last: int | None
    addresses: Words
    topics: tuple[Words, ...]

    @property
    def words(self) -> int:
        """How many addresses and topics it has."""
        return sum(len(words) for words in (self.addresses, *self.topics) if words is not None)

    def matches(self, entry: LoggedEvent) -> bool:
        """Whether the log is one that is asked for, its block aside."""
        topics = entry.emitted.log.topics
        if self.addresses is not None and entry.emitted.address not in self.addresses:
            return False
        if len(self.topics) > len(topics):
            return False
        return all(wanted is None or topic in wanted for wanted, topic in zip(self.topics, topics, strict=False))

    def find(self, blocks: Iterable[Block]) -> list[dict[str, Any]]:
        """The logs in these blocks. Raises `RpcError` where there are too many."""
        found = [show_log(entry, block) for block in blocks for entry in block.entries if self.matches(entry)]
        if len(found) > MOST_LOGS:
            raise RpcError(f"more than {MOST_LOGS} logs; ask for fewer blocks")
        return found

    def span(self, history: History) -> range:
        """The numbers of its blocks, as far as they are there."""
        first = history.last if self.first is None else self.first
        last = history.last if self.last is None else min(self.last, history.last)
        return range(first, last + 1)

    def covers(self, block: Block) -> bool:
        """Whether a block that has just come is one of those: the last one always is."""
        return (self.first or 0) <= block.number and (self.last is None or block.number <= self.last)


def find_now(query: Query, history: History) -> list[dict[str, Any]]:
    """The logs of `eth_getLogs`. Raises `BadParams` for blocks that are not there yet, `RpcError`."""
    head = history.last
    first, last = (head if end is None else end for end in (query.first, query.last))
    if max(first, last) > head:
        raise BadParams(f"the range of blocks {first} … {last} extends beyond the head, {head}")
    check_order(first, last)
    return find_so_far(query, history)


def find_so_far(query: Query, history: History) -> list[dict[str, Any]]:
    """The logs of a filter up to now. Raises `RpcError`."""
    span = query.span(history)
    if len(span) > MOST_BLOCKS:
        raise RpcError(f"a question for logs covers at most {MOST_BLOCKS} blocks")
    return query.find(history.blocks[span.start : span.stop])


def parse_query(asked: object, history: History) -> Query:
    """The filter object of `eth_getLogs`. Raises `BadParams`, `RpcError`."""
    if not isinstance(asked, dict):
        raise BadParams(f"a filter is an object, not {shown(asked)}")
    first, last = parse_span(asked, history)
    topics = asked.get("topics")
    if topics is None:
        topics = []
    if not isinstance(topics, list) or len(topics) > 4:
        raise BadParams(f"topics is a list of at most 4, not {shown(topics)}")
    addresses = parse_words(asked.get("address"), "address", 20)
    return Query(first, last, addresses, tuple(parse_words(topic, "topic", 32) for topic in topics))


def parse_span(asked: dict[str, object], history: History) -> tuple[int | None, int | None]:
    """The first block and the last one that are asked for. Raises `BadParams`, `UnknownBlock`."""
    ends = {name: asked.get(name) for name in ("fromBlock", "toBlock")}
    if asked.get("blockHash") is None:
        first, last = (parse_tag("latest" if end is None else end, name) for name, end in ends.items())
        if first is not None and last is not None:
            check_order(first, last)
        return first, last
    if any(end is not None for end in ends.values()):
        raise BadParams("blockHash stands beside fromBlock or toBlock: give one or the other")
    number = by_hash(asked["blockHash"], history).number
    return number, number


def check_not_over(query: Query, history: History) -> None:
    """Raises `BadParams` for a filter from the last block on that ends before it."""
    if query.first is None and query.last is not None:
        check_order(history.last, query.last)


def check_goes_on(query: Query, history: History) -> None:
    """Raises `BadParams` for a subscription to blocks that have all been."""
    if query.last is not None and query.last <= history.last:
        raise BadParams(f"blocks end at {query.last}, and the last one is {history.last}: no log is to come")


def check_order(first: int, last: int) -> None:
    """Raises `BadParams` for a range that is none."""
    if first > last:
        raise BadParams(f"the range of blocks is reversed: from {first} to {last}")


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
