"""What a set of censors does: which blocks they have, how long a transaction waits, what it costs them.

`proposers` names who proposed block 0, 1, …; a block without a proposal is missing. A censored transaction gets
into the first block that someone else proposes.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np

from chain.money import gwei_to_eth
from experiments.lab.metrics.averages import maximum, mean, ratio
from experiments.lab.metrics.columns import Columns, Floats, Integers, belongs, coded, having, numbers
from experiments.lab.metrics.revenue import earnings
from experiments.lab.metrics.round_prices import paid_by_block


class Delay(NamedTuple):
    """How long a censored transaction waits that arrives before the proposal of a slot, mean over slots.

    `waiting` slots of arrival, at the end of the run, saw no block that takes it; they are in neither figure.
    """

    mean: float | None  # blocks; 0 is the block of its arrival
    longest: float | None  # blocks
    waiting: int  # slots


def censored_share(proposers: Any, censors: Collection[str]) -> float | None:
    """The share of all blocks, empty ones included, that censors proposed."""
    theirs = belongs(proposers, censors)
    return ratio(theirs.sum(), theirs.size)


def longest_censorship(proposers: Any, censors: Collection[str]) -> int:
    """The most blocks in a row that censors proposed, whichever of them; an empty slot ends a row."""
    theirs = belongs(proposers, censors).astype(int)
    edges = np.flatnonzero(np.diff(theirs, prepend=0, append=0))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def delays(proposers: Any, censors: Collection[str]) -> Floats:
    """The blocks that a censored transaction waits, by the slot of its arrival; NaN where it waits still at the
    end.

    An empty slot takes no transaction, so it delays too.
    """
    codes, _ = coded(proposers)
    taking = np.flatnonzero((codes >= 0) & ~belongs(proposers, censors))
    slots = np.arange(codes.size)
    return np.append(taking, np.nan)[np.searchsorted(taking, slots)] - slots


def delay(proposers: Any, censors: Collection[str]) -> Delay:
    """The mean and the longest of `delays`."""
    waits = delays(proposers, censors)
    there = waits[~np.isnan(waits)]
    return Delay(mean(there), maximum(there), waits.size - there.size)


def gains(blocks: Columns, trades: Columns) -> Floats:
    """What each proposer made of its block less what it paid for its ticket, Gwei; NaN for a block without a
    proposal.

    Bribes are paid outside the ledger and are not in it.
    """
    made = earnings(blocks) - paid_by_block(blocks, trades, "primary", "secondary")
    return np.where(having(blocks["status"], "proposed"), made, np.nan)


def cost_per_block(blocks: Columns, trades: Columns, censors: Collection[str]) -> float | None:
    """What a block cost a censor over an honest bidder, ETH: the mean gain of the others from a block, less the
    censors' own. None where either has no block."""
    made = gains(blocks, trades)
    theirs = belongs(blocks["proposer"], censors)
    own = mean(made[theirs])
    others = mean(made[~theirs])
    if own is None or others is None:
        return None
    return gwei_to_eth(others - own)


def premium_per_block(blocks: Columns, auctions: Columns, bids: Columns, censors: Collection[str]) -> float | None:
    """What censors paid in auctions above the best bid of anyone else, or above the reserve where that is
    higher, ETH per block that they proposed. None where they proposed none.

    With sealed second prices it is 0 unless censors bid against each other: the price is the best other bid
    itself.
    """
    won = belongs(auctions["winner"], censors) & having(auctions["outcome"], "sold")
    alternative = np.maximum(best_bids(auctions, bids, censors), numbers(auctions["reserve_gwei"]))
    paid = (numbers(auctions["price_gwei"]) - alternative)[won].sum()
    return ratio(gwei_to_eth(paid), belongs(blocks["proposer"], censors).sum())


def best_bids(auctions: Columns, bids: Columns, without: Collection[str]) -> Floats:
    """The best bid that stood at the close of each auction, some bidders left out, Gwei; 0 where there was
    none.
    """
    numbered: Integers = np.asarray(auctions["auction"])
    best = np.zeros(numbered.max(initial=-1) + 1)
    stood = having(bids["outcome"], "won", "lost") & ~belongs(bids["bidder"], without)
    np.maximum.at(best, np.asarray(bids["auction"])[stood], numbers(bids["price_gwei"])[stood])
    return best[numbered]
