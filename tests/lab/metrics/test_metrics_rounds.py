"""What was paid for the blocks of a round, part by part, and what hangs on it."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.lab.metrics.equivalence_gap import pair
from experiments.lab.metrics.matched_capture import sold_per_used
from experiments.lab.metrics.revenue import gains_of_blocks, split
from experiments.lab.metrics.round_prices import paid_by_block, round_size, sales_by_ticket

NAN = math.nan
ETH = 10**9
BLOCKS = pd.DataFrame(
    {
        "slot": range(10),
        "status": ["proposed"] * 10,
        "ticket": [0, 0, 0, NAN, NAN, NAN, 1, 1, 1, 2],
        "block_price_gwei": [NAN] * 10,
        "net_gwei": [2 * ETH] * 10,
        "refund_gwei": [0] * 10,
        "reward_gwei": [3 * ETH] * 10,
    }
)
TRADES = pd.DataFrame(
    [
        ("primary", -1, 0, 6, -1),
        ("primary", 2, 1, 3, -1),
        ("primary", 2, 2, 9, -1),
        ("secondary", 1, 0, 8, 1),
        ("secondary", 7, 1, 1, 4),
        ("secondary", 8, 1, 4, 5),
    ],
    columns=["market", "slot", "ticket", "price", "age"],
).assign(price_gwei=lambda rows: rows.price * ETH)
TICKETS = pd.DataFrame({"ticket": [0, 1, 2], "end": ["proposed", "proposed", "live"]})


def test_each_block_costs_its_part_of_the_last_price_before_it():
    assert round_size(BLOCKS) == 3
    first = paid_by_block(BLOCKS, TRADES, "primary") / ETH
    last = paid_by_block(BLOCKS, TRADES, "primary", "secondary") / ETH
    assert first.tolist() == [2, 2, 2, 0, 0, 0, 1, 1, 1, 3]
    assert last.tolist() == [2, 4, 4, 0, 0, 0, 1, 0.5, 4, 3]
    assert (sales_by_ticket(BLOCKS, TRADES, "primary", "secondary") / ETH).tolist() == [10, 5.5, 9]


def test_the_split_adds_up_where_rounds_are_sold_in_parts():
    parts = split(BLOCKS, TRADES, TICKETS)
    assert parts.protocol == 18
    assert parts.holders == pytest.approx(10 + 5.5 + 9 - 18)
    whole = parts.protocol + parts.holders + parts.proposers + parts.builders
    assert whole == pytest.approx(20 + parts.outstanding)
    assert np.sum(gains_of_blocks(BLOCKS, TRADES)) == pytest.approx(20)


def test_a_ticket_is_used_once_however_many_blocks_it_proposes():
    assert sold_per_used(BLOCKS, TRADES) == 2 / 3


def test_a_sale_is_paired_with_the_spot_of_all_blocks_that_went_with_it():
    pairs = pair(BLOCKS, TRADES, BLOCKS)
    assert pairs.ticket.tolist() == [0, 1]
    assert pairs.block.tolist() == [1, 7]
    assert pairs.sale.tolist() == [8, 1]
    assert pairs.spot.tolist() == [4, 4]
