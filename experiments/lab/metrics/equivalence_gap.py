"""The equivalence gap: what the sale of a ticket brought, less what the spot auction of its block would have
brought.

Two runs of one config and seed have the same rewards and costs whatever their structure. A run with tickets
(`et`) is paired with one without (`pbs`), block by block: the first resale of a ticket, by whoever bought it
from the protocol, with the spot auction of the block that this ticket was drawn for. Tickets that were never
sold on, or not yet drawn when the run ended, make no pair. Of a ticket for a round it is the spot auctions of the
blocks that went with it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from experiments.lab.metrics.averages import mean, median
from experiments.lab.metrics.columns import Columns, Floats, Integers, having, numbers
from experiments.lab.metrics.revenue import earnings


class Pairs(NamedTuple):
    """One entry a pair, by block. Amounts in ETH of the ticket's first session, its t = 0."""

    ticket: Integers
    block: Integers
    sale: Floats
    spot: Floats

    @property
    def gaps(self) -> Floats:
        """sale − spot of each pair, ETH."""
        return self.sale - self.spot


class Gap(NamedTuple):
    """Mean, standard error (n − 1) and median of the paired differences, ETH; None where there are too few
    pairs.
    """

    pairs: int
    mean: float | None
    se: float | None
    median: float | None


def pair(et: Columns, et_trades: Columns, pbs: Columns, discount: float = 0.0) -> Pairs:
    """Pair the sales of `et` with what the proposer of the same block made in `pbs`: its price just in time or,
    where no bid reached its reserve, its own net value.

    `et`, `pbs`: the tables of blocks. `discount`: d, the rate per block at which both are brought back to the
    ticket's first session, δ = 1/(1 + d). Raises `ValueError` where the rewards are not the same.
    """
    return pair_with(earnings(pbs), et, et_trades, pbs, discount)


def pair_with_second_best(
    et: Columns, et_trades: Columns, pbs: Columns, auctions: Columns, bids: Columns, discount: float = 0.0
) -> Pairs:
    """Pair the sales of `et` with the second-highest offer for the same block in `pbs`, the proposer's reserve
    counted as its own offer.

    The tables have no θ of losers, so the second-best θ comes from bids: where buyers bid R − θ and the
    proposer's reserve is its own R − θ, this is (R − θ_(2))^+ whoever proposes. `auctions` and `bids` are those
    of `pbs`. Raises as `pair`.
    """
    return pair_with(second_offers(pbs, auctions, bids), et, et_trades, pbs, discount)


def pair_with(spot: Floats, et: Columns, et_trades: Columns, pbs: Columns, discount: float) -> Pairs:
    """Pair the sales of `et` with spot values, Gwei by row of `pbs`."""
    check_same_draws(et, pbs)
    rows = np.flatnonzero(~np.isnan(numbers(et["ticket"])))
    tickets = numbers(et["ticket"])[rows].astype(int)
    first = first_resales(et_trades)
    blocks = np.asarray(et["slot"])[rows]
    went = zip(tickets.tolist(), blocks.tolist(), strict=True)
    sold = np.array([ticket in first and first[ticket][1] <= block for ticket, block in went], bool)
    rows, tickets, blocks = rows[sold], tickets[sold], blocks[sold]
    sales = np.array([first[ticket] for ticket in tickets.tolist()]).reshape(-1, 3)
    price, slot, age = sales.T
    factor = (1 + discount) ** -age
    worth = spot[rows] * factor * (1 + discount) ** (slot - blocks) / 1e9
    serials, begins = np.unique(tickets, return_index=True)
    order = np.argsort(begins)
    begins = begins[order]
    total = np.add.reduceat(worth, begins) if begins.size else worth
    return Pairs(serials[order], blocks[begins], (price * factor / 1e9)[begins], total)


def check_same_draws(et: Columns, pbs: Columns) -> None:
    """Raises `ValueError` where two runs differ in slots or rewards."""
    for column in ("slot", "reward_gwei"):
        if not np.array_equal(np.asarray(et[column]), np.asarray(pbs[column])):
            raise ValueError(f"the runs differ in {column}; take two structures of one config, seed and length")


def first_resales(trades: Columns) -> dict[int, tuple[float, float, float]]:
    """Price (Gwei), slot and age of the first resale of each ticket."""
    resold = having(trades["market"], "secondary")
    columns = [numbers(trades[name])[resold].tolist() for name in ("price_gwei", "slot", "age")]
    tickets = numbers(trades["ticket"])[resold].astype(int).tolist()
    found: dict[int, tuple[float, float, float]] = {}
    for ticket, price, slot, age in zip(tickets, *columns, strict=True):
        found.setdefault(ticket, (price, slot, age))
    return found


def second_offers(pbs: Columns, auctions: Columns, bids: Columns) -> Floats:
    """The second-highest of the bids that stood for each block and its seller's reserve, Gwei; 0 without an
    auction.
    """
    first: dict[int, float] = {}
    second: dict[int, float] = {}
    for block, price in offers(auctions, bids):
        best = first.get(block, 0.0)
        first[block] = max(best, price)
        second[block] = max(second.get(block, 0.0), min(best, price))
    return np.array([second.get(slot, 0.0) for slot in np.asarray(pbs["slot"]).tolist()])


def offers(auctions: Columns, bids: Columns) -> list[tuple[int, float]]:
    """Block and price, Gwei, of all reserves and standing bids in the market of blocks."""
    selling = having(auctions["market"], "block")
    number, block = (numbers(auctions[name])[selling].astype(int).tolist() for name in ("auction", "block"))
    block_of = dict(zip(number, block, strict=True))
    stood = having(bids["outcome"], "won", "lost")
    auction = np.asarray(bids["auction"])[stood].tolist()
    price = numbers(bids["price_gwei"])[stood].tolist()
    reserves = zip(block, numbers(auctions["reserve_gwei"])[selling].tolist(), strict=True)
    standing = ((block_of[one], bid) for one, bid in zip(auction, price, strict=True) if one in block_of)
    return [*reserves, *standing]


def gap(pairs: Pairs) -> Gap:
    """The equivalence gap of a run: the mean of the paired differences. Above 0, selling the ticket brought
    more.
    """
    gaps = pairs.gaps
    se = None
    if gaps.size > 1:
        se = float(gaps.std(ddof=1) / np.sqrt(gaps.size))
    return Gap(gaps.size, mean(gaps), se, median(gaps))
