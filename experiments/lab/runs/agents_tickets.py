"""What became of each agent's tickets in a run: why it earned what it earned."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.lab.runs.expected_table import MOST_AGENTS
from experiments.lab.runs.folder import TABLES
from experiments.lab.runs.taking_part import Participation, own_first
from experiments.lab.runs.tallies import Tallies, readable, tally
from experiments.lab.terminal.sheet import Cell, Sheet, SheetColumn, number

MARKETS = ("primary", "secondary")
USED = ("proposed", "missed")
COLUMNS = {
    "at_genesis": "had at\ngenesis",
    "from_protocol": "bought from\nthe protocol",
    "from_others": "bought from\nothers",
    "sold": "sold",
    "returned": "given\nback",
    "drawn": "used for\na block",
    "expired": "expired",
    "left": "left at\nthe end",
}
RARE = ("at_genesis", "returned")


class AgentsTickets(NamedTuple):
    """How many tickets some agents had at genesis, bought from the protocol and from others, sold, gave back, had
    drawn for a block of theirs, had expire, and have left."""

    at_genesis: int
    from_protocol: int
    from_others: int
    sold: int
    returned: int
    drawn: int
    expired: int
    left: int


def tickets_sheets(played: Sequence[Participation], folders: Sequence[Path]) -> Iterator[Sheet]:
    """The sheet of a run of one structure in which tickets were sold. Raises `InputError`."""
    if len(played) != 1:
        return
    with readable(folders[0] / TABLES):
        sales = tally(folders[0] / TABLES, "trades", ("market", "seller", "buyer"), "price_gwei")
        ends = tally(folders[0] / TABLES, "tickets", ("end", "owner"), "ticket")
    if any(market in MARKETS for market, *_ in sales):
        yield tickets_sheet(played[0], sales, ends)


def tickets_sheet(played: Participation, sales: Tallies, ends: Tallies) -> Sheet:
    """A row for each agent, the user's own first; many others together. What no ticket had has no column."""
    agents = own_first([played])
    groups = [[agent] for agent in agents[:MOST_AGENTS]]
    if rest := agents[MOST_AGENTS:]:
        groups.append(rest)
    counts = [tickets_of(group, sales, ends) for group in groups]
    shown = [name for name in COLUMNS if name not in RARE or any(getattr(own, name) for own in counts)]
    rows: list[list[Cell]] = [
        [named(group), *(getattr(own, name) for name in shown)] for group, own in zip(groups, counts, strict=True)
    ]
    columns = [SheetColumn("agent", "tickets of"), *(number(name, COLUMNS[name]) for name in shown)]
    return Sheet(columns, rows, name="tickets")


def named(group: Sequence[str]) -> str:
    """What a row is called."""
    return group[0] if len(group) == 1 else f"{len(group):,} others"


def tickets_of(group: Collection[str], sales: Tallies, ends: Tallies) -> AgentsTickets:
    """Those of some agents. What they neither bought nor have any more they had at genesis."""
    bought = {market: rows_with(sales, market, 2, group) for market in MARKETS}
    sold = rows_with(sales, "secondary", 1, group)
    end = {kind: rows_with(ends, kind, 1, group) for kind in ("returned", *USED, "expired", "live")}
    return AgentsTickets(
        at_genesis=sold + sum(end.values()) - sum(bought.values()),
        from_protocol=bought["primary"],
        from_others=bought["secondary"],
        sold=sold,
        returned=end["returned"],
        drawn=sum(end[kind] for kind in USED),
        expired=end["expired"],
        left=end["live"],
    )


def rows_with(tallies: Tallies, first: str, place: int, group: Collection[str]) -> int:
    """How many rows have `first` as their first label, and one of the group at `place`."""
    return sum(own.rows for key, own in tallies.items() if key[0] == first and key[place] in group)
