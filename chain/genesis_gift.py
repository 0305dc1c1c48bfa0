"""Tickets that are given away before block 0, at a price that is spent and no revenue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from chain.account import PROTOCOL
from chain.collateral import post_collateral
from chain.eip712 import StructType
from chain.errors import BlockProposed, InsufficientFunds
from chain.ledger import check_amount
from chain.records import Records, Schema
from chain.state import State
from chain.transfer import check_taker

HAND_OUT = StructType("HandOut", [("account", "address"), ("ticket", "uint64"), ("price", "uint64")])

HAND_OUTS = Schema(
    "hand_outs",
    "Every ticket that was handed out at a price before block 0, in a signed run.",
    [
        ("ticket", "integer", "its serial"),
        ("account", "account", "who took it, and signed for the price"),
        ("price_gwei", "gwei", "the price, Gwei"),
        ("signature", "signature", "EIP-712 signature"),
    ],
)


class HandOut(NamedTuple):
    """`account` takes `ticket` at genesis for `price` Gwei. It signs that, unless the ticket costs nothing and no
    collateral stands behind it."""

    account: int
    ticket: int
    price: int
    signature: bytes = b""


def hand_out_values(state: State, hand_out: HandOut) -> tuple[object, ...]:
    """What the account signs, in the order of `HAND_OUT`."""
    return state.accounts[hand_out.account].address, hand_out.ticket, hand_out.price


def sign_hand_out(state: State, hand_out: HandOut) -> HandOut:
    """The same, signed by the account's key, where it takes anything from it."""
    if not needs_consent(state, hand_out):
        return hand_out
    key = state.accounts[hand_out.account].key
    return hand_out._replace(signature=state.signatures.sign(key, HAND_OUT, hand_out_values(state, hand_out)))


def needs_consent(state: State, hand_out: HandOut) -> bool:
    """Whether the account gives anything for its ticket: a price, or collateral."""
    return hand_out.price > 0 or state.rules.collateral > 0


def process_hand_out(state: State, hand_out: HandOut) -> None:
    """Before block 0: give a first ticket away.

    Raises `UnknownTicket`, `TicketMoved`, `BlockProposed` later on, `BadAmount`, `BadSignature` for a price,
    or collateral, that the account did not sign for, `BadTaker`, `InsufficientFunds`.
    """
    title = state.titles.owned(hand_out.ticket, PROTOCOL, 0)
    if state.slot >= 0:
        raise BlockProposed(f"tickets are handed out before block 0; the slot is {state.slot}")
    check_amount(hand_out.price, "price")
    address = state.accounts[hand_out.account].address
    if needs_consent(state, hand_out):
        state.signatures.verify(address, HAND_OUT, hand_out_values(state, hand_out), hand_out.signature)
    check_taker(state, hand_out.account)
    needed = hand_out.price + state.rules.collateral
    if needed > state.ledger.free(hand_out.account):
        raise InsufficientFunds(
            f"account {hand_out.account} has not the {needed} Gwei for ticket {hand_out.ticket}"
        )
    state.ledger.spend("genesis", hand_out.account, hand_out.price, hand_out.ticket)
    post_collateral(state, title, hand_out.account)
    state.titles.transfer(title, hand_out.account, "genesis")


def record_hand_outs(records: Records, hand_outs: Iterable[HandOut]) -> None:
    """Write down those that were signed; where none was, there is no such table."""
    signed = [hand_out for hand_out in hand_outs if hand_out.signature]
    if not signed:
        return
    table = records.table(HAND_OUTS)
    for hand_out in signed:
        table.append((hand_out.ticket, hand_out.account, hand_out.price, hand_out.signature))
