"""Who may transfer whose tickets: approvals and operators as in ERC-721, permits as in ERC-4494."""

from __future__ import annotations

from chain.cap import check_room
from chain.collateral import check_collateral, post_collateral, return_collateral
from chain.eip712 import StructType
from chain.errors import NonceUsed, NotApproved, NotOwner, PermitExpired, TicketListed
from chain.state import State
from chain.ticket import Title
from chain.transfer import check_taker, check_wanted

NOBODY = b"\x00" * 20

PERMIT = StructType(
    "Permit",
    [("spender", "address"), ("tokenId", "uint256"), ("nonce", "uint256"), ("deadline", "uint256")],
)


class Approvals:
    """The approvals of a chain, by address, so that accounts outside of the run may be approved as well.

    An approval names the ticket's transfer nonce, and so ends when the ticket moves.
    """

    def __init__(self) -> None:
        self._tickets: dict[int, tuple[int, bytes]] = {}
        self._operators: set[tuple[bytes, bytes]] = set()
        self._permits: set[tuple[object, ...]] = set()  # that were used

    def get_approved(self, title: Title) -> bytes:
        """Who may transfer this ticket beside its owner and operators; `NOBODY` where no one may."""
        nonce, spender = self._tickets.get(title.ticket.serial, (-1, NOBODY))
        if nonce == title.nonce:
            return spender
        return NOBODY

    def is_operator(self, owner: bytes, caller: bytes) -> bool:
        """Whether `caller` may act for all tickets of `owner`."""
        return (owner, caller) in self._operators

    def set_operator(self, owner: bytes, operator: bytes, approved: bool) -> None:
        """Let `operator` act for all tickets of `owner`, or no longer."""
        if approved:
            self._operators.add((owner, operator))
        else:
            self._operators.discard((owner, operator))

    def set_approved(self, title: Title, spender: bytes) -> None:
        """Approve `spender` for this ticket until it moves."""
        self._tickets[title.ticket.serial] = title.nonce, spender

    def is_used(self, permit: tuple[object, ...]) -> bool:
        """Whether a permit of these values was used before."""
        return permit in self._permits

    def use_permit(self, permit: tuple[object, ...]) -> None:
        """A permit is good once: what its owner takes back after it stays taken back."""
        self._permits.add(permit)


def permit_values(spender: bytes, serial: int, nonce: int, deadline: int) -> tuple[object, ...]:
    """What the owner signs, in the order of `PERMIT`. `deadline`: the last second of validity, Unix time."""
    return spender, *(number.to_bytes(32, "big") for number in (serial, nonce, deadline))


def process_approve(state: State, approvals: Approvals, caller: bytes, spender: bytes, serial: int) -> None:
    """`caller`, the ticket's owner or an operator of it, approves `spender`.

    Raises `NotApproved`, `UnknownTicket`, `TicketBurned`.
    """
    title = state.titles.get(serial)
    owner = state.accounts[title.owner].address
    if caller != owner and not approvals.is_operator(owner, caller):
        raise NotApproved(f"0x{caller.hex()} may not approve for ticket {serial} of account {title.owner}")
    approvals.set_approved(title, spender)


def process_permit(
    state: State, approvals: Approvals, spender: bytes, serial: int, deadline: int, signature: bytes, now: int
) -> None:
    """Approve `spender` by the owner's signature, whoever brings it. `now`: seconds of Unix time.

    Raises `PermitExpired`, `NonceUsed` for a permit that was used before, `BadSignature`, `UnknownTicket`,
    `TicketBurned`.
    """
    title = state.titles.get(serial)
    if now > deadline:
        raise PermitExpired(f"the permit for ticket {serial} ended at {deadline}; it is {now}")
    values = permit_values(spender, serial, title.nonce, deadline)
    if approvals.is_used(values):
        raise NonceUsed(f"this permit for ticket {serial} was used before; sign another deadline")
    state.signatures.verify(state.accounts[title.owner].address, PERMIT, values, signature)
    approvals.use_permit(values)
    approvals.set_approved(title, spender)


def process_transfer_from(
    state: State, approvals: Approvals, caller: bytes, giver: int, taker: int, serial: int
) -> None:
    """`caller`, who is the owner or approved by it, transfers a ticket from `giver` to `taker`.

    Raises what `check_transfer_from` raises.
    """
    title = check_transfer_from(state, approvals, caller, giver, taker, serial)
    post_collateral(state, title, taker)
    return_collateral(state, title)
    state.titles.transfer(title, taker, "transfer")


def check_transfer_from(
    state: State, approvals: Approvals, caller: bytes, giver: int, taker: int, serial: int
) -> Title:
    """The title of the ticket that `caller` may transfer so.

    Raises `NotOwner`, `NotApproved`, `TicketListed`, `UnknownTicket`, `TicketBurned`, `BadTaker`, `CapExceeded`,
    `InsufficientFunds`.
    """
    title = state.titles.get(serial)
    owner = state.accounts[giver].address
    if title.owner != giver:
        raise NotOwner(f"ticket {serial} belongs to account {title.owner}, not to {giver}")
    if caller not in (owner, approvals.get_approved(title)) and not approvals.is_operator(owner, caller):
        raise NotApproved(f"0x{caller.hex()} may not transfer ticket {serial} of account {giver}")
    if title.listing is not None:
        raise TicketListed(f"ticket {serial} is in escrow for listing {title.listing}")
    check_taker(state, taker)
    check_wanted(state, taker, caller)
    check_room(state, taker)
    check_collateral(state, taker)
    return title
