"""Transactions that wait for the next slot: which are taken in, and which of them give way to others."""

from __future__ import annotations

from collections.abc import Mapping

from chain.eip712 import TICKETS_ADDRESS
from chain.money import WEI_PER_GWEI
from chain.rpc.error_codes import BadParams, RpcError
from chain.rpc.transactions import Transaction
from market.contract.code import MARKET_ADDRESS

CONTRACTS = (TICKETS_ADDRESS, MARKET_ADDRESS)
PRICE_BUMP = 10  # percent by which a replacement has to pay more, as in geth


def take_in(waiting: list[Transaction], transaction: Transaction, numbers: Mapping[bytes, int], done: int) -> None:
    """Let a transaction wait, in the place of one with the same nonce where it pays more. `numbers`: accounts by
    their addresses; `done`: how many transactions of its sender were carried out. Raises `RpcError`."""
    check_parties(transaction, numbers)
    own = [each for each in waiting if each.sender == transaction.sender]
    due = done + len(own)
    if transaction.nonce < done:
        raise RpcError(f"nonce too low: next nonce {due}, tx nonce {transaction.nonce}")
    if transaction.nonce > due:
        raise RpcError(f"nonce too high: next nonce {due}, tx nonce {transaction.nonce}")
    if transaction.nonce == due:
        waiting.append(transaction)
        return
    old = own[transaction.nonce - done]
    check_replacement(old, transaction)
    waiting[waiting.index(old)] = transaction


def check_parties(transaction: Transaction, numbers: Mapping[bytes, int]) -> None:
    """Raises `RpcError` unless a transaction is a participant's and goes to a contract or a participant, and
    `BadParams` for a value that is no whole Gwei."""
    if not numbers.get(transaction.sender):
        raise RpcError(f"0x{transaction.sender.hex()} takes no part in the run")
    if transaction.to not in CONTRACTS and not numbers.get(transaction.to):
        raise RpcError(f"0x{transaction.to.hex()} takes no part in the run, and is no contract of it")
    check_value(transaction.value)


def check_value(wei: int) -> None:
    """Raises `BadParams` for what is no whole Gwei."""
    if wei % WEI_PER_GWEI:
        raise BadParams(f"value is {wei} wei: money is whole Gwei here, a multiple of {WEI_PER_GWEI}")


def check_replacement(old: Transaction, new: Transaction) -> None:
    """Raises `RpcError` unless the new one pays more, by enough."""
    for before, now in ((old.fee, new.fee), (old.tip, new.tip)):
        if now <= before or 100 * now < (100 + PRICE_BUMP) * before:
            raise RpcError(
                f"replacement transaction underpriced: fee and tip have to be {PRICE_BUMP} % above {old.fee} and "
                f"{old.tip} wei"
            )
