"""The summary of a run, computed from its tables in one pass each, in bounded memory. Money in ETH."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from chain.money import gwei_to_eth
from experiments.lab.metrics.concentration import hhi, nakamoto

BATCH = 16_384  # rows

Counts = npt.NDArray[np.int64]


class Tally(NamedTuple):
    """How many rows, and what their values add up to."""

    rows: int = 0
    total: int = 0


Tallies = dict[tuple[str | None, ...], Tally]


def summarise(tables: Path, agents: list[str]) -> dict[str, Any]:
    """The figures that `run --json` prints, all but the digest."""
    proposals = tally(tables, "blocks", ("status", "proposer"), "reward_gwei")
    trades = tally(tables, "trades", ("market", "timing"), "price_gwei")
    tickets = tally(tables, "tickets", ("end",), "ticket")
    payments = tally(tables, "payments", ("reason", "payer", "payee"), "amount_gwei")
    blocks, reward = overall(proposals)
    revenue = overall(payments, "primary").total - overall(payments, "refund").total
    shares = held_shares(proposals)
    return {
        "blocks": blocks,
        "tickets_minted": overall(tickets).rows,
        "tickets_burned": overall(tickets).rows - overall(tickets, "live").rows,
        "tickets_expired": overall(tickets, "expired").rows,
        "empty_blocks": blocks - overall(proposals, "proposed").rows,
        "trades": overall(trades).rows,
        "ex_ante_sales": overall(trades, "secondary", "ex_ante").rows,
        "ex_post_sales": overall(trades, "secondary", "ex_post").rows,
        "block_sales": overall(trades, "block").rows,
        "violations": pq.read_metadata(tables / "violations.parquet").num_rows,
        "reward_eth": gwei_to_eth(reward),
        "protocol_revenue_eth": gwei_to_eth(revenue),
        "mev_capture": ratio(revenue, reward),
        "efficiency": efficiency(tables),
        "mean_price_eth": mean_price(trades, "secondary"),
        "mean_primary_price_eth": mean_price(trades, "primary"),
        "mean_block_price_eth": mean_price(trades, "block"),
        "hhi_holdings": hhi_holdings(tables),
        "hhi_proposals": hhi(shares),
        "nakamoto_proposals": nakamoto(shares),
        "profit_eth": profits(payments, agents),
    }


def batches(tables: Path, name: str, *columns: str) -> Iterator[pa.RecordBatch]:
    """Some columns of a table, a few rows at a time."""
    with pq.ParquetFile(tables / f"{name}.parquet", pre_buffer=False) as file:
        yield from file.iter_batches(BATCH, columns=list(columns))


def tally(tables: Path, name: str, by: tuple[str, ...], value: str) -> Tallies:
    """Rows and the sum of `value` for each combination of the labels `by`."""
    found: Tallies = {}
    for batch in batches(tables, name, *by, value):
        grouped = pa.Table.from_batches([batch]).group_by(list(by))
        sums = grouped.aggregate([(value, "sum"), ([], "count_all")]).to_pydict()
        for *labels, total, rows in zip(*(sums[c] for c in (*by, f"{value}_sum", "count_all")), strict=True):
            before = found.get(tuple(labels), Tally())
            found[tuple(labels)] = Tally(before.rows + rows, before.total + (total or 0))
    return found


def overall(tallies: Tallies, *labels: str) -> Tally:
    """The tallies whose labels begin with `labels`, together."""
    some = [tally for key, tally in tallies.items() if key[: len(labels)] == labels]
    return Tally(sum(tally.rows for tally in some), sum(tally.total for tally in some))


def ratio(part: float, whole: float) -> float | None:
    """part / whole, None where the whole is 0."""
    if whole:
        return part / whole
    return None


def mean_price(trades: Tallies, market: str) -> float | None:
    """The mean price in one market, ETH; None where nothing was sold."""
    sold = overall(trades, market)
    return ratio(gwei_to_eth(sold.total), sold.rows)


def efficiency(tables: Path) -> float | None:
    """What was made of the blocks, of the most that could have been made of them: Σ (R − θ) / Σ max (R − θ)^+."""
    net = best = 0
    for batch in batches(tables, "blocks", "net_gwei", "best_gwei"):
        net += int(batch.column("net_gwei").to_numpy().sum())
        best += int(batch.column("best_gwei").to_numpy().sum())
    return ratio(net, best)


def held_shares(proposals: Tallies) -> Counts:
    """How many blocks each proposer proposed."""
    return np.array([tally.rows for (status, _), tally in proposals.items() if status == "proposed"], np.int64)


def hhi_holdings(tables: Path) -> float | None:
    """The mean over slots of the HHI of ticket holdings, the protocol's unsold tickets left out."""
    total = 0.0
    slots = 0
    for batch in batches(tables, "blocks", "held", "squares"):
        held = batch.column("held").to_numpy().astype(float)
        some = held > 0
        total += float((10_000 * batch.column("squares").to_numpy()[some] / held[some] ** 2).sum())
        slots += int(some.sum())
    return ratio(total, slots)


def profits(payments: Tallies, agents: list[str]) -> dict[str, float]:
    """What each agent has at the end, escrow included, less its endowment, ETH."""
    balance = dict.fromkeys(agents, 0)
    for (reason, *pots), (_, gwei) in payments.items():
        for pot, sign in zip(pots, (-1, 1), strict=True):
            name = str(pot).removesuffix("/escrow")
            if name in balance and reason != "endow":
                balance[name] += sign * gwei
    return {name: gwei_to_eth(gwei) for name, gwei in balance.items()}
