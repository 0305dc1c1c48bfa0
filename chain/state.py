"""The protocol's state: plain data, as it stands between two operations."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from chain.account import Account
from chain.beacon import Beacon
from chain.eip712 import keccak
from chain.ledger import Ledger
from chain.signatures import Signatures
from chain.titles import Titles

Draw = Callable[["State", int], int | None]
"""A draw rule: given the state and a block, the serial of the undrawn ticket that proposes it, or None."""


Blocks = Callable[["State", int], tuple[int, int]]
"""The first and last block that the ticket with a given serial may propose, if it is minted now."""


class DrawRule(NamedTuple):
    """A draw rule by name.

    `blocks` dates a new ticket. `early` is asked at the start of the slot, `late` after its market session for
    a block that is still without a ticket; where there is a late draw there are claims.
    """

    name: str
    blocks: Blocks
    early: Draw
    late: Draw | None = None


class Rules(NamedTuple):
    """The parameters of a ticket protocol, in blocks and tickets. `maturity` None: tickets never expire."""

    supply: int
    maturity: int | None
    lookahead: int
    draw: DrawRule
    refund: float = 0.0

    def identity(self) -> bytes:
        """The 32-byte rules id that every ticket carries."""
        text = f"{self.supply}/{self.maturity}/{self.lookahead}/{self.draw.name}/{self.refund}"
        return keccak(text.encode())


class Drawn(NamedTuple):
    """The draw of one block: which ticket, out of how many in the urn."""

    ticket: int | None
    urn: int


class Right(NamedTuple):
    """The right to propose a block: who has it, and with which ticket (None: endowed, without tickets)."""

    proposer: int
    ticket: int | None


@dataclass(slots=True)
class State:
    """Everything that the protocol knows. `urn` is sorted; `slot` is −1 before block 0.

    `claims` maps a block to the tickets that claim it, each with the transfer nonce of its claim.
    `validators` are the accounts endowed with blocks where there are no tickets.
    """

    rules: Rules
    beacon: Beacon
    signatures: Signatures
    accounts: list[Account]
    ledger: Ledger
    titles: Titles
    validators: tuple[int, ...] = ()
    slot: int = -1
    urn: list[int] = field(default_factory=list)
    draws: dict[int, Drawn] = field(default_factory=dict)
    claims: dict[int, dict[int, int]] = field(default_factory=dict)
    claims_from: int = 0  # the first block whose late draw is still to come
    proposed: int = -1  # the last block whose proposal was settled

    rules_id: bytes = b""

    def __post_init__(self) -> None:
        self.rules_id = self.rules.identity()
