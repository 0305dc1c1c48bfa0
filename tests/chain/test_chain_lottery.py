"""How often lottery tickets expire undrawn."""

from __future__ import annotations

import numpy as np

from experiments import run


def test_a_lottery_ticket_expires_undrawn_as_often_as_the_model_says():
    """(1 − 1/N)^T = .3621 at N = T = 32 (MODEL section 8); tickets of one urn are dependent, so the standard error
    is that of means over 20 batches."""
    seller = {"strategy": "keep", "role": "seller", "can_build": True, "endowment_eth": 1e5}
    chain = {"draw": "lottery", "maturity": 32, "supply": 32}
    config = {"blocks": 4_860, "agents": [seller], "chain": chain, "reward": {"process": "constant"}}
    result = run({**config, "market": {"resale": "never", "pbs": "off"}}, signatures="off")
    ended = result.tickets[(result.tickets.mint_block >= 0) & (result.tickets.mint_block < 4_760)]
    batches = (ended.end == "expired").groupby(ended.mint_block // 238).mean()
    error = batches.std() / np.sqrt(len(batches))
    assert abs(batches.mean() - (1 - 1 / 32) ** 32) <= 4 * error
    assert (result.blocks.urn == 32).all()
