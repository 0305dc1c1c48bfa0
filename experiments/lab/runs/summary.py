"""The summary of a run, computed from its tables in one pass each, in bounded memory. Money in ETH."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from chain.money import gwei_to_eth
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.concentration import hhi, nakamoto
from experiments.lab.runs.captures import captures
from experiments.lab.runs.known_rewards import KnownRewards, read_rewards
from experiments.lab.runs.tallies import Read, Tallies, overall, reader, tally_of

Counts = npt.NDArray[np.int64]


def summarise(tables: Path, agents: list[str]) -> dict[str, Any]:
    """The figures that `run --json` prints, all but the digest, of the tables that lie in the folder of a run."""
    return figures(reader(tables), read_rewards(tables), agents)


def figures(read: Read, law: KnownRewards, agents: list[str]) -> dict[str, Any]:
    """The same of tables that `read` gives, and of rewards of this law."""
    proposals = tally_of(read("blocks", "status", "proposer", "reward_gwei"))
    trades = tally_of(read("trades", "market", "timing", "price_gwei"))
    tickets = tally_of(read("tickets", "end", "owner", "ticket"))
    payments = tally_of(read("payments", "reason", "payer", "payee", "amount_gwei"))
    blocks, reward = overall(proposals)
    revenue = overall(payments, "primary").total - overall(payments, "refund").total
    shares = held_shares(proposals)
    return {
        "blocks": blocks,
        "tickets_minted": overall(tickets).rows,
        "tickets_burned": overall(tickets).rows - overall(tickets, "live").rows,
        "expired_tickets": overall(tickets, "expired").rows,
        "empty_slots": blocks - overall(proposals, "proposed").rows,
        "trades": overall(trades).rows,
        "ex_ante_sales": overall(trades, "secondary", "ex_ante").rows,
        "ex_post_sales": overall(trades, "secondary", "ex_post").rows,
        "block_sales": overall(trades, "block").rows,
        "violations": sum(batch.num_rows for batch in read("violations", "slot")),
        "reward": gwei_to_eth(reward),
        "protocol_revenue": gwei_to_eth(revenue),
        **captures(law, read, revenue, blocks, reward, tickets if has_tickets(tickets, proposals) else None),
        "capture_cash": ratio(revenue, reward),
        "efficiency": efficiency(read),
        "mean_primary_price": mean_price(trades, "primary"),
        "mean_secondary_price": mean_price(trades, "secondary"),
        "mean_block_price": mean_price(trades, "block"),
        "hhi_holdings": hhi_holdings(read),
        "hhi": hhi(shares),
        "nakamoto": nakamoto(shares),
        "profit_eth": profits(payments, agents),
    }


def has_tickets(tickets: Tallies, proposals: Tallies) -> bool:
    """Whether the market structure is one with tickets, though none may have been sold."""
    return bool(overall(tickets).rows or overall(proposals, "no_ticket").rows)


def mean_price(trades: Tallies, market: str) -> float | None:
    """The mean price in one market, ETH; None where nothing was sold."""
    sold = overall(trades, market)
    return ratio(gwei_to_eth(sold.total), sold.rows)


def efficiency(read: Read) -> float | None:
    """What was made of the blocks, of the most that could have been made of them: Σ (R − θ) / Σ max (R − θ)^+."""
    net = best = 0
    for batch in read("blocks", "net_gwei", "best_gwei"):
        net += int(batch.column("net_gwei").to_numpy().sum())
        best += int(batch.column("best_gwei").to_numpy().sum())
    return ratio(net, best)


def held_shares(proposals: Tallies) -> Counts:
    """How many blocks each proposer proposed."""
    return np.array([tally.rows for (status, _), tally in proposals.items() if status == "proposed"], np.int64)


def hhi_holdings(read: Read) -> float | None:
    """The mean over slots of the HHI of ticket holdings, the protocol's unsold tickets left out."""
    total = 0.0
    slots = 0
    for batch in read("blocks", "held", "squares"):
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
