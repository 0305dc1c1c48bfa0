"""The equivalence gap, paired by hand and on two structures of one config."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from experiments import run
from experiments.lab.metrics.equivalence_gap import Gap, Pairs, gap, pair, pair_with_second_best, second_offers

ETH = 10**9
NAN = math.nan

ET = pd.DataFrame({"slot": range(5), "reward_gwei": 10 * ETH, "ticket": [1, 0, NAN, 2, 3]})
PBS = pd.DataFrame(
    {
        "slot": range(5),
        "reward_gwei": 10 * ETH,
        "block_price_gwei": np.array([5, NAN, 4, 2, 9]) * ETH,
        "net_gwei": np.array([9, 6, 9, 9, 9]) * ETH,
    }
)
TRADES = pd.DataFrame(
    [
        ("primary", -1, 0, -1, 1),
        ("secondary", 0, 0, 0, 8),  # for block 1
        ("secondary", 0, 1, 0, 4),  # for block 0
        ("secondary", 1, 0, 1, 99),  # sold on by the one who bought it: no part of the pair
        ("secondary", 2, 3, 1, 3),  # for block 4
        ("secondary", 4, 7, 0, 50),  # not drawn yet when the run ended
    ],
    columns=["market", "slot", "ticket", "age", "price"],
).assign(price_gwei=lambda frame: frame.price * ETH)


def test_pairs():
    found = pair(ET, TRADES, PBS)
    assert found.ticket.tolist() == [1, 0, 3]
    assert found.block.tolist() == [0, 1, 4]
    assert found.sale.tolist() == [4, 8, 3]
    assert found.spot.tolist() == [5, 6, 9]  # block 1 found no buyer, and its proposer built it
    assert found.gaps.tolist() == [-1, 2, -6]


def test_discounting():
    """At 100 % a block: ticket 0, sold in its first session, block one later; ticket 3, sold in its second,
    block two later.
    """
    found = pair(ET, TRADES, PBS, discount=1.0)
    assert found.sale.tolist() == [4, 8, 3 / 2]
    assert found.spot.tolist() == [5, 6 / 2, 9 / 8]


def test_gap():
    found = gap(pair(ET, TRADES, PBS))
    assert found.pairs == 3
    assert found.mean == pytest.approx(-5 / 3)
    assert found.median == -1
    assert found.se == pytest.approx(math.sqrt((41 - 25 / 3) / 2 / 3))


def test_gap_of_too_few():
    nothing = pair(ET, TRADES[:1], PBS)
    assert gap(nothing) == Gap(0, None, None, None)
    assert gap(Pairs(*(part[:1] for part in pair(ET, TRADES, PBS)))) == Gap(1, -1, None, -1)


@pytest.mark.parametrize("change", [{"reward_gwei": 11 * ETH}, {"slot": range(1, 6)}])
def test_other_draws_are_refused(change):
    with pytest.raises(ValueError, match=f"the runs differ in {next(iter(change))}"):
        pair(ET, TRADES, PBS.assign(**change))


AUCTIONS = pd.DataFrame(
    [(0, "block", 0, 2), (1, "block", 1, 7), (2, "block", 3, 0), (3, "secondary", NAN, 0)],
    columns=["auction", "market", "block", "reserve"],
).assign(reserve_gwei=lambda frame: frame.reserve * ETH)
BIDS = pd.DataFrame(
    [
        (0, 6, "won"),
        (0, 8, "replaced"),
        (0, 5, "lost"),
        (1, 6, "lost"),
        (2, 4, "won"),
        (3, 50, "won"),
        (3, 60, "lost"),
    ],
    columns=["auction", "price", "outcome"],
).assign(price_gwei=lambda frame: frame.price * ETH)


def test_second_best_offers():
    """6 and 5; the reserve of 7 and a bid of 6; a lone bid and no reserve; no auction of blocks 2 and 4."""
    assert (second_offers(PBS, AUCTIONS, BIDS) / ETH).tolist() == [5, 6, 0, 0, 0]
    assert pair_with_second_best(ET, TRADES, PBS, AUCTIONS, BIDS).gaps.tolist() == [-1, 2, 3]


def test_a_sale_after_the_draw_is_the_spot_auction():
    """Holders who sell at maturity face the same buyers with the same θ: every pair is equal, but where the
    holder can build itself.
    """
    sellers = [
        {
            "strategy": "at_maturity",
            "role": "seller",
            "count": 2,
            "can_build": False,
            "parameters": {"capacity": 20},
        }
    ]
    buyers = [{"strategy": "truthful", "role": ["buyer", "builder"], "count": 4}]
    both = run(
        {"blocks": 60, "agents": sellers + buyers, "market": {"structure": ["pbs", "et_expost"]}}, signatures="off"
    )
    et, pbs = both["et_expost"], both["pbs"]
    found = pair_with_second_best(et.blocks, et.trades, pbs.blocks, pbs.auctions, pbs.bids)
    by_others = ~np.isin(found.ticket, et.trades[et.trades.seller.str.startswith("truthful")].ticket)
    assert by_others.sum() > 20
    assert not found.gaps[by_others].any()
