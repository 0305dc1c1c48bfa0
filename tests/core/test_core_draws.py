"""Draws are uniform, can be recomputed, and do not depend on what agents do."""

from __future__ import annotations

import numpy as np
from scipy import stats

from chain.beacon import Beacon, compute_index
from chain.eip712 import keccak
from experiments import run


def test_rejection_makes_every_index_equally_likely():
    for bound in range(1, 256):
        counts = np.bincount(
            [index for byte in range(256) if (index := compute_index(bytes([byte]), bound)) is not None],
            minlength=bound,
        )
        assert set(counts) == {256 // bound}


def test_anyone_can_recompute_a_word():
    beacon = Beacon(b"\x05" * 32)
    assert beacon.word(77, 2) == keccak(b"\x05" * 32 + (77).to_bytes(8, "big") + (2).to_bytes(4, "big"))
    assert 0 <= beacon.below(10, 3) == int.from_bytes(beacon.word(3), "big") % 10


def test_lottery_draws_are_uniform_over_the_urn():
    """Chi-square over the rank of the drawn ticket among 8, 20,000 draws: false alarm 6e-5."""
    seller = {"strategy": "keep", "role": "seller", "can_build": True}
    chain = {"draw": "lottery", "maturity": "none", "supply": 8}
    config = {"blocks": 20_000, "agents": [seller], "chain": chain, "reward": {"process": "constant"}}
    result = run({**config, "market": {"resale": "never", "pbs": "off"}}, signatures="off")
    urn, ranks = list(range(8)), []
    for minted, serial in enumerate(result.blocks.ticket, start=8):
        ranks.append(urn.index(serial))
        urn.remove(serial)
        urn.append(minted)
    assert stats.chisquare(np.bincount(ranks, minlength=8)).pvalue > 6e-5


def test_a_lottery_ticket_expires_undrawn_as_often_as_the_model_says():
    """(1 − 1/N)^T = .3621 at N = T = 32 (MODEL section 8); tickets of one urn are dependent, so the standard error
    is that of means over 50 batches."""
    seller = {"strategy": "keep", "role": "seller", "can_build": True, "endowment_eth": 1e5}
    chain = {"draw": "lottery", "maturity": 32, "supply": 32}
    config = {"blocks": 12_000, "agents": [seller], "chain": chain, "reward": {"process": "constant"}}
    result = run({**config, "market": {"resale": "never", "pbs": "off"}}, signatures="off")
    ended = result.tickets[(result.tickets.mint_block >= 0) & (result.tickets.mint_block < 11_900)]
    batches = (ended.end == "expired").groupby(ended.mint_block // 238).mean()
    error = batches.std() / np.sqrt(len(batches))
    assert abs(batches.mean() - (1 - 1 / 32) ** 32) <= 4 * error
    assert (result.blocks.urn == 32).all()
