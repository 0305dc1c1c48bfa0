"""The summary of a run, computed from its tables. Money in ETH."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from chain.money import gwei_to_eth

Counts = npt.NDArray[np.int64]


def summarise(tables: Path, agents: list[str]) -> dict[str, Any]:
    """The figures that `run --json` prints, all but the digest."""
    blocks = read(
        tables, "blocks", "reward_gwei", "status", "proposer", "net_gwei", "best_gwei", "held", "squares"
    )
    trades = read(tables, "trades", "market", "price_gwei", "timing")
    reward, revenue = total(blocks, "reward_gwei"), protocol_revenue(tables)
    proposals = counts(proposed(blocks))
    tickets = pq.read_metadata(tables / "tickets.parquet").num_rows
    ends = read(tables, "tickets", "end").column("end")
    return {
        "blocks": blocks.num_rows,
        "tickets_minted": tickets,
        "tickets_burned": tickets - equal(ends, "live"),
        "tickets_expired": equal(ends, "expired"),
        "empty_blocks": blocks.num_rows - equal(blocks.column("status"), "proposed"),
        "trades": trades.num_rows,
        "ex_ante_sales": sales(trades, "secondary", "ex_ante"),
        "ex_post_sales": sales(trades, "secondary", "ex_post"),
        "block_sales": sales(trades, "block", "ex_post"),
        "violations": pq.read_metadata(tables / "violations.parquet").num_rows,
        "reward_eth": gwei_to_eth(reward),
        "protocol_revenue_eth": gwei_to_eth(revenue),
        "mev_capture": ratio(revenue, reward),
        "efficiency": ratio(total(blocks, "net_gwei"), total(blocks, "best_gwei")),
        "mean_price_eth": mean_price(trades, "secondary"),
        "mean_primary_price_eth": mean_price(trades, "primary"),
        "mean_block_price_eth": mean_price(trades, "block"),
        "hhi_holdings": hhi_holdings(blocks),
        "hhi_proposals": hhi(proposals),
        "nakamoto_proposals": nakamoto(proposals),
        "profit_eth": profits(tables, agents),
    }


def read(tables: Path, name: str, *columns: str) -> pa.Table:
    """Some columns of a table."""
    return pq.read_table(tables / f"{name}.parquet", columns=list(columns))


def total(table: pa.Table, column: str) -> int:
    """The sum of a column, exact."""
    return int(pc.sum(table.column(column)).as_py() or 0)


def equal(column: pa.ChunkedArray, value: str) -> int:
    """How many rows of a column equal `value`."""
    return int(pc.sum(pc.equal(column.cast(pa.string()), value)).as_py() or 0)


def ratio(part: float, whole: float) -> float | None:
    """part / whole, None where the whole is 0."""
    return part / whole if whole else None


def protocol_revenue(tables: Path) -> int:
    """Burned primary payments less refunds, Gwei."""
    blocks = read(tables, "payments", "reason", "amount_gwei")
    reason = blocks.column("reason").cast(pa.string())
    paid = blocks.filter(pc.equal(reason, "primary"))
    back = blocks.filter(pc.equal(reason, "refund"))
    return total(paid, "amount_gwei") - total(back, "amount_gwei")


def sales(trades: pa.Table, market: str, timing: str) -> int:
    """Sales in one market at one time."""
    both = pc.and_(
        pc.equal(trades.column("market").cast(pa.string()), market),
        pc.equal(trades.column("timing").cast(pa.string()), timing),
    )
    return int(pc.sum(both).as_py() or 0)


def mean_price(trades: pa.Table, market: str) -> float | None:
    """The mean price in one market, ETH; None where nothing was sold."""
    prices = trades.filter(pc.equal(trades.column("market").cast(pa.string()), market)).column("price_gwei")
    return ratio(gwei_to_eth(pc.sum(prices).as_py() or 0), len(prices))


def proposed(blocks: pa.Table) -> pa.ChunkedArray:
    """The proposers of the blocks that were proposed."""
    done = pc.equal(blocks.column("status").cast(pa.string()), "proposed")
    return blocks.filter(done).column("proposer").cast(pa.string())


def counts(names: pa.ChunkedArray) -> Counts:
    """How often each name occurs."""
    return np.asarray(pc.value_counts(names).field("counts").to_numpy(zero_copy_only=False), dtype=np.int64)


def hhi(shares: Counts) -> float | None:
    """Herfindahl–Hirschman index, 0 to 10,000: Σ (100 share)²; None where there is nothing to share."""
    whole = int(shares.sum())
    return float(10_000 * (shares.astype(float) ** 2).sum() / whole**2) if whole else None


def hhi_holdings(blocks: pa.Table) -> float | None:
    """The mean over slots of the HHI of ticket holdings, the protocol's unsold tickets left out."""
    held = blocks.column("held").to_numpy().astype(float)
    squares = blocks.column("squares").to_numpy()
    some = held > 0
    return float((10_000 * squares[some] / held[some] ** 2).mean()) if some.any() else None


def nakamoto(shares: Counts) -> int | None:
    """The least number of holders who have more than half together; None where there is nothing to share."""
    if not shares.sum():
        return None
    running = np.cumsum(np.sort(shares)[::-1])
    return int(np.searchsorted(running, shares.sum() / 2, side="right")) + 1


def profits(tables: Path, agents: list[str]) -> dict[str, float]:
    """What each agent has at the end, escrow included, less its endowment, ETH."""
    payments = read(tables, "payments", "reason", "payer", "payee", "amount_gwei")
    earned = payments.filter(pc.not_equal(payments.column("reason").cast(pa.string()), "endow"))
    balance = dict.fromkeys(agents, 0)
    for side, sign in (("payer", -1), ("payee", 1)):
        sums = earned.select([side, "amount_gwei"]).group_by(side).aggregate([("amount_gwei", "sum")])
        for pot, gwei in zip(
            sums.column(side).to_pylist(), sums.column("amount_gwei_sum").to_pylist(), strict=True
        ):
            name = str(pot).removesuffix("/escrow")
            if name in balance:
                balance[name] += sign * gwei
    return {name: gwei_to_eth(gwei) for name, gwei in balance.items()}
