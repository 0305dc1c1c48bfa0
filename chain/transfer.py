"""A transfer that the owner signs: the ticket goes to someone else, without a market."""

from __future__ import annotations

from typing import NamedTuple

from chain.account import PROTOCOL
from chain.cap import check_room
from chain.collateral import post_collateral, return_collateral
from chain.eip712 import StructType
from chain.errors import BadTaker, NotApproved
from chain.state import State

TRANSFER = StructType(
    "Transfer",
    [("giver", "address"), ("taker", "address"), ("ticket", "uint64"), ("transferNonce", "uint64")],
)


class Transfer(NamedTuple):
    """Give `ticket`, at its transfer nonce `nonce`, to another account."""

    giver: int
    taker: int
    ticket: int
    nonce: int
    signature: bytes = b""


def transfer_values(state: State, transfer: Transfer) -> tuple[object, ...]:
    """What the giver signs, in the order of `TRANSFER`."""
    giver, taker = (state.accounts[account].address for account in (transfer.giver, transfer.taker))
    return giver, taker, transfer.ticket, transfer.nonce


def check_taker(state: State, taker: int) -> None:
    """Raises `BadTaker` where a ticket is given to the protocol, which pays no fee for a missed slot, or to
    the zero address, which is nobody."""
    if taker == PROTOCOL:
        raise BadTaker("the protocol takes no tickets as a gift; give back an undrawn one by a return")
    if not any(state.addresses[taker]):
        raise BadTaker("the zero address is nobody: a ticket cannot be given to it")


def check_wanted(state: State, taker: int, caller: bytes) -> None:
    """Raises `NotApproved` where collateral stands behind tickets and the taker does not make the call itself.

    Else a drawn ticket, and the fee for its slot, could be put on anyone who has money.
    """
    if state.rules.collateral and caller != state.addresses[taker]:
        raise NotApproved(f"collateral stands behind tickets: account {taker} takes one by its own call alone")


def process_transfer(state: State, transfer: Transfer, caller: bytes | None = None) -> None:
    """Carry out a signed transfer, once: it raises the transfer nonce that it names. `caller`: the address that
    brings it, left out its taker.

    The taker posts the ticket's collateral and needs room under the owner's cap.

    Raises `TicketMoved`, `NotOwner`, `TicketListed`, `TicketBurned`, `UnknownTicket`, `BadSignature`,
    `BadTaker`, `NotApproved`, `CapExceeded`, `InsufficientFunds`.
    """
    title = state.titles.free(transfer.ticket, transfer.giver, transfer.nonce)
    address = state.accounts[transfer.giver].address
    state.signatures.verify(address, TRANSFER, transfer_values(state, transfer), transfer.signature)
    check_taker(state, transfer.taker)
    check_wanted(state, transfer.taker, caller or state.addresses[transfer.taker])
    check_room(state, transfer.taker)
    post_collateral(state, title, transfer.taker)
    return_collateral(state, title)
    state.titles.transfer(title, transfer.taker, "transfer")
