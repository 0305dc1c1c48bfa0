"""Who gets what, efficiency, surplus, participation and sale timing of a small run made by hand.

Five slots, amounts in units of 1 ETH:

    block   reward  net  best  what happened
    0       10      9    9     ticket 0, sold for 4, proposed by a, who built it
    1       20      18   19    ticket 1, sold for 5, resold to b for 7 and to c for 6; c sold the block to d for 15
    2       6       0    5     ticket 2, sold for 3 and missed by its owner b
    3       8       0    7     the ticket drawn, 3, had found no buyer
    4       4       0    2     ticket 4, sold for 2; c sold the block to d for 1, whom it was not worth building

Ticket 5, sold for 3, expired with a refund of 1. Ticket 6 was sold for 4 and resold for 6; it is live at the
end.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments.lab.metrics import efficiency as made
from experiments.lab.metrics import revenue as money
from experiments.lab.metrics import timing

ETH = 10**9
NAN = math.nan


def gwei(*eth):
    return np.array(eth) * ETH


BLOCKS = pd.DataFrame(
    {
        "slot": range(5),
        "reward_gwei": gwei(10, 20, 6, 8, 4),
        "status": ["proposed", "proposed", "missed", "unsold", "proposed"],
        "ticket": [0, 1, 2, 3, 4],
        "proposer": ["a", "c", "b", None, "c"],
        "builder": ["a", "d", None, None, None],
        "cost_gwei": gwei(1.0, 2, NAN, NAN, NAN),
        "block_price_gwei": gwei(NAN, 15, NAN, NAN, 1),
        "net_gwei": gwei(9, 18, 0, 0, 0),
        "best_gwei": gwei(9, 19, 5, 7, 2),
        "primary_gwei": gwei(0, 0, 4, 0, 0),
        "refund_gwei": gwei(0, 0, 0, 1, 0),
    }
)
TRADES = pd.DataFrame(
    [
        (-1, "primary", "ex_ante", 0, -1, 5, 4),
        (-1, "primary", "ex_ante", 1, -1, 6, 5),
        (-1, "primary", "ex_ante", 2, -1, 7, 3),
        (-1, "primary", "ex_ante", 4, -1, 9, 2),
        (-1, "primary", "ex_ante", 5, -1, 3, 3),
        (0, "secondary", "ex_ante", 1, 0, 5, 7),
        (1, "secondary", "ex_post", 1, 1, 4, 6),
        (1, "block", "ex_post", 1, NAN, NAN, 15),
        (2, "primary", "ex_ante", 6, -1, NAN, 4),
        (4, "secondary", "ex_ante", 6, 1, NAN, 6),
        (4, "block", "ex_post", 4, NAN, NAN, 1),
    ],
    columns=["slot", "market", "timing", "ticket", "age", "to_maturity", "price"],
).assign(price_gwei=lambda frame: frame.price * ETH)
PAYMENTS = pd.DataFrame(
    [("primary", price) for price in (4, 5, 3, 2, 3, 4)] + [("refund", 1), ("trade", 7), ("entry", 9)],
    columns=["reason", "price"],
).assign(amount_gwei=lambda frame: frame.price * ETH)
TICKETS = pd.DataFrame(
    {
        "ticket": [0, 1, 2, 3, 5, 4, 6],
        "end": ["proposed", "proposed", "missed", "unsold", "expired", "proposed", "live"],
    }
)


def test_split():
    split = money.split(BLOCKS, TRADES, TICKETS)
    assert split.protocol == 21 - 1
    assert split.holders == (6 - 5) + (6 - 4)
    assert split.proposers == (9 + 15 + 1) + 1 - (4 + 6 + 3 + 2 + 3)
    assert split.builders == (18 - 15) + (0 - 1)
    assert split.outstanding == 6


def test_the_split_adds_up():
    split = money.split(BLOCKS, TRADES, TICKETS)
    assert split.protocol + split.holders + split.proposers + split.builders == 27 + split.outstanding


def test_revenue():
    assert money.total_reward(BLOCKS) == 48
    assert [money.turnover(TRADES, market) for market in ("primary", "secondary", "block")] == [21, 19, 16]
    assert money.refunded(BLOCKS) == 1
    assert money.protocol_revenue(PAYMENTS) == 20


def test_shares_of_the_protocol():
    assert money.capture_cash(BLOCKS, PAYMENTS) == 20 / 48
    assert money.holders_share(BLOCKS, PAYMENTS) == 20 / (9 + 15 + 1)


def test_endowed_blocks_have_no_holders():
    """Without tickets proposers keep all, and the protocol gets nothing."""
    blocks, none = BLOCKS.assign(ticket=NAN), TRADES[TRADES.market == "block"].assign(ticket=NAN)
    assert money.holders_share(blocks, PAYMENTS[:0]) is None
    assert money.capture_cash(blocks, PAYMENTS[:0]) == 0
    split = money.split(blocks.assign(refund_gwei=0), none, TICKETS[:0])
    assert split == (0, 0, 25, 2, 0)


def test_no_rewards_no_capture():
    assert money.capture_cash(BLOCKS.assign(reward_gwei=0), PAYMENTS) is None


def test_efficiency():
    assert made.efficiency(BLOCKS) == pytest.approx(27 / 42)
    assert made.best_builder_share(BLOCKS) == 0.5  # block 0, not block 1
    assert made.best_builder_share(BLOCKS[:1]) == 1
    assert made.efficiency(BLOCKS[:0]) is None
    assert made.best_builder_share(BLOCKS[2:]) is None


def test_buyers_surplus():
    """9 − 4, 18 − 15, the missed block's 0 − 3, nothing for the unsold one, and 0 − 1."""
    assert made.buyers_surplus(BLOCKS, TRADES) == 5 + 3 - 3 - 1
    assert made.buyers_surplus(BLOCKS, TRADES, entry=1.5) == 2.5


def test_a_ticket_that_was_never_sold_cost_nothing():
    paid = made.rights_paid(BLOCKS.assign(ticket=[0, 6, 7, 8, NAN]), TRADES)
    assert (paid / ETH).tolist() == [4, 15, 0, 0, 1]


def test_entry_costs():
    payments = pd.DataFrame({"reason": ["entry", "lock", "entry"], "amount_gwei": gwei(1, 50, 2)})
    assert made.entry_costs(payments) == 3


AUCTIONS = pd.DataFrame(
    [
        (0, "secondary", "holder", 2, "sold"),
        (1, "secondary", "x", 1, "unsold"),
        (2, "secondary", "holder", 1, "withdrawn"),
        (3, "block", "holder", 1, "sold"),
        (4, "secondary", "y", 2, "sold"),
    ],
    columns=["auction", "market", "seller", "bids", "outcome"],
)
BIDS = pd.DataFrame(
    [(0, "x"), (0, "y"), (0, "y"), (1, "y"), (2, "z"), (3, "w"), (4, "x"), (4, "z")], columns=["auction", "bidder"]
)


def test_participation():
    """x, y and z bid for tickets: three are possible, two where one of them sells. One came more to the sale
    that was withdrawn, which does not count.
    """
    assert made.participation(AUCTIONS, BIDS, "secondary") == pytest.approx((2 + 1 + 2) / (3 + 2 + 2))
    assert made.participation(AUCTIONS, BIDS, "block") == 1
    assert made.participation(AUCTIONS, BIDS, "primary") is None


def test_sale_timing():
    assert timing.sale_blocks(TRADES).tolist() == [0, 1, 1]
    np.testing.assert_array_equal(timing.blocks_to_maturity(TRADES), [5, 4, NAN])
    values, times = timing.distribution(timing.sale_blocks(TRADES))
    assert (values.tolist(), times.tolist()) == ([0, 1], [1, 2])
    values, times = timing.distribution(timing.blocks_to_maturity(TRADES))
    assert (values.tolist(), times.tolist()) == ([4, 5], [1, 1])


def test_shares_of_resale():
    assert timing.ex_ante_share(TRADES) == pytest.approx(2 / 3)
    assert timing.resold_share(TRADES) == pytest.approx(2 / 6)
    primary = TRADES[TRADES.market == "primary"]
    assert timing.ex_ante_share(primary) is None
    assert timing.resold_share(primary) == 0
    assert timing.resold_share(TRADES[:0]) is None
