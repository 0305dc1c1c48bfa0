"""Who takes part: names, addresses and keys of a run's accounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chain.randomness import Streams
from chain.signatures import Key

PROTOCOL = 0  # the protocol's own account number


class Account(NamedTuple):
    """One account: its number in the ledger, its name in the tables, its key."""

    number: int
    name: str
    key: Key

    @property
    def address(self) -> bytes:
        """The 20-byte address."""
        return self.key.address


def derive_accounts(streams: Streams, names: Sequence[str]) -> list[Account]:
    """The protocol's account and one for each of `names`, keys derived from the run's seed by seat."""
    return [
        Account(number, name, Key.derive(streams.secret("key", number)))
        for number, name in enumerate(["protocol", *names])
    ]
