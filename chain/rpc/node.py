"""What the JSON-RPC methods ask of a run."""

from __future__ import annotations

from typing import Protocol

from chain.rpc.history import History
from chain.rpc.transactions import Transaction


class Node(Protocol):
    """A run, behind the JSON-RPC methods. Amounts in wei."""

    chain_id: int
    slot_seconds: float
    protocol: bytes
    tickets: bytes
    history: History
    arrived: list[bytes]  # the hashes of all transactions that were taken in

    def balance(self, address: bytes) -> int:
        """What an address has free now."""

    def count(self, address: bytes, pending: bool) -> int:
        """The transactions of an address so far, with those that wait if `pending`."""

    def has_code(self, address: bytes) -> bool:
        """Whether there is a contract."""

    def call(self, caller: bytes, to: bytes, call_data: bytes) -> bytes:
        """What a call returns, of a view or of a transaction that is only tried. Raises `Reverts`."""

    def send(self, transaction: Transaction) -> None:
        """Take in a transaction for the next slot. Raises `RpcError`."""

    def waiting(self, hash: bytes) -> Transaction | None:
        """A transaction that waits."""

    @property
    def left(self) -> int:
        """How many slots the run still has."""

    def mine(self) -> None:
        """Play a slot. Raises `RpcError` at the run's end."""
