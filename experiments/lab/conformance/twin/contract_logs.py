"""The logs that the contract must write, from the rows that the protocol's tables get."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from chain.eip712 import UINT64_MAX
from chain.evm.abi import Log, Tail, encode, event, word
from chain.records import Names, Records, Schema, Table
from chain.state import State
from chain.ticket import NEVER
from chain.titles import TICKETS, TRANSFERS

Row = tuple[Any, ...]
Dates = tuple[int, int, int]
"""The slot of the mint, and the first and the last block."""
NOBODY = b"\0" * 20
END = [column.name for column in TICKETS.columns].index("end")
OWNER = [column.name for column in TICKETS.columns].index("owner")
REASON = [column.name for column in TRANSFERS.columns].index("reason")
SERIAL = [column.name for column in TRANSFERS.columns].index("ticket")


class Fact(NamedTuple):
    """A row of a table, or what no table holds: draws, blocks used of a round, and approvals."""

    table: str
    row: Row


class Heard(Records):
    """Tables whose rows are heard and not kept."""

    def __init__(self, names: Names) -> None:
        super().__init__(Path("unwritten"), names)
        self._facts: list[Fact] = []

    def table(self, schema: Schema) -> Table:
        table = super().table(schema)
        table.append = partial(self.hear, schema.name)
        return table

    def hear(self, table: str, row: Row) -> None:
        """Take in one fact."""
        self._facts.append(Fact(table, row))

    def take(self) -> list[Fact]:
        """What was heard since the last time."""
        facts = self._facts
        self._facts = []
        return facts


def expected_logs(facts: Iterable[Fact], state: State) -> list[Log]:
    """The logs for these facts, in their order. `state`: as it is after them."""
    told = [fact for fact in facts if fact.table in WRITERS]
    ended_since = {fact.row[0]: dates_in(fact.row) for fact in told if fact.table == "tickets"}
    return [log for fact in told for log in logs_of(fact, state, ended_since)]


def logs_of(fact: Fact, state: State, ended_since: dict[int, Dates]) -> Iterator[Log]:
    """Those of one fact. A ticket that is minted may be burned among the facts: then its row has its dates."""
    yield from WRITERS[fact.table](fact.row, state)
    if is_mint(fact):
        serial = fact.row[SERIAL]
        title = state.titles.live.get(serial)
        dates = ended_since[serial] if title is None else title.ticket[1:4]
        yield minted(serial, dates)


def is_mint(fact: Fact) -> bool:
    """Whether its logs have to be written while its ticket is live."""
    return fact.table == "transfers" and fact.row[REASON] == "mint"


def is_burn(fact: Fact) -> bool:
    """Whether a ticket ends with it."""
    return fact.table == "transfers" and fact.row[REASON] == "burn"


def transferred(row: Row, state: State) -> Iterator[Log]:
    _, _, serial, _, giver, taker, _ = row
    yield event("Transfer(address,address,uint256)", address(state, giver), address(state, taker), serial)


def minted(serial: int, dates: Dates) -> Log:
    mint, first, last = dates
    return event("Minted(uint256,uint64,uint64,uint64)", serial, data=encode((mint & UINT64_MAX, first, last)))


def dates_in(row: Row) -> Dates:
    """Those of a ticket, from the row of its life."""
    _, mint, first, last, *_ = row
    return mint, first, NEVER if last is None else last


def ended(row: Row, state: State) -> Iterator[Log]:
    if row[END] != "live":
        owner = address(state, row[OWNER])
        yield event("Burned(uint256,address,string)", row[0], owner, data=label(row[END]))


def sold(row: Row, state: State) -> Iterator[Log]:
    _, _, _, market, _, _, serial, _, _, _, seller, buyer, price, *_ = row
    if market in ("primary", "secondary"):
        parties = (address(state, seller), address(state, buyer))
        yield event("Sold(uint256,address,address,uint256)", serial, *parties, data=word(price))


def drawn(row: Row, state: State) -> Iterator[Log]:  # noqa: ARG001
    serial, block, urn = row
    yield event("Drawn(uint256,uint256,uint256)", serial, block, data=word(urn))


def used(row: Row, state: State) -> Iterator[Log]:  # noqa: ARG001
    serial, block, end = row
    yield event("Used(uint256,uint256,string)", serial, block, data=label(end))


def approved(row: Row, state: State) -> Iterator[Log]:
    owner, spender, serial = row
    yield event("Approval(address,address,uint256)", address(state, owner), spender, serial)


def operated(row: Row, state: State) -> Iterator[Log]:  # noqa: ARG001
    owner, operator, is_approved = row
    yield event("ApprovalForAll(address,address,bool)", owner, operator, data=word(is_approved))


WRITERS = {
    "transfers": transferred,
    "tickets": ended,
    "trades": sold,
    "draws": drawn,
    "used": used,
    "approvals": approved,
    "operators": operated,
}


def label(word: str) -> bytes:
    """A string as the data of an event."""
    return encode((Tail.of_bytes(word.encode()),))


def address(state: State, account: int | None) -> bytes:
    if account is None:
        return NOBODY
    return state.accounts[account].address
