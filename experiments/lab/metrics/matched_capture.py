"""What the protocol was paid for the tickets that ended in a run, beside what the blocks of the run were worth.

A ticket counts in the run in which it ended, so that the sale of genesis does not count twice: a run of any length
sets the price of as many tickets against the rewards of as many blocks, where every block burns one ticket.
"""

from __future__ import annotations

import numpy as np

from chain.money import gwei_to_eth
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.columns import Columns, Flags, Integers, having, numbers
from experiments.lab.metrics.revenue import total_reward

ENDS = ("proposed", "missed", "expired", "returned")
"""How a ticket ends that somebody holds. One that is `unsold` was the protocol's still when it was drawn."""


def has_tickets(blocks: Columns, tickets: Columns) -> bool:
    """Whether the run is one with tickets, though none may have been sold; not so under `pbs`."""
    return bool(len(tickets["end"]) or having(blocks["status"], "no_ticket").any())


def ended(tickets: Columns) -> Flags:
    """Which tickets ended in the run, in the hands of a participant."""
    return having(tickets["end"], *ENDS) & ~having(tickets["owner"], "protocol")


def matched_revenue(tickets: Columns, payments: Columns) -> float:
    """What was paid for the tickets that ended, by all who bid for them in an all-pay sale, less refunds, ETH.

    One that was handed out was paid nothing for.
    """
    gone = np.asarray(tickets["ticket"])[ended(tickets)]
    return gwei_to_eth(moved_for(gone, payments, "primary") - moved_for(gone, payments, "refund"))


def moved_for(tickets: Integers, payments: Columns, reason: str) -> float:
    """Σ of the payments with this reason that are about these tickets, Gwei."""
    here = having(payments["reason"], reason)
    about = np.isin(numbers(payments["ticket"])[here], tickets)
    return float(numbers(payments["amount_gwei"])[here][about].sum())


def capture(blocks: Columns, tickets: Columns, payments: Columns) -> float | None:
    """Matched revenue over the rewards of all blocks, a share; None without tickets or rewards."""
    if not has_tickets(blocks, tickets):
        return None
    return ratio(matched_revenue(tickets, payments), total_reward(blocks))


def expected_capture(
    blocks: Columns, tickets: Columns, payments: Columns, expected_eth: float | None
) -> float | None:
    """Matched revenue over what the blocks' rewards were to be, a share (`expected_rewards`): free of their luck.

    None without tickets, and where rewards have no law.
    """
    if expected_eth is None or not has_tickets(blocks, tickets):
        return None
    return ratio(matched_revenue(tickets, payments), expected_eth)


def ended_per_block(blocks: Columns, tickets: Columns) -> float | None:
    """How many tickets ended in the hands of participants for each block; None without tickets."""
    if not has_tickets(blocks, tickets):
        return None
    return ratio(ended(tickets).sum(), len(blocks["slot"]))


def handed_out_that_ended(blocks: Columns, tickets: Columns, transfers: Columns) -> int | None:
    """How many of the tickets that ended had been handed out at genesis; None without tickets."""
    if not has_tickets(blocks, tickets):
        return None
    gone = np.asarray(tickets["ticket"])[ended(tickets)]
    return int((gone < handed_out(transfers)).sum())


def handed_out(transfers: Columns) -> int:
    """How many tickets were handed out at genesis: those with the serials 0, 1, …"""
    return int(having(transfers["reason"], "genesis").sum())


def sold_per_used(blocks: Columns, trades: Columns) -> float | None:
    """Primary sales after genesis over the tickets that their holders used for blocks; None where none was.

    1 where the stock stays as it is; above it while the stock grows, which capture does not pay for.
    """
    sold = having(trades["market"], "primary") & (numbers(trades["slot"]) >= 0)
    used = numbers(blocks["ticket"])[having(blocks["status"], "proposed", "missed")]
    return ratio(sold.sum(), np.unique(used[~np.isnan(used)]).size)
