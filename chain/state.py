"""The protocol's state: plain data, as it stands between two operations."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from chain.account import Account
from chain.beacon import Beacon
from chain.eip712 import keccak
from chain.ledger import Ledger
from chain.near_names import tells_near
from chain.randomness import Streams
from chain.records import Records
from chain.signatures import Signatures
from chain.titles import Titles

Draw = Callable[["State", int], int | None]
"""A draw rule: given the state and a block, the serial of the undrawn ticket that proposes it, or None."""


Blocks = Callable[["State", int], tuple[int, int]]
"""The first and last block that the ticket with a given serial may propose, if it is minted now."""


@tells_near()
class DrawFacts(NamedTuple):
    """What everyone may know of a draw rule; all else asks these facts, and nobody its name.

    `window`: each ticket is for one of so many blocks, its own from the mint on (1: for one block), so that one
    ticket is minted for each block to come; None: tickets are units of one good, any of which may be drawn.
    `has_claims`: holders choose the blocks of their tickets. `span`: how many blocks are drawn at once.
    """

    window: int | None = None
    has_claims: bool = False
    span: int = 1

    @property
    def is_dated(self) -> bool:
        """Whether a ticket has its date from the mint on. There are then as many tickets as dates, N = T + 1."""
        return self.window is not None


class DrawRule(NamedTuple):
    """A draw rule by name, and what it says of itself.

    `blocks` dates a new ticket. `early` is asked at the start of the slot, `late` after its market session for
    a block that is still without a ticket; where there is a late draw there are claims. An epoch of `span` blocks
    is drawn at once, when the draw of its first is due. `window`: see `DrawFacts`.

    What it needs: `needs_maturity`, that tickets expire (dated ones always do); `most_lookahead`, that a block is
    drawn at most so many blocks ahead (None: any number).
    """

    name: str
    blocks: Blocks
    early: Draw
    late: Draw | None = None
    span: int = 1
    window: int | None = None
    needs_maturity: bool = False
    most_lookahead: int | None = None

    @property
    def facts(self) -> DrawFacts:
        """What everyone may know of it."""
        return DrawFacts(window=self.window, has_claims=self.late is not None, span=self.span)


DRAW_KEY = "chain.draw"
"""The key of a config that names a draw rule."""


class OwnRule(NamedTuple):
    """A rule of the user's own: the `key` of the config that names it, its `name` (`file.py:function`), and the
    files that it is made of, each with its SHA-256 (hex)."""

    key: str
    name: str
    files: tuple[tuple[str, str], ...]


@tells_near()
class Rules(NamedTuple):
    """The parameters of a ticket protocol, in rounds of blocks, tickets and Gwei. `maturity` None: tickets never
    expire.

    `supply` live tickets; where it is `elastic`, a ticket is minted when it is sold, and so many are offered a
    slot.

    `refund` is the share of its price that an expired ticket brings back; `haircut` what the protocol keeps of an
    undrawn ticket that is given back (None: it takes none back). `collateral` stands behind each ticket, of which
    `missed_fee` is burned where its slot is missed. `owner_cap`: the most tickets of one owner (None: any number).
    `void`: a ticket for one block that is not sold in its first sale is burned, and its block has none.
    `endowed`: a block that nobody bought is a validator's. `own`: the rules of the user's own.

    Blocks come in rounds of `round`, 0 … B − 1, B … 2B − 1, and so on. A ticket is drawn for a round and proposes
    all its blocks; `maturity`, `lookahead` and `supply` count rounds, and `missed_fee` is for each missed block.
    """

    supply: int
    maturity: int | None
    lookahead: int
    draw: DrawRule
    refund: float = 0.0
    haircut: float | None = None
    collateral: int = 0
    missed_fee: int = 0
    owner_cap: int | None = None
    elastic: bool = False
    void: bool = False
    endowed: bool = False
    own: tuple[OwnRule, ...] = ()
    round: int = 1

    @property
    def ahead(self) -> int:
        """The look-ahead, blocks."""
        return self.lookahead * self.round

    @property
    def drawn_together(self) -> int:
        """How many blocks are drawn in one slot, where any are."""
        return self.draw.span * self.round

    def ends_round(self, slot: int) -> bool:
        """Whether the block of `slot` is the last of a round, or genesis."""
        return (slot + 1) % self.round == 0

    def last_of_round(self, block: int) -> int:
        """The last block of the round in which `block` lies."""
        return block - block % self.round + self.round - 1

    def next_round(self, slot: int) -> int:
        """The first block of the round that begins after this slot."""
        return self.last_of_round(slot) + 1

    @property
    def horizon(self) -> int:
        """How many blocks ahead anyone can hold a ticket that is certain to propose."""
        life = 0
        if self.maturity is not None:
            life = self.maturity
        dealt = 0
        if self.draw.window is not None:
            dealt = self.draw.window - 1
        return (life + self.lookahead + 1) * self.round + dealt

    def preimage(self) -> str:
        """What the rules id hashes: every parameter that decides a ticket's right, as JSON in one line, keys in
        alphabetical order; docs/vectors.md has them."""
        return json.dumps(self._parameters(), sort_keys=True, separators=(",", ":"), ensure_ascii=True)

    def identity(self) -> bytes:
        """The 32-byte rules id that every ticket carries: keccak of the preimage."""
        return keccak(self.preimage().encode())

    def _parameters(self) -> dict[str, object]:
        own = {rule.key: {"name": rule.name, "files": dict(rule.files)} for rule in self.own}
        values = self._asdict() | {"own": own, "draw": self.draw.name}
        for later in ("void", "endowed"):  # what has come since is left out where it is off: older ids stand
            if not values[later]:
                del values[later]
        if self.round == 1:
            del values["round"]
        if DRAW_KEY in own:
            return values | {"draw": own[DRAW_KEY]["name"]}
        return values | {"span": self.draw.span, "window": self.draw.window}


@tells_near()
class Drawn(NamedTuple):
    """The draw of one block: which ticket, out of how many in the urn."""

    ticket: int | None
    urn: int


class Right(NamedTuple):
    """The right to propose a block: who has it, and with which ticket (None: endowed, without tickets)."""

    proposer: int
    ticket: int | None


@tells_near("urn", "beacon", "titles", "slot", "draws", "rules", "ledger", rules=Rules, titles=Titles)
@dataclass(slots=True)
class State:
    """Everything that the protocol knows. `urn` is sorted; `slot` is −1 before block 0.

    `endings` are the serials of tickets by the last block that they may propose; those of blocks up to `ended`
    have expired. `claims` maps a block to the tickets that claim it, each with the transfer nonce of its claim.
    `voided` are the blocks to come whose tickets were burned unsold.
    `wanted` counts the tickets that each account's standing bids may bring it.
    `validators` are the accounts endowed with blocks where there are no tickets, or nobody bought theirs.
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
    endings: dict[int, list[int]] = field(default_factory=dict)
    ended: int = -1
    draws: dict[int, Drawn] = field(default_factory=dict)
    claims: dict[int, dict[int, int]] = field(default_factory=dict)
    claims_from: int = 0  # the first block whose late draw is still to come
    voided: set[int] = field(default_factory=set)
    proposed: int = -1  # the last block whose proposal was settled

    rules_id: bytes = b""
    addresses: list[bytes] = field(default_factory=list)  # by account
    wanted: list[int] = field(default_factory=list)  # by account

    def __post_init__(self) -> None:
        self.rules_id = self.rules.identity()
        self.addresses = [account.address for account in self.accounts]
        self.wanted = [0] * len(self.accounts)


def new_state(
    *,
    rules: Rules,
    accounts: list[Account],
    signatures: Signatures,
    streams: Streams,
    records: Records,
    validators: tuple[int, ...] = (),
) -> State:
    """A chain before genesis, with a ledger and titles that write to `records`, and a beacon out of `streams`."""
    return State(
        rules=rules,
        beacon=Beacon(streams.secret("beacon")),
        signatures=signatures,
        accounts=accounts,
        ledger=Ledger(len(accounts), records),
        titles=Titles(len(accounts), records),
        validators=validators,
    )
