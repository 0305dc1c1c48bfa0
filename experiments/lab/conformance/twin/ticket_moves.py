"""Transfers and approvals, on both sides."""

from __future__ import annotations

from functools import partial

from chain.approvals import check_transfer_from, process_approve, process_permit, process_transfer_from
from chain.errors import Refused
from chain.evm.abi import Tail, encode, selector
from chain.transfer import Transfer, process_transfer
from experiments.lab.conformance.twin.both_sides import BothSides, ContractCall, refusal_of
from experiments.lab.conformance.twin.parties import CALLS_BACK, REJECTING, WALLET

SAFE = "safeTransferFrom(address,address,uint256)"
SAFE_WITH_DATA = "safeTransferFrom(address,address,uint256,bytes)"
TRANSFER_FROM = selector("transferFrom(address,address,uint256)")


class TicketMoves(BothSides):
    """What holders do with their tickets beside selling them."""

    def transfer(self, transfer: Transfer, caller: bytes | None = None) -> None:
        """A transfer that its giver signed."""
        giver = self.addresses[transfer.giver]
        taker = self.addresses[transfer.taker]
        words = (giver, taker, transfer.ticket, transfer.nonce, Tail.of_bytes(transfer.signature))
        caller = caller or taker
        act = partial(process_transfer, self.state, transfer, caller)
        self._step("signed transfer", act, ContractCall("transferSigned", caller, words))

    def transfer_from(self, caller: bytes, giver: int, taker: int, serial: int) -> None:
        """A transfer by its sender."""
        act = partial(process_transfer_from, self.state, self.approvals, caller, giver, taker, serial)
        words = (self.addresses[giver], self.addresses[taker], serial)
        self._step("transfer", act, ContractCall("transferFrom", caller, words))

    def safe_transfer(self, caller: bytes, giver: int, taker: int, serial: int, onward: int | None = None) -> None:
        """The same; a contract is asked. One that calls back sends the ticket on to `onward`."""
        words: tuple[object, ...] = (self.addresses[giver], self.addresses[taker], serial)
        function = SAFE
        if onward is not None:
            there = (self.addresses[taker], self.addresses[onward], serial)
            words = (*words, Tail.of_bytes(TRANSFER_FROM + encode(there)))
            function = SAFE_WITH_DATA
        act = partial(self._send_safely, caller, giver, taker, serial, onward)
        self._step("safe transfer", act, ContractCall(function, caller, words))

    def approve(self, caller: bytes, spender: bytes, serial: int) -> None:
        """Approve someone for one ticket."""

        def act() -> None:
            process_approve(self.state, self.approvals, caller, spender, serial)
            self._hear_approval(spender, serial)

        self._step("approval", act, ContractCall("approve", caller, (spender, serial)))

    def set_operator(self, owner: int, operator: bytes, approved: bool) -> None:
        """Approve someone for all tickets, or no longer."""
        address = self.addresses[owner]

        def act() -> None:
            self.approvals.set_operator(address, operator, approved)
            self._heard.hear("operators", (address, operator, approved))

        self._step("operator", act, ContractCall("setApprovalForAll", address, (operator, approved)))

    def permit(self, caller: bytes, spender: bytes, serial: int, deadline: int, signature: bytes) -> None:
        """Approve someone by signature."""

        def act() -> None:
            process_permit(self.state, self.approvals, spender, serial, deadline, signature, self.now)
            self._hear_approval(spender, serial)

        self._step(
            "permit", act, ContractCall("permit", caller, (spender, serial, deadline, Tail.of_bytes(signature)))
        )

    def _hear_approval(self, spender: bytes, serial: int) -> None:
        self._heard.hear("approvals", (self.state.titles.get(serial).owner, spender, serial))

    def _send_safely(self, caller: bytes, giver: int, taker: int, serial: int, onward: int | None) -> None:
        send = partial(process_transfer_from, self.state, self.approvals)
        if taker in ANSWERS:
            check_transfer_from(self.state, self.approvals, caller, giver, taker, serial)
            raise ANSWERS[taker]
        send(caller, giver, taker, serial)
        if taker == CALLS_BACK and onward is not None:
            refusal_of(partial(send, self.addresses[taker], taker, onward, serial))


class NotReceiver(Refused):
    """The contract did not answer that it takes tickets."""


class SaysNothing(Refused):
    """A contract reverted without a reason."""


SaysNothing.code = ""

ANSWERS: dict[int, type[Refused]] = {WALLET: NotReceiver, REJECTING: SaysNothing}
"""What contracts answer that take no tickets."""
