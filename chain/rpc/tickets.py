"""The ticket contract's functions, on the state of a run that goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chain.approvals import Approvals, process_approve, process_permit, process_transfer_from
from chain.errors import Refused
from chain.evm.abi import Log, event, word
from chain.evm.token_uri import token_uri
from chain.state import State

INTERFACES = {bytes.fromhex(name) for name in ("01ffc9a7", "80ac58cd", "5b5e139f", "5604e225")}
VIEWS = frozenset(
    {
        "supportsInterface",
        "name",
        "symbol",
        "DOMAIN_SEPARATOR",
        "totalSupply",
        "balanceOf",
        "ownerOf",
        "nonces",
        "getApproved",
        "isApprovedForAll",
        "tokenURI",
        "slot",
        "protocol",
        "minted",
        "urnSize",
    }
)
ACTIONS = frozenset({"approve", "setApprovalForAll", "permit", "transferFrom", "safeTransferFrom"})
FUNCTIONS = VIEWS | ACTIONS


class UnknownAccount(Refused):
    """The address takes no part in the run."""


class TicketCode:
    """ERC-165, ERC-721 and ERC-4494 on the tickets of a run. `now`: the time of the next block, seconds."""

    def __init__(self, state: State, approvals: Approvals, now: Callable[[], int]) -> None:
        self._state = state
        self._approvals = approvals
        self._now = now
        self._numbers = {account.address: account.number for account in state.accounts}

    def view(self, name: str, arguments: tuple[Any, ...]) -> Any:
        """What the view `name` returns. Raises `UnknownTicket`, `TicketBurned`."""
        return getattr(self, f"_{name}")(*arguments)

    def act(self, caller: bytes, name: str, arguments: tuple[Any, ...]) -> list[Log]:
        """Carry out a function for `caller`. Raises `Refused`."""
        logs: list[Log] = getattr(self, f"_{name}")(caller, *arguments)
        return logs

    # Views

    def _supportsInterface(self, interface: bytes) -> bool:  # noqa: N802
        return interface in INTERFACES

    def _name(self) -> str:
        return "Execution tickets"

    def _symbol(self) -> str:
        return "ET"

    def _DOMAIN_SEPARATOR(self) -> bytes:  # noqa: N802
        return self._state.signatures.domain.separator

    def _totalSupply(self) -> int:  # noqa: N802
        return len(self._state.titles.live)

    def _balanceOf(self, owner: str) -> int:  # noqa: N802
        number = self._numbers.get(bytes.fromhex(owner[2:]))
        if number is None:
            return 0
        return len(self._state.titles.holdings[number])

    def _ownerOf(self, serial: int) -> bytes:  # noqa: N802
        return self._state.accounts[self._state.titles.get(serial).owner].address

    def _nonces(self, serial: int) -> int:
        return self._state.titles.get(serial).nonce

    def _getApproved(self, serial: int) -> bytes:  # noqa: N802
        return self._approvals.get_approved(self._state.titles.get(serial))

    def _isApprovedForAll(self, owner: str, operator: str) -> bool:  # noqa: N802
        return self._approvals.is_operator(bytes.fromhex(owner[2:]), bytes.fromhex(operator[2:]))

    def _tokenURI(self, serial: int) -> str:  # noqa: N802
        return token_uri(self._state.titles.get(serial), self._state.rules.round)

    def _slot(self) -> int:
        return self._state.slot

    def _protocol(self) -> bytes:
        return self._state.accounts[0].address

    def _minted(self) -> int:
        return self._state.titles.minted

    def _urnSize(self) -> int:  # noqa: N802
        return len(self._state.urn)

    # Transactions

    def _approve(self, caller: bytes, spender: str, serial: int) -> list[Log]:
        approved = bytes.fromhex(spender[2:])
        process_approve(self._state, self._approvals, caller, approved, serial)
        return [self._approval(approved, serial)]

    def _permit(self, caller: bytes, spender: str, serial: int, deadline: int, signature: bytes) -> list[Log]:  # noqa: ARG002
        approved = bytes.fromhex(spender[2:])
        process_permit(self._state, self._approvals, approved, serial, deadline, signature, self._now())
        return [self._approval(approved, serial)]

    def _setApprovalForAll(self, caller: bytes, operator: str, approved: bool) -> list[Log]:  # noqa: N802
        who = bytes.fromhex(operator[2:])
        self._approvals.set_operator(caller, who, approved)
        return [event("ApprovalForAll(address,address,bool)", caller, who, data=word(approved))]

    def _transferFrom(self, caller: bytes, giver: str, taker: str, serial: int) -> list[Log]:  # noqa: N802
        parties = self._number(giver), self._number(taker)
        process_transfer_from(self._state, self._approvals, caller, *parties, serial)
        return []

    def _safeTransferFrom(  # noqa: N802
        self, caller: bytes, giver: str, taker: str, serial: int, _: bytes = b""
    ) -> list[Log]:
        """The same: participants are no contracts, and are asked nothing."""
        return self._transferFrom(caller, giver, taker, serial)

    def _approval(self, spender: bytes, serial: int) -> Log:
        return event("Approval(address,address,uint256)", self._ownerOf(serial), spender, serial)

    def _number(self, address: str) -> int:
        number = self._numbers.get(bytes.fromhex(address[2:]))
        if not number:
            raise UnknownAccount(f"{address} takes no part in the run")
        return number
