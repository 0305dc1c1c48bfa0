"""Who gets the rewards: the protocol, those who hold tickets and sell them on, proposers, builders.

Tables are those of a run; amounts are returned in ETH and never discounted.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from chain.money import GWEI_PER_ETH, gwei_to_eth
from experiments.lab.metrics.averages import ratio
from experiments.lab.metrics.columns import Columns, Floats, having, numbers
from experiments.lab.metrics.round_prices import paid_by_block, sales, sales_by_ticket, worth


class Split(NamedTuple):
    """What each party gained, ETH.

    protocol + holders + proposers + builders = net value of all blocks + outstanding, entry costs of bidders
    apart.
    """

    protocol: float  # primary prices, burned, less refunds
    holders: float  # from resale: the last price of a ticket less its first
    proposers: float  # what they made of their blocks, and refunds, less what they paid for their tickets
    builders: float  # net value of the blocks that they bought just in time, less the price
    outstanding: float  # paid for tickets that are live at the end: their blocks are still to come


def split(blocks: Columns, trades: Columns, tickets: Columns) -> Split:
    """How the net value of the blocks was divided.

    A ticket sold for p_0 by the protocol and for p_1, …, p_k by its holders, whose block is sold for b and is
    worth v net of costs, gives p_0 to the protocol, p_k − p_0 to holders, b − p_k to its proposer and v − b to
    the builder. Where tickets are for rounds, p is a block's part of each price (`round_prices`).
    """
    first = sales(trades, "primary")
    last = sales_by_ticket(blocks, trades, "primary", "secondary")
    outstanding = gwei_to_eth(worth(last, numbers(tickets["ticket"])[having(tickets["end"], "live")]).sum())
    refunds = refunded(blocks)
    paid = gwei_to_eth(last.sum())
    burned = gwei_to_eth(first.sum())
    return Split(
        protocol=burned - refunds,
        holders=paid - burned,
        proposers=gwei_to_eth(earnings(blocks).sum()) + refunds - (paid - outstanding),
        builders=builders_surplus(blocks),
        outstanding=outstanding,
    )


class Gains(NamedTuple):
    """What each party gained of every block, ETH, arrays by slot. Together they are the block's net value."""

    protocol: Floats
    holders: Floats
    proposers: Floats
    builders: Floats


def gains_of_blocks(blocks: Columns, trades: Columns) -> Gains:
    """The split of every block by its ticket: p_0, p_k − p_0, b − p_k and v − b, as in `split`.

    Unlike there, a ticket's price counts in the slot of its block, and tickets that never propose count nowhere.
    """
    first = paid_by_block(blocks, trades, "primary")
    last = paid_by_block(blocks, trades, "primary", "secondary")
    earned = earnings(blocks)
    parts = (first, last - first, earned - last, numbers(blocks["net_gwei"]) - earned)
    return Gains(*(part / GWEI_PER_ETH for part in parts))


def earnings(blocks: Columns) -> Floats:
    """What each proposer made of its block, Gwei: its price where it was sold just in time, else its net value."""
    prices = numbers(blocks["block_price_gwei"])
    return np.where(np.isnan(prices), numbers(blocks["net_gwei"]), prices)


def total_reward(blocks: Columns) -> float:
    """Σ R over all slots, ETH."""
    return gwei_to_eth(numbers(blocks["reward_gwei"]).sum())


def turnover(trades: Columns, market: str) -> float:
    """Σ of the prices in a market (primary, secondary or block), ETH; primary: genesis included."""
    return gwei_to_eth(numbers(trades["price_gwei"])[having(trades["market"], market)].sum())


def refunded(blocks: Columns) -> float:
    """What the protocol gave back, ETH."""
    return gwei_to_eth(numbers(blocks["refund_gwei"]).sum())


def protocol_revenue(payments: Columns) -> float:
    """What was paid for tickets, burned, genesis included, less refunds, ETH. Where all pay (`tullock`), losers'
    bids too.
    """
    return gwei_to_eth(moved(payments, "primary") - moved(payments, "refund"))


def resale_revenue(payments: Columns) -> float:
    """What holders were paid for tickets, ETH. Where all pay, losers' bids too."""
    return gwei_to_eth(moved(payments, "trade"))


def moved(payments: Columns, reason: str) -> float:
    """Σ of the payments with this reason, Gwei."""
    return float(numbers(payments["amount_gwei"])[having(payments["reason"], reason)].sum())


def builders_surplus(blocks: Columns) -> float:
    """Σ (net value − price) over the blocks that were sold just in time, ETH."""
    prices = numbers(blocks["block_price_gwei"])
    sold = ~np.isnan(prices)
    return gwei_to_eth((numbers(blocks["net_gwei"])[sold] - prices[sold]).sum())


def capture_cash(blocks: Columns, payments: Columns) -> float | None:
    """Protocol revenue over the rewards of all slots, a share: what live tickets cost is in it, their blocks are
    not.
    """
    return ratio(protocol_revenue(payments), total_reward(blocks))


def holders_earnings(blocks: Columns) -> float:
    """Gross earnings of ticket holders, ETH: what they made of the blocks of their tickets.

    What one holder paid another in a resale is not in it: their gross earnings, resale earnings deducted.
    """
    return gwei_to_eth(earnings(blocks)[~np.isnan(numbers(blocks["ticket"]))].sum())


def holders_share(blocks: Columns, payments: Columns) -> float | None:
    """Protocol revenue over the holders' gross earnings; None without tickets."""
    return ratio(protocol_revenue(payments), holders_earnings(blocks))
