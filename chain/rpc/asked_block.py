"""Which block is meant: a number, a tag, a hash, or an object of EIP-1898."""

from __future__ import annotations

from contextlib import suppress

from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.history import Block, History
from chain.rpc.values import parse_data, parse_quantity, shown

LATEST = frozenset({"latest", "safe", "finalized", "pending"})
NUMBER = f"a number (0x and digits without leading zeros), earliest, {', '.join(sorted(LATEST))}"
MOST_BLOCK = 2**63 - 1
HASH_LETTERS = 66


class UnknownBlock(RpcError):
    """There is no such block, or not yet."""


def parse_tag(tag: object, name: str = "block") -> int | None:
    """A block's number from a number or a tag; None for the last one, whichever that is. Raises `BadParams`, also
    for a number that no block can have, such as a hash is."""
    if tag == "earliest":
        return 0
    if isinstance(tag, str) and tag in LATEST:
        return None
    with suppress(BadParams):
        number = parse_quantity(tag, name)
        if number <= MOST_BLOCK:
            return number
    raise BadParams(f"{name} must be {NUMBER}; not {shown(tag)}")


def known_block(asked: object, history: History) -> Block:
    """The block that is asked for. Raises `BadParams` for what names none, `UnknownBlock`."""
    if isinstance(asked, dict):
        return referred(asked, history)
    if isinstance(asked, str) and len(asked) == HASH_LETTERS:
        return by_hash(asked, history)
    return by_tag(asked, history, "block (or its hash)")


def numbered_if_any(asked: object, history: History) -> Block | None:
    """The block of a number or a tag, which no hash will do for; None where there is no such block. Raises
    `BadParams`."""
    try:
        return by_tag(asked, history)
    except UnknownBlock:
        return None


def referred(asked: dict[str, object], history: History) -> Block:
    """The block of an object of EIP-1898: {"blockNumber": …}, or {"blockHash": …, "requireCanonical": …}."""
    keys = asked.keys()
    if keys == {"blockNumber"}:
        return by_tag(asked["blockNumber"], history, "blockNumber")
    if keys not in ({"blockHash"}, {"blockHash", "requireCanonical"}):
        raise BadParams(f'a block is {{"blockNumber": …}} or {{"blockHash": …}} (EIP-1898), not {shown(asked)}')
    if not isinstance(asked.get("requireCanonical", False), bool):
        raise BadParams(f"requireCanonical is true or false, not {shown(asked['requireCanonical'])}")
    return by_hash(asked["blockHash"], history)


def by_tag(tag: object, history: History, name: str = "block") -> Block:
    """The block of a number or a tag. Raises `BadParams`, `UnknownBlock`."""
    number = parse_tag(tag, name)
    if number is None:
        return history.head
    if number > history.last:
        raise UnknownBlock(f"block {number} is not there yet: the last one is {history.last}")
    return history.blocks[number]


def by_hash(hash: object, history: History) -> Block:
    """The block of a hash. Raises `BadParams`, `UnknownBlock`."""
    block = history.by_hash.get(parse_data(hash, "blockHash", 32))
    if block is None:
        raise UnknownBlock(f"no block has the hash {shown(hash)}")
    return block


def block_if_any(asked: object, history: History) -> Block | None:
    """The same; None where there is no such block. Raises `BadParams`."""
    try:
        return known_block(asked, history)
    except UnknownBlock:
        return None
