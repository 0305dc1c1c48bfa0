"""What was paid for the blocks of tickets: a ticket's price, or of a round's the part of it that each block has.

Who buys what is left of a round pays for the blocks from the present one on; they are taken to cost the same.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from experiments.lab.metrics.columns import Columns, Floats, Integers, having, numbers


def sales(trades: Columns, *markets: str) -> Floats:
    """The price of each ticket's last sale in these markets, Gwei, by serial; 0 where it had none."""
    sold = having(trades["market"], *markets)
    tickets = numbers(trades["ticket"])[sold].astype(int)
    prices = np.zeros(tickets.max(initial=-1) + 1)
    prices[tickets] = numbers(trades["price_gwei"])[sold]  # rows are in order of time, and the last one stays
    return prices


def worth(prices: Floats, tickets: Floats) -> Floats:
    """The price of each of these tickets, out of prices by serial; 0 for one that is missing or was never sold."""
    known = tickets < len(prices)
    found = np.zeros(len(tickets))
    found[known] = prices[tickets[known].astype(int)]
    return found


def round_size(blocks: Columns) -> int:
    """Blocks of a round: the most that one ticket was drawn for; 1 without tickets."""
    tickets = numbers(blocks["ticket"])
    drawn = tickets[~np.isnan(tickets)].astype(int)
    return int(np.bincount(drawn).max(initial=1)) if drawn.size else 1


def paid_by_block(blocks: Columns, trades: Columns, *markets: str) -> Floats:
    """What who had the right of each block paid for it in these markets, Gwei; 0 where nobody did."""
    tickets = numbers(blocks["ticket"])
    size = round_size(blocks)
    if size == 1:
        return worth(sales(trades, *markets), tickets)
    paid = np.zeros(len(tickets))
    firsts = first_blocks(tickets)
    for ticket, slot, price in sales_in_order(trades, *markets):
        first = firsts.get(ticket)
        if first is not None:
            begin = max(first, slot)
            end = first + size
            paid[begin:end] = price / (end - begin)
    return paid


def sales_by_ticket(blocks: Columns, trades: Columns, *markets: str) -> Floats:
    """What the holders of each ticket paid for it, Gwei, by serial: its last price, or of one whose round was sold
    in parts what its blocks cost those who had them."""
    prices = sales(trades, *markets)
    size = round_size(blocks)
    if size == 1:
        return prices
    tickets = numbers(blocks["ticket"])
    whole = ~np.isnan(tickets)
    whole[len(tickets) - len(tickets) % size :] = False
    serials = tickets[whole].astype(int)
    totals = np.bincount(serials, paid_by_block(blocks, trades, *markets)[whole], len(prices))
    done = np.unique(serials)
    done = done[done < len(prices)]
    prices[done] = totals[done]
    return prices


def first_blocks(tickets: Floats) -> dict[int, int]:
    """The first block of each ticket that was drawn."""
    there = np.flatnonzero(~np.isnan(tickets))
    serials, places = np.unique(tickets[there].astype(int), return_index=True)
    return dict(zip(serials.tolist(), there[places].tolist(), strict=True))


def sales_in_order(trades: Columns, *markets: str) -> Iterator[tuple[int, int, float]]:
    """Ticket, slot and price, Gwei, of every sale in these markets, in order of time."""
    sold = having(trades["market"], *markets)
    columns: list[Integers] = [numbers(trades[name])[sold].astype(int) for name in ("ticket", "slot")]
    prices = numbers(trades["price_gwei"])[sold]
    yield from zip(*(column.tolist() for column in columns), prices.tolist(), strict=True)
