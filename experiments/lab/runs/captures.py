"""The captures of a summary, from the tables, in passes of which none holds more than the live tickets."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from chain.column_values import NOWHERE, having, listed, whole
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.expected_rewards import GENESIS, Sale
from experiments.lab.metrics.matched_capture import ENDS
from experiments.lab.runs.known_rewards import KnownRewards
from experiments.lab.runs.tallies import Read, Tallies

NO_TICKETS = "there are no tickets"
OF_NOTHING = "what it is a share of is 0, or next to it"
MATCHED = ("capture", "capture_expected", "tickets_ended_per_block", "handed_out_tickets")


def captures(
    law: KnownRewards, read: Read, revenue: int, blocks: int, reward: int, tickets: Tallies | None
) -> dict[str, Any]:
    """Matched capture, that of expected rewards, and of how many tickets; and why one of them is None.

    `law`: of the rewards, and `read` gives the tables.
    `revenue`: all that was paid for tickets, less refunds, and `reward`: of all blocks, Gwei. `tickets`: by end
    and owner; None where the market structure has none.
    """
    if tickets is None:
        return {**dict.fromkeys(MATCHED), "missing": dict.fromkeys(MATCHED, NO_TICKETS)}
    handed_out = count_handed_out(read)
    matched = revenue - paid_for_live(read)
    expected = expected_reward(read, law, blocks, handed_out)
    ended = sum(tally.rows for (end, owner), tally in tickets.items() if is_ended(end, owner))
    found = {
        "capture": ratio(matched, reward),
        "capture_expected": None if expected is None else ratio(matched, expected),
        "tickets_ended_per_block": ratio(ended, blocks),
        "handed_out_tickets": count_ended_of(read, handed_out),
    }
    missing = {name: OF_NOTHING for name, figure in found.items() if figure is None}
    if law.missing:
        missing["capture_expected"] = law.missing
    return {**found, "missing": missing}


def paid_for_live(read: Read) -> int:
    """What was paid for the tickets that are live at the end, Gwei."""
    live = np.array([ticket for (ticket,) in rows_with(read, "tickets", "end", "live", "ticket")], np.int64)
    paid = 0
    for batch in read("payments", "reason", "ticket", "amount_gwei"):
        reasons, tickets, amounts = batch.columns
        primary = having(reasons, "primary")
        chosen = primary[np.isin(whole(tickets, NOWHERE)[primary], live)]
        paid += sum(whole(amounts, 0)[chosen].tolist())
    return paid


def count_handed_out(read: Read) -> int:
    """How many tickets were handed out at genesis: those with the serials 0, 1, …"""
    count = 0
    for batch in read("transfers", "slot", "reason"):
        slots, reasons = batch.columns
        count += len(having(reasons, "genesis"))
        if (whole(slots, GENESIS) > GENESIS).any():
            break
    return count


def count_ended_of(read: Read, handed_out: int) -> int:
    """How many of the tickets that were handed out ended in the hands of a participant."""
    ends = rows(read, "tickets", "ticket", "end", "owner") if handed_out else ()
    return sum(is_ended(end, owner) and ticket < handed_out for ticket, end, owner in ends)


def is_ended(end: str | None, owner: str | None) -> bool:
    """Whether a ticket ended in the hands of a participant."""
    return end in ENDS and owner != "protocol"


def expected_reward(read: Read, law: KnownRewards, blocks: int, handed_out: int) -> float | None:
    """Σ of what the rewards of all blocks were expected to be, Gwei; None where that is not known."""
    always = law.expected_always(blocks)
    if always is not None:
        return always
    expected = law.expected(primary_sales(read), handed_out)
    if expected is None:
        return None
    return sum(expected.by_block(ticket for (ticket,) in rows(read, "blocks", "ticket")))


def primary_sales(read: Read) -> Iterator[Sale]:
    """Slot and ticket of every sale by the protocol, in order of time."""
    return rows_with(read, "trades", "market", "primary", "slot", "ticket")


def rows_with(read: Read, name: str, column: str, label: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Some columns of the rows of a table that have this label in `column`, one by one."""
    for batch in read(name, column, *columns):
        chosen = having(batch.column(column), label)
        yield from zip(*(listed(batch.column(other), chosen) for other in columns), strict=True)


def rows(read: Read, name: str, *columns: str) -> Iterator[tuple[Any, ...]]:
    """The rows of a table, one by one."""
    for batch in read(name, *columns):
        yield from zip(*map(listed, batch.columns), strict=True)
