"""What the JSON-RPC methods ask of a run."""

from __future__ import annotations

from typing import Protocol

from chain.rpc.history import History
from chain.rpc.transactions import Transaction


class NodeState(Protocol):
    """The state after a block. Amounts in wei."""

    def balance(self, address: bytes) -> int:
        """What an address has free."""

    def count(self, address: bytes) -> int:
        """The transactions of an address so far."""

    def call(self, caller: bytes, to: bytes, call_data: bytes, value: int) -> bytes:
        """What a call returns, of a view or of a transaction that is only tried. Raises `Reverts`, `RpcError`."""


class Node(Protocol):
    """A run, behind the JSON-RPC methods."""

    chain_id: int
    slot_seconds: float
    protocol: bytes
    tickets: bytes
    history: History
    arrived: list[bytes]  # the hashes of all transactions that were taken in

    def state(self, number: int) -> NodeState:
        """The state after a block. Raises `RpcError` where it is not kept."""

    def waiting_of(self, address: bytes) -> int:
        """How many transactions of an address wait."""

    def has_code(self, address: bytes) -> bool:
        """Whether there is a contract."""

    def send(self, transaction: Transaction) -> None:
        """Take in a transaction for the next slot. Raises `RpcError`."""

    def waiting(self, hash: bytes) -> Transaction | None:
        """A transaction that waits."""

    @property
    def left(self) -> int:
        """How many slots the run still has."""

    def mine(self) -> None:
        """Play a slot. Raises `RpcError` at the run's end."""

    def set_time(self, seconds: int) -> None:
        """When the next block is to be. Raises `RpcError`."""

    def snapshot(self) -> int:
        """The id of where the run stands."""

    def revert(self, id: int) -> bool:
        """Put the run back there. Whether there was such a snapshot."""
